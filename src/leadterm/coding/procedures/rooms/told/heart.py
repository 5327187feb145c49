"""The heart by what was led into it: stents by their sizes, clots drawn out, grafts by their ends, valves by makes."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.coding.patterns import compiled
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.rooms.coronary import BARE, ELUTING, FAILED, arteries, grafted, pairs
from leadterm.coding.procedures.rooms.drawing import cue, drawn, fixed, whole
from leadterm.coding.procedures.terms import Term

from .report import lines, says, spared

_SIZED, _AIMED, _CLOT = cue("told.sized_stent"), cue("told.aimed"), cue("told.clot")
_LEFT, _RIGHT = cue("told.left_vessels"), cue("told.right_vessel")
_NO_CLOT = compiled(r"\bno (?:\w+ ){0,2}(?:clot|thrombus|debris)|\bwithout (?:clot|thrombus)")
_MOST = 4


def stents(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """The code of coronary arteries dilated with stents that a log tells by name and size (B4.4)."""
    del term
    targets: list[str] = []
    number, aimed, kind = 0, "", ""
    for line in lines(context):
        if spared(line) or FAILED.search(line):
            continue
        named = arteries(line)
        if named and _AIMED.search(line):
            aimed = named[0]
        left = len(_SIZED.findall(line))
        if left:
            number += left
            targets += named[:1] or ([aimed] if aimed else [])
            kind = kind or ("eluting" if ELUTING.search(line) else "bare" if BARE.search(line) else "")
    if number and targets and kind:
        device = ("4567" if kind == "eluting" else "DEFG")[min(number, _MOST) - 1]
        yield from fixed(legal, f"027{min(len(set(targets)), _MOST) - 1}3{device}Z")


def clot(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """The code of a clot that was drawn out of a coronary artery, an objective of its own beside the stent (B3.2c)."""
    del term
    text = " . ".join(level.text for level in context.of("sentence", "beside"))
    if _CLOT.search(text) and not _NO_CLOT.search(text):
        yield from fixed(legal, "02C03ZZ")


def coronaries(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """The picture of both coronary systems, or of one, where the findings of vessels are told by the catheter."""
    text = " . ".join(lines(context))
    left, right = _LEFT.search(text), _RIGHT.search(text)
    if left or right:
        yield from drawn(legal, term, context, f"B21{'1' if left and right else '0'}_ZZ")


def grafts(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """The codes of coronary grafts that the account tells end by end (B3.6b)."""
    ends = pairs(" . ".join(line for line in lines(context) if not spared(line)))
    if ends:
        yield from grafted(legal, term, context, {source: len(places) for source, places in ends.items()})


# --- valves ---

_TRANSCATHETER = cue("told.tavr")
_TISSUE, _MECHANICAL, _SEWN = cue("told.tissue"), cue("told.mechanical"), cue("told.sewn_in")
_APICAL = compiled(r"\btrans-?apical|\bleft ventricular apex|\bmini-?thoracotomy")
_VALVES = (
    ("G", compiled(r"\bmitral|\btrans-?septal")),
    ("H", compiled(r"\bpulmon(?:ic|ary) (?:valve|position|conduit)|\brvot\b")),
    ("J", compiled(r"\btricuspid")),
    ("F", compiled(r"\baort(?:ic|a)|\bas\b|\bava\b")),
)


def tavr(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """The code of a valve that was led in by a catheter and left."""
    del term
    if not says(context, _TRANSCATHETER):
        return
    position = _position(context)
    apical = _APICAL.search(whole(context)) and position in "FG"
    yield from fixed(legal, f"02R{position}38{'H' if apical else 'Z'}")


def _position(context: Context) -> str:
    """The valve that was treated: as the sentence tells, else the aims; aortic where only its narrowing is told."""
    for level in context.of("sentence", "beside", "names", "aims"):
        found = [character for character, pattern in _VALVES if pattern.search(level.text)]
        if len(found) == 1:
            return found[0]
    return "F"


def valve(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """The code of a valve that was sewn in: of tissue or made."""
    del term
    text = " . ".join(level.text for level in context.of("sentence", "beside"))
    device = "J" if _MECHANICAL.search(text) else "8" if _TISSUE.search(text) else ""
    places = [c for c, pattern in _VALVES if any(pattern.search(level.text) for level in context.of("sentence"))]
    near = places or [c for c, pattern in _VALVES if pattern.search(text)]
    if device and len(near) == 1 and _SEWN.search(text):
        yield from fixed(legal, f"02R{near[0]}0{device}Z")
