"""Wounds debrided: cut away (Excision) or stripped (Extraction), at the deepest layer that was taken (B3.5)."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.coding.patterns import compiled
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.terms import Term

from .drawing import asked, drawn, fixed
from .layers import WHAT, around, deepest

EXCISED = compiled(
    r"(?<!non)(?<!non-)(?<!non )(?<!not )\bexcis(?:ional|ionally|ed|ion|ing)\b|\btangential\w*|\bresected\b"
    r"|\bcut away\b"
    r"|\brongeur\w*|\bsharply (?:removed|excised)|\bfasciectom\w+"
)
NO_EXCISION = compiled(
    r"\bno (?:tissue (?:was )?)?(?:sharp )?excis\w+|\bwithout excis\w+|\bnot excis\w+|\bno tissue excis\w+"
)
STRIPPED = compiled(
    r"\bnon-? ?excisional\w*|\bversajet|\bhydrosurg\w+|\bpulsed? ?-?lavage debrid"
    r"|\bdebrid\w+[^.;]{0,30}\b(?:with|by|via|using) "
    r"(?:\w+ ){0,2}(?:pulsed?|gauze|brush\w*|scrub\w*|irrigation|jet|lavage)|\bmechanical(?:ly)? debrid\w+"
    r"|\bscrubbed\b|\bsonic\w*|\bwhirlpool"
)
ACTING = compiled(r"\b(?:debrid|excis|resect|remov|cut\b|rongeur|curett|trimm|shav|taken|depth)")
KINDS = ("excision (tissue was cut out or away)", "not excisional (scraped, brushed, washed or pulled off)")
_SCROTUM = compiled(r"\bscrot\w+[^.;]{0,40}\bexcis|\bexcis\w+[^.;]{0,60}\bscrot\w+")
_BESIDE_SCROTUM = compiled(r"\bperine\w+|\babdom\w+|\bthighs?\b|\bgroin\b|\bbuttock")
_EXCISION = {
    "bone": "0{QPN}B___Z",
    "muscle": "0KB__ZZ",
    "tendon": "0LB__ZZ",
    "subcutaneous": "0JB__ZZ",
    "skin": "0HB_XZZ",
}
_EXTRACTION = {
    "bone": "0{QPN}D__ZZ",
    "muscle": "0KD__ZZ",
    "tendon": "0LD__ZZ",
    "subcutaneous": "0JD__ZZ",
    "skin": "0HD_XZZ",
}
DEPTHS = tuple(WHAT.values())


def codes(legal: Legal, term: Term, context: Context, kind: str) -> Iterator[Built]:
    """The code of a debridement; asked where the record tells neither how nor how deep. `kind`: `excised` if said."""
    texts = around(context)
    kind = kind or _kind(texts)
    if not kind:
        yield asked("0JB__ZZ", KINDS, "kind of debridement (excisional, that is by cutting tissue away, or not)")
        return
    layer = deepest(context, ACTING)
    if not layer:
        yield asked("0JB__ZZ", DEPTHS, "depth of the debridement (the deepest layer removed)")
        return
    if kind == "excised" and any(_SCROTUM.search(text) for text in texts):
        yield from fixed(legal, "0VB50ZZ")
        if not _BESIDE_SCROTUM.search(" . ".join(texts)):
            return
    template = (_EXCISION if kind == "excised" else _EXTRACTION)[layer]
    yield from drawn(legal, term, context, template, approach="0")


def _kind(texts: tuple[str, ...]) -> str:
    """`excised`, `stripped`, or empty where the words tell neither; the operation's own sentence first."""
    for text in (texts[0], " . ".join(texts[1:])):
        if STRIPPED.search(text) and not EXCISED.search(STRIPPED.sub(" ", text)):
            return "stripped"
        if EXCISED.search(NO_EXCISION.sub(" ", text)):
            return "excised"
    return ""
