"""What a stay is worth: its weight × the base rate that the caller gives.

No outlier, wage index, teaching or disproportionate share, no transfer. Services are priced by `leadterm.pricing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from leadterm.domain import Money

from ._drg import Drg
from ._why import WhyNot

NO_BASE_RATE = WhyNot("No base rate is given, so the stay has a weight and no price.")


@dataclass(frozen=True, slots=True)
class StayPrice:
    """Relative weight × base rate."""

    weight: Decimal
    base_rate: Money
    amount: Money


def stay_amount(weight: Decimal, base_rate: Money) -> Money:
    """Relative weight × base rate, rounded half up to the cent."""
    return Money.rounded(weight * base_rate.amount)


def stay_of(drg: Drg | WhyNot, base_rate: Money | None = None) -> StayPrice | WhyNot:
    """The price of the stay that `drg` is the group of, or why there is none."""
    if isinstance(drg, WhyNot):
        return drg
    if isinstance(drg.weight, WhyNot):
        return drg.weight
    if base_rate is None:
        return NO_BASE_RATE
    return StayPrice(drg.weight.relative, base_rate, stay_amount(drg.weight.relative, base_rate))
