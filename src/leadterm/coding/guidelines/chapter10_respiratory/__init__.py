"""I.C.10: diseases of the respiratory system."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step

from . import acute, asthma, failure, infection, influenza, pneumonia

STEPS = (
    Step(Phase.CLARIFY, pneumonia.aspiration),
    Step(Phase.CLARIFY, failure.failure),
    Step(Phase.CLARIFY, asthma.asthma),
    Step(Phase.CLARIFY, influenza.pneumonia),
    Step(Phase.COMPLETE, infection.infection),
)
OPENERS = (influenza.open_influenza, acute.open_acute)
