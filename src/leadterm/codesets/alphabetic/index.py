"""The Alphabetic Index and the External Cause of Injuries Index as their users see them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from leadterm.domain import Release

from ..store import Store
from .entries import Followed, IndexEntry, TermStore, lead
from .walk import IndexHit, Walk

DEFAULT_LIMIT = 20
MOST_PATHS = 1_000


@dataclass(frozen=True, slots=True)
class IndexLine:
    """An entry with a code as words lead to it.

    Attributes:
        titles: From the main term down, without modifiers.
        ways: For each title the sets of words of which each is the whole title; none for one that only connects.
        code: The first beside it, without its dash.
    """

    titles: tuple[str, ...]
    ways: tuple[tuple[frozenset[str], ...], ...]
    code: str


class AlphabeticIndex:
    """The index to diseases and injuries: the first of a coder's two steps; the Tabular List is the second (I.B.1)."""

    COMPONENT: ClassVar[str] = "icd10cm:index"
    WHAT: ClassVar[str] = "ICD-10-CM Alphabetic Index"
    # Whether "with" and "in" presume a link between conditions (guideline I.A.15).
    PRESUMES: ClassVar[bool] = True

    def __init__(self, store: Store, release: Release) -> None:
        self.release = release
        self._terms = TermStore(store)
        self._walk = Walk(self._terms, presumes=self.PRESUMES)

    def main_terms(self, prefix: str = "", limit: int = DEFAULT_LIMIT) -> tuple[IndexEntry, ...]:
        """Main terms that begin with `prefix`, in alphabetic order."""
        return self._terms.main_terms(prefix, limit)

    def find(self, words: str, limit: int = DEFAULT_LIMIT) -> tuple[IndexHit, ...]:
        """Entries that the words lead to, best first, saying which words were used and which were left over.

        The main term may be any of the words, in singular or plural, hyphened or not; subterms in any order; "with",
        "in" and "due to" are passed through; nonessential modifiers need not be said. No typing error is forgiven.
        """
        return self._walk.find(words, limit)

    def entry(self, number: int) -> IndexEntry | None:
        """The entry of a number; None where there is none."""
        return self._terms.entry(number)

    def children(self, number: int) -> tuple[IndexEntry, ...]:
        """The subterms one level below an entry, in the order of the book."""
        return self._terms.children(number)

    def ancestors(self, number: int) -> tuple[IndexEntry, ...]:
        """From the main term down to the entry itself."""
        return self._terms.ancestors(number)

    def path(self, number: int) -> str:
        """`Diabetes, type 2, with, chronic kidney disease`; empty for a number that there is not."""
        return self._terms.path(number)

    def paths_to(self, code: str, limit: int = MOST_PATHS) -> tuple[IndexEntry, ...]:
        """Every entry that leads to a code: by itself, by an incomplete code above it, by its category.

        `E11.2-` gives the entries of all codes below; a seventh character that the index leaves out is no hindrance.
        """
        return self._terms.entries(self._terms.coded(code, limit))

    def coded_paths(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Every entry with a code of its own: the words from the main term down to it, and that code, etiology first.

        In the order of the book, one pass over the store.
        """
        return self._terms.coded_paths()

    def lines(self) -> Iterator[IndexLine]:
        """The entries that have a code, in the order of the book, in one pass over the store."""
        codes = self._terms.first_codes()
        spoken = self._terms.readings()
        above: list[tuple[str, tuple[frozenset[str], ...]]] = []
        for number, level, essential, _ in self._terms.outline():
            above[level:] = [(lead(essential) if level == 0 else essential, spoken.get(number, ()))]
            if code := codes.get(number):
                titles, ways = zip(*above, strict=True)
                yield IndexLine(titles, ways, code)

    def presumed(self, number: int) -> bool:
        """Whether the way to an entry goes through "with" or "in": a link that is presumed (I.A.15)."""
        return self.PRESUMES and any(e.presumes for e in self.ancestors(number)[:-1])

    def follow(self, entry: IndexEntry) -> tuple[Followed, ...]:
        """Where each "see", "see also" and "see category" of an entry leads."""
        return self._terms.follow(entry)


class ExternalCauseIndex(AlphabeticIndex):
    """The index to external causes (chapter 20)."""

    COMPONENT: ClassVar[str] = "icd10cm:eindex"
    WHAT: ClassVar[str] = "ICD-10-CM External Cause of Injuries Index"
    # "in" and "on" tell where something happened, and "with" against what: they link no conditions.
    PRESUMES: ClassVar[bool] = False
