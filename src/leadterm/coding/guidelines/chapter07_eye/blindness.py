"""Blindness of one eye beside one that sees, where no category of impairment is told (H54.6)."""

from __future__ import annotations

import re

from leadterm.coding.chart import Chart, Opening
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact, PathwayStep, Step

from .sides import eye

RULE = "ICD10CM:I.C.7.b/one-eye"
_BLIND = compiled(r"\b(?:blind(?:ness)?|vision loss|visual loss|loss of vision)\b", re.IGNORECASE)
_CATEGORY = compiled(r"\bcategory [1-5]\b")
_SEES = compiled(
    r"(?:vision|acuity|va|sees|eye) ?(?:od|os|(?:in (?:the )?)?(?:right|left|other|fellow)(?: eye)?)? ?"
    r"(?:is |was |remains )?normal"
    r"|normal (?:vision|acuity|sight) (?:in (?:the )?)?(?:od|os|other|right|left|fellow)|\bnormal 20/20|20/(?:15|20)\b"
)
NUMBER = {"right": "1", "left": "2"}


def open_blindness(chart: Chart, fact: Fact) -> Opening | None:
    """The code of a loss of vision in one eye; None where both are blind or a category is told."""
    if not fact.targets or not fact.targets[0].startswith("H54") or fact.assertion is not Assertion.PRESENT:
        return None
    if not _BLIND.search(fact.mention.text) or (side := eye(chart, fact)) not in NUMBER:
        return None
    text = chart.encounter.document(fact.mention.document).text.lower()
    if _CATEGORY.search(text):
        return None
    node = f"H54.6{NUMBER[side]}" if _SEES.search(text) else "H54.60"
    return Opening(node, (PathwayStep(Step.INDEX, f"{node}: {reason(RULE)}", RULE),), settled=True)
