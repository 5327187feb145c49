"""Excluded individuals and entities as their users see them: whom federal programmes may not pay, and since when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, ClassVar

from leadterm.domain import Release

from ..store import Store
from . import alike

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

    @property
    def name(self) -> str:
        """As the list writes it: `WILTON, ADA M` of a person, else the business."""
        return (
            ", ".join(filter(None, (self.last_name, f"{self.first_name} {self.middle_name}".strip()))) or self.business
        )


class Exclusions:
    """The list of the Office of Inspector General."""

    COMPONENT: ClassVar[str] = "exclusions:leie"
    WHAT: ClassVar[str] = "list of excluded individuals and entities (OIG)"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store
        self._by_npi = lru_cache(KEPT)(self._read_npi)

    def by_npi(self, npi: str) -> tuple[Exclusion, ...]:
        """The rows with that NPI, by day; empty for the many who have none."""
        return self._by_npi(npi)

    def by_person(self, last_name: str, first_name: str) -> tuple[Exclusion, ...]:
        """The persons of such a name, by day: perhaps somebody else of the same name.

        Case, accents, blanks, punctuation, what follows a name (JR, MD) and further forenames do not matter.
        """
        return self._of(self._persons, alike.person(last_name, first_name))

    def by_business(self, name: str) -> tuple[Exclusion, ...]:
        """The businesses of such a name, by day; case, accents, blanks, punctuation and legal form do not matter."""
        return self._of(self._businesses, alike.business(name))

    @cached_property
    def _persons(self) -> Mapping[str, list[int]]:
        """The rows of each name of a person: read when a name is first asked for."""
        rows = self._store.all("SELECT row, last_name, first_name FROM entry WHERE last_key != ''")
        return _grouped((alike.person(last, first), row) for row, last, first in rows)

    @cached_property
    def _businesses(self) -> Mapping[str, list[int]]:
        rows = self._store.all("SELECT row, business FROM entry WHERE business_key != ''")
        return _grouped((alike.business(business), row) for row, business in rows)

    def _of(self, rows: Mapping[str, list[int]], key: str) -> tuple[Exclusion, ...]:
        found = rows.get(key, ()) if key else ()
        return tuple(sorted((one for row in found for one in self._where("row = ?", row)), key=lambda one: one.since))

    def _read_npi(self, npi: str) -> tuple[Exclusion, ...]:
        return self._where("npi = ?", npi)

    def _where(self, condition: str, *values: str | int) -> tuple[Exclusion, ...]:
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


def _grouped(named: Iterable[tuple[str, int]]) -> Mapping[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for key, row in named:
        found[key].append(row)
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
