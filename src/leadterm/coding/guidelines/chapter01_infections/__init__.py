"""I.C.1: certain infectious and parasitic diseases."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step

from . import organisms, resistance, sepsis

STEPS = (
    Step(Phase.CLARIFY, sepsis.systemic),
    Step(Phase.CLARIFY, organisms.combined),
    Step(Phase.LINK, sepsis.severe),
    Step(Phase.LINK, sepsis.inflammation),
    Step(Phase.COMPLETE, organisms.accompany),
    Step(Phase.COMPLETE, resistance.resistance),
    Step(Phase.SPARE, sepsis.one_code),
    Step(Phase.ACCOMPANY, organisms.only_beside),
    Step(Phase.ORDER, sepsis.order),
)
