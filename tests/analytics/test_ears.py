"""EARS: the numbers of R surveillance, numbers worked out by hand, and what always holds."""

from __future__ import annotations

import csv
import math
import statistics
from collections.abc import Sequence
from pathlib import Path
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.analytics import Method, ears, method_named, read_series
from leadterm.domain import InputError

# Quantiles as printed tables give them.
Z_999 = 3.090232306167813
Z_975 = 1.959963984540054
FIRST = {Method.C1: 7, Method.C2: 9, Method.C3: 11}
SERIES = st.lists(st.integers(0, 60), min_size=12, max_size=40)


def bounds(counts: Sequence[int], method: Method) -> list[float]:
    return [period.upperbound for period in ears(counts, method)]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("method", "judged", "alarms"), [(Method.C1, 305, 16), (Method.C2, 303, 20), (Method.C3, 301, 36)]
)
def test_bounds_and_alarms_are_those_of_r_surveillance(shared: Path, method: Method, judged: int, alarms: int) -> None:
    folder = shared / "oracles" / "surveillance"
    counts = read_series((folder / "salmonella_agona.csv").read_text("utf-8"), "series")
    with (folder / f"oracle_ears{method[-2:].upper()}_salmonella_agona.csv").open(encoding="utf-8") as file:
        oracle = list(csv.DictReader(file))
    found = ears(counts, method)
    assert (len(found), sum(p.alarm for p in found)) == (judged, alarms)
    assert [p.observed for p in found] == [int(row["obs"]) for row in oracle]
    assert [p.alarm for p in found] == [row["alarm"] == "TRUE" for row in oracle]
    assert max(abs(p.upperbound - float(row["ub"])) for p, row in zip(found, oracle, strict=True)) <= 1e-9


def test_c1_takes_the_seven_periods_before() -> None:
    # Mean of 1 … 7: 4; sum of squares about it 28, over 6.
    (period,) = ears([1, 2, 3, 4, 5, 6, 7, 11], Method.C1)
    assert period.upperbound == pytest.approx(4 + Z_999 * math.sqrt(28 / 6), abs=1e-12)
    assert (period.index, period.observed, period.alarm) == (7, 11, True)


def test_c2_leaves_two_periods_between_baseline_and_present() -> None:
    (period,) = ears([1, 2, 3, 4, 5, 6, 7, 90, 90, 10], Method.C2)
    assert period.upperbound == pytest.approx(4 + Z_999 * math.sqrt(28 / 6), abs=1e-12)
    assert (period.index, period.alarm) == (9, False)


def test_c3_adds_what_the_exceedances_of_two_periods_leave_of_the_limit() -> None:
    # Present: baseline 3 4 5 6 7 8 9, deviation √(28/6). One before: 2 … 8 (mean 5), count 12; two before: 1 … 7
    # (mean 4), count 4, which exceeds nothing.
    counts = [1, 2, 3, 4, 5, 6, 7, 8, 9, 4, 12, 3]
    deviation = math.sqrt(28 / 6)
    (period,) = ears(counts, Method.C3)
    exceedance = (12 - 5) / deviation - 1
    assert period.upperbound == pytest.approx(3 + deviation * (Z_975 - exceedance), abs=1e-12)
    assert (period.index, period.alarm) == (11, True)


def test_c3_is_never_below_zero() -> None:
    (period,) = ears([1, 2, 3, 4, 5, 6, 7, 8, 9, 50, 50, 0], Method.C3)
    assert (period.upperbound, period.alarm) == (0.0, False)


@pytest.mark.parametrize("method", Method)
def test_the_first_period_judged_is_the_first_with_a_whole_past(method: Method) -> None:
    assert [p.index for p in ears([1, 2] * 8, method)] == list(range(FIRST[method], 16))


@pytest.mark.parametrize("method", Method)
def test_a_series_too_short_is_told_how_many_periods_are_needed(method: Method) -> None:
    needed = FIRST[method] + 1
    assert len(ears([1] * needed, method)) == 1
    with pytest.raises(InputError, match=f"{method} needs at least {needed} periods to judge one; the series has 7"):
        ears([1] * 7, method)


@pytest.mark.parametrize("method", [Method.C1, Method.C2])
def test_without_variation_the_mean_is_the_bound(method: Method) -> None:
    found = ears([3] * FIRST[method] + [3], method)
    assert [(p.upperbound, p.alarm) for p in found] == [(3.0, False)]
    (last,) = ears([3] * FIRST[method] + [4], method)
    assert (last.upperbound, last.alarm) == (3.0, True)


def test_without_variation_c3_has_no_alarm_for_what_stays_the_same() -> None:
    assert [(p.upperbound, p.alarm) for p in ears([5] * 12, Method.C3)] == [(5.0, False)]


def test_a_first_case_after_long_silence_leaves_c3_no_limit() -> None:
    # Over a baseline of zeros one case is infinitely many deviations away (R answers NaN for the second and third).
    after_silence = ears([0] * 11 + [2, 1, 0, 1], Method.C3)
    assert [(p.upperbound, p.alarm) for p in after_silence] == [(2.0, False), (0.0, True), (0.0, False), (0.0, True)]


def test_counts_beyond_any_disease_stay_exact() -> None:
    most = 10**15 - 1
    (period,) = ears([most] * 8, Method.C1)
    assert (period.upperbound, period.alarm) == (float(most), False)


def test_what_is_not_offered_yet_says_what_is() -> None:
    with pytest.raises(
        InputError, match="farrington is not offered yet: --method takes one of ears-c1, ears-c2, ears-c3"
    ):
        method_named("farrington")
    with pytest.raises(InputError, match="There is no such method"):
        method_named("ears-c4")


@given(SERIES)
def test_bounds_are_those_of_the_textbook(counts: list[int]) -> None:
    for method, gap in ((Method.C1, 0), (Method.C2, 2)):
        for period in ears(counts, method):
            window = counts[period.index - gap - 7 : period.index - gap]
            bound = statistics.mean(window) + NormalDist().inv_cdf(0.999) * statistics.stdev(window)
            assert period.upperbound == pytest.approx(bound, rel=1e-12, abs=1e-12)


@given(SERIES, st.integers(1, 100))
def test_more_of_everything_moves_the_bounds_with_it(counts: list[int], more: int) -> None:
    for method in (Method.C1, Method.C2):
        raised = bounds([count + more for count in counts], method)
        assert raised == pytest.approx([bound + more for bound in bounds(counts, method)], rel=1e-9)


@given(SERIES)
def test_an_alarm_is_a_count_above_its_bound(counts: list[int]) -> None:
    for method in Method:
        for period in ears(counts, method):
            assert period.observed == counts[period.index]
            assert period.alarm == (period.observed > period.upperbound)
            assert 0 <= period.upperbound < math.inf


@given(SERIES, st.integers(0, 60))
def test_what_comes_later_changes_nothing_before(counts: list[int], later: int) -> None:
    for method in Method:
        assert ears([*counts, later], method)[:-1] == ears(counts, method)
