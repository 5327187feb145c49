"""Joints replaced, revised and taken out: bearing, cement, and which parts went and came (B3.1b, B6.1a, B6.1c)."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.coding.patterns import compiled
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.terms import Term

from .drawing import asked, cue, drawn, first, whole

_CERAMIC = compiled(r"\bceramic|\bbiolox|\bdelta (?:head|femoral)|\(delta\)")
_METAL = compiled(r"\bmetal(?:lic)?\b|\bcobalt|\bco-?cr\b|\bchrome|\bstainless|\bvitallium")
_ZIRCONIUM = compiled(r"\boxini\w+|\boxidi[sz]ed zirconium")
_POLY = compiled(r"\bpoly\b|\bpolyethylene|\bx-?lpe|\buhmwpe|\bcross-?linked|\bcrossfire|\bvivacit|\bdual mobility")
_BOTH_CERAMIC = compiled(r"\bceramic[ -]on[ -]ceramic|\bceramic (?:liner|insert)")
_BOTH_METAL = compiled(r"\bmetal[ -]on[ -]metal|\bmetal liner")
_BIPOLAR = compiled(r"\bbipolar")
_DRY = cue("arthroplasty.dry")
_WET = cue("arthroplasty.wet")
_OF_OLD = compiled(r"\b(?:in (?:19|20)\d\d|years ago|previous(?:ly)?|prior|history of)\b")
_HIP, _KNEE = compiled(r"\bhip\b|\bth[ar]\b|\bacetabul"), compiled(r"\bknee\b|\btk[ar]\b|\btibial insert|\bpatell")
_SHOULDER = compiled(r"\bshoulder|\bglenoid|\bglenosphere")
_ALL = cue("arthroplasty.all")
_LINER = cue("arthroplasty.liner")
_HEAD = cue("arthroplasty.head")
_PARTS = (
    ("femoral", compiled(r"\b(?:femoral (?:component|stem|implant|side)|stem)\b")),
    ("tibial", compiled(r"\btibial (?:component|tray|baseplate|implant)")),
    ("acetabular", compiled(r"\b(?:acetabular (?:component|cup|shell)|cup)\b")),
)
_WENT = cue("arthroplasty.went")
_STAYED = compiled(r"\b(?:well[ -]fixed|retained|left in place|stable and|solid|not revised)\b")
_STATIC = compiled(r"\bstatic|\bnon-?articulating|\bcement block|\bblock of")
_MOBILE = cue("arthroplasty.mobile")
_SPACER = compiled(r"\bspacer")


def codes(legal: Legal, term: Term, context: Context, kind: str) -> Iterator[Built]:
    """The codes of an arthroplasty of a kind: a key of `_KINDS`."""
    yield from _KINDS[kind](legal, term, context)


# --- new joints ---


def _hip(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    return drawn(legal, term, context, f"0SR_0{bearing(context)}{_cement(context)}", "hip joint")


def _head(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    return drawn(legal, term, context, f"0SR_0{ball(context)}{_cement(context)}", "hip joint femoral surface")


def _knee(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    device = "6" if _ZIRCONIUM.search(whole(context)) else "J"
    return drawn(legal, term, context, f"0SR_0{device}{_cement(context)}", "knee joint")


def _compartment(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """One compartment; which of them is asked where no word tells it."""
    which = compiled(r"\b(?:medial|lateral|patello-?femoral)\b")
    text = first(context, which, "clause", "sentence", "names", "aims", "account")
    found = which.search(text)
    device = {"m": "L", "l": "M", "p": "N"}[found[0][0]] if found else ""
    if not device:
        yield asked("0SR_0_Z", ("medial", "lateral", "patellofemoral"), "compartment of the knee that was replaced")
        return
    yield from drawn(legal, term, context, f"0SR_0{device}{_cement(context)}", "knee joint")


def bearing(context: Context) -> str:
    """The device of a whole hip by the surfaces that meet."""
    text = whole(context)
    poly = bool(_POLY.search(text))
    if _ZIRCONIUM.search(text):
        return "6"
    if _BOTH_CERAMIC.search(text):
        return "3"
    if _BOTH_METAL.search(text):
        return "1"
    if _CERAMIC.search(text):
        return "4" if poly else "J"
    return "2" if _METAL.search(text) and poly else "J"


def ball(context: Context) -> str:
    """The device of a femoral surface of the hip by what its head is of."""
    text = whole(context)
    if _BIPOLAR.search(text):
        return "J"
    if _CERAMIC.search(text):
        return "3"
    return "1" if _METAL.search(text) else "J"


def _cement(context: Context) -> str:
    """Cemented before uncemented: a hybrid has cement."""
    own = " ".join(level.text for level in context.of("clause", "sentence", "names"))
    here = " . ".join(one for one in whole(context).split(" . ") if not _OF_OLD.search(one))
    for text in (own, here):
        dry = bool(_DRY.search(text))
        if _WET.search(_GONE.sub(" ", text).replace("cementless", "").replace("press-fit", "")):
            return "9"
        if dry:
            return "A"
    return "Z"


# "The cemented stem was extracted", "cement was removed with osteotomes": what held the old prosthesis.
_GONE = compiled(
    r"\bcemented (?:\w+ ){0,3}?(?:stem|component|cup|shell|tray|implant|prosthesis)[^.;,]{0,40}"
    r"\b(?:removed|extracted|explanted|knocked|loose)\b|\bcement was removed\b"
)


# --- joints revised ---


def _revision(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """What went is Removal and what came is Replacement, part by part; nothing corrected in place is told so."""
    joint = _joint(context)
    if _SPACER_OUT.search(whole(context)):
        yield from _second_stage(legal, term, context)
        return
    if joint == "shoulder":
        yield from _shoulder(legal, term, context)
        return
    parts = _went(context, joint)
    if parts == {"liner"}:
        yield from _liner(legal, term, context)
    elif not parts:
        yield asked("0SR_0J_", ("all components", "one component", "liner alone"), "components that were revised")
    elif len(parts) > 1 or "all" in parts:
        yield from drawn(legal, term, context, "0SP_0JZ", f"{joint} joint")
        yield from (_hip if joint == "hip" else _knee)(legal, term, context)
    else:
        surface = f"{joint} joint {next(iter(parts))} surface"
        device = (ball(context) if "femoral" in parts else "J") if joint == "hip" else "J"
        yield from drawn(legal, term, context, "0SP_0JZ", surface)
        yield from drawn(legal, term, context, f"0SR_0{device}{_cement(context)}", surface)
        if joint == "hip" and "acetabular" in parts and _HEAD.search(whole(context)):
            yield from _ball_changed(legal, term, context)


_SPACER_OUT = compiled(
    r"\bremoval of (?:the )?(?:\w+ ){0,3}spacer|\bspacer (?:was |were )?(?:then )?(?:removed|extracted|taken out)"
)


def _shoulder(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    device = "0" if "reverse" in whole(context) else "J"
    yield from drawn(legal, term, context, "0RP_0JZ", "shoulder joint")
    yield from drawn(legal, term, context, f"0RR_0{device}Z", "shoulder joint")


def _joint(context: Context) -> str:
    for level in context.of("clause", "sentence", "names", "aims", "account"):
        for name, pattern in (("hip", _HIP), ("knee", _KNEE), ("shoulder", _SHOULDER)):
            if pattern.search(level.text):
                return name
    return "knee"


def _went(context: Context, joint: str) -> set[str]:
    """The parts of a prosthesis that went: as the name of the operation tells, else as its account does."""
    wanted = {"hip": ("femoral", "acetabular"), "knee": ("femoral", "tibial")}[joint]
    own = " ".join(level.text for level in context.of("clause", "sentence"))
    if _ALL.search(own):
        return {"all"}
    named = {name for name, pattern in _PARTS if name in wanted and pattern.search(own)}
    if named:
        return named
    told: set[str] = set()
    for level in context.of("account", "beside"):
        for sentence in level.text.split(". "):
            if _WENT.search(sentence) and not _STAYED.search(sentence):
                told |= {name for name, pattern in _PARTS if name in wanted and pattern.search(sentence)}
        if _ALL.search(level.text) and _WENT.search(level.text) and not _STAYED.search(level.text):
            return {"all"}
    if told:
        return told
    return {"liner"} if _LINER.search(whole(context)) else set()


def _liner(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """The liner of a prosthesis that stays: the old one is removed, the new one is Supplement."""
    joint = _joint(context)
    yield from drawn(legal, term, context, "0SP_09Z", f"{joint} joint")
    surface = "acetabular" if joint == "hip" else "tibial"
    yield from drawn(legal, term, context, "0SU_09Z", f"{joint} joint {surface} surface")
    if joint == "hip" and _HEAD.search(whole(context)):
        yield from _ball_changed(legal, term, context)


def _ball_changed(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    yield from drawn(legal, term, context, "0SP_0JZ", "hip joint femoral surface")
    yield from drawn(legal, term, context, f"0SR_0{ball(context)}{_cement(context)}", "hip joint femoral surface")


def _explant(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """A prosthesis taken out, and what holds the space: an articulating spacer replaces, a static one is inserted."""
    joint = _joint(context)
    system = "R" if joint == "shoulder" else "S"
    if not _MERELY.search(context.act.statement.text):
        yield from drawn(legal, term, context, f"0{system}P_0JZ", f"{joint} joint")
    text = whole(context)
    if not _SPACER.search(text):
        return
    mobile = _MOBILE.search(text) and not _STATIC.search(text)
    if mobile and joint != "shoulder":
        yield from drawn(legal, term, context, "0SR_0EZ", f"{joint} joint")
    else:
        yield from drawn(legal, term, context, f"0{system}H_08Z", f"{joint} joint")


def _conversion(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """A half prosthesis out, a whole one in."""
    yield from drawn(legal, term, context, "0SP_0JZ", "hip joint femoral surface")
    yield from _hip(legal, term, context)


_MERELY = compiled(r"\bspacer exchange|\bexchange of (?:the )?(?:antibiotic )?spacer")


def _second_stage(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """The spacer out, a new prosthesis in."""
    joint = _joint(context)
    if joint == "shoulder":
        yield from drawn(legal, term, context, "0RP_08Z", "shoulder joint")
        yield from drawn(legal, term, context, f"0RR_0{'0' if 'reverse' in whole(context) else 'J'}Z", "shoulder joint")
        return
    text = whole(context)
    out = "E" if _MOBILE.search(text) and not _STATIC.search(text) else "8"
    yield from drawn(legal, term, context, f"0SP_0{out}Z", f"{joint} joint")
    yield from (_hip if joint == "hip" else _knee)(legal, term, context)


_KINDS = {
    "hip": _hip, "head": _head, "knee": _knee, "compartment": _compartment, "revision": _revision, "liner": _liner,
    "explant": _explant,
    "conversion": _conversion, "stage2": _second_stage,
}  # fmt: skip
