"""I.C.1: certain infectious and parasitic diseases."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step

from . import organisms

STEPS = (
    Step(Phase.COMPLETE, organisms.severe_sepsis),
    Step(Phase.ACCOMPANY, organisms.organisms),
)
