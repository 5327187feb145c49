"""I.A and I.B: conventions of the classification and general guidelines, whatever the chapter."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step

from . import combining, companions, detail, excluded, integral

STEPS = (
    Step(Phase.CLARIFY, detail.most_detailed),
    Step(Phase.LINK, combining.combine),
    Step(Phase.COMPLETE, companions.companions),
    Step(Phase.SPARE, detail.most_detailed),
    Step(Phase.SPARE, integral.integral_symptoms),
    Step(Phase.SPARE, excluded.excluded),
)
