"""From elements and minutes to codes: the tables of the families."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from leadterm.coding._tables import rows

from . import data, problems, risk
from .sheet import Axis, Decision, Element, Level


@dataclass(frozen=True, slots=True)
class Row:
    """A code of a family with what it asks for; `minutes` None where time is no way to it."""

    code: str
    least: Level
    minutes: int | None
    since: date
    until: date


def decided(elements: Sequence[Element]) -> Decision:
    """The levels of the three elements of medical decision making."""
    on = {axis: [e for e in elements if e.axis is axis] for axis in Axis}
    return Decision(
        problems.level_of([e.kind for e in on[Axis.PROBLEMS]]),
        data.level_of(on[Axis.DATA]),
        risk.level_of(on[Axis.RISK]),
    )


@cache
def _table() -> dict[str, tuple[Row, ...]]:
    found: dict[str, list[Row]] = {}
    for row in rows("visits/codes"):
        least = Level(int(row["mdm"])) if row["mdm"] in "1234" else Level.NONE
        minutes = int(row["minutes"]) if row["minutes"] else None
        until = date.fromisoformat(row["until"]) if row["until"] else date.max
        found.setdefault(row["family"], []).append(
            Row(row["code"], least, minutes, date.fromisoformat(row["since"]), until)
        )
    return {family: tuple(kept) for family, kept in found.items()}


def codes(family: str, on: date) -> tuple[Row, ...]:
    """The codes of a family on a day, lowest first; empty before the rules of 2021 and 2023 reached it."""
    return tuple(r for r in _table().get(family, ()) if r.since <= on <= r.until)


def by_decision(family: str, level: Level, on: date) -> str | None:
    """The code that a level of medical decision making supports."""
    return max((r.code for r in codes(family, on) if Level.NONE < r.least <= level), default=None)


def by_time(family: str, minutes: int, on: date) -> str | None:
    """The code that a total of minutes supports."""
    return max((r.code for r in codes(family, on) if r.minutes is not None and r.minutes <= minutes), default=None)


@cache
def family_of(code: str) -> str | None:
    """The family of a code."""
    return next((family for family, kept in _table().items() for r in kept if r.code == code), None)


def beside(code: str, family: str, on: date) -> str | None:
    """The code of the same level in another family."""
    mine = [r.code for r in codes(family_of(code) or "", on)]
    theirs = [r.code for r in codes(family, on)]
    return theirs[mine.index(code)] if code in mine and len(mine) == len(theirs) else None


def prolonged(code: str, minutes: int, medicare: bool, on: date) -> tuple[str, int, int] | None:
    """The code for time beyond the highest level, its units, and from which minute it counts; None below that."""
    for row in rows("visits/prolonged"):
        if row["code"] != code or date.fromisoformat(row["since"]) > on:
            continue
        name, start = (row["medicare"], row["medicare_from"]) if medicare else (row["cpt"], row["from"])
        if name and minutes >= int(start):
            return name, 1 + (minutes - int(start)) // 15, int(start)
    return None


CRITICAL_FIRST, CRITICAL_MORE, CRITICAL_STEP = 30, 75, 30
CRITICAL_AGE = 6  # years under which inpatient critical care goes by the day, not by time
CRITICAL_MORE_MEDICARE = 104  # a whole further half hour after the 74 minutes of the first code


def critical(minutes: int, medicare: bool) -> Iterator[tuple[str, int]]:
    """The codes of critical care and their units; none under 30 minutes."""
    if minutes < CRITICAL_FIRST:
        return
    yield "99291", 1
    start = CRITICAL_MORE_MEDICARE if medicare else CRITICAL_MORE
    if minutes >= start:
        yield "99292", 1 + (minutes - start) // CRITICAL_STEP
