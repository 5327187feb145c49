"""Skull, brain and the arteries of the head: clots taken out of them, drains led into them."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.coding.patterns import compiled
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.rooms import brain, vessels
from leadterm.coding.procedures.rooms.drawing import cue, fixed, whole
from leadterm.coding.procedures.terms import Term

from .report import says

_OPENED, _DRILLED = cue("told.opened_skull"), cue("told.drilled")
_SPACES = (("4", cue("told.subdural")), ("3", cue("told.epidural")), ("7", cue("told.in_brain")))
_CEREBELLUM = compiled(r"\bcerebell|\bposterior fossa|\bsuboccipital")
_CSF, _SHUNT = cue("told.csf"), cue("told.shunt")
_RETRIEVER, _REPERFUSED = cue("told.retriever"), cue("told.reperfused")
_CATHETER = compiled(r"\bcatheter|\bdrain\b|\bventriculostomy")


def clot(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """The code of blood taken out from within the skull: solid through a flap, let out through a hole."""
    text = whole(context)
    spaces = [character for character, pattern in _SPACES if pattern.search(text)]
    if not spaces:
        return
    space = "C" if spaces[0] == "7" and _CEREBELLUM.search(text) else spaces[0]
    if says(context, _OPENED):
        yield from fixed(legal, f"00C{space}0ZZ")
    elif space == "4":
        yield from brain.subdural(legal, term, context, "")


def ventricle(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """The code of a drain that was led into the ventricle through a hole; of a shunt its own room tells."""
    del term
    text = whole(context)
    if _CSF.search(text) and _CATHETER.search(text) and says(context, _DRILLED) and not _SHUNT.search(text):
        yield from fixed(legal, "009630Z")


def stroke(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """The code of a clot taken from an artery of the head, as the device and what came with it tell."""
    if says(context, _RETRIEVER) and _REPERFUSED.search(whole(context)):
        yield from vessels.stroke(legal, term, context, "")
