"""I.C.3: diseases of the blood; the guidelines leave the chapter to the conventions and to I.C.2.c."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Step

STEPS: tuple[Step, ...] = ()
