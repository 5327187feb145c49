"""Where an injury opens: by all that the chart says of it."""

from __future__ import annotations

from leadterm.coding.chart import Chart, Opening
from leadterm.domain import Fact, PathwayStep, Step

from .reading import injuries

RULE = "ICD10CM:I.C.19.b/site"


def injury(chart: Chart, fact: Fact) -> Opening | None:
    """The opening of an injury by its kind and site; None for what is none, or is not placed."""
    found = injuries(chart).get(fact.id)
    if found is None:
        return None
    node = chart.book.node(found.code)
    title = node.title if node else ""
    text = " ".join(found.phrase.text.split())
    step = PathwayStep(Step.TABULAR, f"\u201c{text}\u201d: {found.code} {title}", RULE)
    return Opening(found.code, (step,), found.more, settled=True)
