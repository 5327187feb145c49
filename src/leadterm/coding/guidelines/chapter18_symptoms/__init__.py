"""I.C.18: symptoms, signs and abnormal findings."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Step

STEPS: tuple[Step, ...] = ()
