"""Letters that a pattern cannot do without stand in every match of it, however it is written."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.coding.letters import folded, stands, ways


@pytest.mark.parametrize(
    ("pattern", "spelled"),
    [
        (r"\bfell (?:from|off) ladder\b", {("fell from", " ladder"), ("fell off", " ladder")}),
        (r"\bt(?:urp|ear)s?\b", {("turp",), ("tear",)}),
        (r"removal of (?:\w+ ){0,3}stent|stent out", {("removal of ", "stent"), ("stent out",)}),
        (r"(?:left |right )?hip", {("hip",)}),
        (r"(?:left|right)+ hip", {("right", " hip"), ("left", " hip")}),
        (r"x(?:struck|kicked)?y", set()),
        (r"(?:struck|\w+) by", {(" by",)}),
        (r"\w+", set()),
        (r"colou?rs{1,2}", {("colo", "rs")}),
        (r"colou{0,1}r", {("colo",)}),
        (r"(?:abc){0}def", {("def",)}),
        (r"(?!fall)(?<=un)well", {("well",)}),
        (r"(?P<one>ab)(?P=one)cd", {("ab", "cd")}),
        (r"\x41bc\.de", {("bc.de",)}),
        (r"a[)(|]bc", {("bc",)}),
        (r"a\(b[^]x]cd", {("a(b", "cd")}),
        (r"(?i)Fall", {("fall",)}),
        (r"(?i:fall) down", {(" down",)}),
        (r"(?x) f a l l", set()),
        ("a|", set()),
    ],
)
def test_the_ways_in_which_a_match_is_spelled(pattern: str, spelled: set[tuple[str, ...]]) -> None:
    found = ways(pattern)
    assert {frozenset(way) for way in found} == {frozenset(way) for way in spelled}
    assert len(found) == len(spelled)


def test_the_rarest_run_stands_first() -> None:
    assert [way[0] for way in ways(r"(?:ct|mri) of .* pancreas")] == [" pancreas"] * 2


# What patterns are made of: put together at random, they are understood or tell nothing, and never tell what is wrong.
PIECES = st.sampled_from(
    "ab cd & xy ] [ab] [^]] [(|] . \\w \\. \\( \\[ \\d{2} c? c* c+ c{0,2} c{1,2}? (?=ab) (?!x) \\b ^ \\n é".split()
)
PATTERNS = st.recursive(
    PIECES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.tuples(
            st.lists(inner, min_size=1, max_size=3), st.sampled_from(["", "?", "*", "+", "{0,1}", "{2}", "+?"])
        ).map(lambda both: f"(?:{'|'.join(both[0])}){both[1]}"),
    ),
    max_leaves=12,
)


@given(PATTERNS, st.sampled_from([0, re.IGNORECASE]), st.data())
def test_one_of_the_ways_stands_in_every_match(pattern: str, flags: int, data: st.DataObject) -> None:
    made = re.compile(pattern, flags)
    text = data.draw(st.from_regex(made))
    spelled = ways(pattern, flags)
    assert not spelled or stands(spelled, text.casefold() if folded(pattern, flags) else text)
