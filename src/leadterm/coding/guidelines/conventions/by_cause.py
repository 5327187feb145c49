"""Diseases whose code lies in what they come from: the tables `by_cause.tsv` of all rooms (I.B.2)."""

from __future__ import annotations

from functools import cache, lru_cache

from leadterm.coding._tables import of_all_rooms
from leadterm.coding.chart import Chart, Opening
from leadterm.coding.passages import beside, holds, own_words
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact, PathwayStep, Step

RULE = "ICD10CM:I.B.2/cause"


@cache
def _table() -> tuple[tuple[str, Pattern, str], ...]:
    return tuple((row["term"], compiled(row["words"]), row["gives"]) for row in of_all_rooms("by_cause"))


@lru_cache(maxsize=4096)
def _causes(target: str) -> tuple[tuple[Pattern, str], ...]:
    """The causes that tell the codes below a target apart."""
    return tuple((words, gives) for term, words, gives in _table() if target.startswith(term))


def open_by_cause(chart: Chart, fact: Fact) -> Opening | None:
    """Where a disease opens by the cause in its own words; None where they tell none."""
    if not fact.targets or fact.assertion is Assertion.ABSENT:
        return None
    target = fact.targets[0]
    causes = _causes(target)
    if not causes:
        return None
    own = own_words(chart, fact, [f for f in beside(chart, fact) if f.targets and f.targets[0][:3] == target[:3]])
    node = next((gives for words, gives in causes if holds(words, own)), None)
    if node is None:
        return None
    said = PathwayStep(Step.LEXICON, f"\u201c{fact.mention.text}\u201d: {fact.concept}, {target}")
    return Opening(node, (said, PathwayStep(Step.TABULAR, f"{node}: {reason(RULE)}", RULE)))
