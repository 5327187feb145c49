"""Skin, muscle and breast: flaps on their own vessels and on new ones, split skin, expanders (B3.9, B3.17)."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.coding.patterns import compiled
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.rooms.drawing import cue, fixed, whole
from leadterm.coding.procedures.rooms.grafts import donors, harvested
from leadterm.coding.procedures.terms import Term

from .report import FULL, each, lines, says, side

_JOINED = cue("told.joined_vessels")
_FLAP = (cue("told.moved"), cue("told.vascular"), cue("told.inset"))
_PADDLE = cue("told.skin_paddle")
_MUSCLES = (
    (compiled(r"gastrocnemius|soleus"), "S", "T"),
    (compiled(r"gracilis|rectus femoris|vastus|sartorius|tensor|biceps femoris"), "Q", "R"),
    (compiled(r"gluteus"), "N", "P"),
    (compiled(r"latissimus|trapezius"), "F", "G"),
    (compiled(r"pectoralis"), "H", "J"),
    (compiled(r"rectus abdominis"), "K", "L"),
    (compiled(r"brachioradialis"), "9", "B"),
)


def flap(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """The code of a muscle that was led into a defect on its own vessels (B3.17)."""
    del term
    text = whole(context)
    if _JOINED.search(text) or not all(says(context, pattern) for pattern in _FLAP):
        return
    act = context.act
    words = act.statement.text[act.start : act.end]
    skin = "2" if _PADDLE.search(text) else "Z"
    for pattern, right, left in _MUSCLES:
        if pattern.search(words):
            for part in each(side(context), right, left):
                yield from fixed(legal, f"0KX{part}0Z{skin}")
            return


# --- free grafts ---

_RECIPIENT = cue("told.recipient")
_FULL = compiled(r"\bfull[ -]thickness")
_DRESSED = compiled(r"\bxeroform|\bdonor|\bthigh:|\bdressing")
_REGIONS = (
    (compiled(r"\bscalp"), "0", "0"),
    (compiled(r"\bneck\b"), "4", "4"),
    (compiled(r"\bchest|\bstern(?:al|um)"), "5", "5"),
    (compiled(r"\bback\b(?! to)|\bsacr\w+"), "6", "6"),
    (compiled(r"\babdom"), "7", "7"),
    (compiled(r"\bbuttock|\bischi\w+"), "8", "8"),
    (compiled(r"\bforearm|\bwrist|\belbow"), "D", "E"),
    (compiled(r"\bhands?\b|\bfingers?\b"), "F", "G"),
    (compiled(r"\bupper arm|\barm\b"), "B", "C"),
    (compiled(r"\bthigh"), "H", "J"),
    (compiled(r"\bknee|\blower leg|\bcalf|\bshin|\btibia\w*|\bleg\b|\bpretibial"), "K", "L"),
    (compiled(r"\bfoot|\bfeet|\bheel|\bankle|\bplantar"), "M", "N"),
)


def skin(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """The code of skin laid on a wound, and of the skin that it was cut from (B3.9)."""
    kind = "3" if _FULL.search(context.act.statement.text) else "4"
    for right, left in _covered(context):
        parts = (right,) if right == left else each(side(context), right, left)
        for part in parts:
            yield from fixed(legal, f"0HR{part}X7{kind}")
        if parts:
            yield from harvested(legal, term, context)
        return


def _covered(context: Context) -> Iterator[tuple[str, str]]:
    """The region that the graft lies on: of its own words, of what was to be covered, of the aims."""
    rest = [line for line in lines(context) if _RECIPIENT.search(line) and not _DRESSED.search(line)]
    aims = [level.text for level in context.of("aims", "names")]
    for text in (context.act.statement.text, *rest, *aims):
        for start, end in donors(text):
            text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
        yield from ((right, left) for pattern, right, left in _REGIONS if pattern.search(text))


# --- the breast ---

_PERFORATOR, _BELLY, _BUTTOCK = cue("told.perforator"), cue("told.belly"), cue("told.buttock")
_WITH_MUSCLE, _SUPERFICIAL = cue("told.with_muscle"), cue("told.superficial")
_IMPLANT = cue("told.implant_in")
_OF_BREAST = compiled(
    r"\b(right|left|bilateral|both|r|l) (?:\w+ ){0,2}?(?:breasts?|mastectom\w+|chest|expanders?)\b"
    r"|\bbreasts?(?: \w+){0,3}?,? (?:on the )?(right|left)\b"
)
_OTHER = compiled(
    r"\b(?:is|are) (?:his|hers|theirs|native)\b|\bnot wish|\bnormal\b|\buntouched"
    r"|\bnothing|\bcontralateral|\bother breast|\bno (?:operation|surgery)"
)


def breast(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """The code of a breast made from tissue whose vessels were sewn to others there."""
    del term
    text = whole(context)
    qualifier = _flap_kind(text)
    if qualifier and says(context, _JOINED):
        for part in _breasts(context):
            yield from fixed(legal, f"0HR{part}07{qualifier}")


def _flap_kind(text: str) -> str:
    if _BUTTOCK.search(text) and _PERFORATOR.search(text) and not _BELLY.search(text):
        return "9"
    if not _BELLY.search(text):
        return ""
    if _SUPERFICIAL.search(text):
        return "8"
    return "6" if _WITH_MUSCLE.search(text) else "7" if _PERFORATOR.search(text) else ""


def expander(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """The code of an expander that left the breast, and of the implant that took its place."""
    del term
    for part in _breasts(context):
        yield from fixed(legal, f"0HP{part}0NZ")
        if says(context, _IMPLANT):
            yield from fixed(legal, f"0HR{part}0JZ")


def _breasts(context: Context) -> tuple[str, ...]:
    """The body part: both breasts have a value of their own."""
    here = _breast(context)
    return ("V",) if here == "bilateral" else each(here, "T", "U")


def _breast(context: Context) -> str:
    """The side of the breast, not of what it is made from."""
    told: set[str] = set()
    for text in (*lines(context), *(level.text for level in context.of("aims"))):
        if not _OTHER.search(text):
            told |= {FULL.get(m[1] or m[2], m[1] or m[2]) for m in _OF_BREAST.finditer(text)}
    return told.pop() if len(told) == 1 else "bilateral" if told == {"right", "left"} or "bilateral" in told else ""
