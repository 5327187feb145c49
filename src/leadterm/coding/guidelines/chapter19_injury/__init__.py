"""I.C.19: injury, poisoning and other consequences of external causes."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step

from . import adverse, poisoning, underdosing

STEPS = (
    Step(Phase.SAY, poisoning.poisonings),
    Step(Phase.COMPLETE, underdosing.underdosings),
    Step(Phase.COMPLETE, adverse.adverse_effects),
)
