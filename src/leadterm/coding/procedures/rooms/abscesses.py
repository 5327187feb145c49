"""Abscesses and collections of soft tissue that are opened: the layer, and whether a drain was left (B3.5, B6.1b)."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.coding.patterns import compiled
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.terms import Term

from .drawing import asked, drawn
from .layers import WHAT, around, operated

_DRAIN = compiled(
    r"\b(?:penrose|blake|jackson[- ]pratt|jp|malecot|hemovac|vessel loops?|(?:round|flat|french|fr"
    r"|\d) (?:\w+ )?drains?|pigtail)\b"
    r"|\bdrains? (?:was|were|is|are)? ?(?:left|placed|sewn|secured|sutured|inserted|brought)|\b(?:a|two|one) drains?\b"
    r"|\bdrainage catheter"
)
_NO_DRAIN = compiled(
    r"\b(?:no|without|not|never|remov\w+|old|pulled|out) (?:[\w-]+ ){0,3}(?:drains?|penrose)\b|\bdrains? (?:was"
    r"|were|is)? ?(?:not|removed|out\b|unnecessary)"
)
_MUSCLE = compiled(
    r"\bintra-?muscular|\bpyomyositis|\b(?:within|in|into|deep to|beneath) (?:the )?(?:\w+ ){0,2}muscles?\b"
)
_DEEP = compiled(
    r"\bsub-?cutaneous|\bsub ?q\b|\bfascia\w*|\badipose|\bfat\b|\bdeep to the (?:dermis|skin)|\bsoft tissue"
)
_CAVITY = compiled(
    r"\bcavity|\bloculat\w+|\bpack(?:ed|ing)\b|\bpockets?\b|\biodoform|\bundermin\w+|\btrack(?:ed|ing)\b"
)
_SKIN = compiled(
    r"(?<!sub)(?<!sub-)\bcutaneous abscess|\bskin abscess|\bintra-?dermal|\bsuperficial abscess|\bskin only"
    r"|\bfuruncle|\bpustule"
)
LAYERS = (WHAT["skin"], WHAT["subcutaneous"], WHAT["muscle"])
_OF = {"muscle": "0K9__{}Z", "subcutaneous": "0J9__{}Z", "skin": "0H9_X{}Z"}


def codes(legal: Legal, term: Term, context: Context, kind: str) -> Iterator[Built]:
    """The code of an abscess that was opened; `kind`: a table of three characters where the words tell the part."""
    texts = around(context)
    device = "0" if any(_left(text) for text in texts) else "Z"
    if kind:
        yield from drawn(legal, term, context, f"{kind}__{device}Z", approach="0")
        return
    layer = _layer(texts)
    if not layer:
        yield asked("0J9__ZZ", LAYERS, "depth of what was drained")
        return
    yield from drawn(legal, term, context, _OF[layer].format(device), approach="0")


def _left(text: str) -> bool:
    """Whether a drain stays in what was opened."""
    return bool(_DRAIN.search(_NO_DRAIN.sub(" ", text)))


def _layer(texts: tuple[str, ...]) -> str:
    for text in (texts[0], " . ".join(texts)):
        if _MUSCLE.search(text) and "muscle" in operated(text):
            return "muscle"
        if _SKIN.search(text) and not _DEEP.search(text):
            return "skin"
        if _DEEP.search(text):
            return "subcutaneous"
    return "subcutaneous" if any(_CAVITY.search(text) for text in texts) else ""
