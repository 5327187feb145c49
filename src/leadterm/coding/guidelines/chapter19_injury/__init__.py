"""I.C.19: injury, poisoning and other consequences of external causes."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Opener, Phase, Step

from . import (
    abuse,
    adverse,
    burns,
    complications,
    intracranial,
    opening,
    orifices,
    periprosthetic,
    poisoning,
    severity,
    sparing,
    underdosing,
)

STEPS = (
    Step(Phase.SAY, poisoning.poisonings),
    Step(Phase.SAY, complications.complications),
    Step(Phase.CLARIFY, burns.highest),
    Step(Phase.COMPLETE, underdosing.underdosings),
    Step(Phase.COMPLETE, abuse.abuse),
    Step(Phase.COMPLETE, adverse.adverse_effects),
    Step(Phase.COMPLETE, burns.extent),
    Step(Phase.COMPLETE, periprosthetic.periprosthetic),
    Step(Phase.SPARE, sparing.spare),
    Step(Phase.SPARE, intracranial.without_concussion),
    Step(Phase.ORDER, severity.by_severity),
    Step(Phase.ORDER, adverse.behind_their_effect),
)
OPENERS: tuple[Opener, ...] = (
    burns.burn,
    intracranial.intracranial,
    orifices.orifice,
    opening.injury,
    underdosing.noncompliance,
)
