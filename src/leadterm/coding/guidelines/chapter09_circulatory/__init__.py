"""I.C.9: diseases of the circulatory system."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step

from . import hypertension, infarction, sequelae, stroke, thrombolysis, valves, weakness

STEPS = (
    Step(Phase.SAY, sequelae.sequelae),
    Step(Phase.SAY, stroke.infarction),
    Step(Phase.SAY, weakness.paralysis),
    Step(Phase.SAY, infarction.by_time),
    Step(Phase.ORDER, infarction.after_its_cause),
    Step(Phase.LINK, valves.several_valves),
    Step(Phase.LINK, hypertension.hypertension),
    Step(Phase.COMPLETE, hypertension.hypertension),  # once more: the stage may come from a companion
    Step(Phase.COMPLETE, thrombolysis.given_elsewhere),
)

OPENERS = (stroke.bare_infarct,)
