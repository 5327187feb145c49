"""The words around a mention that speak of it: its clause, up to the next condition on either side."""

from __future__ import annotations

import re

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.domain import Fact, FactKind, Span

_CLAUSE = compiled(r"[;|]|(?<!\d)\.(?=\s|\Z)|\.(?=\s[A-Z]|\Z)|(?:(?<=\s)|\A)\(?\d{1,2}[).](?=\s)|->|\n\s*[-*•]|\n\s*\n")
_APART = compiled(r",|\s(?:and|&|with|w/|plus|\+|as well as|but)\s|\bno\b|\bwithout\b", re.IGNORECASE)
_NOT_HERE = compiled(
    r",[^,]*\b(?:intact|normal|spared|preserved|negative|unremarkable|no|without|denies|not)\b[^,]*", re.IGNORECASE
)
_NEXT = compiled(
    r"\b(?:inject\w*|continue\w*|start\w*|refer\w*|schedul\w*|plan\w*|prescrib\w*|discuss\w*|brace|treated"
    r"|status post|s/p"
    r"|x-?rays?|mri|taking|takes|on (?:methotrexate|prednisone|allopurinol|meloxicam|ibuprofen))\b",
    re.IGNORECASE,
)
NEAR = 120


def around(chart: Chart, fact: Fact) -> tuple[str, str, str]:
    """What stands before the mention and belongs to it, the mention, what stands after it and belongs to it."""
    text = chart.encounter.document(fact.mention.document).text
    span, whole = fact.mention.span, fact.segment or fact.mention.span
    before = _CLAUSE.split(text[max(whole.start, span.start - NEAR) : span.start])[-1]
    after = _CLAUSE.split(text[span.end : min(whole.end, span.end + NEAR)])[0]
    others = [f.mention.span for f in _diseases(chart, fact, whole) if f is not fact]
    ends = [o.end for o in others if span.start - len(before) <= o.end <= span.start]
    starts = [o.start for o in others if span.end <= o.start <= span.end + len(after)]
    if ends:
        parts = _APART.split(text[max(ends) : span.start])
        before = parts[-1] if len(parts) > 1 else ""
    if starts:
        cut = text[span.end : min(starts)]
        marks = list(_APART.finditer(cut))
        after = cut[: marks[-1].start()] if marks else cut
    return _flat(before), _flat(span.of(text)), _flat(_NEXT.split(_NOT_HERE.sub(" ", after))[0])


def words_of(chart: Chart, fact: Fact) -> str:
    """The same as one text."""
    return " ".join(around(chart, fact))


def _diseases(chart: Chart, fact: Fact, whole: Span) -> list[Fact]:
    """The facts beside one at which its words end."""
    kinds = (FactKind.CONDITION, FactKind.FINDING)
    start = max(whole.start, fact.mention.span.start - NEAR)
    end = min(whole.end, fact.mention.span.end + NEAR)
    return [f for f in chart.near(fact.mention.document, start, end) if f.targets and f.kind in kinds]


def _flat(text: str) -> str:
    return " ".join(text.replace("(", ", ").replace(")", ", ").split())
