"""Where an acute form opens that a term of the chronic category names ("acute maxillary sinusitis")."""

from __future__ import annotations

from leadterm.coding._tables import longest, prefixed
from leadterm.coding.chart import Chart, Opening
from leadterm.coding.rules import reason
from leadterm.domain import Fact, PathwayStep, Step

RULE = "ICD10CM:I.B.8/acuity"
TABLE = "guidelines/chapter10_respiratory/acute"


def open_acute(chart: Chart, fact: Fact) -> Opening | None:
    """The opening of a disease said to be acute, or chronic, in the category that says so; None where none is."""
    said = fact.attributes.get("acuity")
    if not fact.targets or said not in ("acute", "chronic") or "not specified as" in chart.sentence(fact):
        return None
    node = longest(prefixed(TABLE, said), fact.targets[0])
    if not node or fact.targets[0].startswith(node):
        return None
    return Opening(node, (PathwayStep(Step.INDEX, f"“{fact.mention.text}”, {said}: {node}. {reason(RULE)}", RULE),))
