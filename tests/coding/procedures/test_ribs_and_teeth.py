"""Ribs by their count and teeth by their numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.coding.procedures.rooms import ribs, teeth
from leadterm.coding.procedures.words import roots


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("orif of left ribs 5, 6, 7 and 8", 4),
        ("right rib fractures 3-6 were plated", 4),
        ("plates on the 5th and 6th ribs", 2),
        ("a single rib was plated", 1),
        ("flail chest", 3),
        ("three ribs", 3),
        ("the chest wall", 0),
    ],
)
def test_ribs_are_counted_from_lists_ranges_and_words(text: str, count: int):
    assert ribs._count(text) == count


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("extraction of tooth #32", {"0CDXXZ0"}),
        ("extraction of teeth #3, 4, 14, 19, 30", {"0CDWXZ1", "0CDXXZ1"}),
        ("full mouth extractions", {"0CDWXZ2", "0CDXXZ2"}),
        ("extraction of mandibular teeth", {"0CDXXZ1"}),
        ("the mouth was inspected", set()),
    ],
)
def test_teeth_go_by_jaw_and_number(text: str, codes: set[str]):
    assert set(teeth._told(text)) == codes


@given(st.lists(st.integers(1, 32), min_size=1, max_size=8, unique=True))
def test_every_tooth_listed_counts_once(numbers: list[int]):
    told = teeth._numbers(", ".join(f"#{n}" for n in numbers))
    assert told == set(numbers)


def test_a_lobe_by_its_letters_is_a_lobe_by_its_words():
    assert roots("LUL wedge") == roots("left upper lobe wedge")
