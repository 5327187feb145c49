"""I.C.13: diseases of the musculoskeletal system and connective tissue."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Step

STEPS: tuple[Step, ...] = ()
