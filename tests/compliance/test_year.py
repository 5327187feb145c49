"""A synthetic year: what is planted more than faintly is found, honest providers are left alone."""

from __future__ import annotations

import pytest

from .judging import judged
from .year import FIRST_VARIANT, FROZEN_VARIANT, KINDS, Variant


@pytest.mark.slow
@pytest.mark.parametrize("variant", [FIRST_VARIANT, FROZEN_VARIANT], ids=["first", "frozen"])
def test_a_year_of_two_hundred_thousand_claims(variant: Variant) -> None:
    year = judged(variant)
    planted = sum(n for s in year.scores for grade, n in s.planted.items() if grade != "faint")
    found = sum(n for s in year.scores for grade, n in s.found.items() if grade != "faint")
    assert found >= 0.95 * planted
    assert sum(s.false for s in year.scores) <= 0.01 * sum(s.honest for s in year.scores)
    assert {s.kind for s in year.signals} == set(KINDS)
