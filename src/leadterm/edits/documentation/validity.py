"""Clinical validity: whether the record shows the signs by which a documented diagnosis is commonly held.

The code stays, whatever is found: the provider's statement suffices (I.A.19). What is asked is whether a reviewer
would find the diagnosis borne out, by a criteria set that the finding names and the user chooses. Only a record that
reports measurements is asked: where nothing was handed over, nothing can be missed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from leadterm.domain import Evidence, Fact, Setting
from leadterm.edits._coding import Coding, Diagnosis
from leadterm.edits._findings import Check, Draft

from ._record import record_of
from ._signs import Shown
from .criteria_sets import CriteriaSet, Judged, judged, sets_of

ADULT = 18
MEASURED = 2  # different things that a record reports a number of, before anything is missed in it
MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Doubt:
    """A documented diagnosis that the record does not bear out.

    Attributes:
        judged: What the record shows of the criteria set, and what not.
        diagnoses: The codes of it.
        facts: The facts that name it.
    """

    judged: Judged
    diagnoses: tuple[Diagnosis, ...]
    facts: tuple[Fact, ...]

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The words that name the diagnosis, then those of the signs that were found."""
        named = [f.mention for f in self.facts] or [e for d in self.diagnoses for e in d.assignment.evidence]
        return (*named[:1], *(e for found in self.judged.found.values() for e in found))


def doubts(coding: Coding) -> tuple[Doubt, ...]:
    """The diagnoses whose chosen criteria the record does not meet; ask `coding.once` for it."""
    asked: dict[str, tuple[CriteriaSet, list[Diagnosis]]] = {}
    for d in coding.diagnoses if coding.coded.facts else ():
        for criteria in sets_of(d.code, coding.options.criteria):
            asked.setdefault(criteria.name, (criteria, []))[1].append(d)
    if not asked:
        return ()
    record = coding.once(record_of)
    shown = Shown(record.facts, (d for d in record.documents.values() if d.id not in record.void))
    return tuple(_doubts(coding, shown, list(asked.values())))


def _doubts(coding: Coding, shown: Shown, asked: list[tuple[CriteriaSet, list[Diagnosis]]]) -> Iterator[Doubt]:
    record = coding.once(record_of)
    for criteria, diagnoses in asked:
        if _may_ask(coding, shown, criteria):
            found = judged(criteria, shown.without(criteria.codes))
            if not found.met:
                facts = tuple(f for d in diagnoses for f in record.standing(d.assignment))
                yield Doubt(found, tuple(diagnoses), facts)


def _may_ask(coding: Coding, shown: Shown, criteria: CriteriaSet) -> bool:
    if criteria.adult and (coding.age is None or coding.age < ADULT):
        return False
    if criteria.asks == "measure":
        wanted = (v for g in criteria.groups for signs in g.signs.values() for s in signs for v in s.values)
        return any(v.lower() in shown.values for v in wanted)
    return coding.encounter.setting is Setting.INPATIENT and shown.measured >= MEASURED


def _none(coding: Coding) -> Iterator[Draft]:
    for doubt in coding.once(doubts):
        if not doubt.judged.found and doubt.judged.set.asks == "record":
            message = f"The record shows none of the signs of {_set(doubt)}: {_listed(doubt.judged.missing)}."
            yield _draft(doubt, message)


def _few(coding: Coding) -> Iterator[Draft]:
    for doubt in coding.once(doubts):
        if doubt.judged.found:
            found, missing = _listed(tuple(doubt.judged.found)), _listed(doubt.judged.missing)
            message = f"The record shows too few of the signs of {_set(doubt)}: it shows {found}; it lacks {missing}."
            yield _draft(doubt, message)


def _otherwise(coding: Coding) -> Iterator[Draft]:
    for doubt in coding.once(doubts):
        if not doubt.judged.found and doubt.judged.set.asks == "measure":
            message = f"What was measured is not that of {_set(doubt)}: none shows {_listed(doubt.judged.missing)}."
            yield _draft(doubt, message)


def _set(doubt: Doubt) -> str:
    codes = " and ".join(dict.fromkeys(d.code for d in doubt.diagnoses))
    return f"{doubt.judged.set.diagnosis} ({codes}) by the criteria {doubt.judged.set.name}"


def _listed(names: tuple[str, ...]) -> str:
    shown = names if len(names) <= MOST_NAMED else (*names[:MOST_NAMED], f"and {len(names) - MOST_NAMED} more")
    return "; ".join(shown)


def _draft(doubt: Doubt, message: str) -> Draft:
    return Draft(
        message,
        tuple(dict.fromkeys(d.code for d in doubt.diagnoses)),
        tuple(d.assignment.id for d in doubt.diagnoses),
        source=f"Official Guidelines I.A.19; {doubt.judged.set.source}",
        evidence=doubt.evidence,
    )


CHECKS: Mapping[str, Check[Coding]] = {
    "ICD10CM:I.A.19/indicators": _none,
    "ICD10CM:I.A.19/few-indicators": _few,
    "ICD10CM:I.A.19/measured-otherwise": _otherwise,
}
