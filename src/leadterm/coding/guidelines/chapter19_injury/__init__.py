"""I.C.19: injury, poisoning and other consequences of external causes."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Step

STEPS: tuple[Step, ...] = ()
