"""Where the plain words of an infection or a lung disease lead when no title below their category says them."""

from __future__ import annotations

from leadterm.coding._tables import prefixed
from leadterm.coding.chart import Chart, Opening
from leadterm.coding.navigating import navigate
from leadterm.domain import Fact, PathwayStep, Step

from ._growth import ROOM


def open_default(chart: Chart, fact: Fact) -> Opening | None:
    """The opening of a fact at the default of its category, where the chart leads no further down."""
    code = prefixed(f"{ROOM}/defaults", "code").get(fact.targets[0]) if fact.targets else None
    if code is None or navigate(chart, fact, fact.targets[0]) is not None:
        return None
    return Opening(code, (PathwayStep(Step.INDEX, f"\u201c{fact.mention.text}\u201d: {fact.concept}, {code}"),))
