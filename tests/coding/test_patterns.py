"""A pattern is asked wherever it can match: the letters that it is said to need stand in every match."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.coding.literals import holds, needed

PATTERNS = [
    r"\bfell (?:from|off) (?:a |the )?ladder\b",
    r"(?:slipp?(?:ed|ing)|tripped) on (?:ice|\w+)",
    r"\b(?:mvc|mva|motor vehicle)[^.;]{0,40}driver",
    r"[a-z]+ed|ing",
    r"(?:ab)?cde?",
    r"status.?post",
    r"\d+ (?:weeks|wks) pregnant",
    r"(?<!no )pain (?=knee)knee",
]


@pytest.mark.parametrize(
    ("pattern", "letters"),
    [
        (r"\bfell (?:from|off) ladder\b", {" ladder"}),
        (r"x(?:struck|kicked)?y", set()),
        (r"(?:struck|kicked) by", {"struck", "kicked"}),
        (r"\w+", set()),
        (r"(?i)Fall", {"fall"}),
    ],
)
def test_what_a_pattern_needs(pattern: str, letters: set[str]) -> None:
    assert needed(re.compile(pattern)) == letters


@given(st.sampled_from(PATTERNS).flatmap(lambda p: st.tuples(st.just(p), st.from_regex(p))))
def test_no_match_is_lost(one: tuple[str, str]) -> None:
    pattern, text = re.compile(one[0]), one[1]
    if pattern.search(text):
        assert holds(pattern, text)
