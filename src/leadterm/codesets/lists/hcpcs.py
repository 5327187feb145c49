"""HCPCS Level II as its users see it: codes and modifiers of one release, with what Medicare says of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

from leadterm.domain import DateRange, Release

from ..store import Store

FIELDS = (
    *("code", "kind", "short", "long", "coverage", "pricing", "multiple", "betos", "services", "asc_group", "asc_from"),
    *("anesthesia", "statute", "cim", "mcm", "laboratory", "crosswalk", "note", "action"),
    *("added", "effective", "terminated"),
)
NOT_PAYABLE = "I"
DENTAL = re.compile(r"D[0-9]{4}", re.IGNORECASE)
DENTAL_ABSENT = (
    "Dental codes (D0000 to D9999) belong to the American Dental Association and are not in the HCPCS file of CMS."
)
_CODE = re.compile(r"[0-9A-Z]{5}")


@dataclass(frozen=True, slots=True)
class Indicator:
    """A letter or number of the file, and what it means in our own words (empty for one that is not known here)."""

    value: str
    meaning: str


@dataclass(frozen=True, slots=True)
class HcpcsTitle:
    """A code or modifier in a list."""

    code: str
    short: str
    long: str


@dataclass(frozen=True, slots=True)
class HcpcsEntry:
    """What a code or modifier of HCPCS Level II is on a day. A CSV of descriptions leaves all after `long` unsaid.

    Attributes:
        code: `J1885`; a modifier has two characters (`RT`).
        modifier: Whether it is a modifier.
        short: At most 28 characters, as CMS prints it.
        long: Description, on one line.
        coverage: Medicare's coverage.
        pricing: How Part B prices it, up to four ways.
        multiple: Whether several methods of pricing hold.
        betos: Its Berenson-Eggers type of service, a grouping for statistics.
        services: CMS types of service, up to five.
        asc_group: `YY` where it may be done in an ambulatory surgical center.
        asc_from: Since when.
        anesthesia: Anesthesia base units.
        statute: Reference to the statute behind its coverage.
        cim, mcm: Sections of the coverage issues and carriers manuals, as CMS still numbers them.
        laboratory: Certification categories that a laboratory needs for it.
        crosswalk: Codes that the file refers to from it, whichever way the reference goes.
        note: Number of its processing note (`ProcessingNotes`).
        action: What the release did to it.
        added: First day of the code.
        effective: Since when its data are as they are.
        terminated: Last day on which it may be used; None while none is set.
        on: The day that the next three are told for.
        in_force: Whether it may be used on that day; None where the file holds no dates.
        ended: Whether its last day is before that day.
        replaced: What stands in its place: the crosswalk of a code that has ended or that Medicare does not pay.
    """

    code: str
    modifier: bool
    short: str
    long: str
    coverage: Indicator | None
    pricing: tuple[Indicator, ...]
    multiple: Indicator | None
    betos: Indicator | None
    services: tuple[Indicator, ...]
    asc_group: str
    asc_from: date | None
    anesthesia: int | None
    statute: str
    cim: tuple[str, ...]
    mcm: tuple[str, ...]
    laboratory: tuple[str, ...]
    crosswalk: tuple[str, ...]
    note: str
    action: Indicator | None
    added: date | None
    effective: date | None
    terminated: date | None
    on: date
    in_force: bool | None
    ended: bool
    replaced: tuple[str, ...]

    @property
    def period(self) -> DateRange | None:
        """The days on which it may be used, where the file tells."""
        return DateRange(self.added, self.terminated) if self.added else None


class Hcpcs:
    """The codes and modifiers of one release of HCPCS Level II. Dental codes are never among them (`absent`)."""

    COMPONENT: ClassVar[str] = "hcpcs:codes"
    WHAT: ClassVar[str] = "HCPCS Level II list"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store
        self._release = release

    def is_of(self, day: date) -> bool:
        """Whether this is the release of that day, and no earlier one that stands in for it."""
        return day in self._release.period

    def code(self, code: str, on: date | None = None) -> HcpcsEntry | None:
        """A code, in any case, as it is on a day (None: the first day of the release); None for the unknown."""
        return self._read(code, "code", on)

    def modifier(self, modifier: str, on: date | None = None) -> HcpcsEntry | None:
        """A modifier, likewise."""
        return self._read(modifier, "modifier", on)

    def starting(self, prefix: str, limit: int = 20) -> tuple[HcpcsTitle, ...]:
        """Codes that begin with `prefix`, in order; the ended ones too, as long as CMS lists them."""
        rows = self._store.all(
            "SELECT code, short, long FROM entry WHERE kind = 'code' AND code >= ? AND code < ? ORDER BY code LIMIT ?",
            prefix.strip().upper(),
            prefix.strip().upper() + "\x7f",
            limit,
        )
        return tuple(HcpcsTitle(*row) for row in rows)

    def titles(self) -> Iterator[HcpcsTitle]:
        """Every code in order, for an index of words."""
        return self._titles("code")

    def modifiers(self) -> Iterator[HcpcsTitle]:
        """Every modifier in order."""
        return self._titles("modifier")

    @staticmethod
    def absent(code: str) -> str:
        """Why a code can never be in this list, as a sentence; empty where there is no such reason."""
        return DENTAL_ABSENT if DENTAL.fullmatch(code.strip()) else ""

    def _titles(self, kind: str) -> Iterator[HcpcsTitle]:
        rows = self._store.all("SELECT code, short, long FROM entry WHERE kind = ? ORDER BY code", kind)
        return (HcpcsTitle(*row) for row in rows)

    def _read(self, code: str, kind: str, on: date | None) -> HcpcsEntry | None:
        row = self._store.one(
            f"SELECT {', '.join(FIELDS)} FROM entry WHERE code = ? AND kind = ?",
            code.strip().upper(),
            kind,
        )
        return _entry(row, on or self._release.period.start) if row else None


class ProcessingNotes:
    """The numbered notes that CMS refers to from its HCPCS file."""

    COMPONENT: ClassVar[str] = "hcpcs:notes"
    WHAT: ClassVar[str] = "list of HCPCS processing notes"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store

    def text(self, number: str) -> str | None:
        """The note of a number (`0088`), in the capitals of CMS; None when there is none."""
        row = self._store.one("SELECT text FROM entry WHERE number = ?", number.strip().zfill(4))
        return row[0] if row else None


def _entry(row: tuple[Any, ...], on: date) -> HcpcsEntry:
    said = dict(zip(FIELDS, row, strict=True))
    crosswalk = _several(said["crosswalk"])
    added, effective, terminated, asc_from = (_day(said[f]) for f in ("added", "effective", "terminated", "asc_from"))
    ended = terminated is not None and terminated < on
    gone = ended or said["coverage"] == NOT_PAYABLE
    return HcpcsEntry(
        code=said["code"],
        modifier=said["kind"] == "modifier",
        short=said["short"],
        long=said["long"],
        coverage=_one("coverage", said["coverage"]),
        pricing=_indicators("pricing", said["pricing"]),
        multiple=_one("multiple", said["multiple"]),
        betos=_one("betos", said["betos"]),
        services=_indicators("services", said["services"]),
        asc_group=said["asc_group"],
        asc_from=asc_from,
        anesthesia=int(said["anesthesia"]) if said["anesthesia"] else None,
        statute=said["statute"],
        cim=_several(said["cim"]),
        mcm=_several(said["mcm"]),
        laboratory=_several(said["laboratory"]),
        crosswalk=crosswalk,
        note=said["note"],
        action=_one("action", said["action"]),
        added=added,
        effective=effective,
        terminated=terminated,
        on=on,
        in_force=(added <= on and not ended) if added else None,
        ended=ended,
        # The file once refers to "CPT" as a whole, which is no code to bill instead.
        replaced=tuple(c for c in crosswalk if _CODE.fullmatch(c)) if gone else (),
    )


def _several(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


def _day(text: str) -> date | None:
    return date(int(text[:4]), int(text[4:6]), int(text[6:])) if text else None


def _indicators(field: str, text: str) -> tuple[Indicator, ...]:
    meanings = _meanings()
    return tuple(Indicator(value, meanings.get((field, value), "")) for value in _several(text))


def _one(field: str, text: str) -> Indicator | None:
    return next(iter(_indicators(field, text)), None)


@cache
def _meanings() -> dict[tuple[str, str], str]:
    text = (files("leadterm.codesets.lists") / "hcpcs_indicators.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:]
    return {(field, value): meaning for field, value, meaning in lines}
