"""The words of a sentence that can speak of one disease: a list of three has three of them."""

from __future__ import annotations

from leadterm.domain import Fact, FactKind, Span

from .chart import LONGEST_SENTENCE, Chart, affirmed
from .patterns import compiled

# Where the words about one disease end and those about the next begin.
_WITHOUT, _WITH = compiled(r"(?i)\bw/o\b ?"), compiled(r"(?i)\b(?:w/|c/b) ?")
_PART = compiled(r"[,;/+]|\band\b|\bwith\b|\bw/")


def clause(chart: Chart, fact: Fact, own: tuple[str, ...]) -> str:
    """The words of the fact's sentence up to the diseases beside it, in lower case, what they deny left out.

    `own`: prefixes of codes that part nothing, since they belong to the fact (the delirium of a dementia, say).
    """
    return " ".join(affirmed(_spelled(whole_clause(chart, fact, own))).split())


def _spelled(text: str) -> str:
    """The text with what is short for "with" and "without" written out."""
    return _WITH.sub("with ", _WITHOUT.sub("without ", text))


def whole_clause(chart: Chart, fact: Fact, own: tuple[str, ...]) -> str:
    """The same with what is denied, as written: for those who look for the denial."""
    span, text = _sentence(fact), chart.encounter.document(fact.mention.document).text
    beside = [f.mention.span for f in _sharing(chart, fact, span) if not f.targets[0].startswith(own)]
    ends = [s.end for s in beside if s.end <= fact.mention.span.start]
    starts = [s.start for s in beside if s.start >= fact.mention.span.end]
    before = text[max(ends, default=span.start) : fact.mention.span.start]
    after = text[fact.mention.span.end : min(starts, default=span.end)]
    return f"{_last(before) if ends else before}{fact.mention.text}{_first(after) if starts else after}"


def _last(between: str) -> str:
    """Of the words between two diseases those that go with the second."""
    parts = [m.end() for m in _PART.finditer(between)]
    return between[parts[-1] :] if parts else between


def _first(between: str) -> str:
    """Of the words between two diseases those that go with the first."""
    parts = [m.start() for m in _PART.finditer(between)]
    return between[: parts[-1]] if parts else between


def _sentence(fact: Fact) -> Span:
    span, whole = fact.mention.span, fact.segment or fact.mention.span
    if whole.end - whole.start <= LONGEST_SENTENCE:
        return whole
    return Span(max(whole.start, span.start - LONGEST_SENTENCE), min(whole.end, span.end + LONGEST_SENTENCE))


def _sharing(chart: Chart, fact: Fact, span: Span) -> list[Fact]:
    """The other diseases of the sentence that have a place in the classification."""
    return [
        f
        for f in chart.facts
        if f is not fact
        and f.kind is FactKind.CONDITION
        and f.targets
        and f.mention.document == fact.mention.document
        and span.start <= f.mention.span.start < span.end
    ]
