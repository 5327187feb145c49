"""I.C.7: diseases of the eye and adnexa."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Step

from . import blindness, stages

OPENERS = (stages.open_staged, blindness.open_blindness)
STEPS: tuple[Step, ...] = ()
