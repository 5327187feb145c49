"""Passages that stood already earlier: copied forward from another document of the encounter, or repeated in this one.

A copy is at least twelve words that agree in order with an earlier document whatever their case, wrapping, bullets and
numbers of lists; or a whole line of thirty characters and more that stood there; or a sentence or line of twelve words
and more that stood in the same document; or what a note declares as copied. Headers alone never are. That a passage is
a copy does not make it false: it says where the words were first written.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter
from typing import NamedTuple

from leadterm.domain import Document, DocumentStatus

_WORDS = 12  # of a passage; shorter agreement is how people write
_PIECE = 30  # words; a longer passage comes in pieces, so that what a fact repeats is shown and not the whole page
_TWELVE = 45  # characters that twelve words have at least, blanks included
_LINE = 30  # characters of a line, blanks counted once
_KEY = 6  # words by which a passage is looked for, from a long word on
_LONG = 8  # letters of such a word
_LONGEST = 2000  # characters of a sentence or line that every fact in its copy may quote
_AFTER_REMARK = 4000  # characters that a remark on a line of its own speaks of, at most

_Key = tuple[str, ...]

_TOKEN = re.compile(r"\S+")
_LINES = re.compile(r"[^\s][^\r\n]*")
_SENTENCE_END = re.compile(r"[.!?](?=\s)|\n[ \t\r]*\n")
_LINE_END = re.compile(r"[\r\n]+")
_MARKERS = frozenset("- -- * ** • ▪ ◦ ● ■ ‣ ⁃ · > | # ## ### [ ] [x] [X] [] ☐ ☒ ☑ – —".split()) | {
    f"{before}{number}{mark}" for number in range(1, 100) for before, mark in (("", "."), ("", ")"), ("(", ")"))
}
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_HINTS = ("forward", "copied", "pasted", "imported from", "unchanged from")
_FROM = (
    r" from (?:a |an |the |my |patient's )*(?:prior|previous|earlier|last|yesterday(?:'s)?|old|outside|preceding)"
    r"(?:\W+\w+){0,2}?\W+"
    r"(?:note|notes|visit|encounter|documentation|h&p|assessment|hpi|admission|discharge summary|consult)\b"
)
_REMARK = re.compile(
    rf"\[?\b(?:(?:copied|copy|carried|carry|pulled|brought)[ -]forward\b(?:{_FROM})?|copied and pasted\b"
    rf"|(?:copied|copy[ -]pasted|imported|unchanged|cut and pasted){_FROM})"
    r"(?:,?(?: dated| of| from| on)? [\d/.-]{4,10})?\]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, order=True)
class Copy:
    """A passage that stood already elsewhere; offsets in code points.

    Attributes:
        document, start, end: The copy.
        of_document, of_start, of_end: Where it stood first; of a passage that the note itself declares as copied, the
            words that declare it.
    """

    document: str
    start: int
    end: int
    of_document: str
    of_start: int
    of_end: int


def find_copies(documents: Iterable[Document]) -> tuple[Copy, ...]:
    """The copied passages of an encounter's documents, by document id and place; those of one document never overlap.

    A passage of more than thirty words comes in pieces, each with the words that it repeats. Earlier is by service time
    where documents have one, by their order else. What a document replaces, and what was retracted, is no origin.
    Linear in the length of all texts.
    """
    finder = _Finder()
    ordered = _in_time(list(documents))
    replaced = {d.supersedes for d in ordered} | {d.id for d in ordered if d.status is DocumentStatus.RETRACTED}
    for left, document in zip(range(len(ordered) - 1, -1, -1), ordered, strict=True):
        finder.read(document, origin=left > 0 and document.id not in replaced)
    return tuple(sorted(finder.copies))


def copy_at(copies: Sequence[Copy], document: str, position: int) -> Copy | None:
    """The copy of `find_copies` that covers a place of a document, or None."""
    if not copies:
        return None
    index = bisect_right(copies, (document, position), key=lambda copy: (copy.document, copy.start)) - 1
    found = copies[index] if index >= 0 else None
    return found if found and found.document == document and position < found.end else None


def _in_time(documents: list[Document]) -> list[Document]:
    """The documents by service time; one without a time follows the one before it in the record."""
    times, last = [], datetime.min.replace(tzinfo=UTC)
    for document in documents:
        moment = document.service_time
        if moment is not None:
            last = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
        times.append(last)
    return [documents[i] for i in sorted(range(len(documents)), key=times.__getitem__)]


class _Page:
    """The words of a document in lower case without the marks of lists, and where they stand."""

    def __init__(self, document: Document) -> None:
        self.id, self.text = document.id, document.text
        self.words = [word for word in self.text.lower().split() if word not in _MARKERS]
        self._spans: list[tuple[int, int]] = []

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where the words from `first` to `last` (inclusive) stand in the text."""
        if not self._spans:
            found = _TOKEN.finditer(self.text)
            self._spans = [m.span() for m in found if m[0] not in _MARKERS]
        return self._spans[first][0], self._spans[last][1]


