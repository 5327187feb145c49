"""The official crosswalks as they are: GEMs in their four directions, conversion tables, ICD-9-CM titles.

A GEM is a dictionary from one system into another (CMS, "General Equivalence Mappings: Documentation and User's
Guide"). A source has alternatives, of which one is chosen; or, under the combination flag, scenarios, of which one is
chosen, and then one target from each of its choice lists, all of them together standing for the source. Reading a GEM
from its targets is not the GEM of the other direction, and is offered by a name of its own (`to`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import ClassVar

from leadterm.domain import CodeSystem, Release

from ..store import Store


@dataclass(frozen=True, slots=True)
class GemRow:
    """One line of a GEM.

    Attributes:
        source: The code looked up in the file.
        target: Its equivalent; None where the file says that there is none.
        approximate: Whether the two differ in meaning.
        combination: Whether the target stands for the source only together with others.
        scenario, choice: Which of the scenarios, and which choice list in it, from 1; 0 without combination.
    """

    source: str
    target: str | None
    approximate: bool
    combination: bool
    scenario: int
    choice: int

    @property
    def no_map(self) -> bool:
        """Whether the file says that the source has no equivalent."""
        return self.target is None

    @property
    def flags(self) -> str:
        """The five digits of the file: approximate, no map, combination, scenario, choice list."""
        return f"{self.approximate:d}{self.no_map:d}{self.combination:d}{self.scenario}{self.choice}"


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """Targets of which one is chosen; number 0 holds the targets that stand for the source alone."""

    number: int
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way to express the source: one target from each choice list, together. Number 0: single targets."""

    number: int
    choices: tuple[ChoiceList, ...]


def scenarios(rows: Iterable[GemRow]) -> tuple[Scenario, ...]:
    """Rows of one source as scenarios, choice lists and their alternatives, numbers rising; no-map rows left out."""
    return grouped((r.scenario, r.choice, r.target) for r in rows if r.target)


def grouped(rows: Iterable[tuple[int, int, str]]) -> tuple[Scenario, ...]:
    """(scenario, choice list, target) as scenarios and choice lists, in rising order, targets in the order given."""
    ordered = sorted(rows, key=lambda r: (r[0], r[1]))
    found = []
    for number, of_scenario in groupby(ordered, key=lambda r: r[0]):
        lists = groupby(of_scenario, key=lambda r: r[1])
        choices = tuple(ChoiceList(choice, tuple(dict.fromkeys(r[2] for r in chosen))) for choice, chosen in lists)
        found.append(Scenario(number, choices))
    return tuple(found)


class Gem:
    """One direction of the GEMs. Threads may share it."""

    COMPONENT: ClassVar[str]
    WHAT: ClassVar[str]
    SOURCE: ClassVar[CodeSystem]
    TARGET: ClassVar[CodeSystem]
    _SELECT: ClassVar[str] = "SELECT source, target, approximate, combination, scenario, choice FROM entry"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store
        self.release = release

    def rows(self, source: str) -> tuple[GemRow, ...]:
        """The lines of a source (with its dot), in the order of the file; empty when the file does not have it."""
        return self._rows("source = ?", source)

    def to(self, target: str) -> tuple[GemRow, ...]:
        """The lines that lead to a target: the GEM read backward, which the other GEM is not."""
        return self._rows("target = ?", target)

    def starting(self, prefix: str, limit: int = 20) -> tuple[str, ...]:
        """Sources that begin with `prefix`: what a category is complete with."""
        sql = "SELECT DISTINCT source FROM entry WHERE source >= ? AND source < ? ORDER BY source LIMIT ?"
        return tuple(source for (source,) in self._store.all(sql, prefix, f"{prefix}\x7f", limit))

    def every_row(self) -> tuple[GemRow, ...]:
        """All lines, in the order of the file."""
        return tuple(_gem_row(row) for row in self._store.all(f"{self._SELECT} ORDER BY rank"))

    def _rows(self, where: str, value: str) -> tuple[GemRow, ...]:
        return tuple(_gem_row(row) for row in self._store.all(f"{self._SELECT} WHERE {where} ORDER BY rank", value))


def _gem_row(row: tuple[str, str | None, int, int, int, int]) -> GemRow:
    source, target, approximate, combination, scenario, choice = row
    return GemRow(source, target, bool(approximate), bool(combination), scenario, choice)


class Gem9To10(Gem):
    """ICD-9-CM diagnoses to ICD-10-CM."""

    COMPONENT: ClassVar[str] = "gems:icd9cm-icd10cm"
    WHAT: ClassVar[str] = "GEM from ICD-9-CM to ICD-10-CM"
    SOURCE: ClassVar[CodeSystem] = CodeSystem.ICD9CM
    TARGET: ClassVar[CodeSystem] = CodeSystem.ICD10CM


