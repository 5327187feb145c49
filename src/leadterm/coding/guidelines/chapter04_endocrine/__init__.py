"""I.C.4: endocrine, nutritional and metabolic diseases."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step

from . import diabetes, kinds, retinopathy, thyroid

OPENERS = (retinopathy.open_retinopathy, kinds.open_diabetes, kinds.open_neuropathy, thyroid.open_storm)
STEPS = (
    Step(Phase.SAY, diabetes.pump),
    Step(Phase.CLARIFY, diabetes.hyperglycemia),
    Step(Phase.COMPLETE, diabetes.level),
    Step(Phase.COMPLETE, diabetes.manifestations),
    Step(Phase.COMPLETE, diabetes.removed_pancreas),
    Step(Phase.COMPLETE, diabetes.only_complicated),
)
