"""What the words around a mention say, where a table of rules asks for more than the attributes of a fact hold.

Only the fact's own words count: its sentence, cut where the next thing of the same sort begins; and of them only what
is affirmed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from leadterm.domain import Assertion, Fact, FactKind, Span

from .affirming import affirmed
from .chart import Chart, sentence_span
from .patterns import Pattern, compiled

_DENIAL = compiled(
    r"\b(?:no|not|without|w/o|denies|negative for|neg for|absence of|never|non|free of|nor|r/o|ruled out)\b"
)
# A denial reaches to the end of its clause, over commas where an "or" closes the list.
_REACH = compiled(r"(?:[^.;:,\n]*,){0,4}[^.;:,\n]*\bor\b[^.;:,\n]*|[^.;:,\n]*")
_TURN = compiled(r"\b(?:but|with|now|however|except)\b")
_DENIED_AFTER = compiled(
    r"\W{0,3}(?:(?:is|are|was|were|has been|been)\s+)?"
    r"(?:absent|ruled out|excluded|not seen|not present|negative|none)\b"
)


def holds(pattern: Pattern, text: str) -> bool | None:
    """Whether the text affirms what the pattern names, or denies it; None where it names nothing of the sort."""
    found = [_affirmed(text, match) for match in pattern.finditer(text)]
    return any(found) if found else None


def _affirmed(text: str, match: re.Match[str]) -> bool:
    if _DENIED_AFTER.match(text, match.end()):
        return False
    return not any(
        denial.end() <= match.start() < _end_of_reach(text, denial.end()) for denial in _DENIAL.finditer(text)
    )


def _end_of_reach(text: str, start: int) -> int:
    reach = _REACH.match(text, start)
    end = reach.end() if reach else len(text)
    turn = _TURN.search(text, start, end)
    return turn.start() if turn else end


def own_words(chart: Chart, fact: Fact, rivals: Iterable[Fact]) -> str:
    """The words of the fact's sentence up to its rivals on either side, in lower case, spaces single."""
    return " ".join(_stretch(chart, fact, [r for r in rivals if r is not fact]).lower().split())


def whole_clause(chart: Chart, fact: Fact, own: tuple[str, ...]) -> str:
    """The words of the fact's sentence up to the diseases beside it, as written, with what they deny.

    `own`: prefixes of codes that part nothing, since they belong to the fact (the delirium of a dementia, say).
    """
    return _stretch(chart, fact, [f for f in _diseases_beside(chart, fact) if not f.targets[0].startswith(own)])


def clause(chart: Chart, fact: Fact, own: tuple[str, ...]) -> str:
    """The same in lower case, spaces single, without what the words deny and what is not said to be there."""
    rivals = [f for f in _diseases_beside(chart, fact) if not f.targets[0].startswith(own)]
    unsaid = [f.mention.span for f in chart.in_segment(fact) if f is not fact and not _is_said(chart, f)]
    return " ".join(affirmed(_spelled(_stretch(chart, fact, rivals, unsaid))).split())


# Where the words about one disease end and those about the next begin.
_WITHOUT, _WITH = compiled(r"(?i)\bw/o\b ?"), compiled(r"(?i)\b(?:w/|c/b) ?")
_PART = compiled(r"[,;/+]|\band\b|\bwith\b|\bw/")


def _spelled(text: str) -> str:
    """The text with what is short for "with" and "without" written out."""
    return _WITH.sub("with ", _WITHOUT.sub("without ", text))


def _is_said(chart: Chart, fact: Fact) -> bool:
    if fact.assertion is Assertion.UNCERTAIN:
        return chart.encounter.codes_uncertain
    return fact.assertion in (Assertion.PRESENT, Assertion.HISTORICAL)


def _stretch(chart: Chart, fact: Fact, rivals: Iterable[Fact], unsaid: Iterable[Span] = ()) -> str:
    """The part of a sentence that speaks of a fact: a list of three things has three of them; `unsaid` left blank."""
    whole, mention = sentence_span(fact), fact.mention.span
    document, text = fact.mention.document, chart.encounter.document(fact.mention.document).text
    spans = [
        r.mention.span
        for r in rivals
        if r.mention.document == document and whole.start <= r.mention.span.start < whole.end
    ]
    ends = [s.end for s in spans if s.end <= mention.start]
    starts = [s.start for s in spans if s.start >= mention.end]
    gone = [span for span in unsaid if not span.overlaps(mention)]
    before = _without(text, max(ends, default=whole.start), mention.start, gone)
    after = _without(text, mention.end, min(starts, default=whole.end), gone)
    return f"{_last(before) if ends else before}{fact.mention.text}{_first(after) if starts else after}"


def _without(text: str, start: int, end: int, gone: Iterable[Span]) -> str:
    """A stretch of a text, blanks in the place of what is gone."""
    found = text[start:end]
    for span in gone:
        low, high = max(span.start, start) - start, min(span.end, end) - start
        if low < high:
            found = f"{found[:low]}{' ' * (high - low)}{found[high:]}"
    return found


def _last(between: str) -> str:
    """Of the words between two things those that go with the second."""
    parts = [m.end() for m in _PART.finditer(between)]
    return between[parts[-1] :] if parts else between


def _first(between: str) -> str:
    """Of the words between two things those that go with the first."""
    parts = [m.start() for m in _PART.finditer(between)]
    return between[: parts[-1]] if parts else between


def _diseases_beside(chart: Chart, fact: Fact) -> list[Fact]:
    """The other diseases in the fact's sentence that have a place in the classification."""
    return [f for f in beside(chart, fact) if f is not fact and f.kind is FactKind.CONDITION and f.targets]


def beside(chart: Chart, fact: Fact) -> list[Fact]:
    """The facts in the sentence of a fact, itself among them: no other can end what is said of it."""
    whole = sentence_span(fact)
    return chart.near(fact.mention.document, whole.start, whole.end)


def line_after(chart: Chart, fact: Fact) -> str:
    """The fact's line from the mention on, in lower case, with the next line where that goes on with it."""
    text = chart.encounter.document(fact.mention.document).text
    end = text.find("\n", fact.mention.span.end)
    return text[fact.mention.span.start : end if end >= 0 else len(text)].lower()


def line_before(chart: Chart, fact: Fact) -> str:
    """The fact's line up to the mention, in lower case."""
    text = chart.encounter.document(fact.mention.document).text
    start = text.rfind("\n", 0, fact.mention.span.start) + 1
    return text[start : fact.mention.span.start].lower()
