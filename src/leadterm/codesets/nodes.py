"""The Tabular List as values: its nodes, and the rows that other packages build dictionaries from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

NO_NOTES: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Node:
    """One node of the ICD-10-CM Tabular List.

    Attributes:
        code: As written: `E11.22`, block `E08-E13` (one category alone: `B20-B20`), chapter `4`.
        kind: chapter, block, category (three characters), subcategory, code (the last level that the list prints)
            or seventh (a code with its 7th character). A category that is not subdivided stays a category.
        title: Official; a seventh's is its code's title, a comma and the meaning of the 7th character.
        parent: Code of the node above; None for a chapter.
        children: Codes one level down, in the order of the list.
        billable: Whether no further character can be added (guideline I.B.2).
        extension: The 7th character of a seventh, else None.
        notes: Own notes by kind: includes, inclusion_terms, excludes1, excludes2, code_first, use_additional,
            code_also, seventh, general.
        seventh: Own 7th-character definitions: character and meaning.
    """

    code: str
    kind: str
    title: str
    parent: str | None
    children: tuple[str, ...] = ()
    billable: bool = False
    extension: str | None = None
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NO_NOTES, hash=False)
    seventh: tuple[tuple[str, str], ...] = ()

    def __reduce__(self) -> tuple[object, ...]:
        # A mapping proxy cannot be pickled; workers of a batch hand nodes between processes.
        fixed = (self.code, self.kind, self.title, self.parent, self.children, self.billable, self.extension)
        return (node_of, (*fixed, dict(self.notes), self.seventh))


def node_of(  # positional, because it is called for every row read and for every node unpickled
    code: str,
    kind: str,
    title: str,
    parent: str | None,
    children: tuple[str, ...],
    billable: bool,
    extension: str | None,
    notes: dict[str, tuple[str, ...]],
    seventh: tuple[tuple[str, str], ...],
) -> Node:
    """The node with its notes made read-only."""
    frozen = MappingProxyType(notes) if notes else NO_NOTES
    return Node(code, kind, title, parent, children, billable, extension, frozen, seventh)


@dataclass(frozen=True, slots=True)
class TitleRow:
    """A category, subcategory or code with the phrases that name it.

    Attributes:
        code, title: As in the Tabular List, without 7th character.
        inclusion_terms: The terms printed under the title.
        billable: Whether it may stand on a claim as it is.
    """

    code: str
    title: str
    inclusion_terms: tuple[str, ...]
    billable: bool
