"""I.C.16 and I.C.17: conditions that originate in the perinatal period, congenital malformations."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step

from . import birth, conditions, opening, visits

OPENERS = (opening.open_fact,)

STEPS: tuple[Step, ...] = (
    Step(Phase.SAY, birth.stillborn),
    Step(Phase.SAY, visits.examined),
    Step(Phase.CLARIFY, conditions.perinatal),
    Step(Phase.LINK, birth.size),
    Step(Phase.COMPLETE, conditions.affected),
    Step(Phase.SPARE, conditions.significant),
    Step(Phase.ACCOMPANY, conditions.observed),
    Step(Phase.ACCOMPANY, birth.liveborn),
    Step(Phase.ORDER, birth.stillborn),
)
