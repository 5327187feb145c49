"""The tables beside this module: where resources say what, and what their words mean."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import NamedTuple, TypeVar

from leadterm.domain import DocumentStatus, ProviderRole, RecordedKind

from .nodes import Node

T = TypeVar("T")
OUT = "out"
ANY = "*"
OWN = "own"


class Where(NamedTuple):
    """Where a resource says of whom it speaks, in which encounter and on which day."""

    subject: tuple[str, ...]
    encounter: tuple[str, ...]
    day: tuple[str, ...]


class Bearer(NamedTuple):
    """A member that bears codes, or refers to who lends them (`lender`), and what is said of them."""

    path: str
    lender: str
    kind: RecordedKind
    status: str


class Words(NamedTuple):
    """A member that is narrative."""

    path: str
    heading: str
    categories: frozenset[str]


@cache
def wheres() -> dict[str, Where]:
    """By resource, where it stands."""
    return {row["resource"]: Where(*(_paths(row[key]) for key in Where._fields)) for row in _rows("resources.tsv")}


@cache
def bearers() -> dict[str, tuple[Bearer, ...]]:
    """By resource, what bears codes."""
    return _grouped("codes.tsv", lambda r: Bearer(r["path"], r["lender"], RecordedKind(r["kind"]), r["status"]))


@cache
def narratives() -> dict[str, tuple[Words, ...]]:
    """By resource, what is narrative."""
    return _grouped("narratives.tsv", lambda r: Words(r["path"], r["heading"], frozenset(_paths(r["categories"]))))


def meaning(table: str, column: str, kind: str, resource: Node) -> str | None:
    """The word of the first row of a table of meanings that holds for a resource; None where none holds."""
    for path, words in _meanings(table, column).get(kind, ()):
        for node in resource.each(path):
            for word in [words[ANY]] if ANY in words else [words[c] for c in node.codes() if c in words]:
                return word
    return None


def status(kind: str, resource: Node) -> str | None:
    """What the status of a resource says of its codes; `OUT` for one that was entered in error."""
    return meaning("meanings.tsv", "word", kind, resource)


def kind_of(kind: str, resource: Node) -> RecordedKind | None:
    """What its category makes of its codes."""
    found = meaning("kinds.tsv", "kind", kind, resource)
    return RecordedKind(found) if found else None


def finality(kind: str, resource: Node) -> DocumentStatus:
    """How final its document is."""
    return DocumentStatus(meaning("documents.tsv", "status", kind, resource) or DocumentStatus.FINAL)


@cache
def roles(source: str) -> dict[str, ProviderRole]:
    """By code, the roles of those who take part in an encounter or a claim (`encounter`, `claim`)."""
    return {row["code"]: ProviderRole(row["role"]) for row in _rows("roles.tsv") if row["source"] == source}


def use(source: str, codes: list[str]) -> str | None:
    """The role of a diagnosis by what an encounter or a claim uses it as; None where that says none."""
    return next((role for code, role in _uses(source) if code in codes), None)


@cache
def _uses(source: str) -> tuple[tuple[str, str], ...]:
    return tuple((row["code"], row["role"]) for row in _rows("uses.tsv") if row["source"] == source)


@cache
def payer_types(source: str) -> dict[str, str]:
    """By code, the types of payers of a source (`sopt`, `act`)."""
    return {row["code"]: row["type"] for row in _rows("payers.tsv") if row["source"] == source}


@cache
def _meanings(table: str, column: str) -> dict[str, tuple[tuple[str, dict[str, str]], ...]]:
    """By resource, neighbouring rows of one path together."""
    found: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for row in _rows(table):
        of = found.setdefault(row["resource"], [])
        if not of or of[-1][0] != row["path"]:
            of.append((row["path"], {}))
        of[-1][1][row["code"]] = row[column]
    return {resource: tuple(rows) for resource, rows in found.items()}


def _grouped(table: str, read: Callable[[dict[str, str]], T]) -> dict[str, tuple[T, ...]]:
    found: dict[str, list[T]] = {}
    for row in _rows(table):
        found.setdefault(row["resource"], []).append(read(row))
    return {resource: tuple(rows) for resource, rows in found.items()}


def _paths(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(",") if part)


def _rows(name: str) -> list[dict[str, str]]:
    text = files("leadterm.records.fhir").joinpath(name).read_text(encoding="utf-8")
    rows = csv.DictReader((line for line in text.splitlines() if not line.startswith("#")), delimiter="\t")
    return [{key: value or "" for key, value in row.items()} for row in rows]
