"""Where an ambulance took a patient up and where it took the patient to, each with the letter of its kind of place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.patterns import Pattern, compiled
from leadterm.domain import Document, Evidence, Span

End = tuple[str, Evidence]
_LABEL = r"[ \t]*(?:\([^)\n]{0,20}\))?[ \t]*(?::|=|\||[-–—]+[ \t]|[ \t]{2,})[ \t]*"
_WHAT = r"(?P<what>[^\n;|]{2,110})"
_FROM_LABELS = compiled(
    r"(?:^|[\n|;,.\t]|[ \t]{2,})[ \t]*(?:transport(?:ed)? from|origin(?: (?:type|facility|address|location))?|orig"
    r"|pick[- ]?up(?: (?:location|point|address|facility|site|at))?|p/?u|picked up|from|sending(?: (?:facility"
    r"|unit))?"
    r"|(?:incident |call |scene |response )?(?:location|address)(?: type)?|scene(?: (?:type|location|address))?|loc"
    r"|responded to|dispatched to|called to|referring(?: facility)?|transferring facility|point of pick-?up|pup)"
    rf"{_LABEL}{_WHAT}",
    re.IGNORECASE,
)
_TO_LABELS = compiled(
    r"(?:^|[\n|;,.\t]|[ \t]{2,})[ \t]*(?:destination(?: (?:type|facility|name|address))?|dest|drop(?:[- ]?off)?"
    r"(?: (?:location|point|address|at))?|d/?o|transport(?:ed)? to|receiving(?: (?:facility|hospital|unit))?|to"
    r"|delivered to|taken to|accepting(?: facility)?|transport destination)"
    rf"{_LABEL}{_WHAT}",
    re.IGNORECASE,
)
# "from X to Y", "X -> Y": both ends in one line.
_BOTH = compiled(
    r"(?:\bfrom(?::| the| her| his| their)? (?P<a>[^\n;]{3,80}?) (?:back )?to (?P<b>[^\n;.]{2,70})"
    r"|(?:^|[\n.;:] ?)(?P<c>[^\n;:]{2,70}?)[ \t]*(?:->|-->|=>|→|➔|>>)[ \t]*(?P<d>[^\n;]{2,70}))",
    re.IGNORECASE,
)
_FROM_TOLD = compiled(
    r"\b(?:picked (?:him |her |them |pt |patient )?up (?:at|from)|transported from|transport from|found (?:at|in|on)"
    r"|(?:was )?(?:called|dispatched|responded|respond|sent|requested|toned(?: out)?"
    r"|response) (?:[\w-]+ ){0,3}?(?:to|at)"
    r"|arrived (?:at|on)(?! (?:hospital|dest))|on arrival at|upon arrival at|at (?:her|his|their|the) (?=home"
    r"|house|res"
    r"|apartment))\b:? ?(?:a |an |the )?"
    + _WHAT
    + r"|(?:^|[.;\n])[ \t]*(?:pick[- ]?up|p/?u|origin) (?P<bare>[^\n;|]{2,110})",
    re.IGNORECASE,
)
_TO_TOLD = compiled(
    r"\b(?:transported|transport|transporting|transferred|conveyed|taken|took|brought|delivered|drove|driven"
    r"|moved|rode|en ?route|diverted|txp?'?d?|tx|report (?:given )?at)(?: \w+){0,6}? (?:to|into|at) " + _WHAT,
    re.IGNORECASE,
)
_TO_REACHED = compiled(
    r"\b(?:arriv(?:ed|al|e)|arr|at dest(?:ination)?|offload(?:ed)?|unload(?:ed)?|turned over|care transferred|handoff"
    r"|hand-off|handed over|transferred care|report (?:given )?(?:to|at)|bed assigned|waited)\b(?: at| to| in| for)*"
    r"[ \t:]*" + _WHAT + r"|(?:^|[.;\n])[ \t]*(?:drop(?:[- ]?off)?|d/?o|dest) (?P<bare>[^\n;|]{2,110})",
    re.IGNORECASE,
)
# Where nothing else tells: "To the trauma center", "A to B", "fell at home".
_TO_LAST = compiled(r"(?:^|[.;,\n])[ \t]*(?:then )?to (?:the )?" + _WHAT, re.IGNORECASE)
_BARE = compiled(r"(?:^|[\n:.]) ?(?P<c>[^\n;:.]{2,60}?) to (?:the |a |an )?(?P<d>[^\n;.]{2,70})", re.IGNORECASE)
_FROM_LAST = compiled(
    r"\bdispatch\w*[^.\n]{0,40}?(?:, ?| - |: )(?P<bare>[^\n;|]{2,110})|\b(?:at|in|from|outside(?: of)?"
    r"|inside) (?:the |a |an |his |her |their |own |private |pt'?s |patient'?s "
    r"|local )?" + _WHAT,
    re.IGNORECASE,
)
_STATED = compiled(
    r"\b(?i:modifiers?|mod|origin[/ &-]+dest(?:ination)?(?: (?:mod(?:ifier)?|code))?"
    r"|o/d)[ \t]*[:=][ \t]*(?P<a>[DEGHIJNPRS])"
    r"[ ]?(?P<b>[DEGHIJNPRSX])\b"
)
_CUT = compiled(r"\.(?=\s+[A-Z])|\s{3,}|\bto the [A-Z]| (?:by|via) ")
_STAGE = compiled(r"\bto\b")


@cache
def _kinds() -> tuple[tuple[str, bool, Pattern], ...]:
    return tuple((r["letter"], bool(r["weak"]), compiled(r["said"], re.IGNORECASE)) for r in rows("supplies/places"))


def letter_of(what: str, weak: bool = True) -> str | None:
    """The letter of the kind of place that words name; None where they name none."""
    return next((letter for letter, faint, kind in _kinds() if (weak or not faint) and kind.search(what)), None)


def ends(document: Document) -> tuple[End | None, End | None]:
    """Origin and destination: as labels say, else as a sentence says."""
    text = document.text
    if m := _STATED.search(text):
        return (m["a"], _words(document, m, "a")), (m["b"], _words(document, m, "b"))
    start = _first(document, (_FROM_LABELS,), False)
    stop = _first(document, (_TO_LABELS,), True)
    if start is None or stop is None:
        one, other = _pair(document, _BOTH)
        start, stop = start or one, stop or other
    start = start or _first(document, (_FROM_TOLD,), False)
    stop = stop or _first(document, (_TO_TOLD, _TO_REACHED, _TO_LAST), True)
    if start is None:
        one, other = _pair(document, _BARE)
        start, stop = one or _first(document, (_FROM_LAST,), False), stop or other
    return start, stop


def _pair(document: Document, pattern: Pattern) -> tuple[End | None, End | None]:
    """Both ends out of one line that names them."""
    for m in pattern.finditer(document.text):
        one, other = ("a", "b") if m.groupdict().get("a") else ("c", "d")
        first, last = letter_of(m[one], False), letter_of(m[other])
        if first and last:
            return (first, _words(document, m, one)), (last, _words(document, m, other))
    return None, None


def _first(document: Document, patterns: tuple[Pattern, ...], weak: bool) -> End | None:
    """The first place of a known kind that the patterns lead to; names that only hint at one count last."""
    for faint in (False, True) if weak else (False,):
        for pattern in patterns:
            for m in _each(document.text, pattern):
                at, what = m.start(_group(m)), _cut(m[_group(m)], weak)
                if letter := letter_of(what, faint):
                    return letter, Evidence.quote(document, Span(at, at + len(what)))
    return None


def _each(text: str, pattern: Pattern) -> Iterator[re.Match[str]]:
    """Every match, also one that begins within another."""
    at = 0
    while m := pattern.search(text, at):
        yield m
        at = m.start(_group(m))


def _group(m: re.Match[str]) -> str:
    return "bare" if m.groupdict().get("bare") else "what"


def _cut(what: str, to: bool) -> str:
    """The words of one place, up to the end of its sentence or column; an origin ends at its own `to`."""
    end = _CUT.search(what, 3)
    what = what[: end.start()] if end else what
    left = None if to else _STAGE.search(what, 3)
    return what[: left.start()] if left else what


def _words(document: Document, m: re.Match[str], group: str) -> Evidence:
    return Evidence.quote(document, Span(m.start(group), m.end(group)))
