"""I.C.15: pregnancy, childbirth and the puerperium."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step

from . import delivery, labor, losing, opening, ordinary, principal, supervision, timing

OPENERS = (opening.open_fact,)

STEPS: tuple[Step, ...] = (
    Step(Phase.SAY, delivery.outcome),
    Step(Phase.SAY, delivery.sterilization),
    Step(Phase.SAY, supervision.early_visit),
    Step(Phase.CLARIFY, ordinary.hypertension),
    Step(Phase.CLARIFY, timing.in_time),
    Step(Phase.LINK, ordinary.incidental),
    Step(Phase.LINK, ordinary.gestational_diabetes),
    Step(Phase.LINK, ordinary.complicating),
    Step(Phase.LINK, ordinary.superimposed),
    Step(Phase.LINK, labor.bleeding),
    Step(Phase.LINK, labor.membranes),
    Step(Phase.LINK, labor.before_term),
    Step(Phase.LINK, labor.after_term),
    Step(Phase.LINK, labor.before_planned),
    Step(Phase.LINK, losing.after_loss),
    Step(Phase.COMPLETE, ordinary.complicating),
    Step(Phase.COMPLETE, timing.in_time),
    Step(Phase.ACCOMPANY, delivery.nothing_else),
    Step(Phase.ACCOMPANY, supervision.supervised),
    Step(Phase.ACCOMPANY, timing.weeks_of_gestation),
    Step(Phase.ORDER, ordinary.no_body_mass),
    Step(Phase.ORDER, principal.first),
)
