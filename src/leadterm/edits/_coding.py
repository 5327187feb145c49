"""A coded encounter with every code looked up once: what the checks of this package are given."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from leadterm.codesets.relations.relations import Relations
from leadterm.domain import (
    Assignment,
    ClaimType,
    Code,
    CodedEncounter,
    CodeSystem,
    Encounter,
    Role,
    Setting,
    Status,
    plain_day,
)

from ._options import STANDARD, Options
from ._ports import Book, Node, Tree

T = TypeVar("T")

FIRST_ROLES = (Role.PRINCIPAL, Role.FIRST_LISTED)
PROCEDURE_ROLES = frozenset({Role.PRINCIPAL_PROCEDURE, Role.PROCEDURE})
EXTERNAL_CAUSES = frozenset("VWXY")
MOST_ENTRIES = 20_000
NOTE_CHARACTERS = 160


class Entry:
    """An ICD-10-CM code and what the Tabular List has above it.

    Attributes:
        code, bare: With and without its dot.
        node: Its node; None when the list does not have it.
        lineage: Its node and all above it, nearest first.
        line: The codes of the lineage.
    """

    __slots__ = ("__weakref__", "bare", "code", "line", "lineage", "node")

    def __init__(self, code: str, node: Node | None, ancestors: tuple[Node, ...]) -> None:
        self.code = code
        self.bare = code.replace(".", "")
        self.node = node
        self.lineage: tuple[Node, ...] = (node, *ancestors) if node else ()
        self.line = frozenset(n.code for n in self.lineage)

    @property
    def incomplete(self) -> bool:
        """Whether the list has the code and divides it further."""
        return self.node is not None and not self.node.billable


# A list is big and lives long; its entries are made once, and die with it.
_ENTRIES: WeakKeyDictionary[Tree, dict[str, Entry]] = WeakKeyDictionary()


def entry(tree: Tree, code: str) -> Entry:
    """The entry of an ICD-10-CM code; the same object for the same code, so that answers about it can be cached."""
    known = _ENTRIES.get(tree)
    if known is None:
        known = _ENTRIES[tree] = {}
    found = known.get(code)
    if found is None:
        if len(known) >= MOST_ENTRIES:
            known.clear()
        node = tree.node(code)
        found = known[code] = Entry(code, node, tree.ancestors(code) if node else ())
    return found


# A stream of claims asks of the same codes on the same days again and again.
@lru_cache(maxsize=MOST_ENTRIES)
def in_force(book: Book, code: Code, on: date) -> bool:
    """Whether the code is complete and in force on that day."""
    return book.valid_on(code, on)


@lru_cache(maxsize=MOST_ENTRIES)
def marks_on(book: Book, code: Code, on: date) -> frozenset[str]:
    """The marks of the official dated list on that day."""
    return book.attributes(code, on)


# The same for an entry, which is found faster than its code.
@lru_cache(maxsize=MOST_ENTRIES)
def _marks_of(book: Book, entry: Entry, on: date) -> frozenset[str]:
    return book.attributes(Code(CodeSystem.ICD10CM, entry.code), on)


@lru_cache(maxsize=MOST_ENTRIES)
def _listed(book: Book, entry: Entry) -> bool:
    return book.effective(Code(CodeSystem.ICD10CM, entry.code)) is not None


@lru_cache(maxsize=MOST_ENTRIES)
def holds_on(book: Book, entry: Entry, on: date | None) -> bool:
    """Whether the code is complete and in force on that day; without a day, whether it is complete."""
    if on is None:
        return entry.node is not None and entry.node.billable
    return book.valid_on(Code(CodeSystem.ICD10CM, entry.code), on)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """An ICD-10-CM diagnosis of the encounter: its assignment and its entry."""

    assignment: Assignment
    entry: Entry

    @property
    def code(self) -> str:
        """The code with its dot."""
        return self.entry.code


class Coding:
    """A coded encounter as the checks see it.

    Attributes:
        coded, encounter, book, options: What was given.
        on: The controlling date, or None.
        stay: Whether this is an inpatient facility encounter, where the Medicare Code Editor's lists hold in full.
        reported: The diagnoses of any code system that a claim would carry, in order.
        diagnoses: The ICD-10-CM diagnoses that a claim would carry, in order.
        first: The principal or first-listed one; without such a role the first in order.
    """

    def __init__(self, coded: CodedEncounter, book: Book, options: Options = STANDARD) -> None:
        encounter = coded.encounter
        self.coded = coded
        self.book = book
        self.options = options
        self.encounter: Encounter = encounter
        self.on = plain_day(coded.on or encounter.controlling_date)
        self.stay = encounter.setting is Setting.INPATIENT and encounter.claim_type is ClaimType.INSTITUTIONAL
        tree = book.tree_for(self.on)
        self.reported = coded.diagnoses
        self.diagnoses = tuple(
            Diagnosis(a, entry(tree, a.code.value)) for a in self.reported if a.code.system is CodeSystem.ICD10CM
        )
        self.first = _first(self.diagnoses)
        self._read: dict[object, Any] = {}

    @cached_property
    def secondary(self) -> tuple[Diagnosis, ...]:
        """Every diagnosis but the first."""
        return tuple(d for d in self.diagnoses if d is not self.first)

    @cached_property
    def relations(self) -> Relations:
        """What the notes of the Tabular List of the controlling date say of two codes."""
        return self.book.component(Relations, self.on)

    @cached_property
    def procedures(self) -> tuple[Assignment, ...]:
        """The ICD-10-PCS procedures, in order; rejected ones left out."""
        kept = (a for a in self.coded.assignments if a.status is not Status.REJECTED)
        return tuple(a for a in kept if a.role in PROCEDURE_ROLES)

    @cached_property
    def age(self) -> int | None:
        """Whole years: on admission for a stay, on the controlling date else."""
        return self.encounter.patient.age_on(plain_day(self.encounter.admission) or self.on)

    def once(self, read: Callable[[Coding], T]) -> T:
        """What `read` makes of this coding, made once: several checks ask for the same."""
        if read not in self._read:
            self._read[read] = read(self)
        found: T = self._read[read]
        return found

    def marks(self, diagnosis: Diagnosis) -> frozenset[str]:
        """The marks of the official dated list on the controlling date; none without a date."""
        return _marks_of(self.book, diagnosis.entry, self.on) if self.on else frozenset()

    @cached_property
    def all_marks(self) -> frozenset[str]:
        """The marks of all diagnoses together: most have none."""
        return frozenset().union(*map(self.marks, self.diagnoses))

    def holds(self, diagnosis: Diagnosis) -> bool:
        """Whether the code is complete and in force on the controlling date; without a date, whether it is complete."""
        return holds_on(self.book, diagnosis.entry, self.on)

    def listed(self, diagnosis: Diagnosis) -> bool:
        """Whether a dated list knows the code, be it of another time."""
        return _listed(self.book, diagnosis.entry)

    @cached_property
    def modifiers(self) -> frozenset[str]:
        """The modifiers of all charges together."""
        return frozenset(m for a in self.coded.charges for m in a.modifiers)


def _first(diagnoses: Iterable[Diagnosis]) -> Diagnosis | None:
    diagnoses = tuple(diagnoses)
    return next((d for d in diagnoses if d.assignment.role in FIRST_ROLES), diagnoses[0] if diagnoses else None)


def is_external_cause(code: str) -> bool:
    """Whether the code is of chapter 20."""
    return code[0] in EXTERNAL_CAUSES


def named(diagnosis: Diagnosis) -> str:
    """`E11.9 (Type 2 diabetes mellitus without complications)`, for messages; a code without node by itself."""
    node = diagnosis.entry.node
    return f"{diagnosis.code} ({node.title})" if node else diagnosis.code


def shortened(note: str) -> str:
    """A tabular note, for messages: its beginning where it is long, without the mark that it ends in."""
    words = note.rstrip(":. ")
    return words if len(words) <= NOTE_CHARACTERS else f"{words[:NOTE_CHARACTERS].rsplit(' ', 1)[0]} …"
