"""What the ICD-10-PCS tables answer with: tables, rows and axes; what stands open; what a code says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod


@dataclass(frozen=True, slots=True)
class Value:
    """One value of an axis: its character and what it says."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a table or row: its position (1 to 7), its name in the table, its values."""

    position: int
    name: str
    values: tuple[Value, ...]

    def label(self, code: str) -> str | None:
        """What a character says here; None where the axis does not have it."""
        return next((value.label for value in self.values if value.code == code), None)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: the axes 4 to 7, every value of which goes with every other."""

    axes: tuple[Axis, ...]

    @property
    def count(self) -> int:
        """How many codes it makes."""
        return prod(len(axis.values) for axis in self.axes)

    def has(self, chosen: Mapping[int, str]) -> bool:
        """Whether it has every chosen value of the axes 4 to 7."""
        return all(axis.label(chosen[axis.position]) for axis in self.axes if axis.position in chosen)


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Attributes:
        prefix: The three characters that name it (`0FT`).
        axes: Section, body system and operation, by the names of the table, with one value each.
        definition: What the operation means, where the table says it.
        rows: In the order of the book.
    """

    prefix: str
    axes: tuple[Axis, ...]
    definition: str | None
    rows: tuple[Row, ...]

    def codes(self) -> Iterator[str]:
        """Its codes, in order."""
        made = ("".join(c) for row in self.rows for c in product(*([v.code for v in a.values] for a in row.axes)))
        return (self.prefix + rest for rest in sorted(made))


@dataclass(frozen=True, slots=True)
class Option:
    """A value that may be chosen; several labels where rows that are still open say different things by it."""

    code: str
    labels: tuple[str, ...]

    @property
    def label(self) -> str:
        """The labels as one text."""
        return " / ".join(self.labels)


@dataclass(frozen=True, slots=True)
class AxisChoice:
    """What stands open at one position.

    Attributes:
        position: 1 to 7.
        name: Of the axis in the tables that are still open.
        chosen: The character chosen, or None.
        options: What goes with the choices at all other positions; for a chosen position, what it may be changed to.
    """

    position: int
    name: str
    chosen: str | None
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class AxisValue:
    """What one character of a code says: position, name of the axis, character, label."""

    position: int
    name: str
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class PcsCode:
    """A legal code axis by axis; `title` is composed of the labels, in the manner of the official long titles."""

    code: str
    axes: tuple[AxisValue, ...]
    definition: str | None
    title: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a code leaves the tables: the first position whose character goes with none before it, and what would."""

    position: int
    name: str
    character: str
    legal: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a label is a value: position, character, label as the tables spell it, the tables."""

    position: int
    code: str
    label: str
    tables: tuple[str, ...]
