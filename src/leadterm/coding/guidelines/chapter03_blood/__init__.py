"""I.C.3: diseases of the blood; the guidelines leave the chapter to the conventions and to I.C.2.c."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step

from . import causes, kidney

STEPS = (
    Step(Phase.SAY, causes.by_cause),
    Step(Phase.LINK, causes.fever),
)
OPENERS = (kidney.open_anemia,)
