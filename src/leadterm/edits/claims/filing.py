"""Whether a claim comes in time, by the day on which the payer gets it: payers whose limit is law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from leadterm.domain.claim import ORIGINAL
from leadterm.edits._billing import FIRST, Billing
from leadterm.edits._findings import Check, Draft
from leadterm.edits._tables import read_table

COLUMNS = ("payer", "professional", "stay", "later_payer", "source")
LEAP_DAY = (2, 29)


@dataclass(frozen=True, slots=True)
class Limit:
    """A payer's limit: a calendar year from the first or last day, and whose law it is."""

    professional: str
    institutional: str
    for_later_payer: bool
    source: str


@cache
def _limits() -> Mapping[str, Limit]:
    rows = read_table("claims/filing_limits.tsv", COLUMNS)
    return {
        payer: Limit(of_lines, of_stays, later == "yes", source) for payer, of_lines, of_stays, later, source in rows
    }


def last_day_to_file(day: date) -> date:
    """The same day of the next calendar year; for the 29th of February the 28th."""
    in_march = (day.month, day.day) == LEAP_DAY
    return date(day.year + 1, 2, 28) if in_march else day.replace(year=day.year + 1)


def _late(b: Billing) -> Iterator[Draft]:
    """Of first claims alone: corrections have other limits, and so have claims that come late for a reason told."""
    limit = _limits().get(b.claim.payers[0].type or "") if b.received and b.claim.payers else None
    if limit is None or b.received is None or b.claim.frequency != ORIGINAL or b.claim.delay_reason:
        return
    if b.responsibilities[0] != FIRST and not limit.for_later_payer:
        return
    for line, day in _counted_from(b, limit):
        if b.received > (until := last_day_to_file(day)):
            what = "The claim" if line is None else f"Line {line}"
            message = f"{what} could be filed until {until}, and is received on {b.received}."
            yield Draft(message, source=limit.source, location=b.at("DTP*472" if line else "DTP*434", line))


def _counted_from(b: Billing, limit: Limit) -> Iterator[tuple[int | None, date]]:
    """The days from which the limit runs, each with its line; of an institutional claim one."""
    if not b.professional:
        if b.period is not None and b.period.end is not None:
            yield None, b.period.end
        return
    for line in b.claim.lines:
        yield line.number, line.start if limit.professional == "first" else line.end


CHECKS: Mapping[str, Check[Billing]] = {"CFR:424.44/timely-filing": _late}
