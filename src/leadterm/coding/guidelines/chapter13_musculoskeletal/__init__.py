"""I.C.13: diseases of the musculoskeletal system and connective tissue."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Opener, Phase, Step

from . import fractures, opening, spine

STEPS = (
    Step(Phase.LINK, fractures.fragile),
    Step(Phase.SPARE, fractures.weak_bones),
    Step(Phase.COMPLETE, fractures.healed),
)
OPENERS: tuple[Opener, ...] = (spine.spine, opening.bones_and_joints)
