"""What the outpatient prospective payment system does with each service of a claim: pay it, or pay it within another.

In this order (Medicare Claims Processing Manual, chapter 4): the comprehensive service (J1, 10.2.3) and observation as
one (APC 8011, 290.5.3) take in nearly all else; laboratory tests (Q4) and services that are packaged beside others (Q1
beside S, T, V; Q2 beside T: 10.4) follow, on the whole claim since 2017; of those that are left alone the one with the
highest rate is paid (10.4.1). A visit whose observation is not paid as one (J2) counts as a visit (V).

Not told, because the tables are in no addendum read here: which of several Q3 make a composite, the complexity
adjustment of several J1 (Addendum J), partial hospitalization, what a claim with modifier CA is paid.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

from .opps import OppsRow, status_indicators

OBSERVATION, REFERRED = "G0378", "G0379"
OBSERVATION_APC = "8011"
HOURS = 8  # of observation, for its comprehensive payment
HOSPITAL, SPECIMENS = "13", "14"
DIED = "CA"
# What a line says of itself that is denied (MCPM 30.50; NCD 140.6 to 140.8).
DENIED = {
    "GY": "excluded by statute",
    "GZ": "expected to be denied, without a notice",
    "PA": "surgery on the wrong body part",
    "PB": "surgery on the wrong patient",
    "PC": "the wrong surgery",
}
DAY = timedelta(1)
# What a comprehensive payment takes in; pass-through drugs and devices, sources, vaccines stay apart (42 CFR 419.2).
TAKEN_IN = frozenset({"J1", "J2", "S", "T", "V", "Q1", "Q2", "Q3", "Q4", "K", "R"})
CONDITIONAL = frozenset({"Q1", "Q2", "Q3", "Q4"})
BESIDE_Q4 = frozenset({"J1", "J2", "S", "T", "V", "Q1", "Q2", "Q3"})
BESIDE_Q1 = frozenset({"S", "T", "V", "J2", "Q3"})
BESIDE_Q2 = frozenset({"T"})
# Services of new technology keep their own payment beside a comprehensive one.
NEW_TECHNOLOGY = (("1491", "1599"), ("1901", "1908"))


class How(StrEnum):
    """What becomes of a line: `open` where what is read here does not tell."""

    PAID = "paid"
    PACKAGED = "packaged"
    ELSEWHERE = "elsewhere"
    NOT_PAID = "not-paid"
    OPEN = "open"


class OppsService(NamedTuple):
    """A line with its row of Addendum B.

    Attributes:
        line: Its number on the claim.
        row: What the addendum of its day says of its code.
        units, day, modifiers: As billed; `day` the first.
    """

    line: int
    row: OppsRow
    units: Decimal
    day: date
    modifiers: tuple[str, ...] = ()

    @property
    def indicator(self) -> str:
        """Its status indicator."""
        return self.row.indicator

    @property
    def rate(self) -> Decimal:
        """Its national rate; nothing where it has none."""
        return self.row.rate or Decimal(0)

    @property
    def new_technology(self) -> bool:
        """Whether its APC is one of new technology."""
        return any(first <= self.row.apc <= last for first, last in NEW_TECHNOLOGY)


class Disposition(NamedTuple):
    """What becomes of a line.

    Attributes:
        how: Paid by its own APC, packaged, paid under another system, not paid, or open.
        into: The line whose payment takes it in, where one does.
        why: A clause for people.
        apc: The classification that is paid instead of its own (8011).
    """

    how: How
    why: str
    into: int | None = None
    apc: str | None = None


Dispositions = dict[int, Disposition]


def dispositions(services: Sequence[OppsService], bill: str = HOSPITAL) -> Dispositions:
    """What becomes of each line, by its number. `bill`: facility and classification of the type of bill.

    A line that is billed to be denied is denied, and packages nothing.
    """
    denied = {s.line: _denied(m) for s in services for m in s.modifiers if m in DENIED}
    return denied | _of_paid([s for s in services if s.line not in denied] if denied else services, bill)


@cache
def _denied(modifier: str) -> Disposition:
    return Disposition(How.NOT_PAID, f"modifier {modifier}: {DENIED[modifier]}")


def _of_paid(services: Sequence[OppsService], bill: str) -> Dispositions:
    found = {s.line: _alone(s.row.indicator, DIED in s.modifiers) for s in services}
    present = {s.row.indicator for s in services}
    if "J1" in present and (primary := comprehensive(services)):
        why = f"within line {primary.line}, a comprehensive service (J1)"
        return found | _taken_in(services, primary, why)
    if "J2" in present and (observed := observation(services, bill)):
        why = f"within line {observed.line}, observation paid as one"
        paid = Disposition(How.PAID, "observation paid as one", apc=OBSERVATION_APC)
        return found | _taken_in(services, observed, why) | {observed.line: paid}
    return found if present.isdisjoint(CONDITIONAL) else found | _conditional(services, bill)


def comprehensive(services: Iterable[OppsService]) -> OppsService | None:
    """The J1 service that is paid for the claim: of several the one with the highest rate; None without one."""
    return _highest(s for s in services if s.indicator == "J1")


def observation(services: Sequence[OppsService], bill: str = HOSPITAL) -> OppsService | None:
    """The visit (J2) whose payment is that of observation as one (APC 8011); None where its conditions are not met.

    Eight hours of G0378 on a 13x bill, no T and no J1 on the claim, a visit of the same day or the day before, or a
    direct referral of the same day.
    """
    began = observed_from(services)
    if began is None or bill != HOSPITAL or hours(services) < HOURS:
        return None
    if any(s.indicator in ("T", "J1") for s in services):
        return None
    return _highest([s for s in services if s.indicator == "J2" and _is_before(s, began)])


def observed_from(services: Iterable[OppsService]) -> date | None:
    """The first day of observation by the hour; None for none."""
    return min((s.day for s in services if s.row.code == OBSERVATION), default=None)


def hours(services: Iterable[OppsService]) -> Decimal:
    """The hours of observation."""
    return sum((s.units for s in services if s.row.code == OBSERVATION), Decimal(0))


def _is_before(visit: OppsService, began: date) -> bool:
    if visit.row.code == REFERRED:
        return visit.day == began
    return began - DAY <= visit.day <= began


@lru_cache(maxsize=256)
def _alone(indicator: str, died: bool) -> Disposition:
    """What becomes of a line by its indicator, before others are looked at."""
    known = status_indicators().get(indicator)
    if known is None:
        return Disposition(How.OPEN, f"status {indicator} is not known here")
    if known.kind == "inpatient" and died:
        return Disposition(How.OPEN, "modifier CA: paid for the claim as a whole")
    if indicator in ("Q3", "P"):
        return Disposition(How.OPEN, known.meaning)
    hows = {"paid": How.PAID, "conditional": How.PAID, "packaged": How.PACKAGED, "elsewhere": How.ELSEWHERE}
    return Disposition(hows.get(known.kind, How.NOT_PAID), known.meaning)


def _taken_in(services: Iterable[OppsService], primary: OppsService, why: str) -> Dispositions:
    taken = Disposition(How.PACKAGED, why, primary.line)
    unsure = Disposition(How.OPEN, "whether the comprehensive payment takes it in is not told here")
    found: Dispositions = {}
    for s in services:
        if s.line != primary.line and s.indicator in TAKEN_IN and not s.new_technology:
            found[s.line] = taken
        elif s.indicator in ("S1", "P"):
            found[s.line] = unsure
    return found


def _conditional(services: Sequence[OppsService], bill: str) -> Dispositions:
    """The lines with Q1 to Q4; the tests last, as they are packaged into what is paid."""
    by: dict[str, list[OppsService]] = defaultdict(list)
    for s in services:
        by[s.row.indicator].append(s)
    found = _composites(by["Q3"]) | _beside(by)
    if tests := by["Q4"]:
        packaged = {line for line, one in found.items() if one.how is How.PACKAGED}
        paid = [s for s in services if s.row.indicator in BESIDE_Q4 and s.line not in packaged]
        found |= _tests(tests, None if bill == SPECIMENS else _highest(paid))
    return found


def _tests(tests: Iterable[OppsService], beside: OppsService | None) -> Dispositions:
    """Laboratory tests (Q4): packaged beside a service that OPPS pays, else of the laboratory schedule."""
    if beside is None:
        become = Disposition(How.ELSEWHERE, "laboratory test alone: paid by the laboratory fee schedule")
    else:
        become = Disposition(How.PACKAGED, f"within line {beside.line}, a laboratory test beside it", beside.line)
    return {s.line: become for s in tests}


def _composites(several: Sequence[OppsService]) -> Dispositions:
    """Q3: a single one is paid as its own code; of several, what composite they make is not told here."""
    if len(several) == 1:
        return {several[0].line: Disposition(How.PAID, "alone: no composite")}
    return {s.line: Disposition(How.OPEN, "several with Q3 may be paid as a composite") for s in several}


def _beside(by: Mapping[str, Sequence[OppsService]]) -> Dispositions:
    """Q1 and Q2: packaged beside the services that do so; of those left, the one with the highest rate is paid."""
    found: Dispositions = {}
    left: list[OppsService] = []
    for indicator, those in (("Q1", BESIDE_Q1), ("Q2", BESIDE_Q2)):
        mine = by[indicator]
        if mine and (beside := _highest([s for one in those for s in by[one]])):
            why = f"within line {beside.line}, {indicator} beside {beside.indicator}"
            become = Disposition(How.PACKAGED, why, beside.line)
            found |= {s.line: become for s in mine}
        else:
            left += mine
    return found | _one_of(left)


def _one_of(left: Sequence[OppsService]) -> Dispositions:
    paid = _highest(left)
    if paid is None:
        return {}
    others = Disposition(How.PACKAGED, f"within line {paid.line}, which has the highest rate of several", paid.line)
    return {s.line: Disposition(How.PAID, "nothing beside it packages it") if s is paid else others for s in left}


def _highest(services: Iterable[OppsService]) -> OppsService | None:
    """The service with the highest rate, the first of equals; None of none."""
    return max(services, key=_rank, default=None)


def _rank(s: OppsService) -> tuple[Decimal, int]:
    return s.rate, -s.line
