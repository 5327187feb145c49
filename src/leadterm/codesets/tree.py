"""Reads nodes of one compiled Tabular List, and the notes that hold for each up the tree."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache

from leadterm.domain import CodeNotes, CodeSystem, Note, dotted

from .nodes import Node, TitleRow, node_of
from .store import Store

# Nodes kept: the whole of what a day's charts touch, at about one kilobyte each.
NODES_KEPT = 16_384
INNER_KEPT = 32_768
_SELECT = "SELECT code, kind, title, parent, children, billable, extension, notes, seventh FROM entry WHERE code = ?"
_TITLES = (
    "SELECT code, title, inclusions, billable FROM entry"
    " WHERE kind IN ('category', 'subcategory', 'code') ORDER BY rank"
)
NO_NOTES = CodeNotes()


class Tree:
    """One Tabular List. Threads may share it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.node = lru_cache(NODES_KEPT)(self._node)
        # Of nodes that have others below them only, so that a sweep over all codes does not push them out.
        self._line = lru_cache(INNER_KEPT)(self._read_line)
        self._handed_down = lru_cache(INNER_KEPT)(self._read_notes)

    def _node(self, code: str) -> Node | None:
        row = self._store.one(_SELECT, code)
        if row is None:
            written = written_code(code)
            return self.node(written) if written != code else None
        _, kind, title, parent, children, billable, extension, notes, seventh = row
        return node_of(
            row[0],
            kind,
            title,
            parent,
            tuple(children.split(" ")) if children else (),
            bool(billable),
            extension,
            {name: tuple(texts) for name, texts in json.loads(notes).items()} if notes else {},
            tuple((character, meaning) for character, meaning in json.loads(seventh)) if seventh else (),
        )

    def ancestors(self, code: str) -> tuple[Node, ...]:
        """The nodes above, nearest first, up to the chapter; empty for the unknown."""
        node = self.node(code)
        return self._line(node.parent) if node and node.parent else ()

    def notes(self, code: str) -> CodeNotes:
        """The notes that hold for a code: its own and those up the tree, nearest first."""
        node = self.node(code)
        return _joined(node, self._handed_down(node.parent) if node.parent else NO_NOTES) if node else NO_NOTES

    def _read_line(self, code: str) -> tuple[Node, ...]:
        node = self.node(code)
        if node is None:
            return ()
        return (node, *self._line(node.parent)) if node.parent else (node,)

    def _read_notes(self, code: str) -> CodeNotes:
        return self.notes(code)

    def titles(self) -> Iterator[TitleRow]:
        """Every category, subcategory and code in the order of the list, without 7th-character codes."""
        for code, title, inclusions, billable in self._store.all(_TITLES):
            yield TitleRow(code, title, tuple(inclusions.split("\n")) if inclusions else (), bool(billable))

    def top(self) -> tuple[Node, ...]:
        """The chapters."""
        rows = self._store.all("SELECT code FROM entry WHERE kind = 'chapter' ORDER BY rank")
        return tuple(node for (code,) in rows if (node := self.node(code)))

    def starting(self, prefix: str, limit: int) -> list[str]:
        """Written codes that begin with `prefix`, in the order of the list."""
        rows = self._store.all(
            "SELECT code FROM entry WHERE code >= ? AND code < ? AND kind NOT IN ('chapter', 'block')"
            " ORDER BY code LIMIT ?",
            prefix,
            prefix + "\x7f",
            limit,
        )
        return [code for (code,) in rows]


@lru_cache(maxsize=64)
def tree_of(store: Store) -> Tree:
    """The list of a store; whoever asks for it shares what has been read."""
    return Tree(store)


def _joined(node: Node, above: CodeNotes) -> CodeNotes:
    """Own notes before those from above.

    An inclusion term names its own code alone, so it is not handed down (but to the code with its 7th character);
    of 7th-character instructions the nearest holds, alone.
    """
    if not node.notes and (node.kind == "seventh" or not above.inclusion_terms):
        return above

    def joined(kind: str, inherited: tuple[Note, ...]) -> tuple[Note, ...]:
        own = node.notes.get(kind)
        return (*(Note(node.code, text) for text in own), *inherited) if own else inherited

    return CodeNotes(
        includes=joined("includes", above.includes),
        inclusion_terms=joined("inclusion_terms", above.inclusion_terms if node.kind == "seventh" else ()),
        excludes1=joined("excludes1", above.excludes1),
        excludes2=joined("excludes2", above.excludes2),
        code_first=joined("code_first", above.code_first),
        use_additional=joined("use_additional", above.use_additional),
        code_also=joined("code_also", above.code_also),
        seventh=joined("seventh", () if "seventh" in node.notes else above.seventh),
        general=joined("general", above.general),
    )


def written_code(text: str) -> str:
    """`text` as the list writes codes: upper case, with the dot; ranges and chapter numbers as they are."""
    code = text.strip().upper()
    return code if "-" in code or "." in code else dotted(code, CodeSystem.ICD10CM)


def chapter_title(ancestors: tuple[Node, ...]) -> str | None:
    """Number and title of the chapter at the top."""
    top = ancestors[-1] if ancestors else None
    return f"{top.code} {top.title}" if top and top.kind == "chapter" else None


def parent_codes(ancestors: tuple[Node, ...]) -> tuple[str, ...]:
    """Codes up to the block, nearest first; the chapter is told apart."""
    return tuple(node.code for node in ancestors if node.kind != "chapter")
