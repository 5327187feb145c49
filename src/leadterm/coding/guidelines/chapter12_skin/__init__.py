"""I.C.12: diseases of the skin and subcutaneous tissue."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Step

STEPS: tuple[Step, ...] = ()
