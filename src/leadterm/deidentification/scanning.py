"""Where in a text each rule is tried: at the words, numbers and codes that its matches can begin with, nowhere else.

`re` tries a pattern at every character; a note has some hundred words and few of them can begin a date or a label.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

PREFIX = 3
BACK = 48  # as far as a rule's `before` is looked for
_WORD = re.compile(r"[^\W\d_]+")
# What begins with no word: the marks of the cues and where such things begin.
_CLASSES = {
    "#": re.compile(r"\+?\(?(?P<d>\d)\d*"),
    "&": re.compile(r"(?<![\w-])(?=[\w-]*\d|[*xX])[\w*]"),
    "A": re.compile(r"(?<![^\W_])[A-ZÀ-ÖØ-ÞŁŚŠŽČĆĐŻ]"),
    ".": re.compile(r"(?<![\w.-])[\w-]+(?=\.\w)"),
    "@": re.compile(r"(?<![\w.+%-])[\w.+%-]{0,64}@"),
}


class Scan:
    """A text, and where in it each rule is tried.

    Args:
        text: The text.
        index: The rules by what their matches begin with.
    """

    def __init__(self, text: str, index: Mapping[str, tuple[int, ...]]) -> None:
        self.text = text
        small = text.lower()
        self.small = small if len(small) == len(text) else "".join(c.lower() if c.isascii() else c for c in text)
        self._places: dict[int, list[list[int]]] = {}
        self._begins = _beginnings(text)
        for mark, places in self._begins.items():
            for rule in index.get(mark, ()):
                self._places.setdefault(rule, []).append(places)

    def starts(self, begin: str) -> Iterable[int]:
        """Where a word begins with those first letters."""
        return self._begins.get(begin, ())

    def has(self, words: Iterable[str]) -> bool:
        """Whether any of the words stands in the text, in those very letters."""
        begins, text = self._begins, self.text
        return any(text.startswith(w, at) for w in words for at in begins.get(w[:PREFIX].lower(), ()))

    def places(self, rule: int) -> list[int]:
        """Where the matches of a rule can begin, in order."""
        lists = self._places.get(rule)
        if not lists:
            return []
        return lists[0] if len(lists) == 1 else sorted(chain.from_iterable(lists))


def first_letters(words: str) -> str:
    """What the first word of `words` is looked up by."""
    match = _WORD.search(words)
    return match[0][:PREFIX].lower() if match else ""


def _beginnings(text: str) -> dict[str, list[int]]:
    """Where words begin, by their first letters, and the places of each class."""
    found = {mark: _begins(mark, text) for mark in _CLASSES}
    for match in _WORD.finditer(text):
        found.setdefault(match[0][:PREFIX].lower(), []).append(match.start())
    return found


def _begins(mark: str, text: str) -> list[int]:
    """The places of a class; behind the sign of a number its digits are one too."""
    places: list[int] = []
    for match in _CLASSES[mark].finditer(text):
        first = match.start()
        places += range(first, match.start("d") + 1) if mark == "#" else (first,)
    return places


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a table of shapes.

    Attributes:
        number: Of the rule, among all of all tables.
        name: Of the rule.
        pattern: What it matches.
        cues: What its matches begin with; none: it is tried everywhere.
        before: What must end where its match begins, if anything.
        small: Whether it is tried over the text in small letters: so it needs no flag, with which `re` is slow.
    """

    number: int
    name: str
    pattern: re.Pattern[str]
    cues: frozenset[str] = frozenset()
    before: re.Pattern[str] | None = None
    small: bool = False

    def find(self, scan: Scan) -> Iterable[re.Match[str]]:
        """Its matches in order, none overlapping another: what `finditer` gives, less the time."""
        found = self._tried(scan) if self.cues else self.pattern.finditer(scan.text)
        return found if self.before is None else self._told(scan.text, found)

    def _tried(self, scan: Scan) -> Iterable[re.Match[str]]:
        places = scan.places(self.number)
        if not places:
            return ()
        found, match_at, end = [], self.pattern.match, 0
        text = scan.small if self.small else scan.text
        for start in places:
            if start >= end and (match := match_at(text, start)):
                end = match.end()
                found.append(match)
        return found

    def _told(self, text: str, found: Iterable[re.Match[str]]) -> Iterator[re.Match[str]]:
        """Those of the matches before which stands what must."""
        assert self.before is not None
        for match in found:
            if self.before.search(text, max(0, match.start() - BACK), match.start()):
                yield match
