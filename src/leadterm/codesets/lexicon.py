"""The lexicon: everyday clinical words and abbreviations, each with the term it stands for and where to look it up.

Written for Leadterm in `lexicon/*.tsv` (columns surface, term, code, context). It does what the Alphabetic Index
does for a coder who knows the trade's language; where the index is installed, it comes after it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from leadterm.domain import InputError, InternalError

COLUMNS = ["surface", "term", "code", "context"]
_CODE = re.compile(r"(?:[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?)?")


@dataclass(frozen=True, slots=True)
class Synonym:
    """One row of the lexicon.

    Attributes:
        surface: What stands in the chart; with a capital letter in it, it is matched exactly as written.
        term: The term it stands for.
        code: The most general tabular node that the surface supports by itself.
        needs: Words of which one must stand in the same sentence; empty: none needed.
        vetoes: Words that must not stand there.
        within: Kinds of section of which it must stand in one; empty: any.
        outside: Kinds of section in which it means something else.
    """

    surface: str
    term: str
    code: str
    needs: frozenset[str] = frozenset()
    vetoes: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()

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
        yield Synonym(surface, term, code, *marks(context))


def marks(context: str) -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    """What a context asks for: needed words, vetoed words, sections it stands in, sections it does not.

    `cell` must stand in the sentence, `!cell` must not; `@exam` is a kind of section, `!@exam` one that it shuns.
    """
    said = context.split()
    negative = [m[1:] for m in said if m.startswith("!")]
    positive = [m for m in said if not m.startswith("!")]
    return (
        frozenset(m for m in positive if m[0] != "@"),
        frozenset(m for m in negative if m[0] != "@"),
        frozenset(m[1:] for m in positive if m[0] == "@"),
        frozenset(m[1:] for m in negative if m[0] == "@"),
    )


def read_list(path: Path) -> tuple[Synonym, ...]:
    """The synonyms of a user's own list: the columns of the lexicon, of which term and context may be left out.

    Raises InputError with the line that is no row.
    """
    found = []
    for number, line in enumerate(_decoded(path).splitlines(), 1):
        fields = [field.strip() for field in line.split("\t")]
        if not line.strip() or line.startswith("#") or fields[0] == COLUMNS[0]:
            continue
        surface, term, code, context = (*fields, "", "", "", "")[:4]
        if len(fields) > len(COLUMNS) or not surface or not _CODE.fullmatch(code):
            raise InputError(
                f"Line {number} of the list of terms {path.name} is not `surface, term, code, context` parted by tabs,"
                " with a code of ICD-10-CM as `E11.9` (or none)."
            )
        found.append(Synonym(surface, term or surface, code, *marks(context)))
    return tuple(found)


def _decoded(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise InputError(f"The list of terms {path.name} cannot be read as UTF-8 text.") from None


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
