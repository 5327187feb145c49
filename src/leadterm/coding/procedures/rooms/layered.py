"""Skin and what lies under it excised, sewn, freed or relieved of a foreign body: at the deepest layer told (B3.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.terms import Term

from .drawing import drawn
from .layers import DEEPEST, around, operated

# What tells, by root operation, that a layer was operated on rather than passed.
ACTING: Mapping[str, Pattern] = {
    "B": compiled(r"\b(?:excis|taken|remov|resect|cut down|carried|incision was|en bloc|specimen)"),
    "Q": compiled(
        r"\b(?:clos(?:ed|ure)|repair|sutur|re-?approximat|approximat|sewn|vicryl|layer|stitch|chromic|pds|monocryl|prolene)"
    ),
    "N": compiled(r"\b(?:releas|freed|divid|incis|cut)"),
    "C": compiled(r"\b(?:remov|retriev|extract|found|taken out|dissect)"),
}
# A graft or a flap closes what was opened; fat that was only parted is no layer of a repair.
_PASSED = compiled(r"\b(?:flaps?|undermin\w+|irrigat\w+|explor\w+|anesthe\w+|infiltrat\w+|inject\w+|not opened)\b")
TEMPLATES: Mapping[str, str] = {"muscle": "0K{}__ZZ", "subcutaneous": "0J{}__ZZ", "skin": "0H{}_XZZ"}


def codes(legal: Legal, term: Term, context: Context, kind: str) -> Iterator[Built]:
    """The code of root operation `kind` (B, C, N, Q) at the deepest layer told; of skin where none is."""
    told = {layer for text in around(context)[1:] if _acts(kind, text) for layer in operated(text)}
    told.update(operated(context.act.statement.text))
    layer = next((layer for layer in DEEPEST if layer in told and layer in TEMPLATES), "skin")
    yield from drawn(legal, term, context, TEMPLATES[layer].format(kind), approach="0")


def _acts(kind: str, text: str) -> bool:
    return bool(ACTING[kind].search(text)) and (kind != "Q" or not _PASSED.search(text))
