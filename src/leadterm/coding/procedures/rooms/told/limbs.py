"""Rays and toes by the cut through their bones, heel cords by cuts that let them slide, eyes by their stitches."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.coding.patterns import compiled
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.rooms.amputation import COMPLETE, DIGITS, ENDS, PARTIAL
from leadterm.coding.procedures.rooms.drawing import cue, fixed, whole
from leadterm.coding.procedures.terms import Term

from .report import done, each, lines, mine, side, sides, spared

_TOE, _BONE, _WHOLE = cue("told.toe_off"), cue("told.metatarsal_cut"), cue("told.whole_ray")
_LEFT_BASE = compiled(r"\bleaving|\bpreserv\w+|\bsparing|\bshaft|\bneck\b|\bhead\b")
_TOES = dict(zip("12345", (("P", "Q"), ("R", "S"), ("T", "U"), ("V", "W"), ("X", "Y")), strict=True))


def ray(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """The codes of toes taken off, or of their rays where the metatarsal was cut too."""
    del term
    toes = [s.text for s, _ in done(context, _TOE)]
    bones = [s.text for s, _ in done(context, _BONE)]
    here = side(context)
    if not toes:
        return
    for text in bones:
        values = COMPLETE if _WHOLE.search(text) and not _LEFT_BASE.search(text) else PARTIAL
        for digit in _digits(text) or _digits(" ".join(toes)):
            for foot in each(here, "M", "N"):
                yield from fixed(legal, f"0Y6{foot}0Z{values[digit]}")
    if not bones:
        yield from _toe(legal, toes, _digits(" ".join(toes)) or _beside(context), here)


def _toe(legal: Legal, toes: list[str], digits: list[str], here: str) -> Iterator[Built]:
    level = next((value for value, pattern in ENDS for text in toes if pattern.search(text)), "")
    for digit in digits if level else ():
        for part in each(here, *_TOES[digit]):
            yield from fixed(legal, f"0Y6{part}0Z{level}")


def _digits(text: str) -> list[str]:
    return [number for number, pattern in DIGITS if pattern.search(text)]


def _beside(context: Context) -> list[str]:
    """The toes of the aims, where the account says only "the toe"."""
    for level in context.of("beside", "aims", "names"):
        found = _digits(level.text)
        if len(found) == 1:
            return found
    return []


_WELL = compiled(
    r"\bnormal|\bfellow|\bother (?:eye|side)|\bexam\b|\b20/\d|\bnot tight|\buntouched|\bwas fine|\bis fine"
)

# --- tendons ---

_CUT, _LONGER, _SKIN = cue("told.tendon_cut"), cue("told.lengthened"), cue("told.through_skin")
_CORD = compiled(r"\bachill\w+|\bheel cords?|\btend(?:o|ons?)\b")
_TORN = compiled(r"\bruptur|\brepair(?:ed)?\b|\bdebrid|\bkrackow")
_FOOT = compiled(r"\bfoot|\bfeet|\btendon|\bankle|\bheel|\bsame\b|\bcuts?\b|\bachill|\bcords?\b|\bsides?\b")


def heelcord(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """The codes of heel cords that were cut to let them lengthen: Division, on each side that is told (B3.2a)."""
    del term
    text = whole(context)
    cut = any(_CORD.search(line) and _CUT.search(line) for line in lines(context))
    if _TORN.search(text) or not (cut and _LONGER.search(text)):
        return
    way = "3" if _SKIN.search(text) else "0"
    told = {
        one
        for line in lines(context)
        if _FOOT.search(line) and not spared(line) and not _WELL.search(line)
        for one in sides(line)
    }
    where = "bilateral" if "bilateral" in told or len(told) > 1 else next(iter(told), "")
    for part in each(where or side(context), "N", "P"):
        yield from fixed(legal, f"0L8{part}{way}ZZ")


# --- the wall of the eye ---

_WALLS = (("cornea", compiled(r"\bcornea")), ("sclera", compiled(r"\bscler")))
_VALUES = {"cornea": ("8", "9"), "sclera": ("6", "7")}
_HURT, _STITCH = cue("told.torn"), cue("told.eye_stitch")
_CONJUNCTIVA = compiled(r"\bconj\w*|\blids?\b|\btraction|\brect(?:us|i)\b")
_EYES = (
    ("right", compiled(r"\b(?:od|right eye|right globe)\b")),
    ("left", compiled(r"\b(?:os|left eye|left globe)\b")),
)


def eye(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """The codes of cornea and sclera whose wounds were sewn."""
    del term
    sewn: list[str] = []
    hurt: list[str] = []
    for line in lines(context):
        if spared(line):
            continue
        named = [name for name, pattern in _WALLS if pattern.search(line)]
        if named and _HURT.search(line):
            hurt = named
        if _STITCH.search(line) and not _CONJUNCTIVA.search(line):
            sewn += [name for name in hurt if name not in sewn]
    here = _eye(context)
    for name in sewn:
        for part in each(here, *_VALUES[name]):
            yield from fixed(legal, f"08Q{part}XZZ")


def _eye(context: Context) -> str:
    """The eye that was operated on, not the one that is well."""
    texts = [s.text for s in mine(context)] + [level.text for level in context.of("aims")]
    told = {name for text in texts if not _WELL.search(text) for name, pattern in _EYES if pattern.search(text)}
    return told.pop() if len(told) == 1 else ""
