"""Grades an attempt at a coding case: what is right, what is wrong and why, what is missing and where it stands.

The score is correct / max(entered, key) * 100. Optional codes count nowhere; a code entered twice counts once; a
forbidden code counts as entered. The first code of the claim is graded apart from the score, and the order of the
others is nobody's business. A near miss is named and earns nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from leadterm.cases import Case, KeyCode
from leadterm.codesets import CodeBook
from leadterm.domain import Code, Role

from ._reasons import Reason, ReasonKind, book_reasons

LEADING = frozenset({Role.PRINCIPAL, Role.FIRST_LISTED})
CATEGORY = 3
NOT_IN_KEY = (
    "It is not in the key. If you can show the words of the chart for it, put the case to a credentialed coder: "
    "the key may be short."
)


class Outcome(StrEnum):
    """What became of an entered code. Optional: neither rewarded nor punished."""

    RIGHT = "right"
    OPTIONAL = "optional"
    WRONG = "wrong"


class Leading(StrEnum):
    """What became of the first code of the claim. Absent: the attempt names none."""

    RIGHT = "right"
    WRONG = "wrong"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class AttemptCode:
    """One code of an attempt; without roles, the first one entered is meant to be first-listed or principal."""

    code: Code
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """The verdict on one entered code.

    Attributes:
        code, description: The code and its title; None for a code that nobody knows.
        outcome: Right, optional or wrong.
        near: The missing code of the same category, where a wrong code comes near one; it earns nothing.
        reasons: Why it is optional or wrong, the weightiest first; empty for a right one.
    """

    code: Code
    description: str | None
    outcome: Outcome
    near: Code | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Missed:
    """A code of the key that the attempt lacks: the key's own words on it, and what came near."""

    key: KeyCode
    description: str | None
    near: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class LeadingMark:
    """The verdict on the first code of the claim.

    Attributes:
        role: What it is called in this setting: first-listed or principal.
        outcome: Right, wrong or absent.
        wanted: The key's entry for it.
        entered: The code that the attempt put first; None where it put none.
    """

    role: Role
    outcome: Leading
    wanted: KeyCode
    entered: Code | None


@dataclass(frozen=True, slots=True)
class Grade:
    """An attempt, graded.

    Attributes:
        case: Id of the case.
        score: 0 to 100, one decimal place.
        correct, entered, wanted: Its parts: right codes, codes that count as entered, codes of the key.
        leading: The first code, graded apart.
        marks: One for each different code, in the order entered.
        missed: In the order of the key.
        duplicates: Codes that were entered more than once.
    """

    case: str
    score: float
    correct: int
    entered: int
    wanted: int
    leading: LeadingMark
    marks: tuple[Mark, ...]
    missed: tuple[Missed, ...]
    duplicates: tuple[Code, ...]


def grade(case: Case, attempt: Sequence[AttemptCode], book: CodeBook) -> Grade:
    """The grade of `attempt` under the key of `case`; the book tells what wrong codes are on the case's date."""
    key = {k.code: k for k in case.require}
    times = Counter(a.code for a in attempt)
    missing = [k for k in case.require if k.code not in times]
    marks = tuple(_mark(code, case, missing, book) for code in times)
    correct = sum(m.outcome is Outcome.RIGHT for m in marks)
    entered = sum(m.outcome is not Outcome.OPTIONAL for m in marks)
    return Grade(
        case=case.id,
        score=round(100 * correct / max(entered, len(key)), 1),
        correct=correct,
        entered=entered,
        wanted=len(key),
        leading=_leading(case, attempt),
        marks=marks,
        missed=tuple(_missed(k, marks, case, book) for k in missing),
        duplicates=tuple(code for code, count in times.items() if count > 1),
    )


def _leading(case: Case, attempt: Sequence[AttemptCode]) -> LeadingMark:
    """The first code of the claim: the one that bears the role, or the first one entered where none bears a role."""
    wanted = case.require[0]
    named = [a.code for a in attempt if a.role in LEADING]
    if not any(a.role for a in attempt):
        named = [a.code for a in attempt[:1]]
    entered = named[0] if named else None
    right = Leading.RIGHT if entered == wanted.code else Leading.WRONG
    return LeadingMark(case.leading_role, right if entered else Leading.ABSENT, wanted, entered)


def _mark(code: Code, case: Case, missing: Sequence[KeyCode], book: CodeBook) -> Mark:
    entry = book.lookup(code, on=case.date)
    title = entry.description if entry else None
    if any(k.code == code for k in case.require):
        return Mark(code, title, Outcome.RIGHT)
    for optional in case.optional:
        if optional.code == code:
            return Mark(code, title, Outcome.OPTIONAL, None, (Reason(ReasonKind.OPTIONAL, optional.why),))
    near = _near(code, missing)
    forbidden = tuple(Reason(ReasonKind.FORBIDDEN, f.why, f.paragraphs) for f in case.forbid if f.code == code)
    reasons = forbidden or book_reasons(code, entry, [k.code for k in case.require], case.date, book)
    if near is not None:
        text = f"The category is right, the code is not: {near} is wanted."
        reasons = (*reasons, Reason(ReasonKind.NEAR, text))
    return Mark(code, title, Outcome.WRONG, near, reasons or (Reason(ReasonKind.NOT_IN_KEY, NOT_IN_KEY),))


def _near(code: Code, missing: Sequence[KeyCode]) -> Code | None:
    """The missing code of the same category that shares the most characters with `code`; the earlier one of equals."""
    same = [k.code for k in missing if k.code.value[:CATEGORY] == code.value[:CATEGORY]]
    return max(same, key=lambda wanted: _shared(code.value, wanted.value), default=None)


def _shared(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _missed(key: KeyCode, marks: Sequence[Mark], case: Case, book: CodeBook) -> Missed:
    entry = book.lookup(key.code, on=case.date)
    return Missed(key, entry.description if entry else None, tuple(m.code for m in marks if m.near == key.code))
