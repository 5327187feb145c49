"""What if a visit had an element more or less, or other minutes: for auditors and teachers, up and down alike.

The answers stand in the order of the note and of the tables, never by level. Whoever does not say that it is audit or
education is refused: where a chart is coded, the question would come before the note was read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from leadterm.domain import InputError, Purpose, purpose_of

from . import data, levels, problems
from .sheet import Axis, Element, Level, Worksheet


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one change does.

    Attributes:
        change: `without` an element of the note, `with` one more of a kind, or `minutes`.
        axis: Of the element; None of minutes.
        kind: Of the element; of minutes how many.
        name: Of an element of the note; empty of one more.
        level: Of decision making after it; None of minutes.
        code: What the visit would come to by this way; None where it comes to none.
    """

    change: str
    axis: Axis | None
    kind: str
    name: str
    level: Level | None
    code: str | None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Each change by itself."""

    purpose: Purpose
    outcomes: tuple[Outcome, ...]


def what_if(sheet: Worksheet, *, purpose: str | None, on: date | None = None) -> WhatIf:
    """What each change by itself does to a visit's level; `on`: the day, where the worksheet names none.

    Raises InputError without a purpose, and without a day.
    """
    why = purpose_of(purpose)
    day = sheet.day or on
    if day is None:
        raise InputError("The visit has no day, and levels go by the rules of a day: give its date.")
    return WhatIf(why, (*_without(sheet, day), *_with(sheet, day), *_minutes(sheet, day)))


def _without(sheet: Worksheet, day: date) -> Iterator[Outcome]:
    for element in sheet.elements:
        left = [e for e in sheet.elements if e is not element]
        yield _outcome("without", element, left, sheet, day)


def _with(sheet: Worksheet, day: date) -> Iterator[Outcome]:
    for element in _more():
        yield _outcome("with", element, [*sheet.elements, element], sheet, day)


def _more() -> Iterator[Element]:
    """One more of each kind, by the tables; an element of risk by its level."""
    yield from (Element(Axis.PROBLEMS, kind, "", why) for kind, why in problems.WORDS.items())
    yield from (Element(Axis.DATA, kind, "", why) for kind, why in data.WHY.items())
    yield from (Element(Axis.RISK, level.word, "", "", level=level) for level in Level if level > Level.STRAIGHTFORWARD)


def _outcome(change: str, element: Element, elements: list[Element], sheet: Worksheet, day: date) -> Outcome:
    decision = levels.decided(elements)
    code = levels.by_decision(sheet.family, decision.level, day) if decision.problems else None
    return Outcome(change, element.axis, element.kind, element.name, decision.level, code)


def _minutes(sheet: Worksheet, day: date) -> Iterator[Outcome]:
    for row in levels.codes(sheet.family, day):
        if row.minutes is not None:
            yield Outcome("minutes", None, str(row.minutes), "", None, row.code)
