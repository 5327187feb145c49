"""The ICD-10-PCS definitions: what operations, approaches and types mean; body part, device and substance keys."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from leadterm.domain import Release

from ..store import Store

_ENTRY = "SELECT e.section, e.section_title, e.position, e.axis, e.titles, e.definition, e.explanation, e.includes"


@dataclass(frozen=True, slots=True)
class PcsTerm:
    """What the definitions say of a value.

    Attributes:
        section, section_title: Where it holds: `0`, "Medical and Surgical".
        position, axis: Of the value: 3, "Operation".
        titles: The values meant; a key gives several ("Abdomen Muscle, Left", "Abdomen Muscle, Right").
        definition, explanation: None where the file says none.
        includes: Examples of an operation; for a key, the words of the chart that the values stand for.
    """

    section: str
    section_title: str
    position: int
    axis: str
    titles: tuple[str, ...]
    definition: str | None
    explanation: str | None
    includes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A specific device, and the value that stands for it where the tables are less specific.

    Attributes:
        device: The specific value.
        operation, body_systems: Where it may be coded itself.
        value, parent: The character and label that stand for it elsewhere.
    """

    device: str
    operation: str
    body_systems: tuple[str, ...]
    value: str
    parent: str


class PcsDefinitions:
    """The definitions of one release. Values are frozen; threads may share it."""

    COMPONENT: ClassVar[str] = "icd10pcs:definitions"
    WHAT: ClassVar[str] = "set of ICD-10-PCS definitions"

    def __init__(self, store: Store, release: Release) -> None:
        self.release = release
        self._store = store

    def axis(self, section: str, position: int) -> tuple[PcsTerm, ...]:
        """All that is said of one axis of a section, in the order of the file."""
        return _terms(
            self._store.all(f"{_ENTRY} FROM entry e WHERE section = ? AND position = ? ORDER BY id", section, position)
        )

    def meaning(self, title: str, section: str | None = None, position: int | None = None) -> tuple[PcsTerm, ...]:
        """What a value means ("Resection"), in every section and axis or only in one; whatever the case."""
        return self._named(title, "title", section, position)

    def key(self, word: str, section: str | None = None, position: int | None = None) -> tuple[PcsTerm, ...]:
        """Which values stand for a word of the chart: "Abdominal aortic plexus" → Abdominal Sympathetic Nerve.

        The other way, what a value stands for, is the `includes` of its `meaning`.
        """
        return self._named(word, "includes", section, position)

    def aggregates(self, device: str | None = None) -> tuple[Aggregate, ...]:
        """What stands for a specific device outside the systems that name it; None: the whole table."""
        where = " WHERE device = ?" if device is not None else ""
        rows = self._store.all(
            f"SELECT device, operation, body_systems, value, parent FROM device{where} ORDER BY number",
            *((device.strip(),) if device is not None else ()),
        )
        return tuple(Aggregate(d, o, tuple(json.loads(systems)), v, p) for d, o, systems, v, p in rows)

    def _named(self, name: str, kind: str, section: str | None, position: int | None) -> tuple[PcsTerm, ...]:
        rows = self._store.all(
            f"{_ENTRY} FROM name n JOIN entry e ON e.id = n.entry WHERE n.name = ? AND n.kind = ?"
            " AND e.section = ifnull(?, e.section) AND e.position = ifnull(?, e.position) ORDER BY e.id",
            name.strip(),
            kind,
            section,
            position,
        )
        return _terms(rows)


def _terms(rows: Iterable[tuple[Any, ...]]) -> tuple[PcsTerm, ...]:
    return tuple(
        PcsTerm(section, title, position, axis, tuple(json.loads(titles)), said, why, tuple(json.loads(includes)))
        for section, title, position, axis, titles, said, why, includes in rows
    )
