"""CPT as its users see it: what the licensee's own files say of a code. Without them there is no descriptor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from leadterm.domain import Release

from ..store import Store

# What the last character of a code tells; the owner's names for the parts of the code set.
CATEGORIES = {
    "F": "category II (performance measurement)",
    "T": "category III (emerging technology)",
    "M": "multianalyte assay",
    "U": "proprietary laboratory analysis",
    "A": "administrative multianalyte or vaccine code",
}
CATEGORY_I = "category I"


@dataclass(frozen=True, slots=True)
class CptEntry:
    """A CPT code as the licensee's files describe it.

    The texts stand in no `repr`, so that no log or traceback holds them by accident.

    Attributes:
        code: Five characters.
        long, medium, short: The descriptors, empty where their file is not installed.
        concept: The owner's concept id, where the consolidated list is installed.
    """

    code: str
    long: str = field(repr=False)
    medium: str = field(repr=False)
    short: str = field(repr=False)
    concept: str = ""

    @property
    def description(self) -> str:
        """The longest descriptor that is installed."""
        return self.long or self.medium or self.short

    @property
    def category(self) -> str:
        """The part of the code set, by the last character of the code."""
        return CATEGORIES.get(self.code[-1], CATEGORY_I)


class Cpt:
    """The codes of one CPT release, for those who hold a licence of the American Medical Association."""

    COMPONENT: ClassVar[str] = "cpt:codes"
    WHAT: ClassVar[str] = "CPT file (the licensee's own: LONGULT.txt, MEDU.txt, SHORTU.txt or the consolidated list)"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store

    def code(self, code: str) -> CptEntry | None:
        """A code, in any case; None for one that the files do not hold."""
        row = self._store.one(
            "SELECT code, long, medium, short, concept FROM entry WHERE code = ?", code.strip().upper()
        )
        return CptEntry(*row) if row else None

    def starting(self, prefix: str, limit: int = 20) -> tuple[CptEntry, ...]:
        """Codes that begin with `prefix`, in order."""
        written = prefix.strip().upper()
        rows = self._store.all(
            "SELECT code, long, medium, short, concept FROM entry WHERE code >= ? AND code < ? ORDER BY code LIMIT ?",
            written,
            written + "\x7f",
            limit,
        )
        return tuple(CptEntry(*row) for row in rows)

    def titles(self) -> Iterator[CptEntry]:
        """Every code in order, for an index of words."""
        rows = self._store.all("SELECT code, long, medium, short, concept FROM entry ORDER BY code")
        return (CptEntry(*row) for row in rows)
