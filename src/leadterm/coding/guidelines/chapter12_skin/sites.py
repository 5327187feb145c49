"""Where an ulcer of the skin is: by the fact's own words, else by what the chart says of its only ulcer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.passages import line_before, own_words
from leadterm.coding.patterns import Pattern, compiled
from leadterm.domain import Assertion, Fact

_SIDES = compiled(r"\b(?:(?P<right>right|r|rt|rle)|(?P<left>left|l|lt|lle)|(?P<bilateral>bilateral|both|b/l))\b(?!')")
VEINS = ("I83", "I87.2")
_CLAUSE = compiled(r"[,;.:]|\band\b")
_SPOKEN = (Assertion.PRESENT, Assertion.HISTORICAL, Assertion.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class Place:
    """Row of `ulcer_sites.tsv` and side; each None where the chart does not say."""

    row: dict[str, str] | None
    side: str | None


@cache
def _sites() -> tuple[tuple[Pattern, dict[str, str]], ...]:
    table = rows("guidelines/chapter12_skin/ulcer_sites")
    return tuple((compiled(rf"\b{re.escape(row['word'])}"), row) for row in table)


def is_ulcer(fact: Fact) -> bool:
    """Whether a fact is an ulcer of the skin, or may be one by its site."""
    if not fact.targets:
        return fact.concept.endswith(("ulcer", "ulcers", "ulceration"))
    target = fact.targets[0]
    if target.startswith(VEINS):
        return "ulcer" in fact.mention.text.lower()
    return target.startswith(("L89", "L97", "L98.4")) or target[3:].startswith((".621", ".622"))


# A line may be a whole paragraph: no further back than this does it tell the place of an ulcer.
NEAR = 80


def place_of(chart: Chart, fact: Fact) -> Place:
    """Site and side of an ulcer: its own, else those of the only ulcer of which the chart tells them."""
    own = _own(chart, fact)
    if own.row is not None and own.side is not None:
        return own
    others = [_own(chart, f) for f in ulcers(chart) if f is not fact]
    placed = {(p.row["word"], p.side): p for p in others if p.row is not None}
    if own.row is None and len(placed) == 1:
        other = next(iter(placed.values()))
        return other if own.side in (None, other.side) else own
    if own.row is not None and own.side is None:
        sides = {p.side for p in others if p.row is not None and p.side and p.row["chronic"] == own.row["chronic"]}
        return Place(own.row, sides.pop() if len(sides) == 1 else None)
    return own


def ulcers(chart: Chart) -> list[Fact]:
    """The chart's facts of ulcers that hold."""
    return [f for f in _every(chart) if f.assertion in _SPOKEN]


def _every(chart: Chart) -> list[Fact]:
    return chart.once("chapter12.ulcers", lambda: [f for f in chart.facts if is_ulcer(f)])


def _own(chart: Chart, fact: Fact) -> Place:
    own = own_words(chart, fact, _every(chart))
    clauses = [*_clauses(own, fact.mention.text.lower()), line_before(chart, fact)[-NEAR:]]
    named = (fact.mention.text.lower(), fact.attributes.get("site", ""), *clauses)
    row = next((found for words in named if (found := site(words)) is not None), None)
    side = _side(clauses[0]) or fact.attributes.get("laterality")
    return Place(row, side or next((told for clause in clauses if (told := _side(clause)) is not None), None))


def _clauses(own: str, mention: str) -> list[str]:
    """The clause of the mention, those behind it, those before it."""
    parts = _CLAUSE.split(own)
    at = next((n for n, part in enumerate(parts) if mention.split()[-1] in part), 0)
    return [parts[at], *parts[at + 1 :], *reversed(parts[:at])]


def site(words: str) -> dict[str, str] | None:
    """The row of the first site of the table that the words name."""
    return next((row for pattern, row in _sites() if pattern.search(words)), None)


def _side(words: str) -> str | None:
    found = {m.lastgroup for m in _SIDES.finditer(words)}
    return found.pop() if len(found) == 1 else None
