"""The record's own charges with what was read of the same service, and the order of all lines.

A charge of the record is never changed: code, units, modifiers, price stand as they were given. What was read of the
same service gives it its words, its way and what was considered, and is no line of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from leadterm.coding._tables import rows
from leadterm.domain import Evidence

from .service import Service

VISIT = "visit"
CAPTURED = "captured"
# Visits, what was done, drugs with their administration, supplies; within each by rank.
ORDER = {VISIT: 0, "drug": 2, "vaccine": 2, "administration": 2, "supply": 3}
DONE = 1
# A line that bears one of these is another line of the same code, not the same service twice.
SIDES = frozenset(("LT", "RT", "50"))
PAIR = 2  # one captured, one read
APART = SIDES | frozenset("JW 26 TC 59 XE XS XP XU 76 77 91".split())


def merged(captured: Sequence[Service], read: Sequence[Service], day: date | None) -> tuple[Service, ...]:
    """The captured lines in their order, each with what was read of it, then the rest of what was read, in order.

    `day`: of whatever names none of its own.
    """
    lines = list(captured)
    left: list[Service] = []
    taken: set[int] = set()
    read = _once(read, day)
    count = Counter(s.code for s in (*captured, *read))
    for service in read:
        place = _place(lines, service, day, taken, count[service.code] == PAIR)
        if place is None:
            left.append(service)
        else:
            taken.add(place)
            lines[place] = _with(lines[place], service)
    return (*lines, *ordered(left))


def ordered(services: Iterable[Service]) -> list[Service]:
    """Visits, procedures, drugs with their administration, supplies; within each by rank."""
    return sorted(services, key=lambda s: (ORDER.get(s.kind, DONE), s.rank))


def _once(read: Sequence[Service], day: date | None) -> list[Service]:
    """What was read, of what several rooms read of the same words one line, with the words and the price of each."""
    kept: list[Service] = []
    for service in read:
        place = next((n for n, other in enumerate(kept) if _doubles(service, other, day)), None)
        if place is None:
            kept.append(service)
        else:
            one = _with(kept[place], service)
            price = service if one.charge is None else one
            kept[place] = replace(one, charge=price.charge, revenue_code=one.revenue_code or price.revenue_code)
    return kept


def _doubles(one: Service, other: Service, day: date | None) -> bool:
    """Whether two rooms read one service: the same code of the same day, by words that overlap."""
    if (one.code, one.day or day, one.modifiers) != (other.code, other.day or day, other.modifiers):
        return False
    return any(_overlap(a, b) for a in one.evidence for b in other.evidence)


def _overlap(a: Evidence, b: Evidence) -> bool:
    return a.document == b.document and a.span.start < b.span.end and b.span.start < a.span.end


def _place(
    lines: Sequence[Service], read: Service, day: date | None, taken: set[int], alone: bool = False
) -> int | None:
    """The captured line that is the same service; the one that fits best of those that nothing was read of yet.

    `alone`: the code was captured once and read once: another side is then a contradiction, and no line of its own.
    """
    same = [n for n, c in enumerate(lines) if _one(c, read) and (c.day or day) == (read.day or day)]
    free = [n for n in same if n not in taken]
    places = (
        *(n for n in free if lines[n].modifiers == read.modifiers),
        *(n for n in free if _told_apart(read) <= _told_apart(lines[n])),
        # A line that names no side may be of any.
        *(n for n in free if _told_apart(read) <= SIDES and not _told_apart(lines[n]) & SIDES),
        *(n for n in same if not free and _told_apart(read) <= _told_apart(lines[n])),
        *(n for n in free if alone and (_told_apart(read) | _told_apart(lines[n])) <= SIDES),
    )
    return next(iter(places), None)


def _one(captured: Service, read: Service) -> bool:
    """Whether both are one service: the same code, or two levels of one visit."""
    if captured.code == read.code:
        return True
    family = _family(read.code.value) if read.kind == VISIT else None
    return family is not None and family == _family(captured.code.value)


def _told_apart(service: Service) -> frozenset[str]:
    return APART.intersection(service.modifiers)


@cache
def _family(code: str) -> str | None:
    """The family of visits that a code is of."""
    return next((row["family"] for row in rows("services/visit_families") if row["first"] <= code <= row["last"]), None)


def _with(captured: Service, read: Service) -> Service:
    """The captured line with the words, the way and the alternatives of what was read of it."""
    gained: dict[str, Any] = {
        name: _each(getattr(captured, name), getattr(read, name))
        for name in ("evidence", "pathway", "alternatives", "facts")
    }
    kind = read.kind if captured.kind == CAPTURED else captured.kind
    return replace(captured, kind=kind, **gained)


def _each(ones: tuple[Any, ...], others: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*ones, *(o for o in others if o not in ones))
