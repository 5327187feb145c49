"""I.C.4: endocrine, nutritional and metabolic diseases."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step

from . import diabetes

STEPS = (
    Step(Phase.CLARIFY, diabetes.hyperglycemia),
    Step(Phase.COMPLETE, diabetes.only_complicated),
)
