"""The Elixhauser Comorbidity Software Refined for ICD-10-CM of AHRQ: 38 measures and the indices of mortality and
readmission, of one discharge.

Its rules (mapping program v2026.1): the principal diagnosis opens nothing. Nineteen of the measures count a diagnosis
only when it was present on admission (Y, W) or is exempt from telling. Cerebrovascular disease counts when it was
present on admission; or as a sequela, unless a stroke came about in this stay. The graver of two kinds excludes the
milder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache

from leadterm.domain import Assignment, CodedEncounter, CodeSystem, DateRange, Poa, dotted, plain_day

from ._conditions import Index, NotCounted, settled, summed
from ._stays import FIRST_ROLES, no_stay
from ._tables import rows
from ._why import WhyNot

TABLE, CODES = "ahrq.tsv", "ahrq_codes.tsv"
ALGORITHM = "AHRQ Elixhauser Comorbidity Software Refined for ICD-10-CM, v2026.1"
PERIOD = DateRange(date(2025, 10, 1), date(2026, 9, 30))
WEIGHTS = {"mortality": "mortality", "readmission": "readmission"}
STROKE, SEQUELA, CEREBROVASCULAR = "CBVD_POA", "CBVD_SQLA", "CBVD"
PRESENT = (Poa.YES, Poa.UNDETERMINED, Poa.EXEMPT)
LATER = (Poa.NO, Poa.UNKNOWN)
ABSENT, UNTOLD = "It was not present on admission.", "Whether it was present on admission is not told."
STROKE_LATER = "A stroke that came about in this stay is in its place."
NO_POA = "No present-on-admission indicators here: the measures that need them count nothing."
OTHER_YEAR = f"v2026.1 is of discharges from {PERIOD.start} to {PERIOD.end}: codes of other years may be missing."


def ahrq_of(coded: CodedEncounter) -> Index | WhyNot:
    """The measures of one discharge, or why there are none."""
    diagnoses = [a for a in coded.diagnoses if a.code.system is CodeSystem.ICD10CM]
    first = next((a for a in diagnoses if a.role in FIRST_ROLES), None)
    if first is None:
        return WhyNot("No diagnosis leads, and the measures are of those beside the principal one.")
    secondary = [a for a in diagnoses if a is not first]
    opened: dict[str, set[str]] = {}
    lost = []
    for one in secondary:
        for key in _measures().get(one.code.bare, ()):
            if why := _why_not(one, key):
                lost.append(NotCounted(one.code.value, CEREBROVASCULAR if key in (STROKE, SEQUELA) else key, why))
            else:
                opened.setdefault(key, set()).add(one.code.bare)
    lost += _cerebrovascular(opened, secondary)
    kept, gone = settled(TABLE, WEIGHTS, opened)
    scores = (("count", len(kept)), *((name, summed(kept, name)) for name in WEIGHTS))
    return Index(ALGORITHM, kept, gone, scores, tuple(sorted(lost, key=lambda n: (n.code, n.key))), _remark(coded))


def _why_not(one: Assignment, key: str) -> str | None:
    if key not in _on_admission() or one.poa in PRESENT:
        return None
    return ABSENT if one.poa in LATER else UNTOLD


def _cerebrovascular(opened: dict[str, set[str]], secondary: list[Assignment]) -> Iterator[NotCounted]:
    """Puts what counts as cerebrovascular disease in the place of its two halves."""
    present, sequelae = opened.pop(STROKE, set()), opened.pop(SEQUELA, set())
    came_about = any(one.poa in LATER and STROKE in _measures().get(one.code.bare, ()) for one in secondary)
    if present or (sequelae and not came_about):
        opened[CEREBROVASCULAR] = present | sequelae
    elif sequelae:
        yield from (NotCounted(dotted(s, CodeSystem.ICD10CM), CEREBROVASCULAR, STROKE_LATER) for s in sequelae)


def _remark(coded: CodedEncounter) -> str | None:
    on = plain_day(coded.on or coded.encounter.controlling_date)
    told = [NO_POA] if no_stay(coded.encounter) else []
    told += [OTHER_YEAR] if on and on not in PERIOD else []
    return " ".join(told) or None


@cache
def _measures() -> Mapping[str, tuple[str, ...]]:
    return {row["code"]: tuple(row["measures"].split()) for row in rows(CODES)}


@cache
def _on_admission() -> frozenset[str]:
    return frozenset({row["key"] for row in rows(TABLE) if row["poa"] == "yes"} | {STROKE, SEQUELA})
