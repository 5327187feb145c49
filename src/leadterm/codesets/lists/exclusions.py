"""Excluded individuals and entities as their users see them: whom federal programmes may not pay, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar

from leadterm.domain import Release

from ..store import Store

KEPT = 1 << 14


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One row of the List of Excluded Individuals/Entities.

    Attributes:
        last_name, first_name, middle_name: Of a person, in capitals; empty for a business.
        business: Name of a business, in capitals; empty for a person.
        general, specialty: Kind of provider, in the words of the list.
        npi: Ten digits; None where the list has none.
        birth_date: Of a person, where the list has it.
        state: Two letters.
        type: Section of the Social Security Act (`1128a1`).
        since: First day on which nothing may be paid.
        until: First day on which it may again (reinstatement); None while the exclusion stands.
        waived: First day of a waiver; None where there is none.
        waiver_state: The state for which the exclusion is waived; empty where there is none.
    """

    last_name: str
    first_name: str
    middle_name: str
    business: str
    general: str
    specialty: str
    npi: str | None
    birth_date: date | None
    state: str
    type: str
    since: date
    until: date | None
    waived: date | None
    waiver_state: str

    def in_force(self, on: date) -> bool:
        """Whether it holds on a day: from the day of exclusion to the day before reinstatement."""
        return self.since <= on and (self.until is None or on < self.until)


class Exclusions:
    """The list of the Office of Inspector General."""

    COMPONENT: ClassVar[str] = "exclusions:leie"
    WHAT: ClassVar[str] = "list of excluded individuals and entities (OIG)"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store
        self._by_npi = lru_cache(KEPT)(self._read_npi)
        self._by_name = lru_cache(KEPT)(self._read_name)

    def by_npi(self, npi: str) -> tuple[Exclusion, ...]:
        """The rows with that NPI, by day; empty for the many who have none."""
        return self._by_npi(npi)

    def by_person(self, last_name: str, first_name: str) -> tuple[Exclusion, ...]:
        """The persons of that name, whatever the case, by day: perhaps somebody else of the same name."""
        return self._by_name(plain(last_name), plain(first_name), "")

    def by_business(self, name: str) -> tuple[Exclusion, ...]:
        """The businesses of that name, whatever the case and the punctuation, by day."""
        return self._by_name("", "", plain(name))

    def _read_npi(self, npi: str) -> tuple[Exclusion, ...]:
        return self._where("npi = ?", npi)

    def _read_name(self, last: str, first: str, business: str) -> tuple[Exclusion, ...]:
        if not (last and first) and not business:
            return ()
        return self._where("last_key = ? AND first_key = ? AND business_key = ?", last, first, business)

    def _where(self, condition: str, *values: str) -> tuple[Exclusion, ...]:
        rows = self._store.all(
            "SELECT last_name, first_name, middle_name, business, general, specialty, npi, birth_date, state, type,"
            f" since, until, waived, waiver_state FROM entry WHERE {condition} ORDER BY since, row",
            *values,
        )
        return tuple(_exclusion(row) for row in rows)


def _exclusion(row: tuple[Any, ...]) -> Exclusion:
    last, first, middle, business, general, specialty, npi, born, state, kind, since, until, waived, waiver_state = row
    return Exclusion(
        *(last, first, middle, business, general, specialty),
        npi,
        _day(born),
        state,
        kind,
        date.fromisoformat(since),
        _day(until),
        _day(waived),
        waiver_state,
    )


def plain(name: str) -> str:
    """A name as it is compared: capitals, letters and digits, single blanks."""
    return " ".join("".join(c if c.isalnum() else " " for c in name.upper()).split())


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
