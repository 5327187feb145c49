"""The eight-minute rule against an independent formulation, and what must always hold of it."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.coding.timed.units import each, of_total, together

MINUTES = st.lists(st.integers(0, 120), min_size=1, max_size=6)


def by_table(total: int) -> int:
    """The table of the manual, written as its intervals: 8 to 22, 23 to 37, 38 to 52, …"""
    return next(n for n in range(0, 200) if total < 8 + 15 * n)


@pytest.mark.parametrize(
    ("total", "units"),
    [(0, 0), (7, 0), (8, 1), (22, 1), (23, 2), (37, 2), (38, 3), (52, 3), (53, 4), (67, 4), (68, 5), (83, 6), (113, 8)],
)
def test_the_units_of_a_total_are_those_of_the_manual(total: int, units: int) -> None:
    assert of_total(total) == units


@pytest.mark.parametrize(
    ("minutes", "units"),
    [  # as the manual's own examples are built: whole quarters first, what is left to the longest remainder
        ((24, 23), (2, 1)),
        ((20, 20), (2, 1)),
        ((33, 7), (2, 1)),
        ((18, 13, 10, 8), (1, 1, 1, 0)),
        ((7, 7, 7), (1, 0, 0)),
        ((7,), (0,)),
        ((24, 23, 10), (2, 1, 1)),
    ],
)
def test_units_go_to_the_services_with_the_most_time(minutes: tuple[int, ...], units: tuple[int, ...]) -> None:
    assert together(minutes) == units


@given(st.integers(0, 1440))
def test_the_formula_is_the_table(total: int) -> None:
    assert of_total(total) == by_table(total)


@given(MINUTES)
def test_a_day_has_exactly_the_units_that_its_total_allows(minutes: list[int]) -> None:
    units = together(minutes)
    assert sum(units) == of_total(sum(minutes))
    assert all(0 <= m // 15 <= u <= m // 15 + 1 for m, u in zip(minutes, units, strict=True))


@given(st.lists(st.integers(0, 40), min_size=1, max_size=4))
def test_no_other_way_to_give_the_units_follows_the_minutes_better(minutes: list[int]) -> None:
    """Brute force: of all ways to give the total's units, ours lies nearest to the quarters of an hour spent."""
    allowed = of_total(sum(minutes))
    ways = [w for w in product(range(5), repeat=len(minutes)) if sum(w) == allowed]
    cost = {w: sum((m - 15 * u) ** 2 for m, u in zip(minutes, w, strict=True)) for w in ways}
    assert cost[together(minutes)] == min(cost.values())


@given(MINUTES, st.integers(0, 5), st.integers(0, 60))
def test_more_minutes_never_make_fewer_units(minutes: list[int], at: int, more: int) -> None:
    longer = [m + (more if n == at % len(minutes) else 0) for n, m in enumerate(minutes)]
    assert sum(together(longer)) >= sum(together(minutes))
    assert sum(each(longer)) >= sum(each(minutes))


@given(MINUTES)
def test_each_by_itself_counts_a_quarter_from_its_eighth_minute(minutes: list[int]) -> None:
    assert each(minutes) == tuple(by_table(m) for m in minutes)
