"""Confidence intervals of proportions."""

from __future__ import annotations

import math
from statistics import NormalDist

LEVEL = 0.95
Z = NormalDist().inv_cdf(1 - (1 - LEVEL) / 2)


def wilson(cases: int, persons: int) -> tuple[float, float]:
    """The 95 % score interval of `cases` out of `persons`, without continuity correction (Wilson 1927).

    Lies within 0 and 1 and holds the proportion itself. `persons` is at least 1, `cases` at most `persons`.
    """
    share, z2 = cases / persons, Z * Z
    centre = (share + z2 / (2 * persons)) / (1 + z2 / persons)
    reach = Z * math.sqrt(share * (1 - share) / persons + z2 / (4 * persons * persons)) / (1 + z2 / persons)
    # At 0 and at `persons` the bound is the proportion itself, which rounding may miss by a hair.
    return max(0.0, min(share, centre - reach)), min(1.0, max(share, centre + reach))
