"""Makes the codes in a note into links: the note's text in pieces, each with the node that it leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from leadterm.codesets import Node

from .site import TabularList

# A code, or the beginning of codes that a dash ends: E11.22, N18.1-, S52. The dash of a range stays outside.
_CODE = re.compile(r"\b(?:[A-Z][0-9]|QA)[0-9A-Z](?:\.[0-9A-Z]{1,4})?(?![0-9A-Z.]*[0-9A-Z])")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a note; `to` is the node that they name, None for words."""

    text: str
    to: Node | None = None


def pieces(text: str, tree: TabularList) -> Iterator[Piece]:
    """The note in order; joined, the pieces are the text."""
    end = 0
    for found in _CODE.finditer(text):
        if node := tree.node(found[0]):
            if found.start() > end:
                yield Piece(text[end : found.start()])
            yield Piece(found[0], node)
            end = found.end()
    if end < len(text):
        yield Piece(text[end:])
