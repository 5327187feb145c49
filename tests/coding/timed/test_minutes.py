"""Lengths of time and clock times as charts write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.coding.timed.minutes import between, lengths, moment


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("15 min", [15]),
        ("a 45-minute session", [45]),
        ("x 25 mins.", [25]),
        ("1 hr 10 min", [70]),
        ("1 hour and 5 minutes", [65]),
        ("1.5 hours", [90]),
        ("ther ex x 15'", [15]),
        ("ambulated 150' with a walker, 25' on stairs", []),
        ("0900-0945", [45]),
        ("1:00 - 1:50 pm", [50]),
        ("11:40-12:20 pm", [40]),
        ("9:05 a.m. to 9:20 a.m.", [15]),
        ("23:50 to 00:20", [30]),
        ("15 m walk", []),
        ("03/12/2026", []),
        ("BP 120/80, HR 72", []),
    ],
)
def test_lengths_are_read(text: str, minutes: list[int]) -> None:
    assert [length.minutes for length in lengths(text, 0, len(text))] == minutes


@given(st.integers(0, 1439), st.integers(0, 1439))
def test_a_time_between_two_clock_times_is_never_negative(first: int, second: int) -> None:
    assert 0 <= between(first, second) < 1440


def test_a_moment_has_the_date_beside_it() -> None:
    text = "Observation order: 03/11/2026 at 1410"
    found = moment(text, 0, len(text))
    assert found is not None
    assert (found.minute, found.day) == (14 * 60 + 10, date(2026, 3, 11))
