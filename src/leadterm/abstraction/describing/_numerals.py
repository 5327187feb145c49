"""Stages, grades, types, classes with their numbers; TNM, vertebrae: what a first word or a digit announces."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

Found = Sequence[tuple[str, str, int, int]]

_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}
_ROMANS = r"(?:iv|vi|v|i{1,3})"
_END = r"(?![^\W_])"
# "3", "3b", "iiib", "iii-b", "iii b" before a mark; "2-3", "ii/iii" and "3+4" are ranges.
_NUMBER = rf"(?:[0-6][a-e]?[1-3]?|{_ROMANS}(?:[\s-]?[abc])?[1-3]?){_END}"
_RANGE = rf"(?P<number>{_NUMBER})(?:\s?(?:-|/|to)\s?(?P<second>(?:[0-6][a-e]?|{_ROMANS}[abc]?){_END}))?"
_LETTER = rf"(?P<letter>[a-d]){_END}"
_JOINT = r"[\s:#-]*(?:is\s+|of\s+|g(?=\d))?"
_NAMED = re.compile(
    rf"(?:stages?|grades?|types?|class|phase){_JOINT}(?:{_RANGE}|{_LETTER}(?!\s+[a-z]+\s+(?:of|the)\b))"
)
_BLOOD = re.compile(r"(?:blood|wild|cell|tissue|mobitz)[\s-]+\Z")
# Systems bear a name; which axis their number is on.
_SYSTEMS = {
    "nyha": "class",
    "child-pugh": "class",
    "child": "class",
    "killip": "class",
    "salter-harris": "type",
    "salter": "type",
    "weber": "type",
    "stanford": "type",
    "garden": "type",
    "schatzker": "type",
    "mobitz": "type",
    "gustilo": "grade",
    "wagner": "grade",
    "kellgren": "grade",
    "forrest": "grade",
    "outerbridge": "grade",
    "figo": "stage",
    "rai": "stage",
    "hinchey": "stage",
    "gold": "stage",
    "kdigo": "stage",
    "tanner": "stage",
    "braak": "stage",
}
_SYSTEM = re.compile(
    r"[a-z]+(?:[\s-]+(?:pugh|harris|anderson|lawrence|turcotte|danis))*(?:'s)?[\s,:-]*(?:functional\s+)?"
    rf"(?:(?:stage|grade|type|class|group|category|fc|score)[\s:-]*)?(?:{_RANGE}|{_LETTER})"
)
_KIDNEY = re.compile(
    rf"ckd[\s,-]*(?:g(?=\d))?(?P<number>(?:[1-5][ab]?|{_ROMANS}[ab]?){_END})(?!\s*(?:/|-\d|x\b|year|week|day|month))"
)
_DIABETES = re.compile(rf"(?:t(?P<before>[12])\s?dm|dm[\s-]?(?:type\s?)?(?P<after>[12]|ii?)|iddm|niddm){_END}")
_GLEASON = re.compile(
    r"gleason(?:'s)?(?:[\s:]+(?:score|grade|sum|pattern)(?:\s+of)?)?[\s:]*"
    r"(?P<score>\d\s?\+\s?\d(?:\s?=\s?\d{1,2})?|\d{1,2}(?:\s?\(\d\s?\+\s?\d\))?)"
)
_TNM = re.compile(r"[cpyr]{0,2}t(?:[0-4][a-d]?|is|x)[\s,]?n[0-3x][a-c]?(?:[\s,]?m[01x][a-c]?)?(?![^\W_])")
_VERTEBRA = re.compile(r"[ctls]\d{1,2}(?:\s?(?:-|/|and|to|through)\s?[ctls]?\d{1,2})?(?![^\W_])")
_LEVELS = {"c": 7, "t": 12, "l": 5, "s": 5}


def named(folded: str, start: int, _: int, end: int) -> Found:
    """The stage, grade, type, class or phase that begins at `start`: "stage IIIb", "grade 2-3", "type A"."""
    match = _NAMED.match(folded, start, end)
    if match is None or _BLOOD.search(folded, max(0, start - 10), start):
        return ()
    axis = {"s": "stage", "g": "grade", "t": "type", "c": "class", "p": "phase"}[folded[start]]
    return () if axis == "phase" else ((axis, _value(match), start, match.end()),)


def system(folded: str, start: int, end_of_word: int, end: int) -> Found:
    """The class, type, grade or stage in a system that has a name: "NYHA class III", "Salter-Harris II"."""
    match = _SYSTEM.match(folded, start, end)
    if match is None:
        return ()
    return ((_SYSTEMS[folded[start:end_of_word]], _value(match), start, match.end()),)


def kidney(folded: str, start: int, _: int, end: int) -> Found:
    """The stage that follows "CKD" without its word: "CKD 3b", "CKD IV"."""
    match = _KIDNEY.match(folded, start, end)
    return (("stage", _plain(match["number"]), match.start("number"), match.end()),) if match else ()


def diabetes(folded: str, start: int, _: int, end: int) -> Found:
    """The type in an abbreviation of diabetes: "T2DM", "DM II"."""
    match = _DIABETES.match(folded, start, end)
    number = match and (match["before"] or match["after"])
    return (("type", _plain(number), start, match.end()),) if match and number else ()


def gleason(folded: str, start: int, _: int, end: int) -> Found:
    """The grade of a prostate cancer: "Gleason 3+4=7"."""
    match = _GLEASON.match(folded, start, end)
    return (("grade", "".join(match["score"].split()), start, match.end()),) if match else ()


def tumour(folded: str, start: int, end_of_word: int, end: int) -> Found:
    """The TNM formula that begins at `start`, "pT2a N0 M0"; else a level of the spine."""
    match = _TNM.match(folded, start, end)
    if match is None:
        return vertebra(folded, start, end_of_word, end)
    return (("tnm", "".join(c for c in match[0] if c.isalnum()), start, match.end()),)


def vertebra(folded: str, start: int, _: int, end: int) -> Found:
    """The level of the spine that begins at `start`: "L4-L5"."""
    match = _VERTEBRA.match(folded, start, end)
    return (("site", " ".join(match[0].split()), start, match.end()),) if match else ()


def _value(match: re.Match[str]) -> str:
    if match["letter"]:
        return match["letter"]
    first, second = _plain(match["number"]), match["second"] and _plain(match["second"])
    return first if not second or second == "6" else f"{first}-{second}"


def _plain(number: str) -> str:
    """An arabic number with its letter: "iii b" → "3b"."""
    number = "".join(c for c in number if c.isalnum())
    roman = number.rstrip("abc0123456789")
    return _ROMAN.get(roman, roman) + number[len(roman) :]


READERS: dict[str, Callable[[str, int, int, int], Found]] = {
    **dict.fromkeys(("stage", "stages", "grade", "grades", "type", "types", "class"), named),
    **dict.fromkeys((name.split("-")[0] for name in _SYSTEMS), system),
    "ckd": kidney,
    **dict.fromkeys(("t1dm", "t2dm", "dm", "dm1", "dm2", "dmii", "dmi"), diabetes),
    "gleason": gleason,
    **{f"{letter}{n}": vertebra for letter, last in _LEVELS.items() for n in range(1, last + 1)},
    **{
        f"{prefix}t{size}": tumour
        for prefix in ("", "c", "p", "yp", "yc", "r")
        for size in ("0", "1", "2", "3", "4", "is", "x")
    },
}
