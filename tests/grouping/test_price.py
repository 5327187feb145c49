"""A group in, the price of the stay out, by small invented weights."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from leadterm.codesets import CodeBook
from leadterm.domain import Money
from leadterm.grouping import StayPrice, WhyNot, drg_of, stay_of
from leadterm.grouping.price import stay_amount

from .notation import coded

MONEY = st.decimals(min_value=0, max_value=99_999, places=2).map(Money)
STAY = "inpatient F76 2026-10-14: I50.23 J96.01 disp:01"


def test_a_stay_is_weight_times_base_rate(priced: CodeBook) -> None:
    one = coded(STAY)
    found = stay_of(drg_of(one, priced), Money.parse("6500.00"))
    # 1.2345 × 6500.00 = 8024.25
    assert found == StayPrice(Decimal("1.2345"), Money.parse("6500.00"), Money.parse("8024.25"))


def test_a_stay_without_a_base_rate_has_no_price(priced: CodeBook) -> None:
    one = coded(STAY)
    found = stay_of(drg_of(one, priced))
    assert found == WhyNot("No base rate is given, so the stay has a weight and no price.")


def test_a_stay_without_a_group_or_a_weight_says_why(priced: CodeBook) -> None:
    rate = Money.parse("6500.00")
    for text, sentence in (
        ("outpatient F76 2026-10-14: I50.23", "groups inpatient stays"),
        ("inpatient F76 2026-10-14: I50.23 disp:01", "no weight for 293"),
    ):
        found = stay_of(drg_of(coded(text), priced), rate)
        assert isinstance(found, WhyNot)
        assert sentence in found.sentence


# --- rounding ---


@given(st.decimals(min_value=0, max_value=30, places=4), MONEY)
def test_a_stay_is_rounded_half_up_once(weight: Decimal, rate: Money) -> None:
    assert abs(stay_amount(weight, rate).amount - weight * rate.amount) <= Decimal("0.005")
