"""I.C.11: diseases of the digestive system."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step

from . import polyps

STEPS = (
    Step(Phase.SAY, polyps.told_by_pathology),
    Step(Phase.SAY, polyps.removed_before),
    Step(Phase.CLARIFY, polyps.read_by_pathology),
)
