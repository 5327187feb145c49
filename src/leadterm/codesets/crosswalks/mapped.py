"""The answer to "what is this code elsewhere": lines, scenarios, the way that led there, and what to know about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from leadterm.domain import Code, CodeSystem, Finding, Severity

from .gems import Scenario, grouped
from .snomed_map import Concept, Patient

if TYPE_CHECKING:
    from ..book import CodeBook

MOST_NAMED = 12  # codes in a sentence


class Vocabulary(StrEnum):
    """What can be translated from, but not billed with."""

    SNOMED = "snomed"


class Local(str):
    """A system that only a map of the user's knows: a sender's own list of codes."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class LocalCode:
    """A code of such a system, as it is written."""

    text: str

    def __str__(self) -> str:
        return self.text


System = CodeSystem | Vocabulary | Local


@dataclass(frozen=True, slots=True)
class Step:
    """One step from a code to another.

    Attributes:
        before, after: The codes, in the order in which they are gone through.
        effective: From when the newer of them counts, where that is known.
        source: The release that says so (`icd10cm:conversion of 2025-10-01`).
    """

    before: str
    after: str
    effective: date | None
    source: str


Path = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Mapped:
    """One line of the answer.

    Attributes:
        source: The code that the map was asked for, with its dot.
        target: The code that it leads to; None where the map says that there is none.
        approximate: Whether the two differ in meaning; None where the map does not say.
        combination: Whether the target stands for the source only together with others.
        scenario, choice: Which scenario, and which choice list (SNOMED: map group) in it; 0 without combination.
        origin: The release or file that says so.
        source_title, target_title: Official words, where installed.
        condition: The map's rule when what is known of the patient does not decide it.
        advice: The map's advice, in its own words.
        path: The steps from the code asked for to `source`, or, from year to year, to `target`.
        valid: Whether the target is in force on the day; None where no dated list tells.
        successors: What has come in the place of a target that is not.
    """

    source: str
    target: str | None
    approximate: bool | None
    origin: str
    combination: bool = False
    scenario: int = 0
    choice: int = 0
    source_title: str | None = None
    target_title: str | None = None
    condition: str | None = None
    advice: tuple[str, ...] = ()
    path: Path = ()
    valid: bool | None = None
    successors: tuple[str, ...] = ()

    @property
    def no_map(self) -> bool:
        """Whether the map says that there is no equivalent."""
        return self.target is None


@dataclass(frozen=True, slots=True)
class Translation:
    """The answer to one code.

    Attributes:
        code: As asked, well written; `title`: its official words, where installed.
        source, target: The systems.
        on: The day on which the answer is to be in force.
        backward: Whether a map was read from its targets.
        maps: The lines, in the order of the map.
        findings: What to know about the answer.
    """

    code: str
    title: str | None
    source: System
    target: System
    on: date
    backward: bool
    maps: tuple[Mapped, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def found(self) -> bool:
        """Whether there is an equivalent."""
        return any(m.target for m in self.maps)

    @property
    def scenarios(self) -> tuple[tuple[str, tuple[Scenario, ...]], ...]:
        """For each code that the map was asked for: its scenarios, choice lists and alternatives.

        Empty when a map was read backward: a choice list belongs to the source that it was written for.
        """
        if self.backward:
            return ()
        sources = dict.fromkeys(m.source for m in self.maps if m.target)
        return tuple(
            (s, grouped((m.scenario, m.choice, m.target) for m in self.maps if m.source == s and m.target))
            for s in sources
        )


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, with what answers it."""

    book: CodeBook
    code: Code | Concept | LocalCode
    source: System
    target: System
    day: date
    patient: Patient
    backward: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What one map answers; `of_a_day` when its targets are to be in force on the day asked for."""

    maps: tuple[Mapped, ...] = ()
    findings: tuple[Finding, ...] = ()
    of_a_day: bool = True


def finding(slug: str, severity: Severity, message: str, fix: str | None, code: object) -> Finding:
    """A finding about a map; it is numbered when the answer is put together."""
    return Finding("f", f"CODESETS:map/{slug}", severity, message, fix, (str(code),))


def unknown(message: str, code: object) -> Finding:
    """The finding for a code that is not there."""
    fix = "Check the code, or find it by words: leadterm search WORDS."
    return Finding("f", "CODESETS:code/unknown", Severity.ERROR, message, fix, (str(code),))
