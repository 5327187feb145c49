"""II, III and IV: what the setting makes of a chart."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step

from . import principal

STEPS: tuple[Step, ...] = (Step(Phase.SELECT, principal.select),)
