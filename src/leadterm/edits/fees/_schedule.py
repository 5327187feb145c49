"""The lines of a professional claim beside their rows of the Medicare physician fee schedule, read once a claim."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from leadterm.codesets.payment.fees import RelativeValue, RelativeValues
from leadterm.domain import ServiceLine
from leadterm.edits._billing import Billing
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
    " 99341-99350 G0380-G0384"
)
KEPT = 1 << 15


class Service(NamedTuple):
    """A line with its row of the schedule.

    Attributes:
        line, code: As billed.
        table: The relative values of the line's day.
        row: The code's; of its professional or technical component where the line is for that and it has one.
        place: Place of service; None where it is not told.
    """

    line: ServiceLine
    code: str
    table: RelativeValues
    row: RelativeValue
    place: str | None

    @property
    def days(self) -> int | None:
        """Global days behind the day of the procedure; None where the schedule tells none (MMM, XXX, YYY, ZZZ)."""
        return DAYS.get(self.row.global_days)

    @property
    def is_visit(self) -> bool:
        """Whether it is an evaluation."""
        return is_among(self.code, VISITS)


def is_judged(b: Billing) -> bool:
    """Whether the schedule decides on the claim: a professional one, for a payer that follows it."""
    return b.professional and b.payer_type in FOLLOWING


def services(b: Billing) -> tuple[Service, ...]:
    """The lines whose codes the schedule of their day has; empty where it does not decide or is not installed."""
    return b.once(_services)


def _services(b: Billing) -> tuple[Service, ...]:
    if not b.billed or not is_judged(b):
        return ()
    found, everywhere = [], b.claim.place_of_service
    for line, code in b.billed:
        table = b.table(RelativeValues, line.start)
        row = _row(table, code, line.modifiers) if table is not None else None
        if table is not None and row is not None:
            found.append(Service(line, code, table, row, line.place_of_service or everywhere))
    return tuple(found)


@lru_cache(KEPT)
def _row(table: RelativeValues, code: str, modifiers: tuple[str, ...]) -> RelativeValue | None:
    own = (table.value(code, m) for m in WITH_ROWS if m in modifiers)
    return next((row for row in own if row is not None), None) or table.value(code)
