"""How many of a thing were treated, and what codes so many come to."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.coding.offices import lesions, wounds
from leadterm.coding.offices.counts import number


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("ln2 two freeze-thaw cycles to all six (4 forehead, 1 each helix)", 6),
        ("number of lesions treated: 7. sites: face.", 7),
        ("3 aks l temple, 2 r cheek tx'd w ln2 x 2 cycles", 5),
        ("cryotherapy x 3 lesions", 3),
        ("frozen for 10 seconds", None),
    ],
)
def test_a_note_tells_how_many_were_treated(words: str, told: int | None):
    assert number(words) == told


def codes_of(kind: str, count: int) -> dict[str, int]:
    """The codes of so many lesions, with their units."""
    return {row["code"]: lesions._units(row, count) for row in lesions._rows(kind, count)}


@given(st.integers(1, 60))
def test_premalignant_lesions_are_counted_once_each_up_to_fourteen(count: int):
    assert codes_of("ak", count) == (
        {"17004": 1} if count >= 15 else {"17000": 1, **({"17003": count - 1} if count > 1 else {})}
    )


@pytest.mark.parametrize(
    ("count", "codes"),
    [(0, {}), (1, {"11200": 1}), (15, {"11200": 1}), (16, {"11200": 1, "11201": 1}), (26, {"11200": 1, "11201": 2})],
)
def test_tags_beyond_fifteen_are_counted_by_ten_begun(count: int, codes: dict[str, int]):
    assert codes_of("tag", count) == codes


@pytest.mark.parametrize(("count", "codes"), [(0, {}), (14, {"17110": 1}), (15, {"17111": 1})])
def test_benign_lesions_are_few_or_many(count: int, codes: dict[str, int]):
    assert codes_of("wart", count) == codes


@given(
    st.decimals("0.1", "60", places=1), st.sampled_from([("simple", "face"), ("simple", "body"), ("layered", "hands")])
)
def test_a_longer_wound_never_has_a_lower_code(length: Decimal, kind: tuple[str, str]):
    assert wounds._code(*kind, length) <= wounds._code(*kind, length + 1)
