"""What the outpatient prospective payment system pays for the lines of a hospital's claim, with every step.

National rate of the line's APC (Addendum B of its day) × wage index on 60 % of it (42 CFR 419.43(c)), then what the
other lines do to it: packaging (`codesets.payment.packaging`), half for every further T of the day and for what was
broken off before anesthesia (42 CFR 419.44), both sides of a T at 150 %, one payment for a comprehensive service, units
of all else. The copayment follows the amount; where the addendum caps or adjusts it, its own figure holds.

Not in it: outlier payments, pass-through offsets, complexity adjustments, composites, additions of rural and
other hospitals, reductions for unreported quality, the cap on copayments of a day. A line of which nothing read here
tells the amount says so and has none. Amounts are exact to the end and rounded half up to the cent where they are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from leadterm.codesets.payment.opps import AddendumA, AddendumB, ApcGroup, OppsRow
from leadterm.codesets.payment.packaging import (
    HOSPITAL,
    OBSERVATION_APC,
    Disposition,
    How,
    OppsService,
    dispositions,
)
from leadterm.domain import Money

from .bills import Billed
from .values import PricedLine, Shares, Step

ONE, HALF, NOTHING = Decimal(1), Decimal("0.5"), Decimal(0)
LABOR = Decimal("0.60")
BOTH_SIDES = Decimal("1.5")
PHYSICIANS_RATE = Decimal("0.40")
# Whose payment the wage index adjusts; drugs, blood and sources are paid the same everywhere.
ADJUSTED = frozenset({"J1", "J2", "P", "Q1", "Q2", "Q3", "S", "T", "V"})
BROKEN_OFF = frozenset({"52", "73"})
# Of professionals, and not approved for a hospital's outpatient lines (MCPM 4.20.6, 4.20.6.4).
PHYSICIANS = frozenset("26 53 54 55 56 62 66 80 81 82 AS".split())
NOT_EXCEPTED, EXCEPTED, BOTH = "PN", "PO", "50"
CLINIC_VISIT, CLINIC_SINCE = "G0463", date(2020, 1, 1)
# Administration of drugs in excepted departments, whose rate changed.
ADMINISTRATION, ADMINISTRATION_SINCE = frozenset({"5691", "5692", "5693", "5694"}), date(2026, 1, 1)
DISCOUNT = "42 CFR 419.44(a); MCPM 4.10.5"
NO_CODE = "Addendum B of the day does not have the code."
NO_ADDENDUM = "No Addendum B for the day is installed."
NO_RATE = "Addendum B has no rate: it is paid at cost, or by the day."
NO_OBSERVED = (
    f"Observation is paid as one (APC {OBSERVATION_APC}), whose rate is in Addendum A, which is not installed."
)
UNTOLD = {
    "J1": "A comprehensive service that was broken off is paid without its device, which is not told here.",
    "S": "What both sides of a service with S are paid is not told here.",
    "Q": "How many units of a service are paid that is otherwise packaged is not told here.",
    "T": "Both sides and several units on one line are not priced.",
    "PO": "Administration of drugs in an excepted department (PO) is paid by another rate since 2026.",
}
Find = Callable[[date], "AddendumB | None"]


@dataclass(slots=True)
class _Reckoning:
    """A line while it is priced: exact, and rounded where a step is told."""

    amount: Decimal = NOTHING
    copayment: Decimal | None = None
    cap: Decimal | None = None
    why: str = ""
    steps: list[Step] = field(default_factory=list)

    def times(self, factor: Decimal, what: str, citation: str) -> None:
        self.amount *= factor
        if self.copayment is not None:
            self.copayment *= factor
        self.steps.append(Step(what, Money.rounded(self.amount), factor, citation))

    @property
    def shares(self) -> Shares | None:
        """What the beneficiary owes before any deductible, and the rest."""
        if self.copayment is None or self.why:
            return None
        owed = self.copayment if self.cap is None else min(self.copayment, self.cap)
        patient, whole = Money.rounded(owed), Money.rounded(self.amount)
        return Shares(patient, whole - patient)


def price_lines(
    lines: Sequence[Billed],
    addendum: AddendumB | Find,
    groups: AddendumA | None = None,
    wage_index: Decimal = ONE,
    bill: str = HOSPITAL,
) -> tuple[PricedLine, ...]:
    """What each line of one claim is paid, in its order; `bill`: facility and classification of the type of bill.

    `addendum`: Addendum B, or what finds the one of a day; `groups`: Addendum A, for what no single code is paid by;
    `wage_index`: of the hospital, 1 for national amounts. A packaged line is paid nothing by itself; a line that has no
    amount says why.
    """
    find = addendum if callable(addendum) else lambda _: addendum
    rows = {n: _row(line, find) for n, line in enumerate(lines, 1)}
    services = [
        OppsService(n, row, lines[n - 1].units, day, lines[n - 1].modifiers)
        for n, row in rows.items()
        if isinstance(row, OppsRow) and (day := lines[n - 1].day) is not None
    ]
    become = dispositions(services, bill)
    observed = groups.group(OBSERVATION_APC) if groups else None
    ranks = _ranks(s for s in services if become[s.line].how is How.PAID)
    reckoned = {s.line: _reckon(s, become[s.line], ranks.get(s.line), observed, wage_index) for s in services}
    return tuple(_told(line, rows[n], reckoned.get(n)) for n, line in enumerate(lines, 1))


def _row(line: Billed, find: Find) -> OppsRow | str:
    """The row of a line's code, or why there is none."""
    table = find(line.day) if line.day is not None else None
    if table is None:
        return NO_ADDENDUM
    return table.row(line.code) or NO_CODE


