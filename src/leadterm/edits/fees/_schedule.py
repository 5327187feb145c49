"""The lines of a professional claim beside their rows of the Medicare physician fee schedule, read once a claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from leadterm.codesets.payment.fees import RelativeValue, RelativeValues
from leadterm.domain import ServiceLine
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Check, Draft, Gate
from leadterm.edits._procedures import is_among

# Payers whose claims the schedule's indicators decide; what others take over from it, their contracts tell.
FOLLOWING = frozenset({"medicare", "medicare-advantage"})
# Modifiers whose services may have a row of their own.
WITH_ROWS = ("26", "TC", "53")
# Statuses whose services the schedule pays, with relative values or by the contractor's judgement.
PAYABLE = frozenset("ARC")
DAYS = {"000": 0, "010": 10, "090": 90}
VISITS = (
    "92002-92014 99202-99215 99221-99239 99242-99245 99252-99255 99281-99285 99291-99292 99304-99310 99315-99316"
    " 99341-99350"
)
KEPT = 1 << 15
FIRST, LAST = date(1992, 1, 1), date(9000, 1, 1)


class Known(NamedTuple):
    """What the schedule has of a code as billed.

    Attributes:
        row: The code's; of its professional or technical component where the line is for that and it has one.
        days: Global days behind the day of the procedure; None where the schedule tells none (MMM, XXX, YYY, ZZZ), and
            where it does not pay.
        is_visit: Whether it is an evaluation that the schedule pays.
    """

    row: RelativeValue
    days: int | None
    is_visit: bool


class Service(NamedTuple):
    """A line with what the schedule has of it.

    Attributes:
        line, code: As billed.
        table: The relative values of the line's day.
        row, days, is_visit: What it has (`Known`).
    """

    line: ServiceLine
    code: str
    table: RelativeValues
    row: RelativeValue
    days: int | None
    is_visit: bool


def is_judged(b: Billing) -> bool:
    """Whether the schedule decides on the claim: a professional one, for a payer that follows it.

    Not that of a surgical center, which comes on the same form and is paid by a system of its own.
    """
    return b.payer_type in FOLLOWING and b.professional and not b.is_surgical_center


def is_in_time(line: ServiceLine) -> bool:
    """Whether there was a schedule on the day of a line, and days can be counted from it."""
    return line.start >= FIRST and line.end < LAST


def services(b: Billing) -> tuple[Service, ...]:
    """The lines whose codes the schedule of their day has; empty where it does not decide or is not installed."""
    return b.once(_services)


def _services(b: Billing) -> tuple[Service, ...]:
    found: list[Service] = []
    if not is_judged(b):
        return ()
    day, table = None, None
    for line, code in b.billed:
        if line.start != day:
            day = line.start
            table = b.table(RelativeValues, day)
        known = known_of(table, code, line.modifiers) if table is not None else None
        if table is not None and known is not None and is_in_time(line):
            found.append(Service(line, code, table, *known))
    return tuple(found)


@lru_cache(KEPT)
def known_of(table: RelativeValues, code: str, modifiers: tuple[str, ...]) -> Known | None:
    """What a schedule has of a code as billed; None where it has no row."""
    own = (table.value(code, m) for m in WITH_ROWS if m in modifiers)
    row = next((row for row in own if row is not None), None) or table.value(code)
    if row is None:
        return None
    payable = row.status in PAYABLE
    return Known(row, DAYS.get(row.global_days) if payable else None, payable and is_among(code, VISITS))


# A gate that is asked before several checks, and these by rule.
Gated = tuple[Callable[[Billing], object], Mapping[str, Check[Billing]]]
NOTHING: Mapping[str, Sequence[Draft]] = {}


def checks(*gated: Gated, of_every_payer: bool = False) -> tuple[Mapping[str, Check[Billing]], Gate[Billing]]:
    """The checks of a module, and its gate: most claims ask no more than the gates within, and these once a claim.

    `of_every_payer`: whether some of them look at claims on which the schedule does not decide.
    """

    def said(b: Billing) -> Mapping[str, Sequence[Draft]]:
        if b.takes_back or (not of_every_payer and not b.once(_services)):
            return NOTHING
        found: dict[str, Sequence[Draft]] = {}
        for gate, rules in gated:
            if gate(b):
                found.update((rule, drafts) for rule, check in rules.items() if (drafts := tuple(check(b))))
        return found or NOTHING

    return {rule: remarked(said, rule) for _, rules in gated for rule in rules}, said


def remarked(said: Callable[[Billing], Mapping[str, Sequence[Draft]]], rule: str) -> Check[Billing]:
    """The check of a rule that picks its remarks from those that are made once a claim."""
    return lambda b: b.once(said).get(rule, ())
