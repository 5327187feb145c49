"""How sure a code is, from features that can be named; not calibrated, and said so (`calibration` is null).

The number ranks; until a labelled set is named for it, 0.9 does not mean that nine in ten are right.
"""

from __future__ import annotations

from leadterm.domain import Assertion, Step

from .leads import Lead
from .navigating import Arrival

BASE = 0.55
BY_USE = {"conclusion": 0.25, "reason": 0.1, "background": 0.1, "story": 0.05}
BY_SOURCE = {Step.TITLE: 0.08, Step.LEXICON: 0.06, Step.INCLUSION: 0.03}
DETAIL = 0.04
UNCERTAIN = 0.1
FALLBACK = 0.1


def confidence(lead: Lead, arrival: Arrival, source: Step) -> float:
    """A number from 0 to 1: more for conclusions, official titles and documented detail; less for fallbacks."""
    value = BASE + BY_USE.get(lead.use, 0.0) + BY_SOURCE.get(source, 0.0)
    value += DETAIL * min(arrival.supported, 2)
    if lead.fact.assertion is Assertion.UNCERTAIN:
        value -= UNCERTAIN
    if lead.fallback:
        value -= FALLBACK
    return round(max(0.05, min(0.99, value)), 2)
