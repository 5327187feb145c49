"""What in a text is set like a header: names that begin a line or stand alone, and names before a colon inside a line.

Shape only; which of them open a section is decided in `sections`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LONGEST = 64  # characters of a header's name; longer lines are prose
MOST_WORDS = 9

# Quotes and emphasis before a name, its number or bullet, emphasis again: "## ", "**", "1. ", "IV) ", "• ".
_MARK = re.compile(r" *([#=_*>]*) *(\d{1,2}[.)](?= )|[ivx]{1,4}[.)](?= )|[-+•·▪◦●■‣⁃](?= ))? *([*_]*) *")
_RULE = re.compile(r" *(?:-{3,}|={3,}|_{3,}|\*{3,}|~{3,}) *")
_TRAILING = " *_#=-~\r\t"


@dataclass(frozen=True, slots=True)
class Line:
    """What a candidate for a header looks like.

    Attributes:
        name: The words, as written.
        start, body: Where the line begins, and the text after the name.
        style: plain, marked (markdown, underlined), number or bullet.
        colon: Whether a colon or a dash ends the name.
        alone: Whether nothing follows on the line.
        apart: Whether a blank line or nothing stands before.
        fresh: Whether the line before ended a sentence, or `apart`.
        inside: Whether it stands inside a line.
    """

    name: str
    start: int
    body: int
    style: str
    colon: bool
    alone: bool
    apart: bool
    fresh: bool
    inside: bool = False

    @property
    def capitals(self) -> bool:
        return self.name.isupper()

    @property
    def titled(self) -> bool:
        return all(word[0].isupper() or len(word) <= 3 or not word[0].isalpha() for word in self.name.split())


def candidates(text: str, folded: str) -> Iterator[Line]:
    """Everything that might be a header: the beginnings of lines, and names with a colon inside lines."""
    start, size = 0, len(text)
    apart = fresh = True
    while start < size:
        end = folded.find("\n", start)
        end = size if end < 0 else end
        last = end - 1
        while last >= start and folded[last] == " ":
            last -= 1
        if last < start:
            apart = fresh = True
        else:
            yield from _in_line(text, folded, start, end, last + 1, apart, fresh)
            apart, fresh = False, folded[last] in ".:;!?)"
        start = end + 1


def _in_line(text: str, folded: str, start: int, end: int, stop: int, apart: bool, fresh: bool) -> Iterator[Line]:
    colon = folded.find(":", start, stop)
    mark = _MARK.match(folded, start, stop)
    name_start = mark.end() if mark else start
    if 0 <= colon - name_start <= _LONGEST:
        yield from _leading(text, folded, start, colon, stop, mark, apart, fresh)
    elif stop - name_start <= _LONGEST and folded[stop - 1] not in ".,;!?":
        yield from _standing(text, folded, start, end, stop, mark, apart, fresh)
    elif mark and "**" in mark[1] + mark[3]:
        close = folded.find("**", name_start, min(stop, name_start + _LONGEST))
        if close > 0:
            yield Line(text[name_start:close], start, close + 2, "marked", True, False, apart, fresh)
    while colon >= 0:
        colon = folded.find(":", colon + 1, stop)
        if colon >= 0:
            inner = _inner(text, folded, max(start + 1, colon - _LONGEST), colon)
            if inner is not None:
                yield inner


def _style(mark: re.Match[str] | None) -> str:
    if mark is None:
        return "plain"
    if mark[2]:
        return "number" if mark[2][-1] in ".)" else "bullet"
    if mark[1] == "*":
        return "bullet"
    return "marked" if mark[1] or mark[3] else "plain"


def _leading(
    text: str, folded: str, start: int, colon: int, stop: int, mark: re.Match[str] | None, apart: bool, fresh: bool
) -> Iterator[Line]:
    """`Name: …` at the beginning of a line."""
    begin = mark.end() if mark else start
    name = text[begin:colon].rstrip(_TRAILING)
    body = colon + 1
    while body < stop and folded[body] in "*_ ":
        body += 1
    if name and len(name.split()) <= MOST_WORDS:
        yield Line(name, start, body, _style(mark), True, body >= stop, apart, fresh)


def _standing(
    text: str, folded: str, start: int, end: int, stop: int, mark: re.Match[str] | None, apart: bool, fresh: bool
) -> Iterator[Line]:
    """A name alone on its line, perhaps underlined, or `Name - …`."""
    begin = mark.end() if mark else start
    dash = folded.find(" - ", begin, stop)
    if dash > 0:
        yield Line(text[begin:dash].rstrip(_TRAILING), start, dash + 3, _style(mark), True, False, apart, fresh)
        return
    name, style, body = text[begin:stop].rstrip(_TRAILING), _style(mark), stop
    rule = _RULE.match(folded, end + 1)
    if rule and (rule.end() == len(folded) or folded[rule.end()] == "\n"):
        style, body = "marked", rule.end()
    if name and len(name.split()) <= MOST_WORDS:
        yield Line(name, start, body, style, False, True, apart, fresh)


def _inner(text: str, folded: str, begin: int, colon: int) -> Line | None:
    """`… stable. Medications: …`: a name inside a line, after a sentence or in capitals."""
    cut = max(folded.rfind(mark, begin, colon) for mark in (".", ",", ";", ":", ")", "  "))
    name_start = cut + 1 if cut >= 0 else begin
    words = text[name_start:colon].strip()
    ended = cut >= 0 and folded[cut] != ","
    if not words or not words[0].isupper() or not ended:
        words = _capitals(words)
    if len(words) < 2:
        return None
    place = text.rfind(words, name_start, colon)
    return Line(words, place, colon + 1, "plain", True, False, False, True, inside=True)


def _capitals(words: str) -> str:
    """The words in capitals that end a phrase."""
    kept: list[str] = []
    for word in reversed(words.split()):
        if not (word.isupper() or word in "&/"):
            break
        kept.insert(0, word)
    return " ".join(kept)
