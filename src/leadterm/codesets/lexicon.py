"""The lexicon: everyday clinical words and abbreviations, each with the term it stands for and where to look it up.

Written for Leadterm in `lexicon/*.tsv` (columns surface, term, code, context). It does what the Alphabetic Index
does for a coder who knows the trade's language; where the index is installed, it comes after it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from leadterm.domain import InternalError

COLUMNS = ["surface", "term", "code", "context"]


@dataclass(frozen=True, slots=True)
class Synonym:
    """One row of the lexicon.

    Attributes:
        surface: What stands in the chart; with a capital letter in it, it is matched exactly as written.
        term: The term it stands for.
        code: The most general tabular node that the surface supports by itself.
        needs: Words of which one must stand in the same sentence; empty: none needed.
        vetoes: Words that must not stand there.
    """

    surface: str
    term: str
    code: str
    needs: frozenset[str] = frozenset()
    vetoes: frozenset[str] = frozenset()

    @property
    def exact(self) -> bool:
        """Whether the surface is matched with its capitals (an abbreviation that collides with a word)."""
        return self.surface != self.surface.lower()


def _files() -> list[Traversable]:
    folder = files("leadterm.codesets") / "lexicon"
    return sorted((f for f in folder.iterdir() if f.name.endswith(".tsv")), key=lambda f: f.name)


def _rows(name: str, text: str) -> Iterator[Synonym]:
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    header = next(lines, "").split("\t")
    if header != COLUMNS:
        raise InternalError(f"The lexicon file {name} has the columns {header}, not {COLUMNS}.")
    for line in lines:
        surface, term, code, context = line.split("\t")
        marks = context.split()
        needs = frozenset(m for m in marks if not m.startswith("!"))
        yield Synonym(surface, term, code, needs, frozenset(m[1:] for m in marks if m.startswith("!")))


@cache
def load() -> tuple[Synonym, ...]:
    """Every synonym, in the order of the files; read once a process."""
    return tuple(row for f in _files() for row in _rows(f.name, f.read_text(encoding="utf-8")))


@cache
def digest() -> str:
    """sha256 over the lexicon's files: part of the name of everything compiled from them."""
    total = hashlib.sha256()
    for f in _files():
        total.update(f.read_bytes())
    return total.hexdigest()
