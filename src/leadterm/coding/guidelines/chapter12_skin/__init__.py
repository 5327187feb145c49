"""I.C.12: diseases of the skin and subcutaneous tissue."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step

from . import contact, infections, pressure, ulcers

OPENERS = (
    pressure.open_pressure,
    ulcers.open_ulcer,
    contact.open_contact,
    contact.open_nail_fold,
    infections.open_at_site,
)
STEPS = (
    Step(Phase.CLARIFY, ulcers.clearest),
    Step(Phase.CLARIFY, pressure.staged),
    Step(Phase.LINK, ulcers.varicose),
    Step(Phase.COMPLETE, ulcers.diabetic_ulcers),
)
