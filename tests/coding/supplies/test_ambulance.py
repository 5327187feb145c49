"""Miles of an ambulance as a claim bears them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.coding.supplies.ambulance import billed_miles


@pytest.mark.parametrize(
    ("miles", "billed"),
    [
        ("7.34", "7.4"),
        ("7.3", "7.3"),
        ("0.41", "0.5"),
        ("11", "11.0"),
        ("99.95", "100.0"),
        ("112.3", "113"),
        ("100", "100"),
    ],
)
def test_miles_are_rounded_up(miles: str, billed: str) -> None:
    assert str(billed_miles(Decimal(miles))) == billed


@given(st.decimals(min_value=0, max_value=3000, places=3))
def test_never_fewer_than_driven_and_never_a_step_more(miles: Decimal) -> None:
    step = Decimal("0.1") if miles < 100 else Decimal(1)
    assert miles <= billed_miles(miles) < miles + step


@given(st.decimals(min_value=0, max_value=3000, places=3), st.decimals(min_value=0, max_value=100, places=3))
def test_more_miles_are_never_fewer(miles: Decimal, more: Decimal) -> None:
    assert billed_miles(miles + more) >= billed_miles(miles)
