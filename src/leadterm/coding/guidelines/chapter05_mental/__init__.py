"""I.C.5: mental, behavioral and neurodevelopmental disorders."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Opener, Phase, Step

from . import blood_alcohol, cognition, dementia, harm, mood, order, sleep, substances, tobacco

OPENERS: tuple[Opener, ...] = (
    tobacco.open_tobacco,
    substances.open_substance,
    dementia.open_dementia,
    cognition.open_mild,
    mood.open_mood,
    sleep.open_insomnia,
    harm.open_harm,
)
STEPS = (
    Step(Phase.CLARIFY, substances.one_disorder),
    Step(Phase.CLARIFY, tobacco.products),
    Step(Phase.LINK, dementia.dementia),
    Step(Phase.COMPLETE, blood_alcohol.blood_alcohol),
    Step(Phase.ORDER, order.after_cause),
)
