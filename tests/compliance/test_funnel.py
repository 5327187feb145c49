"""The funnel: what it takes for peers' spread, and who lies beyond it."""

from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.compliance.signals._funnel import (
    accepted,
    binomial_above,
    funnel,
    share,
    share_variance,
    t_above,
    unshared,
)


def test_the_spread_between_peers_is_found_beside_chance() -> None:
    random = Random(1)
    values = [random.gauss(3.5, math.hypot(0.2, 0.1)) for _ in range(2000)]
    one = funnel(values, [0.01] * 2000)
    assert (one.centre, one.spread) == (pytest.approx(3.5, abs=0.02), pytest.approx(0.2, abs=0.02))


def test_a_tenth_who_stand_out_do_not_hide_themselves() -> None:
    random = Random(2)
    values = [random.gauss(3.5, 0.2) for _ in range(90)] + [5.0] * 10
    one = funnel(values, [0.0025] * 100)
    assert one.spread < 0.35
    assert one.distance(5.0, 0.0025) > 3.5


def test_peers_who_differ_by_chance_alone_have_no_spread() -> None:
    random = Random(3)
    one = funnel([random.gauss(0, 0.1) for _ in range(500)], [0.04] * 500)
    assert one.spread == 0


@pytest.mark.parametrize(("t", "freedom", "chance"), [(2.228, 10, 0.025), (3.169, 10, 0.005), (1.96, 10**6, 0.025)])
def test_students_t_has_the_tails_of_the_tables(t: float, freedom: int, chance: float) -> None:
    assert t_above(t, freedom) == pytest.approx(chance, rel=2e-3)
    assert t_above(-t, freedom) == pytest.approx(1 - chance, rel=2e-3)


@given(st.integers(1, 40), st.integers(0, 40), st.floats(0.01, 0.99))
def test_the_binomial_tail_is_the_sum_of_its_terms(n: int, k: int, p: float) -> None:
    total = sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1))
    assert binomial_above(k, n, p) == pytest.approx(total, abs=1e-9)


def test_false_discoveries_are_bounded_as_benjamini_and_hochberg_do() -> None:
    chances = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.324,
        0.426,
        0.572,
        0.652,
        0.759,
        1,
    ]
    assert accepted(chances, 0.05) == 0.0095  # the example of their paper: four are rejected
    assert accepted([], 0.05) == 0


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_share_comes_back_from_its_scale(top: int, count: int) -> None:
    top = min(top, count)
    assert unshared(share(top, count)) == pytest.approx((top + 0.375) / (count + 0.75))
    assert 0 < share_variance(count) < 1


@given(st.lists(st.floats(-10, 10), min_size=3, max_size=30), st.floats(0.001, 4), st.randoms())
def test_the_order_of_peers_changes_nothing(values: list[float], variance: float, random: Random) -> None:
    variances = [variance * (1 + n % 3) for n in range(len(values))]
    pairs = list(zip(values, variances, strict=True))
    one = funnel(values, variances)
    random.shuffle(pairs)
    other = funnel([v for v, _ in pairs], [s for _, s in pairs])
    assert one.centre == pytest.approx(other.centre, abs=1e-6)
    assert one.spread == pytest.approx(other.spread, abs=1e-5)
