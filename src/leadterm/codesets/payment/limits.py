"""How often a service is covered, and for whom: rows of a table, ours or a user's (component `coverage:frequency`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import ClassVar

from leadterm.domain import InputError, Release

from ..store import Store

# The columns of such a table, and with them the fields of a row.
FIELDS = (
    *("payer", "codes", "after", "times", "every", "unit", "ages", "sex", "diagnoses", "risk", "sooner", "modifiers"),
    *("since", "until", "citation"),
)
MONTHS, DAYS, LIFETIME = "months", "days", "lifetime"
UNITS = ("", MONTHS, DAYS, LIFETIME)
LONGEST_AGE = 150
_CODE = re.compile(r"[0-9A-Z]{5}")
_BEGINNING = re.compile(r"[A-Z](?:[0-9](?:[0-9A-Z](?:\.[0-9A-Z]{0,4})?)?)?")
_MODIFIER = re.compile(r"[0-9A-Z]{2}")
_AGES = re.compile(r"([0-9]{1,3})-([0-9]{1,3})?")
_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
_PAYER = re.compile(r"[a-z-]{0,40}")


@dataclass(frozen=True, slots=True)
class Limit:
    """How often a service is covered, and for whom.

    Attributes:
        payer: The type of payer that it is of (`medicare`); empty for every one.
        codes: The services that are limited.
        after: The earlier services that count; empty where each code counts itself alone.
        times: How many are covered in the period, which the first of them starts.
        every: Length of the period; None for a lifetime, and where only the patient is limited.
        unit: What `every` counts. `months`: the next one is covered from the first day of the month so many months
            after that of the last one (12: when 11 full months have passed); `days`; `lifetime`; empty where how often
            does not matter.
        youngest, oldest: The ages in full years at which it is covered; None where there is no limit.
        sex: `F` or `M`, where only these are covered; else empty.
        diagnoses: Beginnings of codes: it holds for lines that point to such a diagnosis alone; empty for all. Earlier
            services count whatever they pointed to; where these are screenings alone (Z11 to Z13), only screenings do.
        risk: Beginnings of codes: for lines that point to such a diagnosis the period is `sooner`.
        sooner: Months (days, where `unit` says so); None where there is no limit then.
        modifiers: With one of them on the line it does not hold.
        since, until: First and last day of service that it holds for; None for no end.
        citation: Where it is written.
    """

    payer: str
    codes: frozenset[str]
    after: frozenset[str]
    times: int
    every: int | None
    unit: str
    youngest: int | None
    oldest: int | None
    sex: str
    diagnoses: tuple[str, ...]
    risk: tuple[str, ...]
    sooner: int | None
    modifiers: frozenset[str]
    since: date
    until: date | None
    citation: str

    def holds_on(self, day: date) -> bool:
        """Whether it is in force for a service of that day."""
        return self.since <= day and (self.until is None or day <= self.until)


def limit_of(cells: Sequence[str]) -> Limit:
    """The limit that a row writes. Raises InputError, saying which cell, for a row that cannot be meant."""
    row = dict(zip(FIELDS, (cell.strip() for cell in cells), strict=True))
    unit = _fit(row, "unit", row["unit"].lower() in UNITS, "is months, days, lifetime or empty").lower()
    for name in ("every", "times", "sooner"):
        _fit(row, name, not row[name] or bool(_NUMBER.fullmatch(row[name])), "is a number")
    _fit(row, "every", bool(row["every"]) is (unit in (MONTHS, DAYS)), "stands with months or days, and only there")
    _fit(row, "sex", row["sex"].upper() in ("", "F", "M"), "is F, M or empty")
    _fit(row, "payer", bool(_PAYER.fullmatch(row["payer"].lower())), "is a type of payer, or empty")
    ages = _AGES.fullmatch(row["ages"])
    youngest, oldest = (_age(ages[1]), _age(ages[2])) if ages else (None, None)
    in_order = oldest is None or youngest is None or youngest <= oldest <= LONGEST_AGE
    _fit(row, "ages", (bool(ages) or not row["ages"]) and in_order, "is written 50-, or 50-77")
    _fit(row, "codes", bool(row["codes"]), "names a code")
    _fit(row, "citation", bool(row["citation"]), "says where it is written")
    _fit(row, "unit", bool(unit or row["ages"] or row["sex"]), "is told where neither ages nor sex are")
    return Limit(
        row["payer"].lower(),
        _words(row, "codes", _CODE),
        _words(row, "after", _CODE),
        int(row["times"] or 1),
        int(row["every"]) if row["every"] else None,
        unit,
        youngest,
        oldest,
        row["sex"].upper(),
        _beginnings(row, "diagnoses"),
        _beginnings(row, "risk"),
        int(row["sooner"]) if row["sooner"] else None,
        _words(row, "modifiers", _MODIFIER),
        _day(row, "since") or date.min,
        _day(row, "until"),
        row["citation"],
    )


def _fit(row: dict[str, str], name: str, fits: bool, how: str) -> str:
    if not fits:
        raise InputError(f"the column {name} {how}; correct the row.")
    return row[name]


def _age(text: str | None) -> int | None:
    return int(text) if text else None


def _words(row: dict[str, str], name: str, shape: re.Pattern[str]) -> frozenset[str]:
    words = row[name].upper().split()
    _fit(row, name, all(shape.fullmatch(word) for word in words), "holds codes with blanks between them")
    return frozenset(words)


def _beginnings(row: dict[str, str], name: str) -> tuple[str, ...]:
    words = row[name].upper().split()
    _fit(
        row, name, all(_BEGINNING.fullmatch(word) for word in words), "holds diagnoses, or how they begin, with blanks"
    )
    return tuple(words)


def _day(row: dict[str, str], name: str) -> date | None:
    try:
        return date.fromisoformat(row[name]) if row[name] else None
    except ValueError:
        raise InputError(f"the column {name} is a day like 2026-01-01, or empty; correct the row.") from None


class FrequencyLimits:
    """The limits that a user brings."""

    COMPONENT: ClassVar[str] = "coverage:frequency"
    WHAT: ClassVar[str] = "limits of how often services are covered"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store

    @cached_property
    def limits(self) -> tuple[Limit, ...]:
        """All of them, in the order of the file."""
        return tuple(map(limit_of, self._store.all(f"SELECT {', '.join(FIELDS)} FROM entry ORDER BY line")))
