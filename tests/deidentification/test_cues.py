"""A rule is tried only where its matches can begin: what it finds is what it would find everywhere."""

from __future__ import annotations

import re

import pytest

from leadterm.cases import annotated_notes
from leadterm.deidentification import tables
from leadterm.deidentification.scanning import BACK, Rule

from .beginnings import beginnings

TABLES = ("dates", "again", "ages", "places", "sites", "names")
RULES = [*(("patterns", rule) for _, rule in tables.patterns()), *((t, r) for t in TABLES for r in tables.shapes(t))]
# Classes that are told by more than the first character are set by hand; so is what is only looked for at a place.
BY_HAND = {"&", ".", "@"}
AT_A_PLACE = {"token", "degree-alone", "word"}


@pytest.mark.parametrize(("table", "rule"), RULES, ids=lambda x: x if isinstance(x, str) else x.name)
def test_the_cues_of_a_rule_are_read_off_its_pattern(table: str, rule: Rule) -> None:
    told = beginnings(rule.pattern)
    if rule.name not in AT_A_PLACE and not rule.cues & BY_HAND:
        assert " ".join(sorted(rule.cues)) == " ".join(sorted(told or ()))


def test_every_cue_is_of_a_rule() -> None:
    assert tables.cued() <= {(table, rule.name) for table, rule in RULES}


def everywhere(rule: Rule, text: str) -> list[tuple[int, int]]:
    found = rule.pattern.finditer(text.lower() if rule.small else text)
    return [m.span() for m in found if _told_before(rule.before, text, m.start())]


def _told_before(before: re.Pattern[str] | None, text: str, at: int) -> bool:
    return before is None or before.search(text, max(0, at - BACK), at) is not None


def test_nothing_is_found_elsewhere_that_is_not_found_so() -> None:
    for note in annotated_notes():
        scan = tables.scan(note.text)
        for _, rule in RULES:
            if rule.name not in AT_A_PLACE:
                assert [m.span() for m in rule.find(scan)] == everywhere(rule, note.text), rule.name
