"""I.C.9: diseases of the circulatory system."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step

from . import hypertension, sequelae, stroke, thrombolysis

STEPS = (
    Step(Phase.SAY, sequelae.sequelae),
    Step(Phase.SAY, stroke.infarction),
    Step(Phase.LINK, hypertension.hypertension),
    Step(Phase.COMPLETE, thrombolysis.given_elsewhere),
)

OPENERS = (stroke.bare_infarct,)
