"""The lines of a claim as the outpatient prospective payment system sees them, with their rows of Addendum B."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import wraps
from typing import NamedTuple

from leadterm.codesets.payment.opps import AddendumB
from leadterm.codesets.payment.packaging import HOSPITAL, Dispositions, OppsService, dispositions
from leadterm.domain import ServiceLine
from leadterm.edits._billing import MEDICARE, Billing
from leadterm.edits._findings import Check, Draft

LINE, CLAIM = "SV2", "CLM"
PART_B_OF_INPATIENTS, SPECIMENS = "12", "14"
# Hospital bills that OPPS may pay: outpatients, inpatients without Part A, specimens. A critical access hospital (85x)
# is paid its cost.
BILLS = frozenset({HOSPITAL, PART_B_OF_INPATIENTS, SPECIMENS})


class Judged(NamedTuple):
    """What is judged of a claim.

    Attributes:
        services: The lines that Addendum B of their day knows, where Medicare pays the claim by it.
        keys: Status indicators, codes, modifiers and revenue codes of these lines: what rules are asked by.
        other: The day of a line and the first day of the addendum of another quarter that answered for it.
    """

    services: tuple[OppsService, ...] = ()
    keys: frozenset[str] = frozenset()
    other: tuple[date, date] | None = None


NOTHING = Judged()


def when(*keys: str) -> Callable[[Check[Billing]], Check[Billing]]:
    """Asks a check only of claims that have one of these indicators, codes, modifiers or revenue codes."""
    wanted = frozenset(keys)

    def gated(check: Check[Billing]) -> Check[Billing]:
        @wraps(check)
        def asked(b: Billing) -> Iterable[Draft]:
            return () if wanted.isdisjoint(b.once(gather).keys) else check(b)

        return asked

    return gated


def judged(b: Billing) -> tuple[OppsService, ...]:
    """The lines that are judged."""
    return b.once(gather).services


def bill(b: Billing) -> str:
    """Facility and classification of the type of bill; charges that are no claim yet are of an outpatient."""
    return b.bill_type or HOSPITAL


def is_paid_by_opps(b: Billing) -> bool:
    """Whether it is a hospital's claim for outpatients, and Medicare or nobody that is told pays it."""
    if b.professional or b.takes_back or (b.payer_type or MEDICARE) != MEDICARE:
        return False
    return b.bill_type in BILLS or (not b.bill_type and b.outpatient)


def gather(b: Billing) -> Judged:
    """What is judged of a claim; made once."""
    if not is_paid_by_opps(b) or not b.billed:
        return NOTHING
    services: list[OppsService] = []
    keys: set[str] = set()
    other = None
    for line, code in b.billed:
        table = b.table(AddendumB, line.start)
        if table is None:
            return NOTHING
        if line.start not in table.release.period:
            other = other or (line.start, table.release.period.start)
        row = table.row(code)
        if row is not None:
            services.append(OppsService(line.number, row, line.units, line.start, line.modifiers))
            keys.update((row.indicator, code, line.revenue_code or "", *line.modifiers))
    return Judged(tuple(services), frozenset(keys), other)


def settled(b: Billing) -> Dispositions:
    """What becomes of each of these lines."""
    return b.once(_settled)


def _settled(b: Billing) -> Dispositions:
    return dispositions(judged(b), bill(b))


def with_status(b: Billing, *indicators: str) -> list[tuple[ServiceLine, OppsService]]:
    """The lines whose status indicator is one of these."""
    return [(b.claim.lines[s.line - 1], s) for s in judged(b) if s.indicator in indicators]


def on_line(b: Billing, service: OppsService, message: str, fix: str | None = None) -> Draft:
    """A remark on a line."""
    return Draft(message, (service.row.code,), fix=fix, location=b.at(LINE, service.line))


def same_day(services: Iterable[OppsService], day: date) -> list[OppsService]:
    """Those of a day."""
    return [s for s in services if s.day == day]


def numbered(lines: Iterable[int]) -> str:
    """`line 2`, `lines 2, 3 and 5`."""
    *before, last = sorted(lines)
    return f"lines {', '.join(map(str, before))} and {last}" if before else f"line {last}"