class _Finder:
    """Reads documents in order of time and keeps what stood where first."""

    def __init__(self) -> None:
        self.copies: list[Copy] = []
        self._first: dict[_Key, tuple[_Page, int]] = {}
        self._latest: dict[_Key, tuple[_Page, int]] = {}
        self._lines: dict[str, tuple[str, int, int]] = {}

    def read(self, document: Document, *, origin: bool) -> None:
        """Adds the copies of one document; with `origin`, later documents may have copied from it."""
        found: list[Copy] = []
        if origin or self._lines or self._first:
            found = self._passages(_Page(document), origin=origin)
            found = _with(found, self._copied_lines(document, origin=origin))
        plain = document.text.lower()
        found = _with(found, _repeated(document, plain))
        self.copies += _with(found, _declared(document, plain))

    def _passages(self, page: _Page, *, origin: bool) -> list[Copy]:
        words, first, latest = page.words, self._first, self._latest
        anchors = [at for at, word in enumerate(words) if len(word) >= _LONG]
        keys = [tuple(words[at : at + _KEY]) for at in anchors]
        found: list[Copy] = []
        done = 0
        for at, key in zip(anchors, keys, strict=True):
            if at < done or key not in first:
                continue
            agreement = max((_agreement(page, at, done, place) for place in (first[key], latest[key])), key=_size)
            if agreement.size >= _WORDS:
                done = agreement.begin + agreement.size
                found += _pieces(page, agreement)
        if origin:
            for at, key in zip(anchors, keys, strict=True):
                first.setdefault(key, (page, at))
                latest[key] = (page, at)
        return found

    def _copied_lines(self, document: Document, *, origin: bool) -> list[Copy]:
        lines, found, own = self._lines, [], {}
        for start, end in _between(document.text, _LINE_END):
            words = [word for word in document.text[start:end].split() if word not in _MARKERS]
            line = " ".join(words).lower()
            if len(line) < _LINE or line[-1] == ":":
                continue
            if line in lines:
                found.append(Copy(document.id, start, end, *lines[line]))
            else:
                own[line] = (document.id, start, end)
        if origin:
            lines.update(own)
        return found


class _Agreement(NamedTuple):
    """Words that agree: the first, how many, in which page they stood before, and the first there."""

    begin: int
    size: int
    origin: _Page
    word: int


_size = itemgetter(1)


def _agreement(page: _Page, at: int, done: int, earlier: tuple[_Page, int]) -> _Agreement:
    """How far the words around `at` agree with those around a place of an earlier page, not back over what is done."""
    source, place = earlier
    words, before = page.words, source.words
    back, farthest = 0, min(at - done, place)
    while back < farthest and words[at - back - 1] == before[place - back - 1]:
        back += 1
    size, most = 0, min(len(words) - at, len(before) - place)
    while size < most and words[at + size] == before[place + size]:
        size += 1
    return _Agreement(at - back, back + size, source, place - back)


def _pieces(page: _Page, found: _Agreement) -> Iterator[Copy]:
    for piece in range(0, found.size, _PIECE):
        last = min(piece + _PIECE, found.size) - 1
        copied = page.span(found.begin + piece, found.begin + last)
        yield Copy(page.id, *copied, found.origin.id, *found.origin.span(found.word + piece, found.word + last))


def _repeated(document: Document, plain: str) -> list[Copy]:
    """The sentences and lines that stood already in the same document; `plain` is its text in lower case."""
    flat = " ".join(plain.split()).replace("? ", ". ").replace("! ", ". ")
    if not _twice(flat.split(". ")) and not _twice(plain.split("\n")):  # most documents are done here
        return []
    found: list[Copy] = []
    for ends in (_SENTENCE_END, _LINE_END):
        first: dict[str, tuple[int, int]] = {}
        copies = []
        for start, end in _between(document.text, ends):
            words = [word for word in document.text[start:end].lower().split() if word not in _MARKERS]
            if len(words) >= _WORDS:
                stood = first.setdefault(" ".join(words), (start, end))
                copies += [Copy(document.id, start, end, document.id, *stood)] if stood[0] != start else []
        found = _with(found, copies)
    return found


def _between(text: str, ends: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """The stretches that `ends` part, with the mark that ends each, without blanks around; none of endless length."""
    last = 0
    for stop in (*(m.end() for m in ends.finditer(text)), len(text)):
        piece = text[last:stop]
        body = piece.strip()
        if body and len(body) <= _LONGEST:
            start = last + len(piece) - len(piece.lstrip())
            yield start, start + len(body)
        last = stop


def _twice(units: list[str]) -> bool:
    long = [unit.strip() for unit in units if len(unit) >= _TWELVE]
    return len(set(long)) < len(long)


def _with(found: list[Copy], more: Iterable[Copy]) -> list[Copy]:
    """The copies, and those of `more` that touch none of them."""
    starts = [copy.start for copy in found]

    def free(copy: Copy) -> bool:
        index = bisect_right(starts, copy.start)
        before = found[index - 1].end if index else 0
        return before <= copy.start and (index == len(found) or copy.end <= found[index].start)

    return sorted((*found, *filter(free, more)))


def _declared(document: Document, plain: str) -> Iterator[Copy]:
    """The lines that the note itself calls copied; a remark that begins its line speaks of the whole paragraph."""
    text, done = document.text, 0
    if not any(hint in plain for hint in _HINTS):
        return
    for line in _LINES.finditer(text):
        remark = _REMARK.search(text, line.start(), line.end()) if line.start() >= done else None
        if remark is None:
            continue
        start, end = line.span()
        if not text[start : remark.start()].strip():
            blank = _BLANK_LINE.search(text, remark.end(), end + _AFTER_REMARK)
            end = blank.start() if blank else min(len(text), end + _AFTER_REMARK)
        done = end
        yield Copy(document.id, start, end, document.id, *remark.span())
