"""I.C.14: diseases of the genitourinary system."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step

from . import causes, prostate

OPENERS = (causes.open_by_cause,)
STEPS = (
    Step(Phase.CLARIFY, prostate.symptomatic),
    Step(Phase.ACCOMPANY, prostate.symptoms),
)
