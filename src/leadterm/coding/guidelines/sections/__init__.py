"""II, III and IV: what the setting makes of a chart."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Step

STEPS: tuple[Step, ...] = ()
