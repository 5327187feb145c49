"""Joints by their implants: components that came in, components that went out, cement, a block that holds the space."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.rooms.arthroplasty import ball, bearing
from leadterm.coding.procedures.rooms.drawing import cue, fixed, whole
from leadterm.coding.procedures.terms import Term

from .report import each, lines, side

# (joint, what its name or its own components say of it)
_JOINTS = (
    ("shoulder", cue("told.shoulder")),
    ("knee", cue("told.knee")),
    ("hip", cue("told.hip")),
)
_PARTS: Mapping[str, Mapping[str, Pattern]] = {
    joint: {part: cue(f"told.{joint}_{part}") for part in parts}
    for joint, parts in (
        ("knee", ("femur", "tibia", "insert")),
        ("hip", ("stem", "head", "cup")),
        ("shoulder", ("ball", "glenoid", "humerus")),
    )
}
_OUT, _IN, _TRIAL = cue("told.out"), cue("told.in"), cue("told.trial")
_WET, _DRY = cue("told.cemented"), cue("told.cementless")
_SPACER, _MOBILE, _STATIC = cue("told.spacer"), cue("arthroplasty.mobile"), cue("told.static")
_MEDIAL, _LATERAL = cue("told.medial_only"), cue("told.lateral_only")
_PIECES = compiled(r"[;|]|,(?! ?\d)| (?:and then|then|followed by) ")
_WHOLE = {"knee": ("0S", "C", "D"), "hip": ("0S", "9", "B"), "shoulder": ("0R", "J", "K")}
_ZIRCONIUM = compiled(r"\boxini\w+|\boxidi[sz]ed zirconium")


def codes(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """The codes of a joint whose components the account tells one by one (B3.1b, B6.1a)."""
    del term
    text = whole(context)
    joint = next((name for name, pattern in _JOINTS if pattern.search(text)), "")
    if not joint:
        return
    came, went = _moved(context, joint)
    table, right, left = _WHOLE[joint]
    here = side(context)
    held = bool(_MOBILE.search(text)) and not _STATIC.search(text) and joint != "shoulder"
    block, block_out = bool(_SPACER.search(text)), _block_out(context)
    for part in each(here, right, left):
        if went:
            yield from fixed(legal, f"{table}P{part}0JZ")
        elif block_out and came:
            yield from fixed(legal, f"{table}P{part}0{'E' if held else '8'}Z")
        if went and block and not block_out:
            yield from fixed(legal, f"{table}R{part}0EZ" if held else f"{table}H{part}08Z")
    if block and not block_out:
        return
    for code, values in _NEW[joint](came, context):
        for part in each(here, *values):
            yield from fixed(legal, code.replace("_", part, 1))


def _block_out(context: Context) -> bool:
    """Whether a block that held the space was taken out."""
    pieces = (piece for line in lines(context) for piece in _PIECES.split(line))
    return any(_SPACER.search(piece) and _OUT.search(piece) for piece in pieces)


def _moved(context: Context, joint: str) -> tuple[set[str], set[str]]:
    """The components that came in and those that went out."""
    came: set[str] = set()
    went: set[str] = set()
    for line in lines(context):
        out = False
        for piece in _PIECES.split(line):
            named = {part for part, pattern in _PARTS[joint].items() if pattern.search(piece)}
            out = _OUT.search(piece) is not None or (out and not _IN.search(piece))
            if not named or _TRIAL.search(piece):
                continue
            if out:
                went |= {part for part in named if part != "head"}
            elif _IN.search(piece):
                came |= named
    return came, went


_New = Iterator[tuple[str, tuple[str, str]]]


def _knee(came: set[str], context: Context) -> _New:
    """All surfaces, or one compartment; a part alone tells of no new knee."""
    if not {"femur", "tibia"} <= came:
        return
    text = whole(context)
    device = "6" if _ZIRCONIUM.search(text) else "J"
    if _MEDIAL.search(text):
        device = "L"
    elif _LATERAL.search(text):
        device = "M"
    yield f"0SR_0{device}{_cement(context)}", ("C", "D")


def _hip(came: set[str], context: Context) -> _New:
    """Both surfaces with a cup; the femoral surface with a stem and its head alone."""
    if {"stem", "cup"} <= came or {"head", "cup"} <= came:
        yield f"0SR_0{bearing(context)}{_cement(context)}", ("9", "B")
    elif {"stem", "head"} <= came:
        yield f"0SR_0{ball(context)}{_cement(context)}", ("R", "S")


def _shoulder(came: set[str], context: Context) -> _New:
    del context
    if {"ball", "humerus"} <= came:
        yield "0RR_00Z", ("J", "K")
    elif {"glenoid", "humerus"} <= came:
        yield "0RR_0JZ", ("J", "K")
    elif "humerus" in came:
        yield "0RR_0J6", ("J", "K")


_NEW = {"knee": _knee, "hip": _hip, "shoulder": _shoulder}


def _cement(context: Context) -> str:
    """Cemented before uncemented: a hybrid has cement; that of old is none."""
    pieces = (piece for line in lines(context) for piece in _PIECES.split(line))
    text = " . ".join(piece for piece in pieces if not _OUT.search(piece))
    if _WET.search(text):
        return "9"
    return "A" if _DRY.search(text) else "Z"
