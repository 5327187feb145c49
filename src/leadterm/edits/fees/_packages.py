"""The global packages that run for a claim's provider: operations on the claim and on earlier ones, and their days.

Of 090: the day before, the day, and 90 days behind it; of 010: the day, and 10 behind it; of 000: the day.
(MCPM 12.40.1)
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from leadterm.codesets.payment.fees import RelativeValues
from leadterm.edits._billing import Billing
from leadterm.edits._procedures import is_among
from leadterm.edits._services import Past
from leadterm.edits._tables import read_table
from leadterm.edits.ncci import ptp

from ._schedule import Service, known_of, services

MAJOR = 90
DAY = timedelta(days=1)
LONGEST = timedelta(days=MAJOR + 1)
ASSISTING = frozenset({"80", "81", "82", "AS"})
# Lines that begin no package: an assistant's, care before it alone, a return to the operating room, what was stopped.
BEGINS_NONE = ASSISTING | {"56", "78", "53", "73", "74", "26", "TC"}
WITHOUT_CARE_AFTER = "54"
AFTER, OF_DAY, DAY_BEFORE, MINOR_DAY = "after", "of-day", "day-before", "minor-day"


class Operation(NamedTuple):
    """A procedure with global days.

    Attributes:
        code, on: The procedure and its day.
        days: Global days behind it: 0, 10 or 90.
        last: Last day of the care that this provider is paid for; the day itself with 54.
        provider: Who did it.
        line: Its line, counted from 1.
        claim: The earlier claim that it is on; None for this one.
    """

    code: str
    on: date
    days: int
    last: date
    provider: Hashable
    line: int
    claim: str | None

    @property
    def end(self) -> date:
        """Last global day, whoever cares for the patient."""
        return self.on + timedelta(days=self.days)

    def __str__(self) -> str:
        where = f"line {self.line}" + (f" of claim {self.claim}, which went before" if self.claim else "")
        days = f"{self.days} global days, the last one {self.end}" if self.days else "no global days but the day itself"
        return f"{self.code} of {self.on} ({where}; {days})"

    def where(self, start: date, end: date) -> str | None:
        """How days of a visit lie to the operation; None outside its package."""
        if start <= self.on <= end:
            return OF_DAY if self.days == MAJOR else MINOR_DAY
        if self.on < start <= self.last:
            return AFTER
        return DAY_BEFORE if self.days == MAJOR and start <= self.on - DAY <= end else None


def operations(b: Billing) -> tuple[Operation, ...]:
    """Those whose packages a service of the claim may lie in, or that are on it, by day; made once a claim."""
    return b.once(_running)


def _running(b: Billing) -> tuple[Operation, ...]:
    asked = [s for s in services(b) if s.is_visit or s.days is not None]
    if not asked:
        return ()
    found = [*_own(b, asked), *(_earlier(b, asked) if b.before else ())]
    return tuple(sorted(found, key=lambda o: (o.on, o.code, o.claim or "", o.line)))


def _own(b: Billing, asked: list[Service]) -> Iterator[Operation]:
    for s in asked:
        if s.days is not None and BEGINS_NONE.isdisjoint(s.line.modifiers):
            after = 0 if WITHOUT_CARE_AFTER in s.line.modifiers else s.days
            last = s.line.start + timedelta(days=after)
            yield Operation(s.code, s.line.start, s.days, last, b.provider_of(s.line), s.line.number, None)


def _earlier(b: Billing, asked: list[Service]) -> Iterator[Operation]:
    first, last = min(s.line.start for s in asked) - LONGEST, max(s.line.end for s in asked) + DAY
    providers = {b.provider_of(s.line) for s in asked}
    for past in b.before.during(first, last):
        if first <= past.start and past.professional and past.provider in providers:
            days = days_of(b, past)
            if days is not None and BEGINS_NONE.isdisjoint(past.modifiers):
                after = 0 if WITHOUT_CARE_AFTER in past.modifiers else days
                until = past.start + timedelta(days=after)
                yield Operation(past.code, past.start, days, until, past.provider, past.line, past.claim)


def days_of(b: Billing, past: Past) -> int | None:
    """Global days of an earlier service that the schedule pays; None where it has none."""
    table = b.table(RelativeValues, past.start)
    known = known_of(table, past.code, ()) if table is not None else None
    return known.days if known is not None else None


class Way(NamedTuple):
    """A modifier and what has to be true for it; nothing where it is not advised."""

    modifier: str
    codes: str
    since: date
    true_when: str


@cache
def _openers() -> dict[str, list[Way]]:
    found: dict[str, list[Way]] = {}
    for where, modifier, codes, since, true_when, _ in read_table(
        "fees/openers.tsv", ("where", "modifier", "codes", "since", "true_when", "source")
    ):
        found.setdefault(where, []).append(Way(modifier, codes, date.fromisoformat(since), true_when))
    return found


@lru_cache(1 << 14)
def ways(where: str, code: str, on: date) -> tuple[Way, ...]:
    """What takes a service out of a package in which it lies so."""
    return tuple(w for w in _openers()[where] if w.since <= on and (not w.codes or is_among(code, w.codes)))


def is_open(where: str, code: str, modifiers: tuple[str, ...], on: date) -> bool:
    """Whether a modifier of the line says that it is no part of the package."""
    return any(way.modifier in modifiers for way in ways(where, code, on))


def advice(where: str, code: str, on: date, operation: str) -> str:
    """What to do about a service within a package: which facts would have to be documented, each with its modifier."""
    facts = [f"{w.true_when.format(code=operation)} ({w.modifier})" for w in ways(where, code, on) if w.true_when]
    told = f"that {facts[0]}" if len(facts) == 1 else f"one of these: {'; '.join(facts)}"
    return (
        f"Leave out {code}, unless the record documents {told}. The documented reason comes first, then the modifier."
    )


def told_by_pairs(b: Billing) -> frozenset[tuple[str, str]]:
    """Pairs of codes of which the pair edits of NCCI speak on this claim, each in both orders."""
    return b.once(_told_by_pairs)


def _told_by_pairs(b: Billing) -> frozenset[tuple[str, str]]:
    pairs = [(c.column1.code, c.column2.code) for c in b.once(ptp.clashes) if not c.misplaced]
    return frozenset([*pairs, *((two, one) for one, two in pairs)])
