"""Where Medicare pays what: the indices of a locality, the areas that it takes in, the locality of a ZIP code.

A locality is told by its contractor and its number together (`0111205`), as numbers alone are not unique.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import ClassVar

from leadterm.domain import InputError, Release

from ..store import Store

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class GpciRow:
    """The geographic practice cost indices of a locality.

    Attributes:
        locality: Contractor (5 digits) and locality (2): `0111205`; locality numbers alone are not unique.
        state: Two letters.
        name: Of the fee schedule area, as printed.
        work, pe, mp: Indices; work with the floor of 1.0 where the file has it.
    """

    locality: str
    state: str
    name: str
    work: Decimal
    pe: Decimal
    mp: Decimal


NATIONAL = GpciRow("", "", "national", ONE, ONE, ONE)


class Gpci:
    """The geographic practice cost indices."""

    COMPONENT: ClassVar[str] = "pfs:gpci"
    WHAT: ClassVar[str] = "geographic practice cost indices"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store
        self._row = lru_cache(1024)(self._read_row)

    def row(self, locality: str) -> GpciRow | None:
        """The indices of a locality (contractor and locality number, `0111205`); None for the unknown."""
        return self._row(locality)

    def rows(self, state: str | None = None) -> tuple[GpciRow, ...]:
        """All localities, or those of a state, in order."""
        where, values = (" WHERE state = ?", (state.upper(),)) if state else ("", ())
        rows = self._store.all(f"SELECT locality FROM entry{where} ORDER BY locality", *values)
        return tuple(found for (locality,) in rows if (found := self.row(locality)))

    def _read_row(self, locality: str) -> GpciRow | None:
        row = self._store.one("SELECT locality, state, name, work, pe, mp FROM entry WHERE locality = ?", locality)
        if row is None:
            return None
        found, state, name, work, pe, mp = row
        return GpciRow(found, state, name, Decimal(work), Decimal(pe), Decimal(mp))


@dataclass(frozen=True, slots=True)
class LocalityArea:
    """What a fee schedule area takes in: its state, name and counties, as printed."""

    locality: str
    state: str
    name: str
    counties: str


class Localities:
    """The fee schedule areas and their counties."""

    COMPONENT: ClassVar[str] = "pfs:localities"
    WHAT: ClassVar[str] = "fee schedule localities by county"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store

    def areas(self, locality: str) -> tuple[LocalityArea, ...]:
        """The areas under a contractor and locality number; a locality that is served twice has two."""
        rows = self._store.all(
            "SELECT locality, state, name, counties FROM entry WHERE locality = ? ORDER BY rank", locality
        )
        return tuple(LocalityArea(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class ZipLocality:
    """Where a ZIP code lies for payment.

    Attributes:
        zip: Five digits.
        state: Two letters.
        locality: Contractor and locality number, as `GpciRow.locality`.
        rural: `R` rural, `B` super rural, empty for urban.
        plus_four: Whether the ZIP code lies in more than one locality, so that only the four further digits (another
            file) tell; the locality given here is then the one of most of it.
    """

    zip: str
    state: str
    locality: str
    rural: str
    plus_four: bool


class ZipLocalities:
    """The five-digit ZIP codes with their localities."""

    COMPONENT: ClassVar[str] = "pfs:zip"
    WHAT: ClassVar[str] = "ZIP code to Medicare locality file"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store

    def locality(self, zip_code: str) -> ZipLocality | None:
        """Where a ZIP code lies (further digits are not looked at); None for the unknown.

        Raises InputError for what is no ZIP code.
        """
        digits = zip_code.replace("-", "").strip()
        if len(digits) not in (5, 9) or not (digits.isascii() and digits.isdigit()):
            raise InputError("A ZIP code has five or nine digits.")
        row = self._store.one("SELECT zip, state, locality, rural, plus_four FROM entry WHERE zip = ?", digits[:5])
        if row is None:
            return None
        found, state, locality, rural, plus_four = row
        return ZipLocality(found, state, locality, rural, bool(plus_four))
