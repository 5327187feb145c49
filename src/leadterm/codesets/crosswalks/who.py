"""WHO's ICD-10 and ICD-11 as targets of maps: titles and places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from leadterm.domain import Release

from ..store import Store


@dataclass(frozen=True, slots=True)
class WhoEntry:
    """One code or heading of WHO.

    Attributes:
        code: With its dot; a block's identifier, a chapter's number.
        title: As the file has it; with a modifier, both parts.
        kind: chapter, block, category, and what else the file calls its classes.
        parent: The code above.
        terminal: Whether nothing stands below it.
        uri: The entity's identifier on the web (ICD-11).
    """

    code: str
    title: str
    kind: str
    parent: str | None
    terminal: bool
    uri: str | None


class Icd10Who:
    """WHO's ICD-10. Threads may share it."""

    COMPONENT: ClassVar[str] = "icd10:codes"
    WHAT: ClassVar[str] = "WHO ICD-10"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store
        self.release = release

    def entry(self, code: str) -> WhoEntry | None:
        """The entry of a code (with its dot); None when the release does not have it."""
        row = self._store.one("SELECT code, title, kind, parent, terminal, uri FROM entry WHERE code = ?", code)
        return WhoEntry(row[0], row[1], row[2], row[3], bool(row[4]), row[5]) if row else None

    def title(self, code: str) -> str | None:
        """The title of a code; None when the release does not have it."""
        found = self.entry(code)
        return found.title if found else None


class Icd11Who(Icd10Who):
    """WHO's ICD-11 for mortality and morbidity statistics."""

    COMPONENT: ClassVar[str] = "icd11:codes"
    WHAT: ClassVar[str] = "WHO ICD-11 (MMS)"
