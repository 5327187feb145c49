"""What the notes of the Tabular List say of two codes, asked both ways (guidelines I.A.12, I.A.13, I.A.17).

A note holds for everything below the node it stands at. What a note says is given as it stands: whether two codes
that an Excludes1 note keeps apart may yet stand together (unrelated conditions, I.A.12.a) is for the edits to judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import ClassVar

from leadterm.domain import Release

from ..nodes import Node
from ..store import Store
from ..tree import tree_of, written_code
from .code_first import CodeFirst, code_first
from .references import Reference, bare
from .rows import KINDS, Relation, keys_of, read_relations, relation_part, relations_of

__all__ = ["KINDS", "CodeFirst", "Link", "Pair", "Reference", "Relation", "Relations", "relation_part"]

NODES_KEPT = 16_384
CATEGORIES_KEPT = 2_048
ABOVE_CATEGORY = frozenset({"chapter", "block"})
_MANIFESTATION = re.compile(r"\bin (?:[\w ,/()-]+ )?classified elsewhere")
_NAMED = "SELECT value FROM relation WHERE key = ?"
_CODE_FIRST = "SELECT code FROM entry WHERE notes LIKE '%\"code_first\"%' ORDER BY rank"

Index = Mapping[str, tuple[tuple[Relation, Reference], ...]]


@dataclass(frozen=True, slots=True)
class Link:
    """One relation between two codes.

    Attributes:
        holder: The code that the note holds for.
        named: The code that the note names.
        relation: The line of the note, with the node it stands at.
        reference: What names the code.
    """

    holder: str
    named: str
    relation: Relation
    reference: Reference


@dataclass(frozen=True, slots=True)
class Pair:
    """An etiology with its manifestation, which follows it (guideline I.A.13).

    Attributes:
        etiology: What the Code first note names.
        manifestation: The node that this note stands at.
        code_first: The line of the note.
        use_additional: The notes on the other side that name the manifestation; the list does not always print them.
    """

    etiology: Reference
    manifestation: str
    code_first: Relation
    use_additional: tuple[Relation, ...]


class Relations:
    """The relations of one Tabular List. Codes are asked as written; of an unknown one, only who names it is known."""

    COMPONENT: ClassVar[str] = "icd10cm:tabular"
    WHAT: ClassVar[str] = "ICD-10-CM Tabular List"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store
        self._tree = tree_of(store)
        self._own = lru_cache(NODES_KEPT)(self._read_own)
        self._index = lru_cache(NODES_KEPT)(self._read_index)
        self._lines = lru_cache(NODES_KEPT)(self._read_lines)
        self._named = lru_cache(CATEGORIES_KEPT)(self._read_named)
        self._additional = lru_cache(NODES_KEPT)(self._read_additional)

    # --- from a code to what its notes say ---

    def of(self, code: str, kind: str | None = None) -> tuple[Relation, ...]:
        """Every line of the notes that hold for a code (of one kind of `KINDS`), nearest first."""
        written = written_code(code)
        short = bare(written)
        return tuple(
            relation
            for node in self._line(written)
            for relation in self._own(node.code, kind)
            if relation.holds_for(short)
        )

    def excludes1(self, code: str) -> tuple[Relation, ...]:
        """What is not coded here, nor beside it (guideline I.A.12.a)."""
        return self.of(code, "excludes1")

    def excludes2(self, code: str) -> tuple[Relation, ...]:
        """What is not included here, and may stand beside it (I.A.12.b)."""
        return self.of(code, "excludes2")

    def code_first(self, code: str) -> tuple[Relation, ...]:
        """What is sequenced before the code (I.A.13)."""
        return self.of(code, "code_first")

    def use_additional(self, code: str) -> tuple[Relation, ...]:
        """What is coded after the code (I.A.13)."""
        return self.of(code, "use_additional")

    def code_also(self, code: str) -> tuple[Relation, ...]:
        """What may be needed beside the code, in either sequence (I.A.17)."""
        return self.of(code, "code_also")

    # --- from a code to the notes that name it ---

    def named_by(self, code: str, kind: str | None = None, below: bool = False) -> tuple[Relation, ...]:
        """Every line of a note, anywhere in the list, that names the code; with `below`, or a code below it."""
        short = bare(written_code(code))
        asks = Reference.touches if below else Reference.names
        found: dict[tuple[str, str, str], Relation] = {}
        for key in keys_of(short):
            for relation in self._named(key):
                if kind in (None, relation.kind) and any(asks(r, short) for r in relation.references):
                    found.setdefault((relation.at, relation.kind, relation.text), relation)
        return tuple(found.values())

    def links(self, holder: str, named: str, kind: str | None = None) -> Iterator[Link]:
        """The relations by which the notes of `holder` name `named`, nearest first."""
        named_short, letter = bare(named), named[:1]
        for index in self._lines(holder, kind):
            for relation, reference in index.get(letter, ()):
                if reference.names(named_short) and (not relation.scope or relation.holds_for(bare(holder))):
                    yield Link(holder, named, relation, reference)

    def bar(self, one: str, other: str) -> Link | None:
        """The nearest Excludes1 note of `one` that forbids `other` beside it; None where none does (I.A.12.a).

        A note holds for everything below the node it stands at. What is not asked: a code and its own line, a
        reference to codes below the very node of the note (it would forbid the node to itself), and a reference that
        spans or names whole chapters ("A00-R94", which says "any condition that explains it").
        """
        line, others = self._codes(one), self._codes(other)
        if one == other or one in others or other in line:
            return None
        links = self.links(one, other, "excludes1")
        return next((x for x in links if x.relation.at not in others and _lists(x.reference)), None)

    def between(self, one: str, other: str, kind: str | None = None) -> tuple[Link, ...]:
        """Every relation that holds between two codes, either way."""
        one, other = written_code(one), written_code(other)
        return (*self.links(one, other, kind), *(self.links(other, one, kind) if one != other else ()))

    # --- etiology and manifestation ---

    def is_manifestation(self, code: str) -> bool:
        """Whether the code or its category is titled "in diseases classified elsewhere"; such a code never leads.

        The Medicare Code Editor's mark `manifestation` (`CodeBook.attributes`) follows the Code first notes rather than
        the title: it has E08, and has not M14.6.
        """
        line = (node for node in self._line(written_code(code)) if node.kind not in ABOVE_CATEGORY)
        return any(_MANIFESTATION.search(node.title.lower()) for node in line)

    def code_first_notes(self, code: str) -> tuple[CodeFirst, ...]:
        """The Code first notes that hold for a code, each with its lines taken together, nearest first."""
        groups = groupby(self.code_first(code), key=lambda relation: relation.at)
        return tuple(_together(at, tuple(lines)) for at, lines in groups)

    def requires_first(self, code: str) -> CodeFirst | None:
        """The nearest Code first note that always holds, so that the code never leads; None for one that may."""
        return next((note for note in self.code_first_notes(code) if note.required), None)

    def pairs(self, code: str) -> tuple[Pair, ...]:
        """The pairs that a code has a part in: as manifestation those of its notes, then as etiology."""
        naming = (r for r in self.named_by(code, "code_first") if self.is_manifestation(r.at))
        own = [r for r in self.code_first(code) if self.is_manifestation(r.at)]
        short = bare(written_code(code))
        as_etiology = ((r, e) for r in naming for e in r.references if e.names(short) and r not in own)
        return tuple(self._pair(r, e) for r, e in (*((r, e) for r in own for e in r.references), *as_etiology))

    def all_pairs(self) -> Iterator[Pair]:
        """Every pair of the list, in the order of the manifestations."""
        for (at,) in self._store.all(_CODE_FIRST):
            if self.is_manifestation(at):
                lines = self._own(at, "code_first")
                yield from (self._pair(line, etiology) for line in lines for etiology in line.references)

    def _pair(self, relation: Relation, etiology: Reference) -> Pair:
        naming = self._additional(relation.at)
        line = {node.code for node in self._line(etiology.first)}
        other_side = tuple(r for r in naming if r.at in line or etiology.names(bare(r.at)))
        return Pair(etiology, relation.at, relation, other_side)

    # --- within ---

    def _line(self, code: str) -> tuple[Node, ...]:
        node = self._tree.node(code)
        return (node, *self._tree.ancestors(code)) if node else ()

    def _codes(self, code: str) -> frozenset[str]:
        return frozenset(node.code for node in self._line(code))

    def _read_own(self, at: str, kind: str | None) -> tuple[Relation, ...]:
        node = self._tree.node(at)
        return relations_of(node, kind) if node and node.notes else ()

    def _read_index(self, at: str, kind: str | None) -> Index:
        found: dict[str, list[tuple[Relation, Reference]]] = {}
        for relation in self._own(at, kind):
            for reference in relation.references:
                for letter in reference.letters:
                    found.setdefault(letter, []).append((relation, reference))
        return {letter: tuple(several) for letter, several in found.items()}

    def _read_lines(self, code: str, kind: str | None) -> tuple[Index, ...]:
        return tuple(index for node in self._line(code) if (index := self._index(node.code, kind)))

    def _read_named(self, key: str) -> tuple[Relation, ...]:
        row = self._store.one(_NAMED, key)
        return read_relations(row[0]) if row else ()

    def _read_additional(self, at: str) -> tuple[Relation, ...]:
        return self.named_by(at, "use_additional", below=True)


MOST_LETTERS = 2


def _lists(reference: Reference) -> bool:
    """Whether it lists codes, and does not say "whatever explains it" or "any condition of chapter 15"."""
    return not reference.chapter and len(reference.letters) <= MOST_LETTERS


def _together(at: str, lines: tuple[Relation, ...]) -> CodeFirst:
    return code_first(at, [line.text for line in lines], [r for line in lines for r in line.references])
