"""I.C.21: factors influencing health status and contact with health services."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step

from . import aftercare, allergies, presence, status, worded

STEPS = (
    Step(Phase.SAY, worded.without_ordered),
    Step(Phase.SAY, worded.of_the_source),
    Step(Phase.SAY, worded.phrases),
    Step(Phase.SAY, presence.without_done_now),
    Step(Phase.SAY, presence.without_what_was_operated),
    Step(Phase.COMPLETE, aftercare.artificial_joint),
    Step(Phase.CLARIFY, aftercare.followed_up),
    Step(Phase.COMPLETE, aftercare.attention),
    Step(Phase.ACCOMPANY, allergies.allergies),
    Step(Phase.ACCOMPANY, status.routine_examination),
    Step(Phase.ACCOMPANY, status.body_mass_index),
    Step(Phase.ACCOMPANY, status.long_term_drugs),
)

OPENERS = (presence.opens, status.long_antibiotic)
