"""Positive pressure by a mask (CPAP, BiPAP) by its consecutive hours; where no hours are told it is left alone.

Nobody is asked: hospitals report it by their own policy, and a patient's own device at night is not reported at all.
"""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.coding.patterns import compiled
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.terms import Term

from .drawing import fixed

_HOURS = compiled(r"\b(\d{1,3}(?:\.\d+)?) ?-?(?:h|hr|hrs|hours?)\b")
_HOME = compiled(r"\bhome\b|\bosa\b|\bnocturnal\b|\bsleep apnea\b|\boffered\b|\brefused\b|\bnot used\b")


def codes(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The code of the hours that the sentence, or one beside it, tells."""
    del term, argument
    for level in context.of("sentence", "beside"):
        if _HOME.search(level.text):
            return
        if found := _HOURS.search(level.text):
            hours = float(found[1])
            yield from fixed(legal, f"5A09{'3' if hours < 24 else '4' if hours <= 96 else '5'}57")
            return
