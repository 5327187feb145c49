"""Clinical abbreviations as their users see them: what a written form stands for, and how often."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from leadterm.domain import Release

from ..store import Store


@dataclass(frozen=True, slots=True)
class Sense:
    """What an abbreviation stands for in one kind of notes.

    Attributes:
        abbreviation: As the list keys it, in lower case (`a_p`).
        sense: In full.
        share: Of its uses in that kind of notes, 0 to 1.
        source: The kind of notes, by the name of its file.
        written: How it was written there, and how often among the notes that were counted.
    """

    abbreviation: str
    sense: str
    share: float
    source: str
    written: tuple[tuple[str, int], ...]


class Abbreviations:
    """Clinical abbreviations with the senses that were counted in real notes."""

    COMPONENT: ClassVar[str] = "reference:abbreviations"
    WHAT: ClassVar[str] = "list of clinical abbreviations"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store

    def senses(self, written: str) -> tuple[Sense, ...]:
        """What `A/P`, `a/p` or `a_p` stands for, the commonest sense first; empty for the unknown."""
        folded = written.strip().lower()
        rows = self._store.all(
            "SELECT abbreviation, sense, share, source FROM entry WHERE abbreviation IN"
            " (SELECT ? UNION SELECT abbreviation FROM written WHERE folded = ?)"
            " ORDER BY share DESC, abbreviation, sense, source",
            folded,
            folded,
        )
        return tuple(Sense(a, sense, share, s, self._written(a, sense, s)) for a, sense, share, s in rows)

    def __iter__(self) -> Iterator[str]:
        """Every abbreviation, in order."""
        return (row[0] for row in self._store.all("SELECT DISTINCT abbreviation FROM entry ORDER BY abbreviation"))

    def _written(self, abbreviation: str, sense: str, source: str) -> tuple[tuple[str, int], ...]:
        rows = self._store.all(
            "SELECT form, uses FROM written WHERE abbreviation = ? AND sense = ? AND source = ?"
            " ORDER BY uses DESC, form",
            abbreviation,
            sense,
            source,
        )
        return tuple((form, uses) for form, uses in rows)
