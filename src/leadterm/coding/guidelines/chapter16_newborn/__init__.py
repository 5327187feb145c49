"""I.C.16 and I.C.17: the newborn, congenital malformations."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Step

STEPS: tuple[Step, ...] = ()
