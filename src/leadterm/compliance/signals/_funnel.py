"""How far providers lie from their peers, when honest providers differ too: a funnel with random effects.

Each provider has a value with a known sampling variance; peers vary between themselves beyond that (overdispersion), by
a spread that is estimated so that a few who stand out do not widen it: Huber's proposal 2 for location and scale. The
distance is (value - centre) / sqrt(variance + spread²), judged by Student's t with the number of peers.
Sources: D. J. Spiegelhalter, Handling over-dispersion of performance indicators, Qual Saf Health Care 2005;14:347-351;
P. J. Huber, Robust Statistics (1981), 6.4; Y. Benjamini and Y. Hochberg, J R Stat Soc B 1995;57:289-300.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, median

K = 1.5
_NORMAL = NormalDist()
# What the square of a normal deviate, cut at K, is on average: makes the estimate right for normal peers.
EXPECTED = 2 * (_NORMAL.cdf(K) - 0.5 - K * _NORMAL.pdf(K)) + 2 * K * K * (1 - _NORMAL.cdf(K))
STEPS, ROUNDS = 30, 12
MEDIAN_DISTANCE = _NORMAL.inv_cdf(0.75)
FAR = 3.0


@dataclass(frozen=True, slots=True)
class Funnel:
    """Where peers lie: their centre, the standard deviation between them beyond chance, and how many they are."""

    centre: float
    spread: float
    peers: int

    def distance(self, value: float, variance: float) -> float:
        """In standard deviations; the centre's own uncertainty is counted in."""
        inner = variance + self.spread**2
        return (value - self.centre) / math.sqrt(inner * (1 + 1 / self.peers) if self.peers else inner)

    def chance(self, distance: float) -> float:
        """The probability that an honest provider lies at least so far above the peers."""
        return t_above(distance, self.peers - 1) if self.peers > 1 else 1 - _NORMAL.cdf(distance)


def funnel(values: Sequence[float], variances: Sequence[float]) -> Funnel:
    """The funnel of peers: at least two values, each with its sampling variance (above 0).

    First by the median and the median distance, which half of all may stand out from; then by Huber's estimates over
    those who lie within `FAR` of that.
    """
    centre = median(values)
    spread = _first_spread(values, variances, centre)
    near = [(y, v) for y, v in zip(values, variances, strict=True) if abs(y - centre) <= FAR * math.sqrt(v + spread**2)]
    kept = [y for y, _ in near], [v for _, v in near]
    centre, spread = (
        _huber(*kept, median(kept[0])) if len(near) > len(values) / 2 else _huber(values, variances, centre)
    )
    return Funnel(centre, spread, len(values))


def _huber(values: Sequence[float], variances: Sequence[float], centre: float) -> tuple[float, float]:
    """Huber's centre and spread, by turns until they stand."""
    spread = 0.0
    for _ in range(ROUNDS):
        before = centre, spread
        spread = _spread(values, variances, centre)
        centre = _centre(values, variances, centre, spread)
        if abs(before[0] - centre) + abs(before[1] - spread) < 1e-6:
            break
    return centre, spread


def _first_spread(values: Sequence[float], variances: Sequence[float], centre: float) -> float:
    """The spread with which the median distance is that of a normal law."""
    away = sorted(((y - centre) ** 2, v) for y, v in zip(values, variances, strict=True))

    def wide(spread2: float) -> bool:
        return median(d / (v + spread2) for d, v in away) <= MEDIAN_DISTANCE**2

    if wide(0.0):
        return 0.0
    low, high = 0.0, away[-1][0] / MEDIAN_DISTANCE**2
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if wide(middle) else (middle, high)
    return math.sqrt(high)


def _cut(value: float) -> float:
    return max(-K, min(K, value))


def _excess(values: Sequence[float], variances: Sequence[float], centre: float, spread2: float) -> float:
    """Mean squared distance, cut, less what it should be: positive while the spread is too small."""
    total = sum(_cut((y - centre) / math.sqrt(v + spread2)) ** 2 for y, v in zip(values, variances, strict=True))
    return total / (len(values) - 1) - EXPECTED


def _spread(values: Sequence[float], variances: Sequence[float], centre: float) -> float:
    low, high = 0.0, max((y - centre) ** 2 for y in values) + 1e-12
    if _excess(values, variances, centre, 0.0) <= 0:
        return 0.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        if _excess(values, variances, centre, middle) > 0:
            low = middle
        else:
            high = middle
    return math.sqrt(high)


def _centre(values: Sequence[float], variances: Sequence[float], centre: float, spread: float) -> float:
    """One step of Huber's estimate of location, weighted by each provider's certainty."""
    total = weights = 0.0
    for y, v in zip(values, variances, strict=True):
        scale = math.sqrt(v + spread**2)
        z = abs(y - centre) / scale
        weight = (1.0 if z <= K else K / z) / scale**2
        total += weight * y
        weights += weight
    return total / weights


def share(numerator: float, denominator: float) -> float:
    """A share on the scale where its variance hardly depends on it: the arc sine of Anscombe (1948)."""
    return math.asin(math.sqrt((numerator + 0.375) / (denominator + 0.75)))


def share_variance(denominator: float) -> float:
    """The sampling variance of `share`."""
    return 1 / (4 * denominator + 2)


def unshared(value: float) -> float:
    """The share of a value on that scale."""
    return math.sin(max(0.0, min(math.pi / 2, value))) ** 2


def accepted(chances: Sequence[float], rate: float) -> float:
    """The chance up to which results are accepted, so that at most `rate` of them are false (Benjamini-Hochberg)."""
    ordered = sorted(chances)
    bounds = ((n * rate / len(ordered), p) for n, p in enumerate(ordered, 1))
    return max((p for bound, p in bounds if p <= bound), default=0.0)


def t_above(t: float, freedom: int) -> float:
    """The probability that Student's t with so many degrees of freedom lies above `t`."""
    tail = 0.5 * incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t))
    return tail if t >= 0 else 1 - tail


def binomial_above(k: int, n: int, p: float) -> float:
    """The probability of k or more of n, each with probability p."""
    if k <= 0:
        return 1.0
    if p <= 0 or k > n:
        return 0.0
    return 1.0 if p >= 1 else incomplete_beta(k, n - k + 1, p)


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function, by Lentz's continued fraction (Numerical Recipes, 6.4)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x > (a + 1) / (a + b + 2):
        return 1 - front * _fraction(b, a, 1 - x) / b
    return front * _fraction(a, b, x) / a


def _fraction(a: float, b: float, x: float) -> float:
    tiny = 1e-300
    c, d = 1.0, 1 / _safe(1 - (a + b) * x / (a + 1), tiny)
    result = d
    for m in range(1, 300):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / _safe(1 + even * d, tiny)
        c = _safe(1 + even / c, tiny)
        result *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 / _safe(1 + odd * d, tiny)
        c = _safe(1 + odd / c, tiny)
        result *= d * c
        if abs(d * c - 1) < 1e-12:
            break
    return result


def _safe(value: float, tiny: float) -> float:
    return value if abs(value) > tiny else tiny
