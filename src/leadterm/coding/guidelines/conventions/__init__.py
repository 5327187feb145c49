"""I.A and I.B: conventions of the classification and general guidelines, whatever the chapter."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step

from . import (
    acute_chronic,
    beside,
    by_cause,
    combining,
    companions,
    context,
    detail,
    excluded,
    families,
    integral,
    reopening,
)

STEPS = (
    Step(Phase.SAY, acute_chronic.both_forms),
    Step(Phase.SAY, beside.beside),
    Step(Phase.CLARIFY, families.told_apart),
    Step(Phase.CLARIFY, detail.most_detailed),
    Step(Phase.LINK, combining.combine),
    Step(Phase.COMPLETE, companions.companions),
    Step(Phase.SPARE, detail.most_detailed),
    Step(Phase.SPARE, integral.integral_symptoms),
    Step(Phase.SPARE, excluded.excluded),
)

OPENERS = (context.out_of_context, reopening.reopened, by_cause.open_by_cause)
