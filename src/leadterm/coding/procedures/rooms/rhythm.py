"""Pacemakers and defibrillators: the generator, its leads, and what was taken out (B6.1a, B6.1c)."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.coding.patterns import compiled
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.terms import Term

from .drawing import asked, cue, first, fixed, whole

_CRT = cue("rhythm.crt")
_ICD = cue("rhythm.icd")
_DUAL, _SINGLE = cue("rhythm.dual"), cue("rhythm.single")
_CHANGE = cue("rhythm.change")
_BELLY = compiled(r"\babdom\w+ (?:pocket|wall|subcutaneous)")
_ATRIAL, _VENTRICULAR, _LEFT = cue("rhythm.atrial"), cue("rhythm.ventricular"), cue("rhythm.left")
_RESPONSIVE = compiled(r"\brate[ -]responsive|\bvvir\b|\baair\b")


def codes(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The codes of a device for the rhythm: `new` with its leads, `change` of the generator alone, `subcutaneous`."""
    own = " . ".join(level.text for level in context.of("clause", "sentence", "names"))
    pocket = "8" if _BELLY.search(whole(context)) else "6"
    kind = "8" if argument == "subcutaneous" else _kind(own, context)
    if not kind:
        yield asked("0JH60_Z", ("single chamber", "dual chamber", "cardiac resynchronization"), "kind of pacemaker")
        return
    yield from fixed(legal, f"0JH{pocket}0{kind}Z")
    change = argument == "change" or bool(_CHANGE.search(context.act.statement.text))
    if argument == "subcutaneous":
        yield from fixed(legal, "0JH60FZ")
    elif change:
        yield from fixed(legal, "0JPT0PZ")
    if argument != "subcutaneous":
        yield from _leads(legal, kind, own, context, change)


def _kind(own: str, context: Context) -> str:
    """The generator: resynchronization before defibrillator before pacemaker by its chambers."""
    crt, icd = bool(_CRT.search(own)), bool(_ICD.search(own))
    if crt or icd:
        return {(True, True): "9", (True, False): "7", (False, True): "8"}[crt, icd]
    for text in (own, whole(context)):
        if _DUAL.search(text):
            return "6"
        if _SINGLE.search(text):
            return "5" if _RESPONSIVE.search(text) else "4"
    both = _ATRIAL.search(whole(context)) and _VENTRICULAR.search(whole(context))
    return "6" if both else ""


def _leads(legal: Legal, kind: str, own: str, context: Context, change: bool) -> Iterator[Built]:
    """The leads that are new: those of a first device, and those that the report places."""
    text = whole(context)
    if change:
        text = first(context, cue("rhythm.new_lead"), "clause", "sentence", "names")
        if not text:
            return
        own = ""
    shock = kind in "89"
    atrial = bool(_ATRIAL.search(text)) or kind == "6" or (shock and bool(_DUAL.search(own)))
    ventricular = bool(_VENTRICULAR.search(text)) or (not change and not (_ATRIAL.search(text) and kind in "45"))
    if atrial:
        yield from fixed(legal, "02H63JZ")
    if ventricular:
        yield from fixed(legal, f"02HK3{'K' if shock else 'J'}Z")
    if kind in "79" and (_LEFT.search(text) or not change):
        yield from fixed(legal, "02H43JZ")
