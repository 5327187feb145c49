"""Wilson intervals: worked out by hand, and what always holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.analytics import wilson

# z² = 3.8414588; of 10 of 100: centre (0.1 + 0.01920729) / 1.03841459, reach 1.95996398 · √(0.0009 + 0.0000960365)
# / 1.03841459. Of 0 of n the upper bound is z² / (n + z²); of n of n the lower one is n / (n + z²).
BY_HAND = {
    (10, 100): (0.05522914, 0.17436566),
    (1, 2): (0.09453121, 0.90546879),
    (0, 10): (0.0, 0.27753279),
    (10, 10): (0.72246721, 1.0),
    (0, 1): (0.0, 0.79345069),
    (81, 263): (0.25528852, 0.36620958),
}


@pytest.mark.parametrize(("counts", "interval"), BY_HAND.items(), ids=str)
def test_interval_is_the_one_worked_out(counts: tuple[int, int], interval: tuple[float, float]) -> None:
    assert wilson(*counts) == pytest.approx(interval, abs=1e-7)


@given(st.data(), st.integers(1, 10**9))
def test_interval_lies_between_0_and_1_and_holds_the_share(data: st.DataObject, persons: int) -> None:
    cases = data.draw(st.integers(0, persons))
    low, high = wilson(cases, persons)
    assert 0 <= low <= cases / persons <= high <= 1
    assert low < high


@given(st.data(), st.integers(1, 10**6))
def test_the_others_have_the_mirrored_interval(data: st.DataObject, persons: int) -> None:
    cases = data.draw(st.integers(0, persons))
    low, high = wilson(cases, persons)
    assert wilson(persons - cases, persons) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@given(st.integers(0, 1000), st.integers(1, 1000))
def test_more_persons_of_the_same_share_have_a_narrower_interval(cases: int, others: int) -> None:
    low, high = wilson(cases, cases + others)
    wide = wilson(10 * cases, 10 * (cases + others))
    assert high - low > wide[1] - wide[0]
