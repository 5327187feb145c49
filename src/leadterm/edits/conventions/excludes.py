"""Excludes1: codes that the Tabular List forbids to stand together, unless they are unrelated (guideline I.A.12.a).

A pair is asked in both directions, because the list often prints the note at one of the two only. Where the codes
themselves make it likely that the two are unrelated, a person is asked to look (a warning instead of an error): the
note stands at a whole block; the code that bears it is one for several other conditions (the guideline's own example,
F45.8); or the two are of opposite sides or of different episodes of care.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import combinations

from leadterm.codesets.relations.relations import Link, Relations
from leadterm.edits._coding import Coding, Diagnosis, named, shortened
from leadterm.edits._findings import Check, Draft
from leadterm.edits.codes._sides import LEFT, RIGHT, side_of

from .injuries import episode_of

OTHER = "Other"
Barred = tuple[Diagnosis, Diagnosis, Link]


@lru_cache(maxsize=100_000)
def _bar_between(relations: Relations, one: str, other: str) -> tuple[str, str, Link] | None:
    """The code that bears the note, the one that it names, and the note; None where nothing parts the two."""
    for holder, named_in_note in ((one, other), (other, one)):
        if bar := relations.bar(holder, named_in_note):
            return holder, named_in_note, bar
    return None


def _barred(coding: Coding) -> tuple[Barred, ...]:
    """The pairs of an encounter that a note parts."""
    relations = coding.relations
    # The first of each code; by codes alone, since a long chart has tens of thousands of pairs.
    first = {d.code: d for d in reversed(coding.diagnoses)}
    if len(first) < 2:
        return ()
    found = [_bar_between(relations, one, other) for one, other in combinations(sorted(first), 2)]
    return tuple([(first[bar[0]], first[bar[1]], bar[2]) for bar in found if bar])


def _related(coding: Coding) -> Iterable[Draft]:
    barred = coding.once(_barred)
    return _drafts(p for p in barred if not _likely_unrelated(*p)) if barred else ()


def _unrelated(coding: Coding) -> Iterable[Draft]:
    barred = coding.once(_barred)
    return _drafts(p for p in barred if _likely_unrelated(*p)) if barred else ()


def _likely_unrelated(holder: Diagnosis, excluded: Diagnosis, bar: Link) -> bool:
    at = bar.relation.at
    sides = {side_of(holder.entry), side_of(excluded.entry)}
    episodes = {episode_of(holder.entry), episode_of(excluded.entry)} - {None}
    return "-" in at or (at == holder.code and _of_others(holder)) or {RIGHT, LEFT} <= sides or len(episodes) > 1


def _of_others(holder: Diagnosis) -> bool:
    """Whether the code is one for several other conditions, of which the note may mean one."""
    return holder.entry.node is not None and holder.entry.node.title.startswith(OTHER)


def _drafts(barred: Iterable[Barred]) -> Iterator[Draft]:
    for holder, excluded, bar in barred:
        yield _draft(holder, excluded, bar)


def _draft(holder: Diagnosis, excluded: Diagnosis, bar: Link) -> Draft:
    note = bar.relation
    return Draft(
        f"{named(holder)} and {named(excluded)} are not coded together: Excludes1 at {note.at}, "
        f"“{shortened(note.text)}”; only unrelated conditions may stand side by side, and codes do not tell.",
        codes=(holder.code, excluded.code),
        assignments=(holder.assignment.id, excluded.assignment.id),
        source=f"ICD-10-CM Tabular List, Excludes1 note at {note.at}; Official Guidelines I.A.12.a",
    )


CHECKS: Mapping[str, Check[Coding]] = {
    "ICD10CM:tabular/excludes1": _related,
    "ICD10CM:I.A.12.a/excludes1-unrelated": _unrelated,
}
