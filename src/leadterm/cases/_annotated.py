"""Notes with their identifiers marked `{{kind:words}}`, and what must stand marked `{{keep:words}}`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from leadterm.domain import InputError, Span

FOLDER = "deidentification"
KEEP = "keep"
_MARK = re.compile(r"\{\{(?P<kind>[a-z]+):(?P<words>[^{}]+)\}\}")


@dataclass(frozen=True, slots=True)
class AnnotatedNote:
    """An invented note and the identifiers in it.

    Attributes:
        id, type: Its name and what kind of note it is.
        text: Without the marks.
        identifiers: Kind and place of each, in order.
        kept: What looks like an identifier and is none.
        reviewed_by: Who reviewed the marks; empty for nobody.
    """

    id: str
    type: str
    text: str
    identifiers: tuple[tuple[str, Span], ...]
    kept: tuple[Span, ...]
    reviewed_by: str = ""


@cache
def annotated_notes() -> tuple[AnnotatedNote, ...]:
    """The shipped notes, file by file."""
    folder = files(__package__) / FOLDER
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple(note for name in names for note in read_notes((folder / name).read_text(encoding="utf-8")))


def read_notes(text: str) -> Iterator[AnnotatedNote]:
    """The notes of a file. Raises InputError for one that is no TOML of notes."""
    try:
        rows = tomllib.loads(text)["note"]
        yield from (_note(row["id"], row["type"], row["text"], row["reviewed_by"]) for row in rows)
    except (tomllib.TOMLDecodeError, KeyError, TypeError):
        raise InputError("These are no annotated notes: [[note]] with id, type, reviewed_by and text.") from None


def _note(id: str, type: str, marked: str, reviewed_by: str) -> AnnotatedNote:
    pieces: list[str] = []
    spans: list[tuple[str, Span]] = []
    at = length = 0
    for mark in _MARK.finditer(marked):
        pieces += [marked[at : mark.start()], mark["words"]]
        length += mark.start() - at
        spans.append((mark["kind"], Span(length, length + len(mark["words"]))))
        length += len(mark["words"])
        at = mark.end()
    told = tuple((kind, span) for kind, span in spans if kind != KEEP)
    return AnnotatedNote(
        id, type, "".join([*pieces, marked[at:]]), told, tuple(s for k, s in spans if k == KEEP), reviewed_by
    )
