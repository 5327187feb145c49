"""Notes as they are printed: by kind, under the words of the book, with their code references as links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from leadterm.codesets import Node
from leadterm.domain import CodeNotes, Note

from .references import Piece, pieces
from .site import TabularList

# In the order of the book. `seventh` is the sentence above the table of 7th characters.
KINDS = {
    "general": "Note",
    "inclusion_terms": "",
    "includes": "Includes",
    "excludes1": "Excludes1",
    "excludes2": "Excludes2",
    "code_first": "Code first",
    "use_additional": "Use additional",
    "code_also": "Code also",
    "seventh": "7th character",
}
MEANING = {
    "excludes1": "Not coded here: the two are never coded together",
    "excludes2": "Not included here: both may be coded where both are documented",
    "code_first": "The condition that stands before this code",
    "use_additional": "A further code that completes this one",
    "code_also": "A further code may be needed; the order depends on the encounter",
}


@dataclass(frozen=True, slots=True)
class Printed:
    """A note in pieces; `within` where it continues one that ends with a colon."""

    pieces: tuple[Piece, ...]
    within: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Notes that stand at one node; None: at the one that is shown."""

    at: Node | None
    notes: tuple[Printed, ...]


@dataclass(frozen=True, slots=True)
class NoteGroup:
    """The notes of one kind, nearest first."""

    kind: str
    label: str
    meaning: str
    standing: tuple[Standing, ...]


def own_notes(node: Node, tree: TabularList) -> tuple[NoteGroup, ...]:
    """The notes that stand at a node."""
    return tuple(
        _group(kind, (Standing(None, _printed(node.notes[kind], tree)),)) for kind in KINDS if node.notes.get(kind)
    )


def all_notes(notes: CodeNotes, code: str, tree: TabularList) -> tuple[NoteGroup, ...]:
    """The notes that hold for a code, those from above under the node where they stand."""
    found: list[NoteGroup] = []
    for kind in KINDS:
        holding: Sequence[Note] = getattr(notes, kind)
        places = [
            Standing(tree.node(at) if at != code else None, _printed([note.text for note in here], tree))
            for at, here in groupby(holding, key=lambda note: note.at)
        ]
        if places:
            found.append(_group(kind, tuple(places)))
    return tuple(found)


def _printed(texts: Iterable[str], tree: TabularList) -> tuple[Printed, ...]:
    found: list[Printed] = []
    under = False
    for text in texts:
        heads = text.endswith(":")
        found.append(Printed(tuple(pieces(text, tree)), under and not heads))
        under = under or heads
    return tuple(found)


def _group(kind: str, standing: tuple[Standing, ...]) -> NoteGroup:
    return NoteGroup(kind, KINDS[kind], MEANING.get(kind, ""), standing)
