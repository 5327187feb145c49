"""I.C.5: mental, behavioral and neurodevelopmental disorders."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step

from . import dementia

STEPS = (Step(Phase.LINK, dementia.dementia_elsewhere),)
