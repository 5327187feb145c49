"""Words in a document, and the sentence, item or line that they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from leadterm.domain import Document, Evidence, Span

from .patterns import Pattern

SOFT = 60  # a line of so many characters goes on in the next one, where that begins no item
_ITEM = re.compile(r"\s*(?:[-*•·>]|\d{1,2}[.)]\s|[A-Z][\w /&()'-]{1,40}:|\n|\Z)")
_END = re.compile(
    r"(?<!\bmin)(?<!\bmins)(?<!\bhr)(?<!\bhrs)(?<!\bdr)(?<!\bmr)(?<!\bms)(?<!\bmrs)(?<!\bno)(?<!\bvs)(?<!\bapprox)"
    r"(?<!\ba\.m)(?<!\bp\.m)(?<!\b[a-z])(?<!\.\.)[.;!?](?=\s|\Z)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Words in a document, with the sentence that they stand in."""

    document: Document
    span: Span
    sentence: Span

    @property
    def evidence(self) -> Evidence:
        """The words themselves."""
        return Evidence.quote(self.document, self.span)

    @property
    def words(self) -> str:
        """The words, in small letters, spaces single."""
        return " ".join(self.span.of(self.document.text).lower().split())

    @property
    def said(self) -> str:
        """The sentence, in small letters, spaces single."""
        return " ".join(self.sentence.of(self.document.text).lower().split())

    @property
    def before(self) -> str:
        """The sentence up to the words."""
        return self.document.text[self.sentence.start : self.span.start]

    @property
    def after(self) -> str:
        """The sentence from the words on."""
        return self.document.text[self.span.end : self.sentence.end]

    @property
    def line(self) -> str:
        """The whole line that the words stand in, as written."""
        return whole_line(self.document.text, self.span.start).of(self.document.text)


def places(pattern: Pattern, document: Document) -> Iterator[Place]:
    """Where a pattern matches, each with its sentence."""
    return (place(document, m.start(), m.end()) for m in pattern.finditer(document.text))


def place(document: Document, start: int, end: int) -> Place:
    """The place of these words in a document."""
    return Place(document, Span(start, end), sentence(document.text, start, end))


def sentence(text: str, start: int, end: int) -> Span:
    """The sentence or item that a stretch of a text stands in; a wrapped line goes on, a list does not."""
    low = text.rfind("\n", 0, start) + 1
    while low > 0 and _goes_on(text, low):
        low = text.rfind("\n", 0, low - 1) + 1
    high = line_end(text, end)
    while high < len(text) and _goes_on(text, high + 1):
        high = line_end(text, high + 1)
    for stop in _END.finditer(text, low, high):
        if stop.end() <= start:
            low = stop.end()
        elif stop.start() >= end:
            return Span(low, stop.end())
    return Span(low, max(high, end))


def line_end(text: str, at: int) -> int:
    """Where the line that a place stands in ends, without its end."""
    found = text.find("\n", at)
    return found if found >= 0 else len(text)


def _goes_on(text: str, line: int) -> bool:
    """Whether the line that begins at `line` goes on with the sentence of the one before it."""
    before = text.rfind("\n", 0, line - 1) + 1
    return line - 1 - before >= SOFT and not _ITEM.match(text, line)


def whole_line(text: str, at: int) -> Span:
    """The line that a place stands in, without its end."""
    low = text.rfind("\n", 0, at) + 1
    return Span(low, max(line_end(text, at), low + 1))


def last_of(pattern: Pattern, text: str) -> int:
    """Where the last match of a pattern begins; -1 where there is none."""
    return max((m.start() for m in pattern.finditer(text)), default=-1)
