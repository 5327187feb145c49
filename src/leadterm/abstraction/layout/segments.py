"""The sentences and list items of a section: the stretches inside which words speak of each other.

The text is one that `unwrap` has gone over: every line end left in it was meant, and is a boundary unless a list
belongs to the words that introduce it ("Denies:⏎- fever⏎- cough"). Inside a line sentences end, bullets and numbers
begin items, and labels behind a gap begin cells of a form.
"""

from __future__ import annotations

import re
from functools import cache

from .._tables import read_table

_LONGEST_WORD = 24
_BULLETS = "•▪◦●■‣⁃"
_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_CLOSERS = "\"')]’”"
_BEGINNING = "([,;:\"'“‘*_"  # before the first letter of a word
_EDGE = "*_=" + "".join(chr(point) for point in range(0x3001) if chr(point).isspace())
_NUMBER = r"\(?(?P<number>\d{1,2})[.)]"
_ITEM = (
    rf"[{_BULLETS}]+|[-*+–—·](?=\s)|\#{{1,6}}|{_NUMBER}(?=\s|[A-Za-z])|[a-h]\)(?=\s)"
    r"|(?:i{1,3}|iv|vi{1,3}|ix)[.)](?=\s)|(?:I{1,3}|IV|VI{1,3}|IX)[.)](?=\s)|[*_=~-]{2,}"
)
_IS_ITEM = re.compile(_ITEM)
_LEAD = re.compile(rf"(?:[\s*_=]+|(?![A-HJ-UW-Zj-uw-z])(?:{_ITEM}))+")
# A class of characters leads, so that the search runs over what is none of them at full speed.
_POINT = (
    rf"(?:(?<=[.!?])(?P<stop>[.!?]*[{re.escape(_CLOSERS)}]*)(?=\s|\Z|[A-Z][a-z])|(?<=[{_LINE_ENDS}])(?P<line>\s*)"
    rf"|(?<=[{_BULLETS}])(?P<bullet>)|(?<=\d\))(?P<item>)(?=\s{{0,2}}[A-Z])"
)
_PLAIN_POINT = re.compile(rf"[.!?){_LINE_ENDS}{_BULLETS}]{_POINT})")
_GAP = r"(?<=[^ \t][ \t])(?P<gap>[ \t]++)(?=[*+-]\s|[A-Z][A-Za-z0-9/&'# -]{0,30}:(?:\s|\Z))"
_GAP_POINT = re.compile(rf"[ \t.!?){_LINE_ENDS}{_BULLETS}]{_POINT}|{_GAP})")
_NUMBERED = re.compile(r"(?:\A|\s)(\(?(\d{1,2}))\Z")
_SHORT = re.compile(rf"[^\s.:!?{_BULLETS}]+(?: [^\s.:!?{_BULLETS}]+){{0,4}}[ \t]*(?=[{_LINE_ENDS}]|\Z)")  # a bare item
_LEAD_IN = re.compile(
    r"(?i)\b(?:den(?:y|ies|ied|ying)|negative for|without|no|not|following|if|for|of|includes?|including|possible"
    r"|suspected|rule out|differential(?: diagnos[ei]s)?|experience|develop|precautions|any|mother|father"
    r"|history)\s*:\s*\Z"
)
# After these a single letter is part of a name, and may end its sentence.
_LETTERED = frozenset(
    "hepatitis vitamin type influenza group class stage grade category protein factor strep schedule part".split()
)
# After these a number is no item of a list.
_COUNTED = _LETTERED | frozenset(
    "no no. number day week month year weeks days months years phase level score para gravida x at of in to and or"
    " about age aged by for from".split()
)
_SECOND = re.compile(r"\s\(?2[.)]\s{1,2}[A-Z]")
_ITEM_LENGTH = 400
_ANSWER = re.compile(r"\s+(?:no|yes|none|negative|positive|denies|never)\s*(?:[.;,]|\Z|\n)", re.IGNORECASE)


