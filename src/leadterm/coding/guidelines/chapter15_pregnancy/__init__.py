"""I.C.15: pregnancy, childbirth and the puerperium."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Step

STEPS: tuple[Step, ...] = ()
