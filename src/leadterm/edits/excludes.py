"""Excludes1: codes that the Tabular List forbids to stand together (guideline I.A.12.a).

A note holds for everything below the node it stands at, and a pair is asked in both directions, because the list
often prints the note at one of the two only. What is not asked: a code and its own line, a reference to codes below
the very node of the note (it would forbid the node to itself), and a reference that spans or names whole chapters
("A00-R94", which says "any condition that explains it", not "none of these codes").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import combinations

from leadterm.codesets.relations.relations import Link, Reference, Relations

from ._coding import Coding, Diagnosis, Entry, named, shortened
from ._findings import Check, Draft

KIND = "excludes1"
MOST_LETTERS = 2


@lru_cache(maxsize=100_000)
def bar_between(relations: Relations, one: Entry, other: Entry) -> Link | None:
    """The nearest note of `one` that forbids `other`, or None."""
    if one is other or one.code in other.line or other.code in one.line:
        return None
    links = relations.links(one.code, other.code, KIND)
    return next((x for x in links if x.relation.at not in other.line and _lists(x.reference)), None)


def _lists(reference: Reference) -> bool:
    """Whether it lists codes, and does not say "whatever explains it" or "any condition of chapter 15"."""
    return not reference.chapter and len(reference.letters) <= MOST_LETTERS


def _excludes1(coding: Coding) -> Iterator[Draft]:
    relations = coding.book.component(Relations, coding.on)
    reported: set[frozenset[str]] = set()
    for one, other in combinations(sorted(coding.diagnoses, key=lambda d: d.code), 2):
        pair = frozenset((one.code, other.code))
        if pair in reported:
            continue
        for holder, named_in_note in ((one, other), (other, one)):
            if bar := bar_between(relations, holder.entry, named_in_note.entry):
                reported.add(pair)
                yield _draft(holder, named_in_note, bar)
                break


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
