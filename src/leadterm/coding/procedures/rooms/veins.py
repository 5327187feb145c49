"""What is given into a vein: central or peripheral as the record tells, else as what is given always is (302, 3E0)."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.terms import Term

from .drawing import cue, fixed

PERIPHERAL, CENTRAL = "3", "4"
_CENTRAL, _PERIPHERAL = cue("veins.central"), cue("veins.peripheral")


def codes(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The code of a template ("302_3N1"), or of "3E0_36Z:4", which is given into a central vein where nothing is told.

    A vein that nobody tells is no code, and nobody is asked: blood is reported by a hospital's own policy.
    """
    del term
    template, _, usual = argument.partition(":")
    vein = usual
    for level in context.of("clause", "sentence", "beside"):
        if _PERIPHERAL.search(level.text):
            vein = PERIPHERAL
            break
        if _CENTRAL.search(level.text):
            vein = CENTRAL
            break
    if vein:
        yield from fixed(legal, template.replace("_", vein))
