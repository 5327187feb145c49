"""Notes without headings: where they conclude, what the patient came with, two ends of one day."""

from __future__ import annotations

import pytest

from leadterm.coding.drugs.marked import marked_not
from leadterm.coding.visits import outline
from leadterm.coding.visits.wording import worded

TABLE = "vaccine      given?   site\nprevnar 20   y        l delt\nshingrix     n        -\n"
BARS = "| drug | given | time |\n| toradol 30 | no | |\n| zofran 4 | yes | 0900 |\n"


@pytest.mark.parametrize(
    ("text", "name", "no"),
    [(TABLE, "shingrix", True), (TABLE, "prevnar", False), (BARS, "toradol", True), (BARS, "zofran", False)],
)
def test_a_column_that_says_no_tells_of_nothing_given(text: str, name: str, no: bool) -> None:
    assert marked_not(text, text.index(name)) is no


def test_a_line_without_a_table_says_neither() -> None:
    assert not marked_not("toradol 30 mg im given\n", 0)


@pytest.mark.parametrize(
    ("line", "looked"),
    [
        ("on exam malar rash, six swollen joints", True),
        ("130/70 88 irreg 20 92% ra", True),
        ("bp still up, amlodipine 5 -> 10", False),
        ("we talked about the biopsy", False),
    ],
)
def test_what_was_looked_at_is_told_by_its_words(line: str, looked: bool) -> None:
    assert bool(worded("concluding.looked").search(line)) is looked


def test_brackets_behind_the_date_of_a_title_are_no_part_of_it() -> None:
    line = "--- H&P 11/08/2025 (the visit in the emergency room was billed by its own group) ---"
    assert outline.without_aside(line) == "--- H&P 11/08/2025 ---"
