"""The vocabulary: drugs, procedures, devices and findings as clinicians write them, coded or not.

Written for Leadterm in `vocabulary/*.tsv` (columns surface, concept, kind, class, context; the context as in the
lexicon). `vocabulary/classes.tsv` says which classes there are, of what kind they are, and to which node of Z79 the
long use of such a drug belongs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

from leadterm.codesets.lexicon import marks
from leadterm.domain import FactKind, InternalError

from ._tables import read_table

TABLES = ("drugs", "procedures", "devices", "findings", "births")
COLUMNS = ["surface", "concept", "kind", "class", "context"]
_NOTHING: frozenset[str] = frozenset()
_KINDS = {kind.value: kind for kind in FactKind}


class Entry(NamedTuple):
    """One row of the vocabulary (a tuple, because ten thousand of them are made at a start).

    Attributes:
        surface: What stands in the chart; with a capital letter in it, it is matched exactly as written.
        concept: The thing's full plain name: the generic name of a drug, the procedure in words.
        kind: Drug, procedure, device, finding, condition.
        class_: A row of `classes.tsv`.
        needs: Words of which one must stand in the same sentence; empty: none needed.
        vetoes: Words that must not stand there.
        within: Kinds of section of which it must stand in one; empty: any.
        outside: Kinds of section in which it means something else.
    """

    surface: str
    concept: str
    kind: FactKind
    class_: str
    needs: frozenset[str] = _NOTHING
    vetoes: frozenset[str] = _NOTHING
    within: frozenset[str] = _NOTHING
    outside: frozenset[str] = _NOTHING

    @property
    def exact(self) -> bool:
        """Whether the surface is matched with its capitals (an abbreviation that collides with a word)."""
        return self.surface != self.surface.lower()


@dataclass(frozen=True, slots=True)
class EntryClass:
    """What entries of one class have in common.

    Attributes:
        name: Plain words: `oral hypoglycemic`, `operation`, `mobility aid`.
        kind: The kind of fact that its entries become.
        status: ICD-10-CM node for long-term (current) use of such a drug (Z79.-), empty where that says nothing.
    """

    name: str
    kind: FactKind
    status: str


@cache
def classes() -> Mapping[str, EntryClass]:
    """Every class by its name, in the order of the table."""
    rows = read_table("vocabulary/classes.tsv", ("class", "kind", "status"))
    return {row["class"]: EntryClass(row["class"], _KINDS[row["kind"]], row["status"]) for row in rows}


@cache
def load(name: str | None = None) -> tuple[Entry, ...]:
    """The entries of one table (`drugs`, `procedures`, `devices`, `findings`, …) or of all, in their order.

    Several entries may share a surface; the first whose context agrees with the sentence is meant. Raises
    InternalError for a table that does not exist, for unknown columns, kinds and classes, and for a row said twice.
    """
    if name is None:
        return tuple(entry for table in TABLES for entry in load(table))
    if name not in TABLES:
        raise InternalError(f"There is no vocabulary table {name}; there are {', '.join(TABLES)}.")
    return tuple(_entries(name, _file(name).read_text(encoding="utf-8")))


def _file(name: str) -> Traversable:
    return files(__package__) / "vocabulary" / f"{name}.tsv"


def _entries(table: str, text: str) -> list[Entry]:
    lines = [line.split("\t") for line in text.splitlines() if line and line[0] != "#"]
    if not lines or lines[0] != COLUMNS:
        raise InternalError(f"The vocabulary table {table} does not have the columns {', '.join(COLUMNS)}.")
    rows = lines[1:]
    _check(table, rows)
    kinds = {c.name: c.kind for c in classes().values()}
    return [
        Entry(surface, concept, kinds[class_], class_, *marks(context))
        if context
        else Entry(surface, concept, kinds[class_], class_)
        for surface, concept, _, class_, context in rows
    ]


def _check(table: str, rows: list[list[str]]) -> None:
    """Over all rows at once: there are ten thousand, and they are read at a start."""
    if any(len(row) != len(COLUMNS) for row in rows):
        raise InternalError(f"A row of the vocabulary table {table} does not have {len(COLUMNS)} fields.")
    known = {(c.kind.value, c.name) for c in classes().values()}
    if strange := {(row[2], row[3]) for row in rows} - known:
        raise InternalError(f"The vocabulary table {table} has the unknown kind and class {min(strange)}.")
    if len({(row[0], row[4]) for row in rows}) != len(rows):
        raise InternalError(f"The vocabulary table {table} says a surface twice in one context.")
