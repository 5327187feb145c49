"""What the edits ask of others: a code book, and a Medicare Code Editor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol, TypeVar

from leadterm.codesets.faces import Face
from leadterm.codesets.relations.relations import Relations
from leadterm.domain import Code, DateRange, Release

F = TypeVar("F", bound=Face)


class Node(Protocol):
    """One node of the Tabular List, as `codesets` describes it."""

    @property
    def code(self) -> str:
        """As written: `E11.22`, block `E08-E13`, chapter `4`."""

    @property
    def kind(self) -> str:
        """chapter, block, category, subcategory, code or seventh."""

    @property
    def title(self) -> str:
        """The official title."""

    @property
    def billable(self) -> bool:
        """Whether no further character can be added."""

    @property
    def children(self) -> tuple[str, ...]:
        """Codes one level down, in the order of the list."""

    @property
    def extension(self) -> str | None:
        """The 7th character of a code that has one."""

    @property
    def notes(self) -> Mapping[str, tuple[str, ...]]:
        """The node's own notes by kind."""


class Tree(Protocol):
    """One Tabular List."""

    def __hash__(self) -> int:
        """So that answers about it can be kept."""

    def node(self, code: str) -> Node | None:
        """The node with that code, or None."""

    def ancestors(self, code: str) -> tuple[Node, ...]:
        """The nodes above it, nearest first."""


class Book(Protocol):
    """The code sets, as far as the edits need them."""

    def __hash__(self) -> int:
        """By identity: answers about its codes are kept."""

    def tree_for(self, on: date | None) -> Tree:
        """The Tabular List that answers for a day; the newest for None."""

    def component(self, face: type[Relations], on: date | None) -> Relations:
        """What the notes of that list say of two codes."""

    def find(self, face: type[F], on: date | None) -> F | None:
        """A component of the release that answers for a day; None where none is installed."""

    def release_for(self, name: str, on: date | None) -> Release | None:
        """The release of a component that answers for a day."""

    def replacements(self, code: Code, on: date) -> tuple[str, ...]:
        """Codes that stand in the place of one that may not be billed on a day, where an installed release tells."""

    def valid_on(self, code: Code, on: date) -> bool:
        """Whether the code is billable and in force on that day."""

    def effective(self, code: Code) -> DateRange | None:
        """The latest days in force, where the dated lists tell."""

    def attributes(self, code: Code, on: date) -> frozenset[str]:
        """The marks of the official dated list on that day (unacceptable, manifestation, newborn, …)."""


class CodeEditor(Protocol):
    """A Medicare Code Editor: takes a stay as a plain mapping, gives the edits that fired."""

    def edit(self, claim: Mapping[str, Any]) -> EditorAnswer:
        """The answer for one stay."""


class EditorAnswer(Protocol):
    """What a Medicare Code Editor says of a stay."""

    @property
    def covers_date(self) -> bool:
        """Whether the editor knows the day of discharge."""

    @property
    def edits(self) -> Sequence[tuple[str, int]]:
        """Name of each edit that fired (`UNACCEPTABLE_PDX`) and on how many codes."""
