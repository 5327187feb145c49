"""The leaf of the Tabular List that the words of an injury lead to, by its titles and by terms of the Index."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from leadterm.codesets import CodeBook
from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.navigating.leaves import KINDS, Found, best, placed, under
from leadterm.coding.navigating.said import Said, said
from leadterm.coding.patterns import compiled
from leadterm.domain import Fact

CHAPTER = "19"
# A fracture named after a person has one bone, whatever joint is named beside it ("wrist Colles fracture").
_NAMED_AFTER = compiled(
    r"\b(?:colles|smith|barton|galeazzi|monteggia|bennett|rolando|maisonneuve|jones|pott)\b",
    re.IGNORECASE,
)


def resolved(chart: Chart, fact: Fact, words: Said, side: str | None) -> Found | None:
    """The best leaf: below where the dictionary opens the fact, or anywhere if the words say more than it."""
    nondisplaced = fact.attributes.get("displacement") == "nondisplaced"
    free = anywhere(chart.book, words, side, nondisplaced)
    target = next((t for t in fact.targets if t.startswith("S")), None)
    if target is None:
        return free
    known = below(chart.book, target, words, side, nondisplaced)
    if _NAMED_AFTER.search(fact.mention.text):
        return known
    if free is None or known is None:
        return known or free
    same = free.leaf.code[:3] == target[:3]
    return free if free.score > known.score or (same and free.score >= known.score) else known


def below(book: CodeBook, node: str, words: Said, side: str | None, nondisplaced: bool) -> Found | None:
    """The best leaf below a node, whose own words need not be said again; None where there is none."""
    top = book.node(node)
    if top is None:
        return None
    title = _title_said(top.title)
    if words.own & title.own & KINDS:
        # Of a node for two kinds ("subluxation and dislocation") the chart's kind alone counts.
        title = Said(title.own - (KINDS - words.own), title.implied, title.nouns)
    full = Said(words.own | title.own, words.implied | title.implied)
    other = "other" in top.title.lower()
    return best(under(book, CHAPTER, node), full, side, nondisplaced=nondisplaced, other=other)


@lru_cache(maxsize=4096)
def _title_said(title: str) -> Said:
    return said(re.sub(r"\bunspecified\b", " ", title.lower()))


def anywhere(book: CodeBook, words: Said, side: str | None, nondisplaced: bool) -> Found | None:
    """The best leaf of the chapter for the kind that the words name, by title or by Index term."""
    found = [best(placed(book, CHAPTER, words), words, side, nondisplaced=nondisplaced)]
    everything = words.all
    for needs, node in _terms():
        if needs <= everything and (not words.nouns or needs):
            hit = below(book, node, words, side, nondisplaced)
            if hit is not None:
                wanted = needs | (hit.leaf.needs & words.all)
                found.append(Found(hit.leaf, 30 * len(wanted & words.own) + 10 * len(wanted - words.own) + 5))
    return max((f for f in found if f is not None), key=lambda f: f.score, default=None)


@cache
def _terms() -> tuple[tuple[frozenset[str], str], ...]:
    return tuple((said(row["said"]).own, row["node"]) for row in rows("guidelines/chapter19_injury/terms"))