def _ranks(paid: Iterable[OppsService]) -> Mapping[int, int]:
    """The place of each T among those of its day, the one of the highest rate first."""
    by_day: dict[date, list[OppsService]] = {}
    for s in paid:
        if s.indicator == "T":
            by_day.setdefault(s.day, []).append(s)
    return {
        s.line: place
        for of_day in by_day.values()
        for place, s in enumerate(sorted(of_day, key=lambda s: (-s.rate, s.row.code, s.line)))
    }


def _reckon(
    s: OppsService, become: Disposition, rank: int | None, observed: ApcGroup | None, wage_index: Decimal
) -> _Reckoning:
    work = _Reckoning()
    if become.how is How.PACKAGED:
        work.copayment = NOTHING
        work.steps.append(Step(f"Packaged: {become.why}", Money.rounded(NOTHING), None, "42 CFR 419.2(b); MCPM 4.10.4"))
    elif become.how is not How.PAID:
        work.why = f"Status {s.indicator}: {become.why}."
    elif name := next((m for m in s.modifiers if m in PHYSICIANS), None):
        work.why = f"{name} is of physicians, and not of a hospital's line (MCPM 4.20.6)."
    else:
        _open(work, s, become, observed)
        if not work.why:
            _adjust(work, s, wage_index)
            _count(work, s, become, rank)
            _department(work, s)
    return work


def _open(work: _Reckoning, s: OppsService, become: Disposition, observed: ApcGroup | None) -> None:
    """Takes the national rate, and what the beneficiary owes of it."""
    as_one = become.apc is not None
    row = observed if as_one else s.row
    if row is None or row.rate is None:
        work.why = NO_OBSERVED if as_one else NO_RATE
        return
    work.amount = row.rate
    work.copayment = row.copayment if row.copayment is not None else row.minimum
    if row.coinsurance is not None and row.adjusted is not None:
        work.copayment = row.adjusted  # of a unit
    else:
        work.cap = row.adjusted
    name = "A" if as_one else "B"
    what = f"Addendum {name}: APC {row.apc}, status {row.indicator}, ${row.rate:,}"
    work.steps.append(Step(what, Money.rounded(row.rate), None, "42 CFR 419.32"))


def _adjust(work: _Reckoning, s: OppsService, wage_index: Decimal) -> None:
    if s.indicator in ADJUSTED and wage_index != ONE:
        factor = LABOR * wage_index + ONE - LABOR
        work.times(factor, f"Wage index {wage_index:f} on 60 %", "42 CFR 419.43(c)")


def _count(work: _Reckoning, s: OppsService, become: Disposition, rank: int | None) -> None:
    """What units, sides, other T of the day and breaking off make of one unit."""
    if become.apc is not None:
        return
    if s.indicator == "T":
        _discounted(work, s, rank or 0)
    elif s.indicator == "J1":
        if not BROKEN_OFF.isdisjoint(s.modifiers):
            work.why = UNTOLD["J1"]
    elif s.indicator in ("Q1", "Q2") and s.units != ONE:
        work.why = UNTOLD["Q"]
    elif BOTH in s.modifiers:
        work.why = UNTOLD["S"]
    else:
        _units(work, s.units)
        _broken_off(work, s)


def _units(work: _Reckoning, units: Decimal) -> None:
    if units != ONE:
        work.times(units, f"{units:f} units", "units of the line")


def _discounted(work: _Reckoning, s: OppsService, rank: int) -> None:
    if BOTH in s.modifiers:
        if s.units != ONE:
            work.why = UNTOLD["T"]
            return
        work.times(BOTH_SIDES, "Both sides (50): 150 %", DISCOUNT)
    elif s.units != ONE and BROKEN_OFF.isdisjoint(s.modifiers):
        paid = s.units if rank else ONE + HALF * (s.units - ONE)
        _units(work, paid) if rank else work.times(paid, f"{s.units:f} units, each but the first at half", DISCOUNT)
    if rank:
        work.times(HALF, f"Place {rank + 1} among the procedures of the day (T): half", DISCOUNT)
    _broken_off(work, s)


def _broken_off(work: _Reckoning, s: OppsService) -> None:
    name = next((m for m in s.modifiers if m in BROKEN_OFF), None)
    if name:
        work.times(HALF, f"Broken off before anesthesia, or without it ({name}): half", "42 CFR 419.44(b)")


def _department(work: _Reckoning, s: OppsService) -> None:
    """What departments off the campus are paid."""
    if work.why or s.indicator not in ADJUSTED:
        return
    if NOT_EXCEPTED in s.modifiers:
        work.times(PHYSICIANS_RATE, "Department that is not excepted (PN): 40 %", "Social Security Act 1833(t)(21)")
    elif EXCEPTED in s.modifiers and s.row.code == CLINIC_VISIT and s.day >= CLINIC_SINCE:
        work.times(
            PHYSICIANS_RATE, "Clinic visit in an excepted department (PO): 40 %", "Social Security Act 1833(t)(2)(F)"
        )
    elif EXCEPTED in s.modifiers and s.row.apc in ADMINISTRATION and s.day >= ADMINISTRATION_SINCE:
        work.why = UNTOLD["PO"]


def _told(line: Billed, row: OppsRow | str, work: _Reckoning | None) -> PricedLine:
    known = isinstance(row, OppsRow)
    why = work.why if work else "" if known else str(row)
    unit = Money.rounded(row.rate) if isinstance(row, OppsRow) and row.rate is not None else None
    return PricedLine(
        line.id,
        line.code,
        line.modifiers,
        line.units,
        line.day,
        line.place,
        True,
        unit=unit,
        amount=Money.rounded(work.amount) if work and not why else None,
        why=why,
        steps=tuple(work.steps) if work else (),
        shares=work.shares if work else None,
    )
