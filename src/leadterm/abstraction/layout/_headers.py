"""What in a text is set like a header: names that begin a line or stand alone, and names before a colon inside a line.

Shape only; which of them open a section is decided in `sections`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ._colonless import before_gap, columns, name_between, names_columns
from ._marks import BOLD, MARKED, SIMPLE_BULLETS, mark_at
from ._names import LONGEST, Name, table

_CLOSING = re.compile(r"(?:</?[a-z]\w{0,9} ?/?>|[ *_\]})|=~»,])*")
_CLOSERS = frozenset(" *_]})|=~»,<")
_RULE = re.compile(r"\n[ \t\r]*(?:-{3,}|={3,}|_{3,}|\*{3,}|~{3,}|\u2500{3,}|\u2550{3,})[ \t\r]*(?=\n|\Z)")
_RULES = frozenset(mark * 3 for mark in "-=_*~\u2500\u2550")
# An export that writes a comma where a line ended, and one that keeps its tags.
_COMMAS = re.compile(r": ?,[ \S]")
_COMMA_LINE = re.compile(r"\n|,(?=[A-Z][A-Za-z /&()'-]{1,60}:)")
_TAG_LINE = re.compile(r"\n|<(?:/?(?:p|div|li|tr|td|h[1-6]|section|title|paragraph|item|caption)|br)\b[^<>\n]{0,80}>")
_LAST = re.compile(r"(?:[a-z0-9'-]+|\)) *\Z")
_WORD = re.compile(r"[^\s.;:!?)|,]+[^\s]*")
_SPLIT = re.compile(r"[.;:!?)|,]")
_ENDS = frozenset(".;:!?)|]>")
_MOST_WORDS = 9
_LONGEST_WORD = 20

# How high the letters set a name, below any mark: capitals above small ones.
_UPPER, _TITLED, _LOWER = 6, 4, 2


class Line(NamedTuple):
    """What a candidate for a header looks like.

    Attributes:
        name: The words, and what is known of them.
        start, body: Where the line begins, and the text after the name.
        style: plain, marked (heading, underlined, in brackets, bold), number or bullet.
        level: How high a heading it is; a greater number stands above a lesser one.
        number: The number before it; 0 without one.
        colon: Whether a colon, a dash or a column ends the name.
        alone: Whether nothing follows on the line.
        apart: Whether a blank line or nothing stands before.
        inside: Whether it stands inside a line.
        ended: Whether a sentence ended before it; true at the beginning of a line.
    """

    name: Name
    start: int
    body: int
    style: str
    level: int
    number: int
    colon: bool
    alone: bool
    apart: bool
    inside: bool = False
    ended: bool = True


def candidates(text: str, folded: str) -> Iterator[Line]:
    """Everything that might be a header: the beginnings of lines, and names with a colon inside lines."""
    names = table()
    apart, start = True, 0
    for line, gap in _lines(text, folded):
        end = start + len(line)
        words = line.strip(" ,")
        if not words or (words[:3] in _RULES and not words.strip(words[0])):
            apart, start = True, end + gap
            continue
        begin = start if line[0] == words[0] else start + line.index(words[0])
        stop, after = begin + len(words), begin + 1
        colon = folded.find(":", begin, stop)
        first = words[: words.find(" ")] if " " in words else words
        short = len(words) <= LONGEST
        # Most lines are prose: they begin with a plain word that begins no name, and no colon is near.
        if (
            0 <= colon <= begin + LONGEST
            or first in (names.openers if short else names.starters)
            or not first.isalpha()
            or text[begin : after + 1].isupper()
            or (short and folded[end + 1 : end + 4] in _RULES)
        ):
            head = _head(text, folded, (start, begin, stop, end), colon, apart)
            if head is not None:
                yield head
                after = head.body
                colon = folded.find(":", after, stop)
        if colon >= 0:
            yield from _inner(text, folded, after, colon, end)
        apart, start = False, end + gap


def _lines(text: str, folded: str) -> Iterator[tuple[str, int]]:
    """Each line, and how many characters end it; commas or tags that stand for line ends are such, a tag begins one."""
    breaks = None
    if "</" in folded and _TAG_LINE.search(folded):
        breaks = _TAG_LINE.finditer(folded)
    elif ":," in folded or ": ," in folded:
        found = _COMMAS.finditer(folded)
        if next(found, None) and next(found, None):
            breaks = _COMMA_LINE.finditer(text)
    if breaks is None:
        return ((line, 1) for line in folded.split("\n"))
    return _broken(folded, breaks)


def _broken(folded: str, breaks: Iterator[re.Match[str]]) -> Iterator[tuple[str, int]]:
    start = 0
    for match in breaks:
        gap = 0 if folded[match.start()] == "<" else 1
        yield folded[start : match.start()], gap
        start = match.start() + gap
    yield folded[start:], 1


def _head(text: str, folded: str, place: tuple[int, int, int, int], colon: int, apart: bool) -> Line | None:
    """The name that begins a line, if it is known or set like a header: before a colon, alone, or before a gap.

    `place` is where the line begins, its words begin and end, and where it ends; `colon` its first colon.
    """
    start, begin, stop, end = place
    short = stop - begin <= LONGEST
    if names_columns(text, folded, begin, stop, end):
        return None
    underlined = short and folded[end + 1 : end + 4] in _RULES
    if underlined or folded[begin] == "|":
        shape = _shape(text, folded, place, underlined)
    else:
        # What a whole short line shows may differ from what the same words show before further ones.
        words = text[begin:stop] if short else text[begin : colon + 1] if 0 <= colon <= begin + LONGEST else ""
        key = (words, short)
        if key in _memory:
            shape = _memory[key]
        else:
            shape = _shape(text, folded, place, underlined)
            if words and (short or _ends_at_colon(text, folded, begin, stop, colon, shape)):
                _remember(key, shape)
    if shape is None:
        return None
    name, style, level = shape.name, shape.style, shape.level
    after = begin + shape.after
    if underlined and style == "plain" and after >= stop and (rule := _RULE.match(folded, end)) is not None:
        style, level, end = "marked", MARKED, rule.end()
    if after < stop and folded[after] in _CLOSERS and (body := _CLOSING.match(folded, after, end)) is not None:
        after = body.end()
    alone = after >= stop
    return Line(name, start, end if alone else after, style, level, shape.number, shape.colon, alone, apart)


def _ends_at_colon(text: str, folded: str, begin: int, stop: int, colon: int, shape: _Shape | None) -> bool:
    """Whether what a long line shows depends on nothing behind its first colon."""
    name = begin if folded[begin].isalpha() else begin + 2
    if name != begin and not (folded[begin] in SIMPLE_BULLETS and folded[begin + 1] == " " and folded[name].isalpha()):
        return False
    return not _may_open(text, folded, name, stop) if shape is None else shape.after == colon + 1 - begin


class _Shape(NamedTuple):
    """What the words of a line show of its beginning; `after` is where the name ends, from the first word on."""

    name: Name
    style: str
    level: int
    number: int
    colon: bool
    after: int


# The beginnings of lines that were asked before: headers return from note to note.
_memory: dict[tuple[str, bool], _Shape | None] = {}
_REMEMBERED = 4096


def _remember(key: tuple[str, bool], shape: _Shape | None) -> None:
    if len(_memory) >= _REMEMBERED:
        _memory.clear()
    _memory[key] = shape


def _shape(text: str, folded: str, place: tuple[int, int, int, int], underlined: bool) -> _Shape | None:
    _, first, stop, end = place
    style, level, number, begin, signs = mark_at(folded, first, stop)
    if "|" in signs and columns(folded, first, stop, end):
        return None
    marked = style == "marked" or underlined
    found, colon = _before_colon(text, folded, begin, stop), True
    if found is None or not _like_a_name(found[0]):
        other = before_gap(text, folded, begin, stop) if marked or _may_open(text, folded, begin, stop) else None
        if other is not None:
            found, colon = other, other[1] < stop or folded[stop - 1] == "-"
        if found is None or not (marked or _like_a_name(found[0])):
            return None
    name, after = found
    level = level or (_UPPER if name.capitals else _LOWER if name.lower else _TITLED)
    if level == BOLD and name.capitals:
        level += 1
    return _Shape(name, style, level, number, colon, after - first)


def _like_a_name(name: Name) -> bool:
    """Whether a name may head a section without any mark: something is known of it, it is in capitals, or a letter."""
    return bool(name.entries) or name.capitals or name.letters == 1


def _may_open(text: str, folded: str, begin: int, stop: int) -> bool:
    """Whether a line may begin with a name that no colon ends: it begins like one that is known, or in capitals."""
    space = folded.find(" ", begin, stop)
    first = folded[begin : space if space > 0 else stop].rstrip("-.,")
    known = table().openers if stop - begin <= LONGEST else table().starters
    return first in known or text[begin : begin + 2].isupper() or ("/" in first and first.partition("/")[0] in known)


def _before_colon(text: str, folded: str, begin: int, stop: int) -> tuple[Name, int] | None:
    """`Name: …`, whatever the name; the colon of a time ends none."""
    near = min(stop, begin + LONGEST)
    colon = folded.find(":", begin, near)
    while colon > 0 and folded[colon - 1].isdigit() and folded[colon + 1 : colon + 2].isdigit():
        colon = folded.find(":", colon + 1, near)
    name = name_between(text, folded, begin, colon) if colon >= 0 else None
    return (name, colon + 1) if name is not None else None


def _inner(text: str, folded: str, begin: int, colon: int, end: int) -> Iterator[Line]:
    """`… stable. Medications: …`: known names before a colon inside a line."""
    last_words = table().last_words
    while colon >= 0:
        word = _LAST.search(folded, max(begin, colon - _LONGEST_WORD), colon)
        if word is not None and (word[0].rstrip() in last_words or word[0][0] == ")"):
            line = _inside(text, folded, max(begin, colon - LONGEST), colon)
            if line is not None:
                yield line
        colon = folded.find(":", colon + 1, end)


def _inside(text: str, folded: str, begin: int, colon: int) -> Line | None:
    """The longest known name that ends at a colon inside a line, after a sentence or in capitals."""
    starts = [match.start() for match in _WORD.finditer(folded, begin, colon)][-_MOST_WORDS:]
    for start in starts:
        if _SPLIT.search(folded, start, colon):
            continue
        name = name_between(text, folded, start, colon)
        if name is None or not name.whole:
            continue
        before = folded[max(begin, start - 4) : start].rstrip()
        ended = not before or before[-1] in _ENDS or text[start - 2 : start] == "  "
        if name.capitals or ended:
            level = _UPPER if name.capitals else _LOWER if name.lower else _TITLED
            body = _CLOSING.match(folded, colon + 1)
            after = body.end() if body else colon + 1
            return Line(name, start, after, "plain", level, 0, True, False, False, inside=True, ended=ended)
    return None
