"""Limbs taken off: how high the cut lies, which toes, fingers and rays; a level that is not told is asked."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.terms import Term

from .drawing import asked, cue, drawn

LEVELS = ("high (proximal third)", "mid (middle third)", "low (distal third)")
_CUT = tuple((value, cue(f"amputation.level_{value}")) for value in "123")
_SAWED = compiled(r"\btransect|\bdivided|\bcut\b|\bsaw|\bosteotom|\bamputat|\blevel")
_TAKEN_OFF = compiled(rf"{_SAWED.pattern}|\bdisarticul|\b(?:was|were) (?:then )?(?:removed|excised|taken off)")
DIGITS = (
    ("1", compiled(r"\b(?:1st|first|great|big|hallux)\b")), ("2", compiled(r"\b(?:2nd|second)\b")),
    ("3", compiled(r"\b(?:3rd|third)\b(?! of the)")), ("4", compiled(r"\b(?:4th|fourth)\b")),
    ("5", compiled(r"\b(?:5th|fifth|little|small)\b")),
)  # fmt: skip
_RANGE = compiled(r"\b([1-5])(?:st|nd|rd|th)? ?(?:-|to|through|thru|–) ?([1-5])(?:st|nd|rd|th)?\b(?! ?(?:cm|mm))")
_ALL_FIVE = compiled(r"\ball (?:five|5|toes|of the toes)|\btoes 1 ?(?:-|through|to) ?5")
_NUMBERS = compiled(r"\b(?:toes?|digits?|rays?)\s+(?:#\s*)?([1-5])((?:\s*(?:,|and|&|/)+\s*(?:and\s*)?[1-5])*)\b")
_FINGERS = (
    ("thumb", "thumb"),
    ("index", "index finger"),
    ("middle(?! phal)", "middle finger"),
    ("long", "middle finger"),
    ("ring", "ring finger"),
    ("little", "little finger"),
    ("small", "little finger"),
    ("pinky", "little finger"),
)
ENDS = (
    (
        "0",
        cue("amputation.ends_0"),
    ),
    ("3", compiled(r"\bdistal phal\w+|\bdip\b|\bdipj\b|\bdistal interphalangeal|\btuft|\bdistal symes")),
    ("2", compiled(r"\bmiddle phal\w+|\bpip\b|\bpipj\b|\bproximal interphalangeal|\binterphalangeal|\bmid\b")),
    ("1", compiled(r"\bproximal phal\w+|\bbase of (?:the )?phalanx|\bhigh\b")),
)
_PARTIAL = cue("amputation.partial")
WHOLE_RAY = cue("amputation.complete")
PARTIAL = dict(zip("12345", "9BCDF", strict=True))
COMPLETE = dict(zip("12345", "45678", strict=True))


def codes(legal: Legal, term: Term, context: Context, kind: str) -> Iterator[Built]:
    """The codes of an amputation: `thigh`, `leg`, `arm`, `forearm`, `toe`, `finger`, `ray`, `forefoot`, `lisfranc`."""
    if kind in _LIMBS:
        yield from _limb(legal, term, context, *_LIMBS[kind])
    elif kind == "toe":
        yield from _toes(legal, term, context)
    elif kind == "finger":
        yield from _fingers(legal, term, context)
    else:
        yield from _rays(legal, term, context, kind)


_LIMBS = {
    "thigh": ("0Y6", "upper leg"), "leg": ("0Y6", "lower leg"),
    "arm": ("0X6", "upper arm"), "forearm": ("0X6", "lower arm"),
}  # fmt: skip


def _limb(legal: Legal, term: Term, context: Context, table: str, part: str) -> Iterator[Built]:
    level = _level(context)
    if not level:
        yield asked(
            f"{table}_0Z_".replace("_", "C", 1) if part == "upper leg" else f"{table}H0Z_",
            LEVELS,
            "level of the amputation (high, mid or low)",
        )
        return
    yield from drawn(legal, term, context, f"{table}_0Z{level}", part)


def _level(context: Context) -> str:
    """High, mid or low: as the name tells, else as the sentences that tell of the cut do."""
    for text in (level.text for level in context.of("clause", "sentence", "names")):
        found = _of(text)
        if found:
            return found
    for level in context.of("beside", "account", "aims"):
        for sentence in level.text.split(". "):
            found = _of(sentence) if _SAWED.search(sentence) else ""
            if found:
                return found
    return ""


def _of(text: str) -> str:
    return next((value for value, pattern in _CUT if pattern.search(text)), "")


# --- toes, fingers, rays ---


def _digits(context: Context, bare: str) -> list[str]:
    """The numbers of the toes or rays that the nearest words name."""
    for level in context.of("clause", "sentence", "names", "aims", "account"):
        text = level.text
        if _ALL_FIVE.search(text):
            return list("12345")
        found = {number for number, pattern in DIGITS if pattern.search(text)}
        for low, high in ((m[1], m[2]) for m in _RANGE.finditer(text)):
            found |= {str(n) for n in range(int(low), int(high) + 1)}
        for m in _NUMBERS.finditer(text):
            found |= {c for c in m[1] + m[2] if c.isdigit()}
        if found:
            return sorted(found)
    return list(bare)


def _toes(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    ends = _end(context)
    ordinals = {"1": "1st toe", "2": "2nd toe", "3": "3rd toe", "4": "4th toe", "5": "5th toe"}
    if not ends:
        yield asked(
            "0Y6P0Z_",
            ("complete (at the metatarsophalangeal joint)", "high", "mid", "low"),
            "level of the amputation of the toe",
        )
        return
    for digit in _digits(context, ""):
        yield from drawn(legal, term, context, f"0Y6_0Z{ends}", ordinals[digit])


def _end(context: Context) -> str:
    """Where a toe or finger ends: its joint with the foot or hand, or a phalanx."""
    for level in context.of("clause", "sentence", "names", "beside", "account", "aims"):
        for sentence in level.text.split(". "):
            if level.name in ("account", "aims") and not _TAKEN_OFF.search(sentence):
                continue
            found = next((value for value, pattern in ENDS if pattern.search(sentence)), "")
            if found:
                return found
    return ""


def _fingers(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    ends = _end(context)
    parts = _finger_names(context)
    if not ends or not parts:
        yield asked("0X6N0Z_", ("complete", "high", "mid", "low"), "level of the amputation of the finger")
        return
    for part in parts:
        yield from drawn(legal, term, context, f"0X6_0Z{ends}", part)


def _finger_names(context: Context) -> list[str]:
    for level in context.of("clause", "sentence", "names", "aims", "account"):
        found = [part for word, part in _FINGERS if _word(word).search(level.text)]
        if found:
            return list(dict.fromkeys(found))
    return []


def _word(word: str) -> Pattern:
    return compiled(rf"\b{word}\b")


def _rays(legal: Legal, term: Term, context: Context, kind: str) -> Iterator[Built]:
    """Rays of the foot or hand; a forefoot cut through the metatarsals is five partial rays."""
    texts = [level.text for level in context.of("clause", "sentence", "names", "account")]
    hand = any("hand" in t or "finger" in t or "metacarpal" in t for t in texts[:3])
    digits = _digits(context, "") if kind == "ray" else list("12345")
    values = COMPLETE if kind == "lisfranc" or _complete(texts) else PARTIAL
    if kind == "ray" and values is PARTIAL and not any(_PARTIAL.search(t) for t in texts):
        yield asked("0Y6M0Z_", ("complete ray", "partial ray"), "extent of the ray amputation (complete or partial)")
        return
    for digit in digits:
        table, part = ("0X6", "hand") if hand else ("0Y6", "foot")
        yield from drawn(legal, term, context, f"{table}_0Z{values[digit]}", part)


def _complete(texts: list[str]) -> bool:
    for text in texts:
        if WHOLE_RAY.search(text):
            return True
        if _PARTIAL.search(text):
            return False
    return False
