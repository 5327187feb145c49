"""Rows of a table that are looked for together in the documents of a chart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation

from leadterm.domain import Document

from .chart import Chart
from .patterns import Pattern, compiled
from .sentences import Place, place

FEW = 60  # letters that are looked for one by one
AROUND = 120  # characters before and after a key within which its name stands
_BLANK = re.compile(r" \?|(?<!\[) (?![^\[\]]*\])")  # not those of a class of characters


@cache
def phrase(words: str) -> Pattern:
    """A pattern for words of a table: any case, a blank for any white space, at the edges of words."""
    blanks = _BLANK.sub(lambda m: r"\s+" if m[0] == " " else r"\s?", words)
    return compiled(rf"(?<![\w-])(?:{blanks})(?![\w-])", re.IGNORECASE)


class Names:
    """Rows of a table that are looked for together: one look at a text tells which of them can stand in it."""

    def __init__(self, patterns: Sequence[str], keys: Sequence[str]) -> None:
        """`patterns`: alternatives of words in small letters, as `phrase` takes them.

        `keys`: for each of them letters of which one stands wherever it is meant, parted by `|`; only near them is it
        looked for. One that is empty stands for anywhere.
        """
        self.patterns = tuple(phrase(p) for p in patterns)
        self._keys = tuple(tuple(key.split("|")) for key in keys)
        self._rows: dict[str, list[int]] = {}
        for n, row in enumerate(self._keys):
            for key in row:
                self._rows.setdefault(key, []).append(n)
        self._letters = tuple(letters for letters in self._rows if letters)
        many = len(self._letters) > FEW
        self._find = AhoCorasick(self._letters, implementation=Implementation.ContiguousNFA) if many else None

    def standing(self, chart: Chart) -> list[int]:
        """The numbers of the rows that can stand in the chart at all."""
        return sorted(
            {*self._rows.get("", ()), *(n for letters in self._seen(chart.text) for n in self._rows[letters])}
        )

    def _seen(self, text: str) -> Iterable[str]:
        """The letters that stand in a text: a few of them are looked for one by one, more in one go."""
        if self._find is None:
            return (letters for letters in self._letters if letters in text)
        return {self._letters[index] for index, _, _ in self._find.find_matches_as_indexes(text, overlapping=True)}

    def found(self, standing: Sequence[int], document: Document) -> list[tuple[int, Place]]:
        """Where a document names them, in order of the text; of names over one another the longest."""
        lower = document.text.lower()
        hits = {hit for n in standing for hit in self._hits(n, document.text, lower)}
        return list(_apart(document, sorted(hits)))

    def _hits(self, n: int, text: str, lower: str) -> Iterator[tuple[int, int, int]]:
        """(start, -end, n) of each match of a row; near its keys, or anywhere where no key stands as written."""
        pattern = self.patterns[n].made
        stretches = _near(lower, self._keys[n]) if len(lower) == len(text) and self._keys[n] != ("",) else []
        for low, high in stretches or [(0, len(text))]:
            for m in pattern.finditer(text, low, high):
                yield m.start(), -m.end(), n


def _near(lower: str, keys: tuple[str, ...]) -> list[tuple[int, int]]:
    """Stretches of a text around each of the keys, apart from one another."""
    found: list[tuple[int, int]] = []
    for at in sorted(m.start() for key in keys for m in re.finditer(re.escape(key), lower)):
        low, high = max(0, at - AROUND), min(len(lower), at + AROUND)
        if found and low <= found[-1][1]:
            found[-1] = found[-1][0], high
        else:
            found.append((low, high))
    return found


def _apart(document: Document, hits: list[tuple[int, int, int]]) -> Iterator[tuple[int, Place]]:
    free = 0
    for start, end, n in hits:
        if start >= free:
            free = -end
            yield n, place(document, start, -end)
