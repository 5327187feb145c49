"""Anesthesia: (base units + time units) × the factor of the locality (42 CFR 414.46; MCPM 12.50)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from leadterm.domain import Money

from ._tables import Modifier
from .bills import UNTIMED
from .work import Work, told

QUARTER, TENTH = Decimal(15), Decimal("0.1")
SUPERVISED = "AD"
SUPERVISED_BASE = Decimal(3)
TIME, FORMULA = "MCPM 12.50", "42 CFR 414.46; MCPM 12.50"
IN_MINUTES = "Anesthesia is paid by its time: give the minutes (unit MJ of the line)."


def time_units(minutes: Decimal) -> Decimal:
    """Minutes ÷ 15, rounded half up to one decimal."""
    return (minutes / QUARTER).quantize(TENTH, ROUND_HALF_UP)


def price_anesthesia(work: Work, base: Decimal | None) -> None:
    """Prices a line of anesthesia; `base`: the base units of its code, None where no file tells."""
    given = next((found for found in told(work.line.modifiers) if found.kind == "anesthesia"), None)
    factor = work.schedule.anesthesia_factor(work.locality)
    units = _units(work, base, given, factor)
    if isinstance(factor, str):
        work.refuse(factor)
    if units is None or isinstance(factor, str):
        return
    work.unit = work.amount = Money.rounded(units * factor)
    work.known = True
    work.step(f"{units:f} units × ${factor} of the locality", work.amount, None, FORMULA)
    if given is None:
        work.remarks.append("No modifier tells who gave the anesthesia (AA, QK, QX, QY, QZ, AD): the whole is priced.")
    elif given.factor != 1:
        work.times(given.factor, given.words, given.citation)


def _a_unit(factor: Decimal | str) -> str:
    return "" if isinstance(factor, str) else f" at ${factor} a unit"


def _units(work: Work, base: Decimal | None, given: Modifier | None, factor: Decimal | str) -> Decimal | None:
    """Base and time units together; None where one of them is missing, which the line then says."""
    if given is not None and given.modifier == SUPERVISED:
        work.remarks.append("AD: one more time unit where the record shows presence at induction (MCPM 12.50).")
        work.step(f"{given.words}, no time", None, None, given.citation)
        return SUPERVISED_BASE
    if work.line.code in UNTIMED:
        return _untimed(work, base)
    if not work.line.minutes:
        work.refuse(IN_MINUTES)
        return None
    time = time_units(work.line.units)
    work.step(f"{work.line.units:f} minutes ÷ 15 = {time:f} time units", None, None, TIME)
    if base is None:
        work.refuse(
            f"The base units of {work.line.code} are missing: {time:f} time units alone make no price{_a_unit(factor)}."
        )
        return None
    work.step(f"{base:f} base units + {time:f} time units", None, None, FORMULA)
    return base + time


def _untimed(work: Work, base: Decimal | None) -> Decimal | None:
    """The base units of every unit; None, which the line then says, where they are missing or minutes are billed."""
    if base is None or work.line.minutes:
        missing = f"The base units of {work.line.code} are missing."
        work.refuse(f"{work.line.code} has no time: give its units, not minutes." if base is not None else missing)
        return None
    work.step(f"{base:f} base units × {work.line.units:f}, no time", None, None, TIME)
    return base * work.line.units
