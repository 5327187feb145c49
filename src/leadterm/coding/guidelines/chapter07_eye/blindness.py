"""Blindness of one eye beside one that sees, where no category of impairment is told (H54.6)."""

from __future__ import annotations

import re

from leadterm.coding.chart import Chart, Opening
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact, PathwayStep, Step

from .sides import eye

RULE = "ICD10CM:I.C.7.b/one-eye"
_BLIND = re.compile(r"\b(?:blind(?:ness)?|vision loss|visual loss|loss of vision)\b", re.IGNORECASE)
_CATEGORY = re.compile(r"\bcategory [1-5]\b")
_SEES = re.compile(
    r"(?:vision|acuity|va|sees|eye) ?(?:od|os|(?:in (?:the )?)?(?:right|left|other|fellow)(?: eye)?)? ?"
    r"(?:is |was |remains )?normal"
    r"|normal (?:vision|acuity|sight) (?:in (?:the )?)?(?:od|os|other|right|left|fellow)|\bnormal 20/20|20/(?:15|20)\b"
)
NUMBER = {"right": "1", "left": "2"}


def open_blindness(chart: Chart, fact: Fact) -> Opening | None:
    """The code of a loss of vision in one eye; None where both are blind or a category is told."""
    side = eye(chart, fact)
    if not _BLIND.search(fact.mention.text) or side not in NUMBER or fact.assertion is not Assertion.PRESENT:
        return None
    text = chart.encounter.document(fact.mention.document).text.lower()
    if not fact.targets or not fact.targets[0].startswith("H54") or _CATEGORY.search(text):
        return None
    node = f"H54.6{NUMBER[side]}" if _SEES.search(text) else "H54.60"
    return Opening(node, (PathwayStep(Step.INDEX, f"{node}: {reason(RULE)}", RULE),), settled=True)