def split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The segments of `text[start:end]` in order, trimmed of blanks, bullets and numbers; none is empty, none overlap.

    `text` is what `unwrap` returns. Linear in `end - start`.
    """
    found: list[tuple[int, int]] = []
    number, listing, begin = 0, "", start
    if (lead := _LEAD.match(text, start, end)) is not None:
        begin, number = lead.end(), int(lead["number"] or 0)
    passed = begin
    spaced = text.find("  ", start, end) >= 0 or text.find("\t", start, end) >= 0
    points = _GAP_POINT if spaced else _PLAIN_POINT
    for point in points.finditer(text, start, end):
        at, after, kind = point.start(), point.end(), point.lastgroup
        if at < passed:
            continue
        cut = at
        if kind == "stop":
            if listing and text[after : after + 3].lstrip(" \t")[:1] in ("", "\n", "\r"):
                continue
            item = _item(text, begin, at, number + 1) if text[at - 1].isdigit() else -1
            if item >= 0:
                number += 1
                if number == 1 or listing:
                    continue
                cut = item
            elif _ends_sentence(text, begin, at, after):
                cut = after
            else:
                continue
        elif kind == "line":
            if listing or ":" in text[at - 3 : at]:
                listing = _list_goes_on(text, begin, at, after, end, listing)
            if listing:
                passed = after
                if (lead := _IS_ITEM.match(text, after, end)) is not None:
                    passed = lead.end()
                continue
        elif kind == "item":
            cut = _item(text, begin, at, number + 1)
            if cut < 0:
                continue
            number += 1
            if number == 1 or listing:
                continue
        elif listing:
            continue
        if cut > begin:
            found.append((begin, cut if cut == after else begin + len(text[begin:cut].rstrip(_EDGE))))
        begin = cut
        if (lead := _LEAD.match(text, cut, end)) is not None:
            begin = lead.end()
            number = int(lead["number"] or number)
        passed = max(begin, after)
    if end > begin:
        found.append((begin, begin + len(text[begin:end].rstrip(_EDGE))))
    return [piece for piece in found if piece[0] < piece[1]]


def _list_goes_on(text: str, begin: int, at: int, after: int, end: int, listing: str) -> str:
    """What the line after a line end is of the list that belongs to the words before it ("Denies:"), "" if none."""
    if listing == "sentence" or text.count("\n", at, after) > 1 or after >= end:
        return ""
    line = text[max(begin, at - 40) : at].rstrip()
    if not listing and not (line[-1:] == ":" and _LEAD_IN.search(line)):
        return ""
    if _IS_ITEM.match(text, after, end) is not None:
        return "items" if listing != "lines" else ""
    if _SHORT.match(text, after, end) is not None:
        return "lines" if listing != "items" else ""
    return "" if listing else "sentence"


def _item(text: str, begin: int, at: int, number: int) -> int:
    """Where the number that `at` closes begins an item of a list inside a line; -1 where it does not.

    It is the next of its list, a capital follows, and no word before it counts with it ("stage 3. He …").
    """
    first = max(begin, at - _LONGEST_WORD)
    found = _NUMBERED.search(text, max(begin, at - 4), at)
    if found is None or int(found[2]) != number or not text[at + 1 : at + 4].strip()[:1].isupper():
        return -1
    before = text[first : found.start(1)].split()
    if before and before[-1].lower() in _COUNTED:
        return -1
    if number == 1 and before and before[-1][-1].isalnum() and not _SECOND.search(text, at, at + _ITEM_LENGTH):
        return -1
    return found.start(1)


def _ends_sentence(text: str, begin: int, at: int, after: int) -> bool:
    """Whether the marks and closing quotes in `text[at:after]` end a sentence."""
    mark = text[at]
    if mark == "." and text[at + 1 : at + 2] == " ":
        return _period_ends(text, begin, at, after)
    glued = after < len(text) and not text[after].isspace()
    if mark == "?":
        alone = at == begin or text[at - 1].isspace()
        return not glued and not alone and not _ANSWER.match(text, after)
    if glued and (mark != "." or after != at + 1):
        return False
    if mark == "." and text[at : at + 2] == ".." and text[after : after + 2].lstrip()[:1].islower():
        return False
    return mark == "!" or _period_ends(text, begin, at, after)


def _period_ends(text: str, begin: int, dot: int, after: int) -> bool:
    first = max(begin, dot - _LONGEST_WORD)
    word = text[max(first, text.rfind(" ", first, dot) + 1) : dot].lstrip(_BEGINNING)
    kind = _abbreviations().get(word.lower())
    if kind is None and len(word) > 1 and word.isalpha():
        return len(word) > 2 or after > dot + 1 or text[after : after + 1].isspace() or after >= len(text)
    if kind is None and word[:1].isdigit():
        kind = _abbreviations().get(word.lstrip("0123456789.,").lower())  # 200cc.
    following = text[after : after + _LONGEST_WORD].lstrip()
    if not following:
        return True
    upper = following[0].isupper()
    if kind == "never":
        # MS and PA are acronyms where the text beside them is not in capitals.
        return upper and len(word) > 1 and word.isupper() and not following.split(None, 1)[0].isupper()
    if kind == "number":
        return not following[0].isdigit()
    if word.isdigit():
        return not following[0].islower() and not text[first : dot - len(word)].endswith(("No. ", "no. "))
    if word[-1:] in _CLOSERS:
        return not following[0].islower()
    if kind == "inner" or "." in word or not word:
        return upper
    if len(word) == 1 and word.isalpha():
        return _letter_ends(text[first:dot].split(), following)
    return after > dot + 1 or text[after].isspace()


def _letter_ends(words: list[str], following: str) -> bool:
    """Whether a single letter ends a sentence (hepatitis C. He) or abbreviates (E. coli, J. Smith)."""
    first = following.split(None, 1)[0].lower().rstrip(".,;:)")
    if _abbreviations().get(first) == "species" or following[0].islower():
        return False
    return len(words) > 1 and words[-2].lower() in _LETTERED


@cache
def _abbreviations() -> dict[str, str]:
    return {
        row["abbreviation"]: row["class"] for row in read_table("layout/abbreviations.tsv", ("abbreviation", "class"))
    }
