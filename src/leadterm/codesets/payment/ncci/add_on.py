"""Add-on code edits: codes that are paid only beside a primary procedure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import ClassVar

from leadterm.domain import Release

from ...store import Store

CODES_KEPT = 1 << 14


@dataclass(frozen=True, slots=True)
class AddOnEdit:
    """A code that is paid only beside a primary procedure.

    Attributes:
        add_on: The add-on code.
        type: 1: the primary codes are all listed; 2: the contractor lists them; 3: some are listed, the contractor may
            add others.
        primary: A primary code; `CCCCC` where the contractor says which.
        effective, deletion: First and last day; no last day while it is in force.
        note: Special instruction of the owner; may be empty.
    """

    add_on: str
    type: int
    primary: str
    effective: date
    deletion: date | None
    note: str

    def in_force(self, on: date) -> bool:
        """Whether the edit holds on a day."""
        return self.effective <= on and (self.deletion is None or (on <= self.deletion != self.effective))


class AddOn:
    """The add-on code edits."""

    COMPONENT: ClassVar[str] = "ncci:add-on"
    WHAT: ClassVar[str] = "NCCI add-on code edits"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store
        self._edits = lru_cache(CODES_KEPT)(self._read_edits)

    def edits(self, add_on: str, on: date | None = None) -> tuple[AddOnEdit, ...]:
        """The edits of an add-on code, by primary code; empty when it is none.

        `on`: those in force on that day; None: all that ever were.
        """
        return _on(self._edits("add_on", add_on.upper()), on)

    def add_ons(self, primary: str, on: date | None = None) -> tuple[AddOnEdit, ...]:
        """The edits that list `primary` as a primary code."""
        return _on(self._edits("primary_code", primary.upper()), on)

    def _read_edits(self, column: str, code: str) -> tuple[AddOnEdit, ...]:
        rows = self._store.all(
            "SELECT add_on, type, primary_code, effective, deletion, note FROM entry"
            f" WHERE {column} = ? ORDER BY add_on, primary_code, effective, type",
            code,
        )
        return tuple(
            AddOnEdit(found, kind, primary, date.fromisoformat(effective), _day(deletion), note)
            for found, kind, primary, effective, deletion, note in rows
        )


def _on(edits: tuple[AddOnEdit, ...], on: date | None) -> tuple[AddOnEdit, ...]:
    return edits if on is None or not edits else tuple(e for e in edits if e.in_force(on))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
