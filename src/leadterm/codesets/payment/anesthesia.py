"""Anesthesia in the Medicare physician fee schedule: what a unit is paid in a locality, the base units of a code."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from leadterm.domain import Release

from ..store import Store


class Anesthesia:
    """The anesthesia conversion factors by locality: dollars a unit (base units and time units together)."""

    COMPONENT: ClassVar[str] = "pfs:anesthesia"
    WHAT: ClassVar[str] = "anesthesia conversion factors"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store

    def conversion_factor(self, locality: str) -> Decimal | None:
        """Dollars a unit in a locality (`0111205`); None for the unknown."""
        row = self._store.one("SELECT factor FROM entry WHERE locality = ?", locality)
        return Decimal(row[0]) if row else None


class AnesthesiaBase:
    """The base units of anesthesia codes."""

    COMPONENT: ClassVar[str] = "pfs:anesthesia-base"
    WHAT: ClassVar[str] = "anesthesia base units"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store

    def units(self, code: str) -> Decimal | None:
        """The base units of a code; None for the unknown."""
        row = self._store.one("SELECT units FROM entry WHERE code = ?", code)
        return Decimal(row[0]) if row else None
