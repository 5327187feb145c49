"""What is given into a vein: central where a central line is told of, else peripheral (302, 3E0)."""

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
    """The code of a template ("302_3N1", or "3E0_36Z:4" where the usual vein is the central one)."""
    del term
    template, _, usual = argument.partition(":")
    vein = usual or PERIPHERAL
    for level in context.of("clause", "sentence", "beside"):
        if _PERIPHERAL.search(level.text):
            vein = PERIPHERAL
            break
        if _CENTRAL.search(level.text):
            vein = CENTRAL
            break
    yield from fixed(legal, template.replace("_", vein))
