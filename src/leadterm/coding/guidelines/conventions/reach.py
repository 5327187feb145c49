"""The words of a chart that speak of one fact: its sentence up to the next other disease, without what is denied."""

from __future__ import annotations

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.domain import Assertion, Fact, FactKind

_SAID = (Assertion.PRESENT, Assertion.HISTORICAL)
_DENIAL = compiled(r"\b(?:no|not|without|denies|negative for|w/o|absent|never|rule[sd]? out|r/o)\b[^,;.]*")


def reach(chart: Chart, fact: Fact, kin: tuple[str, ...]) -> str:
    """The words of the sentence that belong to the fact, in lower case, spaces single.

    They end where another disease begins; `kin` are prefixes of codes that are no other disease.
    """
    whole = fact.segment or fact.mention.span
    beside = [f for f in chart.in_segment(fact) if f.mention.span != fact.mention.span]
    others = [f.mention.span for f in beside if _other(f, kin)]
    start = max((s.end for s in others if s.end <= fact.mention.span.start), default=whole.start)
    end = min((s.start for s in others if s.start >= fact.mention.span.end), default=whole.end)
    text = list(chart.encounter.document(fact.mention.document).text[start:end].lower())
    for f in beside:
        if f.assertion not in _SAID and not (f.assertion is Assertion.UNCERTAIN and chart.encounter.codes_uncertain):
            for at in range(max(f.mention.span.start, start), min(f.mention.span.end, end)):
                text[at - start] = " "
    return " ".join(_DENIAL.sub(" ", "".join(text)).split())


def _other(fact: Fact, kin: tuple[str, ...]) -> bool:
    """Whether the fact is a disease of its own."""
    return fact.kind is FactKind.CONDITION and bool(fact.targets) and not fact.targets[0].startswith(kin)