class Gem10To9(Gem):
    """ICD-10-CM to ICD-9-CM diagnoses."""

    COMPONENT: ClassVar[str] = "gems:icd10cm-icd9cm"
    WHAT: ClassVar[str] = "GEM from ICD-10-CM to ICD-9-CM"
    SOURCE: ClassVar[CodeSystem] = CodeSystem.ICD10CM
    TARGET: ClassVar[CodeSystem] = CodeSystem.ICD9CM


class Gem9ToPcs(Gem):
    """ICD-9-CM procedures to ICD-10-PCS."""

    COMPONENT: ClassVar[str] = "gems:icd9proc-icd10pcs"
    WHAT: ClassVar[str] = "GEM from ICD-9-CM procedures to ICD-10-PCS"
    SOURCE: ClassVar[CodeSystem] = CodeSystem.ICD9PROC
    TARGET: ClassVar[CodeSystem] = CodeSystem.ICD10PCS


class GemPcsTo9(Gem):
    """ICD-10-PCS to ICD-9-CM procedures."""

    COMPONENT: ClassVar[str] = "gems:icd10pcs-icd9proc"
    WHAT: ClassVar[str] = "GEM from ICD-10-PCS to ICD-9-CM procedures"
    SOURCE: ClassVar[CodeSystem] = CodeSystem.ICD10PCS
    TARGET: ClassVar[CodeSystem] = CodeSystem.ICD9PROC


GEMS: dict[tuple[str, str], type[Gem]] = {
    (gem.SOURCE, gem.TARGET): gem for gem in (Gem9To10, Gem10To9, Gem9ToPcs, GemPcsTo9)
}


@dataclass(frozen=True, slots=True)
class Conversion:
    """One line of a conversion table.

    Attributes:
        current: The new code.
        effective: From when; None where the table does not say.
        previous: What was assigned before; None when nothing was, or only `words` tell.
        words: The cell as it stands where it is no list of codes.
    """

    current: str
    effective: date | None
    previous: str | None
    words: str | None = None


class ConversionTable:
    """The conversion table of ICD-10-CM. Threads may share it."""

    COMPONENT: ClassVar[str] = "icd10cm:conversion"
    WHAT: ClassVar[str] = "ICD-10-CM conversion table"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store
        self.release = release

    def before(self, current: str) -> tuple[Conversion, ...]:
        """What was assigned before a code was new, newest first; empty when the table does not have it."""
        return self._rows("current = ?", current)

    def after(self, previous: str) -> tuple[Conversion, ...]:
        """The codes that have come in the place of an earlier one or beside it, newest first."""
        return self._rows("previous = ?", previous)

    def _rows(self, where: str, value: str) -> tuple[Conversion, ...]:
        sql = f"SELECT current, effective, previous, words FROM entry WHERE {where} ORDER BY effective DESC, rank"
        return tuple(
            Conversion(current, date.fromisoformat(day) if day else None, previous, words)
            for current, day, previous, words in self._store.all(sql, value)
        )


class PcsConversionTable(ConversionTable):
    """The conversion table of ICD-10-PCS."""

    COMPONENT: ClassVar[str] = "icd10pcs:conversion"
    WHAT: ClassVar[str] = "ICD-10-PCS conversion table"


CONVERSIONS: dict[CodeSystem, type[ConversionTable]] = {
    CodeSystem.ICD10CM: ConversionTable,
    CodeSystem.ICD10PCS: PcsConversionTable,
}


class Icd9Titles:
    """ICD-9-CM diagnoses. Threads may share it."""

    COMPONENT: ClassVar[str] = "icd9cm:codes"
    WHAT: ClassVar[str] = "ICD-9-CM diagnosis titles"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store
        self.release = release

    def title(self, code: str) -> str | None:
        """The long title, the short one where there is no long one; None when the release does not have the code."""
        row = self._store.one("SELECT coalesce(long, short) FROM entry WHERE code = ?", code)
        return row[0] if row else None


class Icd9ProcedureTitles(Icd9Titles):
    """ICD-9-CM procedures."""

    COMPONENT: ClassVar[str] = "icd9proc:codes"
    WHAT: ClassVar[str] = "ICD-9-CM procedure titles"


# The titles of each part of ICD-9-CM, and the GEM that goes on from it.
ICD9_TITLES: dict[CodeSystem, tuple[type[Icd9Titles], tuple[CodeSystem, CodeSystem]]] = {
    CodeSystem.ICD9CM: (Icd9Titles, (CodeSystem.ICD9CM, CodeSystem.ICD10CM)),
    CodeSystem.ICD9PROC: (Icd9ProcedureTitles, (CodeSystem.ICD9PROC, CodeSystem.ICD10PCS)),
}
