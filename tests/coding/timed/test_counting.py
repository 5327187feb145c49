"""Codes by minutes: bands, additions, units, hours."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.coding.timed.anesthesia import time_units
from leadterm.coding.timed.counselling import kinds, units_of
from leadterm.coding.timed.observation import hours

KINDS = {k.name: k for k in kinds()}


@pytest.mark.parametrize(
    ("name", "minutes", "codes"),
    [
        ("counselling to stop tobacco", 3, ()),
        ("counselling to stop tobacco", 4, (("99406", 1),)),
        ("counselling to stop tobacco", 10, (("99406", 1),)),
        ("counselling to stop tobacco", 11, (("99407", 1),)),
        ("advance care planning", 15, ()),
        ("advance care planning", 45, (("99497", 1),)),
        ("advance care planning", 76, (("99497", 1), ("99498", 2))),
        ("chronic care management by staff", 39, (("99490", 1),)),
        ("chronic care management by staff", 120, (("99490", 1), ("99439", 2))),
        ("medical nutrition therapy, first", 23, (("97802", 2),)),
        ("diabetes self-management training", 59, (("G0108", 1),)),
    ],
)
def test_minutes_make_codes(name: str, minutes: int, codes: tuple[tuple[str, int], ...]) -> None:
    assert units_of(KINDS[name], minutes, False) == codes


@given(st.sampled_from(kinds()), st.integers(0, 300), st.integers(0, 60), st.booleans())
def test_more_minutes_never_make_fewer_units(kind: object, minutes: int, more: int, medicare: bool) -> None:
    fewer = sum(n for _, n in units_of(kind, minutes, medicare))  # type: ignore[arg-type]
    assert sum(n for _, n in units_of(kind, minutes + more, medicare)) >= fewer  # type: ignore[arg-type]


@given(st.integers(-500, 10_000))
def test_hours_are_never_negative_and_lie_within_half_an_hour(minutes: int) -> None:
    assert hours(minutes) >= 0
    assert minutes < 0 or abs(hours(minutes) * 60 - minutes) <= 30


@given(st.integers(0, 2000))
def test_time_units_are_minutes_by_fifteen_to_one_decimal(minutes: int) -> None:
    assert abs(time_units(minutes) * 15 - minutes) <= Decimal("0.75")
    assert time_units(minutes) == time_units(minutes).quantize(Decimal("0.1"))
