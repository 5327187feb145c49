"""What NCCI says of claims, in the plainest words: no index, no cache, nothing of ours but the values of a claim.

A table of pairs is a list of (column 1, column 2, first day, last day or None, indicator), a table of units a list of
(code, units, MAI). A service is a `Line`; `claim` tells on which claim it stands, `this` which claim is judged.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

ANATOMIC = "E1 E2 E3 E4 FA F1 F2 F3 F4 F5 F6 F7 F8 F9 TA T1 T2 T3 T4 T5 T6 T7 T8 T9 LT RT LC LD RC LM RI".split()
GLOBAL = "24 25 57 58 78 79".split()
OTHER = "27 91".split()
DISTINCT = "59 XE XP XS XU".split()
Pair = tuple[str, str, date, "date | None", int]
Units = tuple[str, int, int]


class Line(NamedTuple):
    claim: str
    number: int
    provider: Hashable
    code: str
    modifiers: tuple[str, ...]
    units: int
    start: date
    end: date


def pairs(table: Sequence[Pair], lines: Sequence[Line], this: str) -> set[tuple[int, str, str, int]]:
    """(line of this claim, column 1, column 2, indicator) of every pair that is not paid."""
    found = set()
    for one in lines:
        for two in lines:
            if this not in (one.claim, two.claim) or one.provider != two.provider:
                continue
            shared = max(one.start, two.start)
            if shared > min(one.end, two.end):
                continue
            edit = in_force(table, one.code, two.code, shared)
            other_way = in_force(table, two.code, one.code, shared)
            if edit is None or (other_way is not None and stronger(other_way, edit)):
                continue
            visit = "99213" in (one.code, two.code)  # the only one among the codes of the tests
            if edit[4] == 1 and (opened_by(two, shared, visit) or opened_by(one, shared, visit, column1=True)):
                continue
            line = two if two.claim == this else one
            found.add((line.number, one.code, two.code, edit[4]))
    return found


def in_force(table: Sequence[Pair], column1: str, column2: str, day: date) -> Pair | None:
    held = None
    for edit in table:
        if edit[0] == column1 and edit[1] == column2 and column1 != column2:
            never = edit[4] == 9 or edit[2] == edit[3]
            if not never and edit[2] <= day and (edit[3] is None or day <= edit[3]):
                held = edit if held is None or edit[2] > held[2] else held
    return held


def stronger(edit: Pair, other: Pair) -> bool:
    return (edit[4], -edit[2].toordinal(), edit[0]) < (other[4], -other[2].toordinal(), other[0])


def opened_by(line: Line, day: date, visit: bool, column1: bool = False) -> bool:
    for modifier in line.modifiers:
        if modifier in GLOBAL + OTHER and first_day(modifier) <= day:
            return True
        if modifier in ANATOMIC and first_day(modifier) <= day and not visit:
            return True
        if modifier in DISTINCT and first_day(modifier) <= day and not (column1 and day < date(2019, 7, 1)):
            return True
    return False


def first_day(modifier: str) -> date:
    if modifier[0] == "X":
        return date(2015, 1, 1)
    return date(2013, 1, 1) if modifier in ("LM", "RI") else date.min


def units(table: Sequence[Units], lines: Sequence[Line], this: str) -> set[tuple[int, str, int]]:
    """(line of this claim, code, MAI) of every excess: a line by itself, or the last line of the first day too full."""
    found = set()
    for code, most, mai in table:
        own = [x for x in lines if x.claim == this and x.code == code]
        if mai == 1:
            found |= {(x.number, code, mai) for x in own if a_day(x) > most}
            continue
        for provider in {x.provider for x in own}:
            counted = [x for x in lines if x.code == code and x.provider == provider and "55" not in x.modifiers]
            for one in {role(x) for x in counted}:
                found |= first_day_too_full([x for x in counted if role(x) == one], most, mai, this)
    return found


def first_day_too_full(counted: Sequence[Line], most: int, mai: int, this: str) -> set[tuple[int, str, int]]:
    for day in sorted(days(counted)):
        together = [x for x in counted if x.start <= day <= x.end]
        here = [x for x in together if x.claim == this]
        if here and sum(map(a_day, together)) > most:
            return {(here[-1].number, here[-1].code, mai)}
    return set()


def role(line: Line) -> Hashable:
    """One of several surgeons is nobody else; who assists is not who operates."""
    if "62" in line.modifiers or "66" in line.modifiers:
        return line.claim, line.number
    return any(m in line.modifiers for m in ("80", "81", "82", "AS"))


def a_day(line: Line) -> int:
    length = (line.end - line.start).days + 1
    return (2 * line.units + length) // (2 * length)  # half up


def days(lines: Sequence[Line]) -> set[date]:
    return {x.start + timedelta(days=n) for x in lines for n in range((x.end - x.start).days + 1)}
