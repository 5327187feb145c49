"""What a Code first note asks for: that the code never leads, or does not where the other applies (I.A.13)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .references import Reference

_IF = re.compile(r"\bif (?:applicable|known|present)\b|^any\b|\bany associated\b")
_LEAD = re.compile(r"^(?:code first)?[\s,:]*")


@dataclass(frozen=True, slots=True)
class CodeFirst:
    """The Code first note of a node, its lines taken together.

    Attributes:
        at: The node that it stands at.
        text: Its words, in one line.
        required: Whether it always holds, so that no code below the node ever leads.
        references: The codes that it names.
    """

    at: str
    text: str
    required: bool
    references: tuple[Reference, ...]


def code_first(at: str, lines: Sequence[str], references: Sequence[Reference]) -> CodeFirst:
    """The note that the lines of one node make."""
    first, *items = (_LEAD.sub("", line) for line in lines)
    text = f"{first} {'; '.join(items)}" if first.endswith(":") else "; ".join([first, *items])
    return CodeFirst(at, text, _required(first.lower()), tuple(references))


def _required(text: str) -> bool:
    return not _IF.search(text) and next(
        (required for begins, required in _beginnings() if text.startswith(begins)), False
    )


@cache
def _beginnings() -> tuple[tuple[str, bool], ...]:
    """How such notes begin, longest first, and whether they are always to be followed."""
    rows = [line.split("\t") for line in _table().splitlines() if line and not line.startswith("#")][1:]
    return tuple((begins, asks == "required") for begins, asks in sorted(rows, key=lambda row: -len(row[0])))


def digest() -> str:
    """sha256 of the table: part of what an answer names as the rules that it was made with."""
    return hashlib.sha256(_table().encode()).hexdigest()


@cache
def _table() -> str:
    return (files("leadterm.codesets.relations") / "code_first.tsv").read_text(encoding="utf-8")
