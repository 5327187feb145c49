"""The Disease Ontology's names of diseases and the ICD-10-CM codes that they refer to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from leadterm.domain import Release

from ..store import Store


@dataclass(frozen=True, slots=True)
class Disease:
    """One disease.

    Attributes:
        id: `DOID:9352`.
        label: Its name; None where only a reference names it.
        parents: Names of the classes above.
        codes: ICD-10-CM codes, categories and blocks (`E08-E13`) that it refers to, with dots.
    """

    id: str
    label: str | None
    parents: tuple[str, ...]
    codes: tuple[str, ...]


class DiseaseOntology:
    """The ontology as far as it was handed over. Threads may share it."""

    COMPONENT: ClassVar[str] = "doid:icd10cm"
    WHAT: ClassVar[str] = "Disease Ontology"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store
        self.release = release

    def disease(self, id: str) -> Disease | None:
        """The disease of an identifier; None when the ontology does not have it."""
        row = self._store.one("SELECT id, label, parents FROM entry WHERE id = ?", id)
        if row is None:
            return None
        codes = self._store.all("SELECT code FROM xref WHERE id = ? ORDER BY code", id)
        return Disease(row[0], row[1], tuple(row[2].split("\n")) if row[2] else (), tuple(code for (code,) in codes))

    def of(self, code: str) -> tuple[Disease, ...]:
        """The diseases that refer to a code, category or block, by identifier."""
        rows = self._store.all("SELECT id FROM xref WHERE code = ? ORDER BY id", code)
        return tuple(found for (id,) in rows if (found := self.disease(id)))

    def synonyms(self) -> Iterator[tuple[str, str]]:
        """Every name with the code that it stands for, by name."""
        yield from self._store.all("SELECT text, code FROM synonym ORDER BY text")

    def names(self, code: str) -> tuple[str, ...]:
        """The names that stand for a code."""
        return tuple(text for (text,) in self._store.all("SELECT text FROM synonym WHERE code = ? ORDER BY text", code))
