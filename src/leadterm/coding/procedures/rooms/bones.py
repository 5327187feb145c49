"""Bones set, held and cut: which bone, by which way, held by what (B3.15, B5.2, B6.1a).

A displaced fracture that is set is Reposition, and the device that stays is told with it: a nail before a fixator
before plates, screws and wires. A fracture that is held where it lies is Insertion. A prosthesis that is put back
without being changed is Revision.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.terms import Term

from .drawing import ALL, cue, drawn, first, whole

JOINTS = "{RS}"
_NAIL = cue("bones.nail")
_FRAME = compiled(r"\bexternal fixat|\bex[ -]?fix|\bilizarov|\bspatial frame|\btsf\b")
_INNER = cue("bones.inner")
_KINDS = (
    ("B", compiled(r"\bmono-?planar|\buni-?planar|\bsingle[ -]plane|\bunilateral frame")),
    ("C", compiled(r"\bring\b|\bilizarov|\bcircular|\bspatial frame|\btsf\b")),
    ("D", compiled(r"\bhybrid")),
)
_OPEN = compiled(r"\bopen (?:treatment|reduction|fixation)|\borif\b|\bopened and reduced|\bopen (?:im|intramedullary)")
_BARED = cue("bones.bared")
_CLOSED = cue("bones.closed")
_AS_IT_LIES = cue("bones.as_it_lies")
_SET = cue("bones.set")
_REDUCED = compiled(r"\breduction\b|\borif\b|\bcrpp\b|\breduced\b")
_DISLOCATED = compiled(r"\bdislocat|\bsubluxat")
_FRACTURE = compiled(r"\bfractur|\bfx\b")
_PROSTHESIS = cue("bones.prosthesis")
_OF_PROSTHESIS = cue("bones.of_prosthesis")
_MALLEOLI = (
    ("Fibula", compiled(r"\blateral malleol|\bfibula|\bbi-?malleol|\btri-?malleol")),
    ("Tibia", compiled(r"\b(?:medial|posterior) malleol|\btibia|\bbi-?malleol|\btri-?malleol|\bpilon|\bplafond")),
)
_SHAFT = compiled(r"\bshaft|\bdiaphys|\bmid-?shaft|\bmiddle third")
_LOWER = compiled(r"\bdistal|\bcondyl|\bsupracondylar")
_UPPER = compiled(r"\btrochanter|\bneck|\bproximal|\bsubtrochanteric|\bhead")


def codes(legal: Legal, term: Term, context: Context, rest: str) -> Iterator[Built]:
    """The codes of an operation on bones: `rest` is the third character and those behind the body part ("B0ZZ")."""
    for system, label in told(context):
        yield from drawn(legal, term, context, f"0{system}{rest[0]}_{rest[1:]}", label)


def fracture(legal: Legal, term: Term, context: Context, device: str) -> Iterator[Built]:
    """The codes of a fracture treated, by its bone; of a joint put back where nothing is broken."""
    if device == "Z" and _is_joint(context):
        yield from _joint(legal, term, context)
        return
    act = context.act
    if not cue("bones.named").search(act.statement.text[act.start : act.end]) and not _named(act.statement.text):
        return  # "two cannulated screws" alone names no operation
    held = _device(context, device)
    set_ = _is_set(context, term)
    operation = "S" if set_ else "H"
    approach = _approach(context, term, held)
    for system, label in told(context):
        yield from drawn(legal, term, context, f"0{system}{operation}_{approach}{held}_", label)


def told(context: Context) -> list[tuple[str, str]]:
    """The bones that the nearest words name: (system, words of the label), each once."""
    for level in context.of(*ALL):
        found = _named(level.text)
        if found:
            own = level.name in ("clause", "sentence", "names")
            some = found if own else found[:1]
            return list(dict.fromkeys(bone for one in some for bone in _plain(one, context)))
    return []


def _named(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """What a text names, in its order; of words that overlap the longest."""
    every = [(f.start(), f.end(), row) for row, pattern in _table() for f in pattern.finditer(text)]
    kept: list[tuple[int, int, dict[str, str]]] = []
    for start, end, row in sorted(every, key=lambda f: (f[0] - f[1], f[0])):
        if all(end <= s or e <= start for s, e, _ in kept):
            kept.append((start, end, row))
    found = [(row["systems"], tuple(row["labels"].split(";"))) for _, _, row in sorted(kept, key=lambda f: f[0])]
    unique = list(dict.fromkeys(found))
    exact = {label for _, labels in unique for label in labels}
    # "Femur" beside "femoral neck" is the same bone; "ankle" beside "fibula" says no more than it.
    vague = {"Femur": exact & {"Upper Femur", "Femoral Shaft", "Lower Femur"}, "Ankle": exact & {"Tibia", "Fibula"}}
    return [one for one in unique if not any(vague.get(label) for label in one[1])]


def _plain(one: tuple[str, tuple[str, ...]], context: Context) -> Iterator[tuple[str, str]]:
    """The bones behind words that leave the part of them open, as the report tells it."""
    system, labels = one
    for label in labels:
        if label == "Ankle":
            yield from ((system, bone) for bone, pattern in _MALLEOLI if pattern.search(whole(context)))
        elif label == "Femur":
            yield system, _femur(context)
        elif label == "Tib-fib":
            yield system, "Tibia"
            if _FIBULA_HELD.search(whole(context)):
                yield system, "Fibula"
        else:
            yield system, label


# A nail holds the tibia, and the fibula follows; it counts where something was put on it.
_FIBULA_HELD = compiled(
    r"\bfibul\w+[^.;]{0,80}\b(?:plat(?:e|ed|ing)\b|screws?\b|pinned|nailed|fixed|fixation)"
    r"|\b(?:plat(?:e|ed|ing)|fixation|pinn\w+|screws?)\b[^.;]{0,40}\bfibul"
)


def _femur(context: Context) -> str:
    text = first(context, compiled(r"\bfem(?:ur|or)")) and whole(context)
    for pattern, label in ((_SHAFT, "Femoral Shaft"), (_LOWER, "Lower Femur"), (_UPPER, "Upper Femur")):
        if pattern.search(text):
            return label
    return "Femur"


@cache
def _table() -> tuple[tuple[dict[str, str], Pattern], ...]:
    return tuple((row, compiled(rf"\b(?:{row['words']})\b")) for row in rows("procedures/rooms/bones"))


# --- how it was held, and by which way ---


def _device(context: Context, meant: str) -> str:
    """The device that stays: nail, fixator with its kind, plates and the like; as the statement, else the row says."""
    own = " ".join(level.text for level in context.of("clause", "sentence"))
    if meant == "6" or _NAIL.search(own):
        return "6"
    frame = context.act.words if meant == "4" else own  # "removal of the fixator and ORIF": another operation's
    if meant == "5" or _FRAME.search(frame):
        text = whole(context)
        return next((kind for kind, pattern in _KINDS if pattern.search(text)), "5")
    if meant == "Z" and not _INNER.search(own):
        return "Z"
    account = " ".join(level.text for level in context.of("account"))
    if (
        meant in ("4", "")
        and _NAIL.search(account)
        and not _INNER.search(own.replace("internal fixation", "").replace("orif", ""))
        and not _PLATED.search(account)
    ):
        return "6"
    return "4" if meant in ("4", "Z") or _INNER.search(own) or _INNER.search(account) else "Z"


_PLATED = compiled(r"\bplat(?:e|es|ed|ing)\b")


def _approach(context: Context, term: Term, held: str) -> str:
    """Open where the fracture was bared, through the skin where a device went in without, external with none."""
    own = context.act.statement.text
    account = " ".join(level.text for level in context.of("account"))
    closed = bool(_CLOSED.search(own)) or (held == "6" and bool(_CLOSED.search(account)) and not _BARED.search(account))
    if (_OPEN.search(own) or term.approach == "0") and not (closed and held == "6"):
        return "0"
    if held == "Z":
        return "0" if _BARED.search(account) and not _CLOSED.search(own) else "X"
    if _BARED.search(account) and not closed:
        return "0"
    return "3"


def _is_set(context: Context, term: Term) -> bool:
    """Whether the fracture was set, not only held (B3.15)."""
    own = context.act.statement.text
    if _REDUCED.search(own):
        return not compiled(r"\bno reduction|\bwithout reduction").search(own)
    text = whole(context)
    return not _AS_IT_LIES.search(text) or (bool(_SET.search(text)) and not _NO_SET.search(text))


_NO_SET = cue("bones.no_set")


# --- joints ---


def _is_joint(context: Context) -> bool:
    own = first(context, compiled(r"\bdislocat|\bsubluxat|\bfractur|\bfx\b"))
    return (
        bool(own)
        and bool(_DISLOCATED.search(own))
        and not _FRACTURE.search(first(context, _FRACTURE, "clause", "sentence", "names"))
    )


def _joint(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """A joint put back; where it is a prosthesis, the device is put right."""
    open_ = "0" if _OPEN.search(context.act.statement.text) else "X"
    if _PROSTHESIS.search(context.act.statement.text) or _OF_PROSTHESIS.search(whole(context)):
        yield from drawn(legal, term, context, f"0{JOINTS}W_{open_}JZ", "joint")
        return
    yield from drawn(legal, term, context, f"0{JOINTS}S_{open_}ZZ", "joint")
