"""Numbers as notes write them."""

from __future__ import annotations

import re

import pytest

from leadterm.coding.numerals import number_of, words_to


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("2", 2),
        ("Two", 2),
        ("TWELVE", 12),
        ("twenty", 20),
        ("a", 1),
        ("a single", 1),
        ("twice", 2),
        ("quintuple", 5),
        ("forty-five", 45),
        ("Ninety nine", 99),
    ],
)
def test_digits_and_words_tell_the_same_number(said: str, number: int) -> None:
    assert number_of(said) == number


@pytest.mark.parametrize("said", ["", "several", "1.5", "thirty-eleven", "forty-zork", "hundred"])
def test_what_is_no_such_number_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        number_of(said)


@pytest.mark.parametrize("most", [1, 6, 20])
def test_the_words_of_a_pattern_are_those_from_one_to_the_most(most: int) -> None:
    assert [number_of(word) for word in words_to(most).split("|")] == list(range(1, most + 1))
    assert re.fullmatch(words_to(most), "zero") is None
