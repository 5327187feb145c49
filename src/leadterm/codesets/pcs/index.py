"""The ICD-10-PCS Index as a tree: main terms, subterms, and where each leads."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from leadterm.domain import Release

from ..formats.pcs_index import STEP, words_of
from ..store import Store

_ENTRY = "SELECT id, parent, title, path, leads FROM entry"
PARTS = 8  # no path of the Index is longer


@dataclass(frozen=True, slots=True)
class Lead:
    """Where a term leads.

    Attributes:
        kind: `code` (this very term), `see` (another term), `use` (a value of the tables).
        text: The other term or the value; empty for `code`.
        codes: Beginnings of codes: a table (`0FT`), more of it (`0FT4`), or a whole code.
    """

    kind: str
    text: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndexTerm:
    """One term.

    Attributes:
        id: Its number in the release; 0 is above the main terms.
        parent: The number of the term above.
        title: Its own words.
        path: Its words behind those of all terms above.
        leads: Where it leads; empty where it only heads others.
    """

    id: int
    parent: int
    title: str
    path: tuple[str, ...]
    leads: tuple[Lead, ...]

    @property
    def level(self) -> int:
        """0 for a main term."""
        return len(self.path) - 1


class PcsIndex:
    """The Index of one release. Values are frozen; threads may share it."""

    COMPONENT: ClassVar[str] = "icd10pcs:index"
    WHAT: ClassVar[str] = "ICD-10-PCS Index"

    def __init__(self, store: Store, release: Release) -> None:
        self.release = release
        self._store = store

    def main_terms(self, start: str = "", limit: int = 50) -> tuple[IndexTerm, ...]:
        """Main terms that begin with `start`, whatever the case, in the order of the book."""
        # LIKE would take % and _ for its own.
        rows = self._store.all(
            f"{_ENTRY} WHERE parent = 0 AND title >= ? COLLATE NOCASE AND title < ? COLLATE NOCASE ORDER BY id LIMIT ?",
            start.strip(),
            start.strip() + "\U0010ffff",
            limit,
        )
        return _terms(rows)

    def term(self, number: int) -> IndexTerm | None:
        """The term of that number."""
        return next(iter(_terms(self._store.all(f"{_ENTRY} WHERE id = ?", number))), None)

    def entry(self, *path: str) -> IndexTerm | None:
        """The term at the end of a path (`"Resection", "Gallbladder"`), whatever the case; None when there is none."""
        found: IndexTerm | None = None
        for title in path:
            rows = self._store.all(
                f"{_ENTRY} WHERE title = ? COLLATE NOCASE AND parent = ? ORDER BY id LIMIT 1",
                title.strip(),
                found.id if found else 0,
            )
            if not rows:
                return None
            found = _terms(rows)[0]
        return found

    def children(self, term: IndexTerm) -> tuple[IndexTerm, ...]:
        """The terms one level below, in the order of the book."""
        return _terms(self._store.all(f"{_ENTRY} WHERE parent = ? ORDER BY id", term.id))

    def find(self, words: str, limit: int = 20) -> tuple[IndexTerm, ...]:
        """Terms whose path has all of the words, in any order; the last may be unfinished. Best first.

        A term counts, not all that stands below it. Whole words come before beginnings, main terms before subterms.
        """
        wanted = list(dict.fromkeys(words_of(words)))
        if not wanted:
            return ()
        # Only the last may be unfinished, else "arm" would find every "armpit".
        own = [self._with(word, word == wanted[-1]) for word in wanted]
        rows = self._rows(set().union(*own))
        found = [term for term in _terms(rows) if _covers(term, wanted) and not _covered_above(term, wanted)]
        return tuple(sorted(found, key=lambda term: _rank(term, wanted))[:limit])

    def resolve(self, lead: Lead) -> IndexTerm | None:
        """The term that a `see` names: "Resection, Gallbladder" → Resection > Gallbladder; else the nearest above it.

        None for other leads, and where its main term is not in the Index.
        """
        if lead.kind != "see":
            return None
        parts = lead.text.split(", ")
        for length in range(min(len(parts), PARTS), 0, -1):
            # "Imaging, Diagnostic" and "Release, Artery, Coronary" break at their commas, but some titles have commas.
            if (found := self.entry(*parts[:length])) or (found := self.entry(", ".join(parts[:length]))):
                return found
        return self._first_words(lead.text)

    def _first_words(self, text: str) -> IndexTerm | None:
        """The main term that the text begins with: "Excision with qualifier Diagnostic" → Excision.

        Else the first that begins as the text does: "Introduction of …" → Introduction of substance in or on.
        """
        words = text.replace(",", "").split()
        for length in range(len(words) - 1, 0, -1):
            if found := self.entry(" ".join(words[:length])):
                return found
        return next(iter(self.main_terms(" ".join(words[:2]), 1)), None)

    def _with(self, word: str, unfinished: bool) -> set[int]:
        end = word + ("\U0010ffff" if unfinished else "\0")
        return {n for (n,) in self._store.all("SELECT entry FROM word WHERE word >= ? AND word < ?", word, end)}

    def _rows(self, numbers: Iterable[int]) -> list[tuple[Any, ...]]:
        listed = json.dumps(sorted(numbers))
        return self._store.all(f"{_ENTRY} WHERE id IN (SELECT value FROM json_each(?))", listed)


def _terms(rows: Iterable[tuple[Any, ...]]) -> tuple[IndexTerm, ...]:
    return tuple(
        IndexTerm(number, parent, title, tuple(path.split(STEP)), _leads(leads))
        for number, parent, title, path, leads in rows
    )


def _leads(raw: str | None) -> tuple[Lead, ...]:
    return tuple(Lead(kind, text, tuple(codes)) for kind, text, codes in json.loads(raw)) if raw else ()


def _covers(term: IndexTerm, wanted: list[str]) -> bool:
    return _all_in(wanted, words_of(" ".join(term.path)))


def _covered_above(term: IndexTerm, wanted: list[str]) -> bool:
    """Whether the term above has all the words already: then it is found itself, and this one stands below it."""
    return _all_in(wanted, words_of(" ".join(term.path[:-1])))


def _all_in(wanted: list[str], words: list[str]) -> bool:
    known = set(words)
    return all(word in known for word in wanted[:-1]) and (
        wanted[-1] in known or any(word.startswith(wanted[-1]) for word in known)
    )


def _rank(term: IndexTerm, wanted: list[str]) -> tuple[object, ...]:
    own, path = words_of(term.title), words_of(" ".join(term.path))
    begins = [words_of(title)[:1] == [word] for title, word in zip(term.path, wanted, strict=False)]
    return (wanted[-1] not in path, not all(begins), term.level, len(path) - len(wanted), len(own), term.id)
