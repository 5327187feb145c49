"""Amounts of drugs as charts and official texts write them, exact and in one unit of each kind.

Masses are kept in milligrams, activities in millicuries, volumes in millilitres, units and milliequivalents as written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from leadterm.coding.patterns import compiled

# How a unit is written, the kind that it is kept in, and how much of that it is.
_UNITS: tuple[tuple[str, str, str], ...] = (
    (r"mcg|ug|µg|μg|microgr(?:am)?s?", "mg", "0.001"),
    (r"mgs?|milligrams?", "mg", "1"),
    (r"gms?|grams?|g", "mg", "1000"),
    (r"million (?:international )?units?|mu|million iu", "unit", "1000000"),
    (r"(?:usp |international )?units?|i\.?u\.?|kiu|u", "unit", "1"),
    (r"mls?|cc|milliliters?", "ml", "1"),
    (r"liters?|l", "ml", "1000"),
    (r"meq|milliequivalents?", "meq", "1"),
    (r"mci|millicuries?", "mci", "1"),
    (r"uci|µci|microcuries?", "mci", "0.001"),
    (r"doses?", "dose", "1"),
)
UNIT = "|".join(written for written, _, _ in _UNITS)
# A thousand parted by a comma, a fraction with or without its zero.
NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
# No letter, digit or sign of a larger number stands before; no rate or concentration comes after.
AMOUNT = rf"(?<![\w.,/])(?P<number>{NUMBER})[ \t]*(?:\|[ \t]*)?-?(?P<unit>{UNIT})(?![\w])"
_KINDS = tuple((compiled(written), kind, Decimal(factor)) for written, kind, factor in _UNITS)
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, order=True)
class Amount:
    """So much of a kind: `mg`, `unit`, `ml`, `meq`, `mci` or `dose`."""

    value: Decimal
    kind: str

    def __str__(self) -> str:
        number = f"{self.value.normalize():f}"
        return f"{number} {self.kind}{'s' if self.kind in ('unit', 'dose') and number != '1' else ''}"

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.value + other.value, self.kind)

    def times(self, number: Decimal | int) -> Amount:
        """So many of it."""
        return Amount(self.value * number, self.kind)


def amount(number: str, unit: str) -> Amount:
    """The amount of a number and a unit as written. Raises KeyError for a unit that is not known."""
    value = Decimal(number.replace(",", ""))
    for written, kind, factor in _KINDS:
        if written.fullmatch(unit):
            return Amount(value * factor, kind)
    raise KeyError(unit)


def of(found: re.Match[str]) -> Amount:
    """The amount that a match of `AMOUNT` holds."""
    return amount(found["number"], found["unit"])


def units_given(given: Amount, unit: Amount) -> Decimal:
    """Billing units of an administered amount: rounded up, once (Claims Processing Manual, chapter 17, section 10)."""
    return Decimal(int((given.value / unit.value).to_integral_value(ROUND_CEILING)))


def units_whole(amount: Amount, unit: Amount) -> Decimal:
    """Billing units that an amount holds whole: of what was discarded no part of a unit is billed (section 40)."""
    return Decimal(int((amount.value / unit.value).to_integral_value(ROUND_FLOOR)))
