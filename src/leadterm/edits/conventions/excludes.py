"""Excludes1: codes that the Tabular List forbids to stand together (guideline I.A.12.a).

A pair is asked in both directions, because the list often prints the note at one of the two only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import combinations

from leadterm.codesets.relations.relations import Link, Relations
from leadterm.edits._coding import Coding, Diagnosis, named, shortened
from leadterm.edits._findings import Check, Draft


@lru_cache(maxsize=100_000)
def _bar_between(relations: Relations, one: str, other: str) -> tuple[str, str, Link] | None:
    """The code that bears the note, the one that it names, and the note; None where nothing parts the two."""
    for holder, named_in_note in ((one, other), (other, one)):
        if bar := relations.bar(holder, named_in_note):
            return holder, named_in_note, bar
    return None


def _excludes1(coding: Coding) -> Iterator[Draft]:
    relations = coding.book.component(Relations, coding.on)
    # The first of each code; by codes alone, since a long chart has tens of thousands of pairs.
    first = {d.code: d for d in reversed(coding.diagnoses)}
    for one, other in combinations(sorted(first), 2):
        if found := _bar_between(relations, one, other):
            holder, named_in_note, bar = found
            yield _draft(first[holder], first[named_in_note], bar)


def _draft(holder: Diagnosis, excluded: Diagnosis, bar: Link) -> Draft:
    note = bar.relation
    return Draft(
        f"{named(holder)} and {named(excluded)} are not coded together: Excludes1 at {note.at}, "
        f"“{shortened(note.text)}”; only unrelated conditions may stand side by side, and codes do not tell.",
        codes=(holder.code, excluded.code),
        assignments=(holder.assignment.id, excluded.assignment.id),
        source=f"ICD-10-CM Tabular List, Excludes1 note at {note.at}; Official Guidelines I.A.12.a",
    )


CHECKS: Mapping[str, Check[Coding]] = {"ICD10CM:tabular/excludes1": _excludes1}
