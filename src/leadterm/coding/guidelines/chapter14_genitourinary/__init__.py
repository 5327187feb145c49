"""I.C.14: diseases of the genitourinary system."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step

from . import prostate, transplants

STEPS = (
    Step(Phase.CLARIFY, prostate.symptomatic),
    Step(Phase.ACCOMPANY, prostate.symptoms),
    Step(Phase.ACCOMPANY, transplants.monitored),
)
