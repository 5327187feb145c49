"""Codes that a message bears, as leads with kind and status (`codes.tsv`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import NamedTuple

from leadterm.domain import RecordedCode, RecordedKind
from leadterm.records.naming import system_of
from leadterm.records.times import day

from .messages import Message
from .segments import Composite, Segment
from .tables import meaning, rows

# Messages that tell the whole of what holds: a later one replaces what an earlier one of its kind told.
SNAPSHOTS = frozenset(("ADT", "BAR"))
# The one of them that adds, changes and deletes row by row.
BY_ACTION = frozenset(("P12",))
DRUG_SYSTEMS = frozenset(("ndc", "rxnorm"))


class Column(NamedTuple):
    """A row of the table: which field of a segment bears codes, and where what is said of them stands."""

    field: int
    kind: RecordedKind
    system: int
    text: int
    day: int
    status: tuple[tuple[int, str], ...]
    always: str | None
    role: tuple[int, str] | None
    action: int


Said = tuple[RecordedKind | None, str]
"""What a code is said of, and the code."""


class Leads:
    """The codes of a visit as messages add, replace and delete them."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, str], dict[Said, list[RecordedCode]]] = defaultdict(dict)

    def take(self, message: Message) -> None:
        """The codes of a message."""
        replaces = message.kind in SNAPSHOTS and message.event not in BY_ACTION
        replaced = set()
        for segment in message.segments:
            for column in _columns().get(segment.name, ()):
                if replaces and segment.name not in replaced:
                    replaced.add(segment.name)
                    self._told[message.kind, segment.name] = {}
                self._tell(segment, column, self._told[message.kind, segment.name])

    def all(self) -> Iterator[RecordedCode]:
        """Each code once for all that is said of it the same way."""
        seen = set()
        for leads in self._told.values():
            for lead in chain.from_iterable(leads.values()):
                said = (lead.kind, lead.system, lead.code, lead.status, lead.role, lead.day)
                if said not in seen:
                    seen.add(said)
                    yield lead

    def _tell(self, segment: Segment, column: Column, leads: dict[Said, list[RecordedCode]]) -> None:
        deletes = bool(column.action) and meaning("action", segment.get(column.action)) == "delete"
        for lead in _leads(segment, column):
            if deletes:
                for others in self._told.values():
                    others.pop((lead.kind, lead.code), None)
            else:
                leads.setdefault((lead.kind, lead.code), []).append(lead)


def coded(one: Composite, method: str | None = None) -> Iterator[tuple[str, str | None, str | None]]:
    """The codes of a coded value (CE, CWE): code, system, text; the alternate one too."""
    for at in (1, 4):
        code, named = one.get(at), one.get(at + 2)
        if code and (at == 1 or named):
            yield code, system_of(named, method if at == 1 else None), one.get(at + 1)


def _leads(segment: Segment, column: Column) -> Iterator[RecordedCode]:
    if not segment.raw(column.field):
        return
    method = segment.get(column.system) if column.system else None
    description = segment.get(column.text) if column.text else None
    status, role = _status(segment, column), _role(segment, column)
    when = day(segment.get(column.day)) if column.day else None
    for number, one in enumerate(segment.all(column.field), 1):
        source = f"{segment.place}-{column.field}[{number}]"
        for code, system, text in coded(one, method):
            kind = _kind(column.kind, system)
            yield RecordedCode(code, system, status, text or description, kind, when, None, source, role)


def _kind(kind: RecordedKind, system: str | None) -> RecordedKind:
    """A drug given is no immunization, though both are told by one segment."""
    return RecordedKind.DRUG if kind is RecordedKind.IMMUNIZATION and system in DRUG_SYSTEMS else kind


def _status(segment: Segment, column: Column) -> str | None:
    found = column.always
    for field, table in column.status:
        told = segment.get(field), segment.get(field, 2)
        found = meaning(table, told[0]) or meaning(table, told[1]) or found
    return found


def _role(segment: Segment, column: Column) -> str | None:
    return meaning(column.role[1], segment.get(column.role[0])) if column.role else None


@cache
def _columns() -> dict[str, tuple[Column, ...]]:
    found: dict[str, tuple[Column, ...]] = {}
    for row in rows("codes.tsv"):
        found[row["segment"]] = (*found.get(row["segment"], ()), _column(row))
    return found


def _column(row: dict[str, str]) -> Column:
    pairs = tuple(_pair(part) for part in row["status"].split(",") if ":" in part)
    always = row["status"] if row["status"] and not pairs else None
    system, text, when, action = (int(row[key] or 0) for key in ("system", "text", "day", "action"))
    role = _pair(row["role"]) if row["role"] else None
    return Column(int(row["field"]), RecordedKind(row["kind"]), system, text, when, pairs, always, role, action)


def _pair(text: str) -> tuple[int, str]:
    field, table = text.split(":")
    return int(field), table
