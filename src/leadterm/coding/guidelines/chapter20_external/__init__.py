"""I.C.20: external causes of morbidity."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step

from . import causes

STEPS = (Step(Phase.SAY, causes.tell), Step(Phase.ACCOMPANY, causes.external_causes))
