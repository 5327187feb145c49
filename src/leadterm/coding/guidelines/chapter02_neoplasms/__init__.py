"""I.C.2: neoplasms."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step

from . import treatment

STEPS = (
    Step(Phase.COMPLETE, treatment.adverse_effects),
    Step(Phase.ORDER, treatment.treatment_first),
)
