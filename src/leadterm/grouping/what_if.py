"""What if a code more or less stood on the record: for auditors and teachers, up and down alike.

Codes are taken away that are there, or put to it that the caller names: no other is ever tried. The answers stand in
the order of the chart, never by weight. Whoever does not say that it is audit or education is refused: at a coder's
desk the question would come before the chart was read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from leadterm.codesets import CodeBook
from leadterm.domain import (
    Assignment,
    Code,
    CodedEncounter,
    CodeSystem,
    InputError,
    Poa,
    Purpose,
    Role,
    Status,
    purpose_of,
)

from ._drg import Drg
from ._stays import FIRST_ROLES, PROCEDURE_ROLES
from ._why import WhyNot
from .hcc import NOBODY, Hccs, Score, hccs_of
from .member import MemberRecord
from .ms_drg import drg_of

GROUPED = (CodeSystem.ICD10CM, CodeSystem.ICD10PCS)
# Asked where nobody says which.
MODEL = "V28"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one change does.

    Attributes:
        change: `without` a code of the record, or `with` one that the caller named.
        code: As written.
        drg: The group after it, or why there is none.
        hcc: What the model makes of the diagnoses after it, or why there is nothing.
        weight_change, score_change: Against the record as it is, down below zero; None where one side has none.
    """

    change: str
    code: str
    drg: Drg | WhyNot
    hcc: Hccs | WhyNot
    weight_change: Decimal | None
    score_change: Decimal | None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The record as it is, and each change by itself, in the order of the chart."""

    purpose: Purpose
    drg: Drg | WhyNot
    hcc: Hccs | WhyNot
    outcomes: tuple[Outcome, ...]


def what_if(
    coded: CodedEncounter,
    book: CodeBook,
    *,
    purpose: str | None,
    without: Iterable[str] = (),
    having: Iterable[str] = (),
    member: MemberRecord = NOBODY,
    model: str = MODEL,
) -> WhatIf:
    """What each change by itself does to the group and the score.

    `without`: codes of the record; `having`: codes to be put to it, `N17.9` or with its POA `N17.9/N`. With neither,
    every secondary diagnosis and every procedure is taken away, one by one. `purpose`: `audit` or `education`.
    Raises InputError without a purpose, and for a code that is not there, is there already, or cannot be read.
    """
    why = purpose_of(purpose)
    removed = [_there(text, coded) for text in without]
    added = [_new(text, coded) for text in having]
    if not removed and not added:
        removed = [*_removable(coded)]
    base = _answer(coded, book, member, model)
    order = {a.id: place for place, a in enumerate(coded.assignments)}
    changes = [("without", a, _less(coded, a)) for a in sorted(removed, key=lambda a: order[a.id])]
    changes += [("with", a, replace(coded, assignments=(*coded.assignments, a))) for a in added]
    outcomes = (_outcome(kind, a, base, _answer(after, book, member, model)) for kind, a, after in changes)
    return WhatIf(why, *base, tuple(outcomes))


_Answer = tuple[Drg | WhyNot, Hccs | WhyNot]


def _answer(coded: CodedEncounter, book: CodeBook, member: MemberRecord, model: str) -> _Answer:
    found = hccs_of(coded, member=member, asked=(model,))
    return drg_of(coded, book), found if isinstance(found, WhyNot) else found[0]


def _outcome(change: str, one: Assignment, before: _Answer, after: _Answer) -> Outcome:
    weights = _difference(_weight(before[0]), _weight(after[0]))
    scores = _difference(_score(before[1]), _score(after[1]))
    return Outcome(change, one.code.value, *after, weights, scores)


def _difference(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    return None if before is None or after is None else after - before


def _weight(drg: Drg | WhyNot) -> Decimal | None:
    return None if isinstance(drg, WhyNot) or isinstance(drg.weight, WhyNot) else drg.weight.relative


def _score(hcc: Hccs | WhyNot) -> Decimal | None:
    return hcc.score.raw if isinstance(hcc, Hccs) and isinstance(hcc.score, Score) else None


def _standing(coded: CodedEncounter) -> Sequence[Assignment]:
    """The assignments that grouping asks: diagnoses and procedures that are not rejected."""
    procedures = (a for a in coded.assignments if a.role in PROCEDURE_ROLES and a.status is not Status.REJECTED)
    return [a for a in (*coded.diagnoses, *procedures) if a.code.system in GROUPED]


def _removable(coded: CodedEncounter) -> Iterator[Assignment]:
    return (a for a in _standing(coded) if a.role not in FIRST_ROLES)


def _there(text: str, coded: CodedEncounter) -> Assignment:
    wanted = {code.bare for code in Code.readings(text)}
    found = next((a for a in _standing(coded) if a.code.bare in wanted), None)
    if found is None:
        raise InputError(f"{text.strip()[:16]} is not on the record, so it cannot be taken away.")
    return found


def _less(coded: CodedEncounter, gone: Assignment) -> CodedEncounter:
    same = {a.id for a in _standing(coded) if a.code == gone.code}
    return replace(coded, assignments=tuple(a for a in coded.assignments if a.id not in same))


def _new(text: str, coded: CodedEncounter) -> Assignment:
    written, _, poa = text.partition("/")
    code = next((c for c in Code.readings(written) if c.system in GROUPED), None)
    if code is None:
        raise InputError(f"{written.strip()[:16]} is neither ICD-10-CM nor ICD-10-PCS: nothing is grouped by it.")
    if any(a.code == code for a in _standing(coded)):
        raise InputError(f"{code} is on the record already.")
    role = Role.PROCEDURE if code.system is CodeSystem.ICD10PCS else Role.SECONDARY
    place = len(coded.assignments) + 1
    return Assignment(f"what-if-{place}", code, None, role, place, 1.0, poa=_poa(poa), status=Status.ADDED)


def _poa(text: str) -> Poa | None:
    words = {str(p).upper(): p for p in Poa}
    if text and text.upper() not in words:
        raise InputError(f"Present on admission is one of {', '.join(words.values())}: N17.9/N.")
    return words[text.upper()] if text else None
