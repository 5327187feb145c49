"""EARS C1, C2 and C3: which periods of a count series lie above what the periods before them let expect.

The methods are those of the Early Aberration Reporting System of the CDC (Hutwagner et al. 2003; Fricker, Hegler and
Dunfee 2008), in the form and with the defaults of `earsC` of the R package surveillance (Salmon, Schumacher and Höhle
2016): seven baseline periods, a one-sided limit. docs/explanation/surveillance.md has the formulas.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

from leadterm.domain import InputError

BASELINE = 7
# One-sided error rates: 0.001 is about three standard deviations, 0.025 about two.
Z_C1_C2 = NormalDist().inv_cdf(1 - 0.001)
Z_C3 = NormalDist().inv_cdf(1 - 0.025)
# C2 and C3 leave two periods between the baseline and the period judged: an outbreak's first periods are no baseline.
GAP = 2
# How many periods before the present one C3 remembers.
MEMORY = 2


class Method(StrEnum):
    """The methods that are offered, by the names of the contract."""

    C1 = "ears-c1"
    C2 = "ears-c2"
    C3 = "ears-c3"


# Periods that must have passed before the first one that a method can judge.
NEEDED: dict[Method, int] = {Method.C1: BASELINE, Method.C2: BASELINE + GAP, Method.C3: BASELINE + GAP + MEMORY}


@dataclass(frozen=True, slots=True)
class Period:
    """One judged period of a series.

    Attributes:
        index: Its place in the series, counted from 0.
        observed: The count.
        upperbound: The count above which there is an alarm; never negative for C3.
        alarm: Whether `observed` lies above it.
    """

    index: int
    observed: int
    upperbound: float
    alarm: bool


def method_named(word: str) -> Method:
    """The method of that name. Raises InputError that lists the names; `farrington` is promised, not offered yet."""
    try:
        return Method(word)
    except ValueError:
        promised = "farrington is not offered yet" if word == "farrington" else "There is no such method"
        raise InputError(f"{promised}: --method takes one of {', '.join(Method)}.") from None


def ears(counts: Sequence[int], method: Method) -> tuple[Period, ...]:
    """The periods that `method` can judge, in order, each with its upper bound.

    `counts` are whole numbers from 0, one a period, without gaps. Raises InputError when the series is too short.
    """
    needed = NEEDED[method] + 1
    if len(counts) < needed:
        raise InputError(f"{method} needs at least {needed} periods to judge one; the series has {len(counts)}.")
    bound = _BOUNDS[method]
    bounds = ((at, bound(counts, at)) for at in range(needed - 1, len(counts)))
    return tuple(Period(at, counts[at], limit, counts[at] > limit) for at, limit in bounds)


def _baseline(counts: Sequence[int], at: int, gap: int) -> tuple[float, float]:
    """Mean and sample standard deviation of the seven periods that end `gap` periods before `at`.

    The sums are whole numbers, so both are exact to the last rounding, and equal counts have deviation 0.
    """
    window = counts[at - gap - BASELINE : at - gap]
    total, squares = sum(window), sum(count * count for count in window)
    variance = (BASELINE * squares - total * total) / (BASELINE * (BASELINE - 1))
    return total / BASELINE, math.sqrt(variance)


def _c1(counts: Sequence[int], at: int, gap: int = 0) -> float:
    mean, deviation = _baseline(counts, at, gap)
    return mean + Z_C1_C2 * deviation


def _c2(counts: Sequence[int], at: int) -> float:
    return _c1(counts, at, GAP)


def _c3(counts: Sequence[int], at: int) -> float:
    """The present count, moved by the deviations that the two periods before leave free of the limit.

    So defined by surveillance::earsC: an alarm says that their exceedances together are above the limit.
    """
    _, deviation = _baseline(counts, at, GAP)
    free = Z_C3 - sum(_exceedance(counts, at - back) for back in range(1, MEMORY + 1))
    # An infinite exceedance leaves nothing free, whatever the deviation is (0 · ∞ is no number).
    return 0.0 if math.isinf(free) else max(0.0, counts[at] + deviation * free)


def _exceedance(counts: Sequence[int], at: int) -> float:
    """By how many deviations more than one a count lies above the mean of its baseline; never negative.

    Over a baseline without variation every count above it is infinitely far.
    """
    mean, deviation = _baseline(counts, at, GAP)
    if deviation == 0:
        return math.inf if counts[at] > mean else 0.0
    return max(0.0, (counts[at] - mean) / deviation - 1)


_BOUNDS: dict[Method, Callable[[Sequence[int], int], float]] = {Method.C1: _c1, Method.C2: _c2, Method.C3: _c3}
