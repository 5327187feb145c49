"""Excludes1: codes that the Tabular List forbids to stand together (guideline I.A.12.a).

A note holds for everything below the node it stands at, and a pair is asked in both directions, because the list
often prints the note at one of the two only. What is not asked: a code and its own line, a reference to codes below
the very node of the note (it would forbid the node to itself), and a reference that spans whole chapters
("A00-R94", which says "any condition that explains it", not "none of these codes").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from ._coding import Coding, Diagnosis, Entry, named, shortened
from ._findings import Check, Draft
from ._references import Reference, read_references

MOST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Bar:
    """One reference of one note: codes that may not stand beside those below `at`."""

    at: str
    note: str
    reference: Reference


@lru_cache(maxsize=20_000)
def bars(entry: Entry) -> Mapping[str, tuple[Bar, ...]]:
    """The Excludes1 references that hold for a code, by the first letter of the codes that they name."""
    found: dict[str, list[Bar]] = {}
    for node, note in entry.notes("excludes1"):
        for reference in read_references(note).references:
            if len(reference.letters) > MOST_LETTERS:
                continue
            for letter in reference.letters:
                found.setdefault(letter, []).append(Bar(node.code, note, reference))
    return {letter: tuple(of_letter) for letter, of_letter in found.items()}


@lru_cache(maxsize=100_000)
def bar_between(one: Entry, other: Entry) -> Bar | None:
    """The nearest note of `one` that names `other`, or None."""
    if one is other or one.code in other.line or other.code in one.line:
        return None
    for bar in bars(one).get(other.bare[0], ()):
        if bar.at not in other.line and bar.reference.names(other.bare):
            return bar
    return None


def _excludes1(coding: Coding) -> Iterator[Draft]:
    reported: set[frozenset[str]] = set()
    for one, other in combinations(sorted(coding.diagnoses, key=lambda d: d.code), 2):
        pair = frozenset((one.code, other.code))
        if pair in reported:
            continue
        for holder, named_in_note in ((one, other), (other, one)):
            if bar := bar_between(holder.entry, named_in_note.entry):
                reported.add(pair)
                yield _draft(holder, named_in_note, bar)
                break


def _draft(holder: Diagnosis, excluded: Diagnosis, bar: Bar) -> Draft:
    return Draft(
        f"{named(holder)} and {named(excluded)} are not coded together: Excludes1 at {bar.at}, "
        f"“{shortened(bar.note)}”; only unrelated conditions may stand side by side, and codes do not tell.",
        codes=(holder.code, excluded.code),
        assignments=(holder.assignment.id, excluded.assignment.id),
        source=f"ICD-10-CM Tabular List, Excludes1 note at {bar.at}; Official Guidelines I.A.12.a",
    )


CHECKS: Mapping[str, Check[Coding]] = {"ICD10CM:tabular/excludes1": _excludes1}
