"""Where a term opens by the words beside it: the tables `reopening.tsv` of all rooms.

A row holds for facts whose term opens below `target` (or, with `-`, for one of that `concept` that opens nowhere) in
whose own words `words` stand; the fact then opens at `node`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from leadterm.coding._tables import of_all_rooms
from leadterm.coding.chart import Chart, Opening
from leadterm.coding.passages import clause
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact, FactKind, PathwayStep, Step

RULE = "ICD10CM:I.B.1/words"
# Ulcers and gangrene name the place of the disease of the vessels that they come from.
_PART_OF = ("L97", "I96")
_KINDS = (FactKind.CONDITION, FactKind.FINDING)


@dataclass(frozen=True, slots=True)
class _Row:
    target: str
    concept: Pattern
    words: Pattern
    node: str


@cache
def _rows() -> tuple[_Row, ...]:
    return tuple(
        _Row(r["target"], compiled(r["concept"]), compiled(rf"\b(?:{r['words']})\b" if r["words"] else ""), r["node"])
        for r in of_all_rooms("reopening")
    )


@lru_cache(maxsize=8192)
def _rows_for(target: str, concept: str) -> list[_Row]:
    return [r for r in _rows() if target.startswith(r.target) and r.concept.search(concept.lower())]


def reopened(chart: Chart, fact: Fact) -> Opening | None:
    """The opening that the words beside the fact ask for; None where its own term decides."""
    if fact.kind not in _KINDS:
        return None
    target = fact.targets[0] if fact.targets else "-"
    rows = _rows_for(target, fact.concept)
    if not rows:
        return None
    said = clause(chart, fact, (target[:3], rows[0].node[:3], *_PART_OF))
    row = _nearest(rows, said, " ".join(fact.mention.text.lower().split()))
    if row is None:
        return None
    step = PathwayStep(Step.INDEX, f"\u201c{fact.mention.text}\u201d: {row.node}. {reason(RULE)}", RULE)
    return Opening(row.node, (step,))


def _nearest(rows: list[_Row], said: str, mention: str) -> _Row | None:
    """Of the rows whose words are said the one whose words stand nearest to the mention, the first of two."""
    at = max(said.find(mention), 0)
    found = [(min(abs(m.start() - at) for m in r.words.finditer(said)), r) for r in rows if r.words.search(said)]
    return min(found, key=lambda hit: hit[0])[1] if found else None
