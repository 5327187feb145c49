"""I.C.9: diseases of the circulatory system."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step

from . import hypertension

STEPS = (Step(Phase.LINK, hypertension.hypertension),)
