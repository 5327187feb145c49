"""The worksheet of a visit: what an auditor writes down before a level is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from leadterm.domain import Evidence


class Level(IntEnum):
    """Levels of medical decision making and of its three elements, lowest first."""

    NONE = 0
    STRAIGHTFORWARD = 1
    LOW = 2
    MODERATE = 3
    HIGH = 4

    @property
    def word(self) -> str:
        """The level in a word."""
        return self.name.lower()


class Axis(StrEnum):
    """The three elements of medical decision making."""

    PROBLEMS = "problems"
    DATA = "data"
    RISK = "risk"


@dataclass(frozen=True, slots=True)
class Element:
    """One thing of a note that counts.

    Attributes:
        axis: Where it counts.
        kind: What it counts as: of problems `minor`, `stable-chronic`, …; of data `test`, `note`, `historian`,
            `interpretation`, `discussion`; of risk the kind of management.
        name: What it is about, in the chart's words or the concept's; one name counts once.
        why: Why it counts so, in one phrase.
        evidence: The words of the note.
        level: Of risk alone: the level that it bears.
        facts: Ids of the facts that it stands on.
    """

    axis: Axis
    kind: str
    name: str
    why: str
    evidence: tuple[Evidence, ...] = ()
    level: Level = Level.NONE
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spent:
    """A time that the provider documented, in minutes, with its words."""

    minutes: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Decision:
    """Medical decision making: the level of each element, and of the whole: two of three."""

    problems: Level
    data: Level
    risk: Level

    @property
    def level(self) -> Level:
        """The level that two of three meet or exceed."""
        return sorted((self.problems, self.data, self.risk))[1]

    def of(self, axis: Axis) -> Level:
        """The level of one element."""
        level: Level = getattr(self, axis.value)
        return level


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A visit as it is documented.

    Attributes:
        documents: Ids of the documents that tell of it.
        day: The day of the visit.
        family: Row of `families.tsv`; of an office or home visit `-new` or `-established` where that is told.
        told: What shows family and new or established: reasons and words.
        elements: What counts, in the order of the note.
        decision: What the elements come to.
        time: The total time of the day, where documented.
        by_decision, by_time: The codes that each way supports; None where a way supports none.
        open: The other family, where it is not told whether the patient is new or established.
    """

    documents: tuple[str, ...]
    day: date | None
    family: str
    told: tuple[tuple[str, Evidence | None], ...]
    elements: tuple[Element, ...]
    decision: Decision
    time: Spent | None = None
    by_decision: str | None = None
    by_time: str | None = None
    open: str | None = None

    @property
    def code(self) -> str | None:
        """The code of the way that supports more: the rule lets the provider take either."""
        return max((c for c in (self.by_decision, self.by_time) if c), default=None)

    def on(self, axis: Axis) -> tuple[Element, ...]:
        """The elements of one axis."""
        return tuple(e for e in self.elements if e.axis is axis)
