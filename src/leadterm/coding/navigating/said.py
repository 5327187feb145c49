"""The words of charts and of titles as tokens that can be compared (`said.tsv`): "distal radial fx" is one thing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from leadterm.codesets.wording import words
from leadterm.coding._tables import rows

KEPT = 20_000
_STOP = frozenset(
    "of and or to at the a an in on with without by for from level bone joint process specified not elsewhere"
    " classified site region area part s end traumatic unspecified side nos closed initial right left bilateral right's"
    " non due ligament simple stable".split()
)


@dataclass(frozen=True, slots=True)
class Said:
    """Tokens of a text.

    Attributes:
        own: What the words are.
        implied: What these are part of.
        nouns: Those of `own` that name a place of their own.
    """

    own: frozenset[str]
    implied: frozenset[str] = frozenset()
    nouns: frozenset[str] = frozenset()

    @property
    def all(self) -> frozenset[str]:
        """Own and implied tokens."""
        return self.own | self.implied

    def __or__(self, other: Said) -> Said:
        return Said(self.own | other.own, self.implied | other.implied, self.nouns | other.nouns)


NOTHING = Said(frozenset())


@cache
def _table() -> dict[tuple[str, ...], tuple[frozenset[str], frozenset[str], bool]]:
    return {
        tuple(row["said"].split()): (
            frozenset(row["means"].split()),
            frozenset(row["implies"].split()),
            row["noun"] == "x",
        )
        for row in rows("navigating/said")
    }


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """How many words the rows have that begin with a word, most first."""
    found: dict[str, set[int]] = {}
    for row in _table():
        found.setdefault(row[0], set()).add(len(row))
    return {word: tuple(sorted(sizes, reverse=True)) for word, sizes in found.items()}


@lru_cache(maxsize=KEPT)
def said(text: str) -> Said:
    """The tokens of a text: rows of the table, longest first, and other words as they are."""
    return told(words(text))


def told(normal: Iterable[str]) -> Said:
    """The tokens of words in normal form."""
    left, at = tuple(normal), 0
    own, implied, nouns = set[str](), set[str](), set[str]()
    while at < len(left):
        sizes = (n for n in _lengths().get(left[at], ()) if left[at : at + n] in _table())
        size = next(sizes, 0)
        if size:
            means, implies, noun = _table()[left[at : at + size]]
            own |= means
            implied |= implies
            nouns.update(means if noun else ())
        elif left[at] not in _STOP:
            own.add(left[at])
        at += size or 1
    return Said(frozenset(own), frozenset(implied), frozenset(nouns))
