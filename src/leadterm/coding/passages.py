"""What the words around a mention say, where a table of rules asks for more than the attributes of a fact hold.

Only the fact's own words count: its sentence, cut where the next thing of the same sort begins; and of them only what
is affirmed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from leadterm.domain import Fact

from .chart import Chart
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
    """The fact's sentence in lower case, cut before the next rival and behind the one before it."""
    text = chart.encounter.document(fact.mention.document).text
    span, whole = fact.mention.span, fact.segment or fact.mention.span
    others = [
        r.mention.span
        for r in rivals
        if r is not fact and r.mention.document == fact.mention.document and not r.mention.span.overlaps(span)
    ]
    before = max((o.end for o in others if whole.start <= o.end <= span.start), default=None)
    start = whole.start if before is None else _last_cut(text, before, span.start)
    end = min((o.start for o in others if o.start >= span.end), default=whole.end)
    return " ".join(text[start : min(max(end, span.end), whole.end)].lower().split())


_CUT = compiled(r"[,;:]|\band\b|\s-\s")


def _last_cut(text: str, start: int, end: int) -> int:
    """Where the words of what stands at `end` begin: after the last cut behind what stands before `start`."""
    return max((m.end() for m in _CUT.finditer(text, start, end)), default=end)


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
