"""How long there is for a next step, and who says so."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from leadterm.domain import InternalError

from .reasons import Move, read_table

# 42 CFR 405.942(a)(1), 405.962(a)(1), 422.582(b): a notice is presumed to be received five days after its date.
PRESUMED_DAYS = 5
CLAIMANT = "claimant-appeal"
FILING_STEPS = frozenset(
    {
        Move.NEW_CLAIM,
        Move.CORRECTED_CLAIM,
        Move.REOPENING,
        Move.APPEAL,
        Move.RECONSIDERATION,
        Move.NEGOTIATION,
    }
)
STARTS = frozenset({"service-start", "service-end", "remittance", "receipt", "decision", ""})
_PERIOD = re.compile(r"(?P<count>[1-9]\d*)(?P<unit>[dmyb])")
_SATURDAY = 5
_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Days:
    """The days that limits are counted from; None for what is not known.

    Attributes:
        service_start, service_end: First and last day of the service or the stay.
        remittance: Day of the payment or the notice.
        decision: Day of the decision that is to be reviewed next.
    """

    service_start: date | None = None
    service_end: date | None = None
    remittance: date | None = None
    decision: date | None = None

    def start(self, name: str) -> date | None:
        """The day that a row of the table counts from."""
        if name in ("receipt", "decision"):
            notice = self.remittance if name == "receipt" else self.decision
            return notice and notice + timedelta(days=PRESUMED_DAYS)
        return {
            "service-start": self.service_start,
            "service-end": self.service_end or self.service_start,
            "remittance": self.remittance,
        }[name]


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day for a step, or None, and in words who says so or why there is none."""

    day: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Limit:
    """One row of the table: a period from a day, or none where contract or state decides."""

    family: str
    step: str
    period: str
    start: str
    since: date | None
    source: str
    words: str


@cache
def limits() -> Mapping[tuple[str, str], tuple[Limit, ...]]:
    """The rows for each payer family and step, the newest first.

    Raises InternalError for a row with an unknown step, period or start.
    """
    found: dict[tuple[str, str], list[Limit]] = {}
    for limit in _rows():
        found.setdefault((limit.family, limit.step), []).append(limit)
    return {key: tuple(sorted(rows, key=lambda r: r.since or date.min, reverse=True)) for key, rows in found.items()}


def offers(family: str, step: Move) -> bool:
    """Whether payers of that family take that step at all; what is not filed with a payer is always open."""
    return step not in FILING_STEPS or (family, step.value) in limits()


def deadline(family: str, step: str, days: Days, own_days: int | None = None) -> Deadline:
    """The last day for `step` with a payer of that family.

    `own_days` is the user's own setting for this payer, counted from the remittance; it wins over the table. Where
    contract or state decides, or the day to count from is not known, there is no date, and the source says why.
    """
    try:
        return _deadline(family, step, days, own_days)
    except (OverflowError, ValueError):
        return Deadline(None, "no date: the days of the claim lie beyond the calendar")


def _deadline(family: str, step: str, days: Days, own_days: int | None) -> Deadline:
    if own_days is not None and step in FILING_STEPS:
        day = days.remittance and days.remittance + timedelta(days=own_days)
        return Deadline(day, f"your setting for this payer: {own_days} days from the remittance")
    limit = _limit(family, step, days.remittance)
    if limit is None:
        return Deadline(None, "no limit is counted for this step")
    if not limit.period:
        return Deadline(None, f"no date: {limit.words}{_claimant(family, step, days)}")
    start = days.start(limit.start)
    if start is None:
        return Deadline(None, f"no date: the day to count from ({limit.start}) is not known; {limit.source}")
    return Deadline(add(start, limit.period), f"{limit.source}: {limit.words}")


def add(start: date, period: str) -> date:
    """The last day of a period such as `120d`, `12m`, `1y` or `30b` (business days) that begins after `start`.

    February 29 plus a year is February 28 (Pub. 100-04 ch. 1 §70). Raises InternalError for another shape.
    """
    match = _PERIOD.fullmatch(period)
    if match is None:
        raise InternalError(f"The table deadlines.tsv has the period '{period}'.")
    count = int(match["count"])
    if match["unit"] == "d":
        return start + timedelta(days=count)
    if match["unit"] == "b":
        return _business(start, count)
    return _months(start, count * (_DECEMBER if match["unit"] == "y" else 1))


def _limit(family: str, step: str, remittance: date | None) -> Limit | None:
    rows = limits().get((family, step), ())
    return next((r for r in rows if r.since is None or (remittance is not None and r.since <= remittance)), None)


def _claimant(family: str, step: str, days: Days) -> str:
    """The patient's own right beside the contract, with its day: told, never used as the provider's date."""
    limit = _limit(family, CLAIMANT, days.remittance) if step == Move.APPEAL else None
    if limit is None or (start := days.start(limit.start)) is None:
        return ""
    return f"; {limit.words}, to {add(start, limit.period)} ({limit.source})"


def _months(start: date, months: int) -> date:
    year, month = divmod(start.year * _DECEMBER + start.month - 1 + months, _DECEMBER)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def _business(start: date, count: int) -> date:
    day = start
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < _SATURDAY
    return day


def _rows() -> Iterator[Limit]:
    steps = {step.value for step in FILING_STEPS} | {CLAIMANT}
    columns = ("family", "step", "period", "from", "since", "source", "words")
    for row in read_table("deadlines.tsv", columns, keys=5):
        if row["step"] not in steps or row["from"] not in STARTS or bool(row["period"]) != bool(row["from"]):
            raise InternalError(f"The table deadlines.tsv has an unknown step or start for {row['family']}.")
        if row["period"] and not _PERIOD.fullmatch(row["period"]):
            raise InternalError(f"The table deadlines.tsv has the period '{row['period']}'.")
        since = date.fromisoformat(row["since"]) if row["since"] else None
        yield Limit(row["family"], row["step"], row["period"], row["from"], since, row["source"], row["words"])
