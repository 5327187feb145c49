"""A pattern is asked wherever it can match: the letters that it is said to need stand in every match."""

from __future__ import annotations

import gc
import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from leadterm.coding import guidelines
from leadterm.coding._tables import rows
from leadterm.coding.guidelines.chapter20_external.story import spelled
from leadterm.coding.patterns import Names, Pattern, Table, compiled

PATTERNS = [
    r"\bfell (?:from|off) (?:a |the )?ladder\b",
    r"(?:slipp?(?:ed|ing)|tripped) on (?:ice|\w+)",
    r"\b(?:mvc|mva|motor vehicle)[^.;]{0,40}driver",
    r"[a-z]+ed|ing",
    r"(?:ab)?cde?",
    r"status.?post",
    r"\d+ (?:weeks|wks) pregnant",
    r"(?<!no )pain (?=knee)knee",
    r"l(?:vedp|hc|eft)\b",
]


@given(st.sampled_from(PATTERNS).flatmap(lambda p: st.tuples(st.just(p), st.from_regex(p))))
def test_no_match_is_lost(one: tuple[str, str]) -> None:
    plain, gated = re.compile(one[0]), compiled(one[0])
    assert [m.span() for m in gated.finditer(one[1])] == [m.span() for m in plain.finditer(one[1])]
    assert (gated.search(one[1]) is None) == (plain.search(one[1]) is None)


@given(st.sampled_from(PATTERNS).flatmap(lambda p: st.from_regex(re.compile(p, re.IGNORECASE))))
def test_no_match_is_lost_whatever_the_case(text: str) -> None:
    for pattern in PATTERNS:
        plain = re.compile(pattern, re.IGNORECASE).search(text)
        found = compiled(pattern, re.IGNORECASE).search(text)
        assert (found is None) == (plain is None)


@given(st.sampled_from(PATTERNS).flatmap(st.from_regex))
def test_a_table_names_every_pattern_that_matches(text: str) -> None:
    lower = text.lower()
    table = [compiled(p) for p in PATTERNS]
    standing = Table(table).standing(lower)
    assert {n for n, p in enumerate(table) if re.search(p.pattern, lower)} <= set(standing)
    assert standing == sorted(standing)


def test_capital_letters_are_needed_as_they_are() -> None:
    assert compiled(r"\bAMA\b").search("left AMA")
    assert compiled(r"\bAMA\b").search("left ama") is None


NAMES = ["lead", "lead acetate", "iron", "e coli", "mrsa", "lead-210"]


@given(st.lists(st.sampled_from([*NAMES, "leads", "x-", " ", "-", "\n", ",", "e", "acetate"]), max_size=8).map("".join))
def test_names_are_found_as_the_alternatives_of_one_pattern_are(text: str) -> None:
    plain = re.compile(r"(?<![\w-])(?:lead[\s-]+acetate|lead\-210|e[\s-]+coli|lead|iron|mrsa)(?!\w)")
    found = Names(NAMES, blank=r"[\s-]+").finditer(text)
    assert [m.span() for m in found] == [m.span() for m in plain.finditer(text)]


def test_every_pattern_of_the_rules_is_one() -> None:
    """Patterns are compiled when a chart first has their letters: a faulty one must not wait for that chart."""
    guidelines.steps()
    gc.unfreeze()  # what a dictionary of an earlier test froze is not among the objects else
    every = [p for p in gc.get_objects() if isinstance(p, Pattern)]
    assert len(every) > 500
    assert [p.pattern for p in every if p.made.groups < 0] == []


def test_every_pattern_of_the_tables_is_one() -> None:
    root = Path(guidelines.__file__).parents[1]
    found = [(file, row) for file in sorted(root.rglob("*.tsv")) for row in _rows(file)]
    assert len(found) > 1000
    for _, row in found:
        for column in ("pattern", "unless", "needs", "words", "concept"):
            re.compile(spelled(row.get(column) or "").pattern)


def _rows(file: Path) -> list[dict[str, str]]:
    name = file.relative_to(Path(guidelines.__file__).parents[1]).with_suffix("").as_posix()
    return list(rows(name))
