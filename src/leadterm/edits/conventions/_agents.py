"""Code first notes that name toxic agents (T51-T65), and the drugs that did the harm where those notes do not hold."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

from leadterm.codesets.relations.references import Reference, names_one
from leadterm.codesets.relations.relations import CodeFirst
from leadterm.edits._coding import Diagnosis, Entry
from leadterm.edits._ranges import codes_of

from ._bits import ENTRIES_KEPT


@cache
def _codes(cell: str) -> tuple[Reference, ...]:
    return codes_of(cell)


@lru_cache(maxsize=ENTRIES_KEPT)
def _is_drug(entry: Entry) -> bool:
    return names_one(_codes("T36-T50"), entry.bare)


def done_by_drug(note: CodeFirst, diagnoses: Iterable[Diagnosis]) -> bool:
    """Whether the note names toxic agents alone, and a drug is on the encounter instead."""
    toxic = [(r.first, r.last) for r in note.references] == [(r.first, r.last) for r in _codes("T51-T65")]
    return toxic and any(_is_drug(d.entry) for d in diagnoses)
