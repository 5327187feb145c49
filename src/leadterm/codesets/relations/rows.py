"""Relations out of the notes of a node, and the table of a store by which a note is found from the codes it names."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..formats._offered import Part, insert
from ..nodes import Node
from .references import Reference, names_one, place, read_references

KINDS = ("excludes1", "excludes2", "code_first", "use_additional", "code_also")
COLUMNS = "key TEXT PRIMARY KEY, value TEXT NOT NULL"
# A range of more categories than these is kept once under its letters, not under each category.
WIDE = 8
LAST = "\x7f"
# Lines that begin an instruction, and so end the list before them.
_BEGINS = re.compile(r"(?:code|codes|if applicable|any associated|the underlying)\b|[,(]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Relation:
    """One line of a note.

    Attributes:
        kind: One of `KINDS`.
        at: The node that the note stands at; it holds for all below.
        text: The line, as printed.
        references: The codes that it names; none where words alone describe them.
        heading: The line with a colon that the list of this line begins with; else empty. The file does not mark where
            such a list ends: it does where the next instruction begins, or the order of the alphabet begins anew.
        scope: The codes below the node that alone the line speaks to; empty for all.
    """

    kind: str
    at: str
    text: str
    references: tuple[Reference, ...] = ()
    heading: str = ""
    scope: tuple[Reference, ...] = ()

    def holds_for(self, code: str) -> bool:
        """Whether it speaks to the code, without its dot, which lies below its node."""
        return not self.scope or names_one(self.scope, code)

    def names(self, code: str) -> bool:
        """Whether it names the code, without its dot."""
        return names_one(self.references, code)


def relations_of(node: Node, kind: str | None = None) -> tuple[Relation, ...]:
    """The lines of a node's own notes (of one kind), by kind, in the order of the list."""
    kinds = KINDS if kind is None else (kind,)
    return tuple(relation for one in kinds if one in node.notes for relation in _of_kind(node, one))


def _of_kind(node: Node, kind: str) -> Iterator[Relation]:
    heading, previous = "", ""
    scope: tuple[Reference, ...] = ()
    for text in node.notes[kind]:
        reading = read_references(text)
        if text.rstrip().endswith(":"):
            heading, previous, scope = text.rstrip(), "", reading.scope
            yield Relation(kind, node.code, text, reading.references, "", scope)
            continue
        if heading and _ends_list(kind, previous, text):
            heading, scope = "", ()
        yield Relation(kind, node.code, text, reading.references, heading, reading.scope or scope)
        previous = text


def _ends_list(kind: str, previous: str, text: str) -> bool:
    if kind.startswith("excludes"):
        return text.casefold() < previous.casefold()
    return _BEGINS.match(text) is not None


def relation_part(nodes: Sequence[Node]) -> Part:
    """The table `relation` of a Tabular List, in which `Relations` finds the notes that name a code."""
    return Part(f"CREATE TABLE relation ({COLUMNS}) WITHOUT ROWID", insert("relation", COLUMNS), _rows(nodes))


def _rows(nodes: Sequence[Node]) -> Iterator[tuple[str, str]]:
    categories = sorted((place(node.code)[0], node.code) for node in nodes if node.kind == "category")
    named: dict[str, list[list[Any]]] = {}
    for node in nodes:
        for relation in relations_of(node):
            keys = {key: None for reference in relation.references for key in _keys(reference, categories)}
            for key in keys:
                named.setdefault(key, []).append(_packed_relation(relation))
    for key in sorted(named):
        yield key, json.dumps(named[key], ensure_ascii=False, separators=(",", ":"))


def _keys(reference: Reference, categories: Sequence[tuple[str, str]]) -> Iterable[str]:
    """Under what the reference is found: its categories, or the letters of many."""
    if reference.first[:3] == reference.last[:3]:
        return (reference.first[:3],)
    start = bisect_left(categories, (reference.low[0], ""))
    stop = bisect_left(categories, (reference.high[0] + LAST, ""))
    return tuple(code for _, code in categories[start:stop]) if 0 < stop - start <= WIDE else reference.letters


def keys_of(code: str) -> tuple[str, str]:
    """The keys of the rows whose references may name a code."""
    return code[:3], code[:1]


def _packed_relation(relation: Relation) -> list[Any]:
    references, scope = ([_packed(r) for r in several] for several in (relation.references, relation.scope))
    return _trimmed([KINDS.index(relation.kind), relation.at, relation.text, references, relation.heading, scope])


def _packed(reference: Reference) -> list[Any]:
    exceptions = [_packed(r) for r in reference.exceptions]
    fixed = (reference.first, reference.last, reference.words, reference.condition, reference.chapter)
    return _trimmed([*fixed, exceptions])


def _trimmed(row: list[Any]) -> list[Any]:
    while not row[-1]:
        row.pop()
    return row


def read_relations(value: str) -> tuple[Relation, ...]:
    """The relations of one row."""
    return tuple(_relation(*row) for row in json.loads(value))


def _relation(
    kind: int, at: str, text: str, references: Sequence[Any], heading: str = "", scope: Sequence[Any] = ()
) -> Relation:
    return Relation(KINDS[kind], at, text, _unpacked(references), heading, _unpacked(scope))


def _unpacked(rows: Sequence[Any]) -> tuple[Reference, ...]:
    return tuple(_reference(*row) for row in rows)


def _reference(
    first: str, last: str, words: str, condition: str = "", chapter: str = "", exceptions: Sequence[Any] = ()
) -> Reference:
    return Reference(first, last, words, condition, chapter, _unpacked(exceptions))
