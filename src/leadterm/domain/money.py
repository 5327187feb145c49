"""Exact money: Decimal with two places, never a float (DESIGN 2.8)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from .errors import InputError

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")
LARGEST = Decimal("999999999999.99")
_WRITTEN = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?")
_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d*)?\Z")


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of US dollars in whole cents.

    Attributes:
        amount: A finite Decimal with at most two places; anything finer must be rounded by name first (`rounded`).
    """

    amount: Decimal

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise InputError(f"Money takes a Decimal, not {type(self.amount).__name__}: a float cannot hold cents.")
        if self.amount.is_finite() and abs(self.amount) <= LARGEST:
            exact = self.amount.quantize(CENT)
            if exact == self.amount:
                # Nothing has no sign: -0 and 0 are one amount and are written alike.
                object.__setattr__(self, "amount", exact or NOTHING)
                return
        raise InputError("An amount of money is finite, below a trillion, and has at most two decimal places.")

    @classmethod
    def parse(cls, text: str | int | Decimal) -> Money:
        """The amount that a decimal string, an integer of dollars or a Decimal names."""
        if isinstance(text, bool) or not isinstance(text, (str, int, Decimal)):
            raise InputError(f"Money takes a decimal string, not {type(text).__name__}.")
        if isinstance(text, str) and not _WRITTEN.fullmatch(text.strip()):
            raise InputError("An amount of money is a decimal string such as '125.00'.")
        return cls(Decimal(text))

    @classmethod
    def typed(cls, text: str) -> Money | None:
        """The amount that a person typed, with or without a dollar sign and commas of thousands; None for nothing."""
        written = text.strip().removeprefix("$").lstrip()
        plain = written.replace(",", "") if _THOUSANDS.match(written) else written
        return cls.parse(plain) if plain else None

    @classmethod
    def rounded(cls, value: Decimal) -> Money:
        """`value` rounded half up to the cent: the one named rounding step."""
        return cls(value.quantize(CENT, ROUND_HALF_UP))

    @classmethod
    def total(cls, amounts: Iterable[Money]) -> Money:
        """The sum; of nothing, zero."""
        return cls(sum((m.amount for m in amounts), Decimal("0.00")))

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + other.amount)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - other.amount)

    def __neg__(self) -> Money:
        return Money(-self.amount)

    def __str__(self) -> str:
        return f"{self.amount:.2f}"


def parse_units(text: str | int | Decimal) -> Decimal:
    """A quantity of service (`"1"`, `"0.5"`): positive, finite, at most three places. Floats are refused."""
    if isinstance(text, bool) or not isinstance(text, (str, int, Decimal)):
        raise InputError(f"Units take a decimal string, not {type(text).__name__}.")
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise InputError("Units are a decimal string such as '1' or '0.5'.") from None
    if not value.is_finite() or not 0 < value <= LARGEST or value != round(value, 3):
        raise InputError("Units are positive and have at most three decimal places.")
    return value
