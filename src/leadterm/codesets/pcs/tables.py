"""ICD-10-PCS by its tables: which codes are legal, what each character says, and which values are still open.

A procedure code is legal when one row of the table of its first three characters has all of its other four. A row is
a product of its axes, so whoever chooses only among values that some row still has ends at a legal code.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import ClassVar

from leadterm.domain import CodeSystem, InputError, Release

from ..store import Store
from .definitions import Aggregate, PcsDefinitions, PcsTerm
from .index import IndexTerm, Lead, PcsIndex
from .titles import compose
from .values import Axis, AxisChoice, AxisValue, Fault, Option, PcsCode, Place, Row, Table, Value

__all__ = [
    "Aggregate",
    "Axis",
    "AxisChoice",
    "AxisValue",
    "Fault",
    "IndexTerm",
    "Lead",
    "Option",
    "PcsCode",
    "PcsDefinitions",
    "PcsIndex",
    "PcsTables",
    "PcsTerm",
    "Place",
    "Row",
    "Table",
    "Value",
]

LENGTH = 7
HEAD = 3  # characters that name a table
CHARACTERS = frozenset("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ")
TABLES_KEPT = 256
HEADS_KEPT = 2_048
_USE = re.compile(
    r"(?P<label>.+?)(?: for (?P<operation>\w+))?(?: in(?: (?P<system>.+))?)?(?: \((?P<type>Assessment|Treatment)\))?"
)


class PcsTables:
    """The tables of one release. Values are frozen; threads may share it."""

    COMPONENT: ClassVar[str] = "icd10pcs:tables"
    WHAT: ClassVar[str] = "set of ICD-10-PCS tables"

    def __init__(self, store: Store, release: Release) -> None:
        self.release = release
        self._store = store
        self._table = lru_cache(TABLES_KEPT)(self._read_table)
        self._heads = lru_cache(1)(self._read_heads)
        self._fitting = lru_cache(HEADS_KEPT)(self._read_fitting)

    # --- tables ---

    def sections(self) -> tuple[Value, ...]:
        """The sections: values of the first character."""
        return tuple(dict.fromkeys(axes[0].values[0] for axes in self._heads().values()))

    def prefixes(self, start: str = "") -> tuple[str, ...]:
        """The tables whose name begins with `start`, in order."""
        return tuple(prefix for prefix in self._heads() if prefix.startswith(_written(start)))

    def table(self, prefix: str) -> Table | None:
        """The table of three characters (`0FT`); None when there is none."""
        return self._table(_written(prefix))

    def is_legal(self, code: str) -> bool:
        """Whether the tables make this code."""
        return len(code) == LENGTH and self._row(code) is not None

    def expand(self, start: str = "") -> Iterator[str]:
        """Every legal code that begins with `start`, in order."""
        start = _written(start)
        for prefix in self._heads():
            if prefix.startswith(start[:HEAD]) and (table := self._table(prefix)):
                yield from (code for code in table.codes() if code.startswith(start))

    # --- codes ---

    def describe(self, code: str) -> PcsCode | None:
        """What a code says, axis by axis; None when the tables do not make it. Its title is composed, not official."""
        code = _written(code)
        table, row = self._table(code[:HEAD]), self._row(code)
        if table is None or row is None or len(code) != LENGTH:
            return None
        axes = (*table.axes, *row.axes)
        values = tuple(
            AxisValue(axis.position, axis.name, character, axis.label(character) or "")
            for axis, character in zip(axes, code, strict=True)
        )
        title = compose(code, tuple(value.label for value in values))
        return PcsCode(code, values, table.definition, title)

    def fault(self, code: str) -> Fault | None:
        """Where a code, or the beginning of one, leaves the tables; None when it is legal as far as it goes."""
        code = _written(code)
        for position in range(1, len(code) + 1):
            open_now = self._open(dict(enumerate(code[: position - 1], 1)), position)
            if code[position - 1] not in {option.code for option in open_now.options}:
                return Fault(position, open_now.name, code[position - 1], open_now.options)
        return None

    def places(self, label: str) -> tuple[Place, ...]:
        """Where a text is the label of a value, whatever its case: "Gallbladder" → position 4, `4`, 0F5, 0F7, …"""
        rows = self._store.all(
            "SELECT position, value, label, prefixes FROM value WHERE label = ? ORDER BY position, value", label.strip()
        )
        return tuple(Place(position, code, text, tuple(prefixes.split())) for position, code, text, prefixes in rows)

    def values_for(self, use: str, tables: Sequence[str] = ()) -> tuple[Place, ...]:
        """The values that a `use` of the Index, or a key of the definitions, means; empty where none is so named.

        "Zooplastic Tissue in Heart and Great Vessels" is the value Zooplastic Tissue in the tables of that body
        system, "… for Insertion in …" in those of that operation too, "… (Assessment)" in those of such a type, "… in
        New Technology" in those of that section. `tables` limits the answer to tables that begin so.
        """
        found = self.places(use)
        wanted: tuple[str, ...] = ()
        if not found and (parts := _USE.fullmatch(use.strip())):
            found = self.places(parts["label"])
            wanted = tuple(part for part in (parts["operation"], parts["system"], parts["type"]) if part)
        kept = (replace(p, tables=tuple(t for t in p.tables if self._in(t, wanted, tables))) for p in found)
        return tuple(place for place in kept if place.tables)

    def _in(self, table: str, wanted: Sequence[str], tables: Sequence[str]) -> bool:
        """Whether a table is one of `tables`, and each of `wanted` names its section, body system or operation."""
        names = [axis.values[0].label for axis in self._heads()[table]]
        named = all(any(name == w or name.endswith(f" {w}") for name in names) for w in wanted)
        return named and (not tables or any(table.startswith(t[:HEAD]) for t in tables))

    # --- the builder ---

    def options(self, prefix: str = "", chosen: Mapping[int, str] | None = None) -> tuple[AxisChoice, ...]:
        """What may still be chosen at each position, given the beginning of a code and other characters by position.

        Every option leads to a legal code, and every legal code can be reached, in any order of choosing. Positions 4
        to 7 are told once the first three name a table. Raises InputError for a choice that no legal code has.
        """
        given = _given(prefix, chosen or {})
        whole = all(position in given for position in range(1, HEAD + 1))
        if not whole and any(position > HEAD for position in given):
            raise InputError("Choose section, body system and operation first: they name the table of the other axes.")
        told = tuple(self._open(given, position) for position in range(1, (LENGTH if whole else HEAD) + 1))
        for choice in told:
            if choice.chosen is not None and choice.chosen not in {option.code for option in choice.options}:
                written = "".join(given.get(position, "_") for position in range(1, LENGTH + 1)).rstrip("_")
                raise InputError(f"No ICD-10-PCS code reads {written}; change the character at one of its positions.")
        return told

    def _open(self, given: Mapping[int, str], position: int) -> AxisChoice:
        """What goes with all other choices at one position."""
        others = {place: code for place, code in given.items() if place != position}
        axes = self._open_heads(others, position) if position <= HEAD else self._open_rows(others, position)
        labels: dict[str, dict[str, None]] = {}
        for axis in axes:
            for value in axis.values:
                labels.setdefault(value.code, {})[value.label] = None
        options = tuple(Option(code, tuple(labels[code])) for code in sorted(labels))
        names = " / ".join(dict.fromkeys(axis.name for axis in axes))
        return AxisChoice(position, names, given.get(position), options)

    def _open_heads(self, others: Mapping[int, str], position: int) -> Sequence[Axis]:
        fit = self._fitting(tuple(others.get(at) for at in range(1, HEAD + 1)))
        rest = {at: c for at, c in others.items() if at > HEAD}
        if rest:
            fit = tuple(p for p in fit if (table := self._table(p)) and any(row.has(rest) for row in table.rows))
        return [self._heads()[p][position - 1] for p in fit]

    def _open_rows(self, others: Mapping[int, str], position: int) -> Sequence[Axis]:
        table = self._table("".join(others[at] for at in range(1, HEAD + 1)))
        return [row.axes[position - HEAD - 1] for row in table.rows if row.has(others)] if table else []

    # --- within ---

    def _read_fitting(self, head: tuple[str | None, ...]) -> tuple[str, ...]:
        """The tables that have every character given for their name."""
        return tuple(p for p in self._heads() if all(c is None or c == own for c, own in zip(head, p, strict=True)))

    def _row(self, code: str) -> Row | None:
        table = self._table(code[:HEAD])
        rest = dict(enumerate(code[HEAD:], HEAD + 1))
        return next((row for row in table.rows if row.has(rest)), None) if table else None

    def _read_table(self, prefix: str) -> Table | None:
        found = self._store.one("SELECT head, definition, rows FROM entry WHERE prefix = ?", prefix)
        if found is None:
            return None
        head, definition, rows = found
        return Table(
            prefix, _axes(json.loads(head), 1), definition, tuple(Row(_axes(row, HEAD + 1)) for row in json.loads(rows))
        )

    def _read_heads(self) -> dict[str, tuple[Axis, ...]]:
        """The first three axes of every table, by its name."""
        rows = self._store.all("SELECT prefix, head FROM entry ORDER BY prefix")
        return {prefix: _axes(json.loads(head), 1) for prefix, head in rows}


def _axes(raw: Sequence[tuple[str, Sequence[tuple[str, str]]]], first: int) -> tuple[Axis, ...]:
    return tuple(
        Axis(position, name, tuple(Value(code, label) for code, label in values))
        for position, (name, values) in enumerate(raw, first)
    )


def _written(text: str) -> str:
    """The beginning of a code as it is written. Raises InputError for what cannot be one."""
    written = text.strip().upper()
    if len(written) > LENGTH or not CHARACTERS.issuperset(written):
        raise InputError(
            f"'{text.strip()[:16]}' is no {CodeSystem.ICD10PCS} code, nor the beginning of one: up to seven digits and "
            "letters, without I and O."
        )
    return written


def _given(prefix: str, chosen: Mapping[int, str]) -> dict[int, str]:
    """All choices by position. Raises InputError for a position that is none or is given twice."""
    given = dict(enumerate(_written(prefix), 1))
    for position, character in chosen.items():
        code = _written(character)
        if not 1 <= position <= LENGTH or len(code) != 1 or given.get(position, code) != code:
            raise InputError("A choice is one character at a position from 1 to 7, once: {5: '4'}.")
        given[position] = code
    return dict(sorted(given.items()))
