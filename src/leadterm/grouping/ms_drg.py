"""The MS-DRG of an inpatient stay that a facility bills: its group, what makes it so, its weight, what reduces it.

The stay is grouped as it is coded, rejected codes left out, by the version of the day of discharge, for a hospital that
is paid by the inpatient prospective payment system and reports POA. Proprietary groupers (APR-DRG, EAPG) are not
offered.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache

from leadterm.codesets import CodeBook
from leadterm.codesets.faces import missing, stands_in
from leadterm.codesets.payment.drg_tables import DrgRow, DrgWeights
from leadterm.domain import CodedEncounter, CodeSystem, Encounter, dotted

from ._drg import Acquired, Drg, Secondary, Weight
from ._msdrg import installed_grouper
from ._ports import GroupedDiagnosis, GroupedStay, Grouper, Stay
from ._reasons import listed
from ._stays import HOME, day_of, no_stay, stay_of, version_name
from ._why import WhyNot
from .transfer import transfer_of

LEVELS = ("MCC", "CC", None)
KINDS = {"MED": "medical", "SURG": "surgical"}
NOT_PAID = ("998", "999")
NOT_INSTALLED = "No MS-DRG grouper runs here: pip install msdrg."
OUTCOMES = {
    "DX_CANNOT_BE_PDX": "{principal} cannot be a principal diagnosis: choose another one.",
    "INVALID_PDX": "{principal} is no diagnosis of {version}: choose a code that is valid on the day of discharge.",
    "INVALID_SEX": "The group hangs on the patient's sex, which is not told.",
    "INVALID_AGE": "The group hangs on the patient's age, which is out of its range.",
    "UNGROUPABLE": "{version} has no group for these codes.",
}


def drg_of(coded: CodedEncounter, book: CodeBook, grouper: Grouper | None = None) -> Drg | WhyNot:
    """The MS-DRG of a stay, or why it has none; `grouper` is asked instead of the one that is installed."""
    if why := no_stay(coded.encounter):
        return WhyNot(why)
    grouper = grouper or installed_grouper()
    if grouper is None:
        return WhyNot(NOT_INSTALLED)
    stay = stay_of(coded, tuple(grouper.versions))
    return stay if isinstance(stay, WhyNot) else _grouped(coded.encounter, stay, grouper.group(stay), book)


def _grouped(encounter: Encounter, stay: Stay, grouped: GroupedStay, book: CodeBook) -> Drg | WhyNot:
    why = _no_group(stay, grouped)
    return WhyNot(why) if why else _drg(encounter, stay, grouped, book)


def _no_group(stay: Stay, grouped: GroupedStay) -> str | None:
    """Why a stay falls into no group that is paid; None where it does."""
    written = {"principal": _written(stay.principal.code), "version": f"MS-DRG {version_name(stay.version)}"}
    lacking = sorted({_written(d.code) for d in grouped.secondary if d.poa_missing})
    if grouped.outcome != "OK" and lacking:
        return f"Say whether {listed(lacking)} was present on admission: the group hangs on that."
    if grouped.outcome != "OK":
        words = grouped.outcome.lower().replace("_", " ")
        return OUTCOMES.get(grouped.outcome, "{version} has no group for the stay (" + words + ").").format(**written)
    number = _number(grouped)
    if number in NOT_PAID:
        return "With {principal} as principal diagnosis, the codes fall into MS-DRG {drg}, which is not paid.".format(
            **written, drg=number
        )
    return None


def _drg(encounter: Encounter, stay: Stay, grouped: GroupedStay, book: CodeBook) -> Drg:
    discharge = day_of(encounter.discharge)
    assert discharge is not None
    row = _row(book, grouped.drg, discharge)
    return Drg(
        _number(grouped),
        grouped.title,
        f"{grouped.mdc:02}",
        grouped.mdc_title,
        KINDS.get(row.type or "") if row else None,
        tuple(sorted(_secondary(stay, grouped), key=_standing)),
        _deciding(stay, grouped),
        version_name(stay.version),
        discharge,
        _weight(row, _number(grouped), discharge, book),
        tuple(_assumed(encounter)),
        grouped.level,
        _written(stay.principal.code),
        tuple(sorted(set(stay.procedures))),
        _acquired(grouped, discharge, book),
        transfer_of(encounter, row),
    )


def _number(grouped: GroupedStay) -> str:
    return f"{grouped.drg:03}"


def _row(book: CodeBook, drg: int, on: date) -> DrgRow | None:
    weights = book.find(DrgWeights, on)
    return _kept(weights, f"{drg:03}") if weights else None


@lru_cache(4096)
def _kept(weights: DrgWeights, drg: str) -> DrgRow | None:
    return weights.row(drg)


def _weight(row: DrgRow | None, drg: str, on: date, book: CodeBook) -> Weight | WhyNot:
    release = book.release_for(DrgWeights.COMPONENT, on)
    if release is None:
        return WhyNot(str(missing(DrgWeights)))
    remark = None if on in release.period else stands_in(DrgWeights, release, on)
    if row is None or row.weight is None:
        return WhyNot(remark or f"The table of MS-DRG weights has no weight for {drg}.")
    return Weight(row.weight, row.geometric_los, row.arithmetic_los, row.post_acute, remark, row.special_pay)


def _acquired(grouped: GroupedStay, on: date, book: CodeBook) -> Acquired | None:
    met = sorted({(_written(d.code), hac) for d in grouped.secondary for hac in d.hacs}, key=lambda m: (m[1], m[0]))
    before = grouped.initial
    if not met or before is None:
        return None
    row = _row(book, before.drg, on)
    weight: Decimal | None = row.weight if row else None
    return Acquired(tuple(met), f"{before.drg:03}", before.title, weight, before.drg != grouped.drg)


def _secondary(stay: Stay, grouped: GroupedStay) -> Iterator[Secondary]:
    for one in dict.fromkeys(grouped.secondary):
        if one.level:
            yield Secondary(_written(one.code), one.level, _why_not(one, stay, grouped.level))


def _why_not(one: GroupedDiagnosis, stay: Stay, reached: str | None) -> str | None:
    """Why a CC or MCC does not count; None where it does."""
    if one.excluded:
        return f"Excluded by the principal diagnosis {_written(stay.principal.code)}."
    if one.only_alive:
        return "Counts only for a patient who is discharged alive."
    if one.hospital_acquired:
        return "Hospital-acquired: it was not present on admission."
    # Trauma of several sites and newborns: the group itself leaves some out, and the grouper does not name them.
    return "This group does not count it." if LEVELS.index(one.level) < LEVELS.index(reached) else None


def _standing(one: Secondary) -> tuple[bool, int, str]:
    return one.why_not is not None, LEVELS.index(one.level), one.code


def _deciding(stay: Stay, grouped: GroupedStay) -> tuple[str, ...]:
    diagnoses = sorted(_written(d.code) for d in grouped.secondary if d.decides and not d.hospital_acquired)
    codes = (_written(stay.principal.code), *diagnoses, *sorted(grouped.procedures))
    return tuple(dict.fromkeys(codes))


def _assumed(encounter: Encounter) -> Iterator[str]:
    if encounter.disposition is None:
        yield f"The encounter has no discharge disposition: taken as discharged home ({HOME})."


def _written(bare: str) -> str:
    return dotted(bare, CodeSystem.ICD10CM)
