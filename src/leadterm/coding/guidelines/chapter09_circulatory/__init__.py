"""I.C.9: diseases of the circulatory system."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step

from . import dominance, hypertension, nihss, sequelae, stroke

STEPS = (
    Step(Phase.SAY, sequelae.sequelae),
    Step(Phase.SAY, stroke.infarction),
    Step(Phase.SAY, dominance.dominant),
    Step(Phase.LINK, hypertension.hypertension),
    Step(Phase.COMPLETE, nihss.stroke_scale),
    Step(Phase.COMPLETE, nihss.given_elsewhere),
)

OPENERS = (stroke.bare_infarct,)
