"""A chart that is coded anew for a changed encounter: what people decided is carried over to the new suggestions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from leadterm.domain import Assignment, Code, CodedEncounter, Finding, Query, Status

from .actions import QueryState
from .work import Work, arranged, begin, family, is_entered, pointing

Key = tuple[Code, int]


def carried(work: Work, coded: CodedEncounter, coding: int) -> Work:
    """The new coding, of that number, with the decisions of `work`.

    A code that is suggested again keeps its id and what was decided about it, its POA and line where a person wrote
    them; one that a person accepted or entered stays though nobody suggests it now; a rejected one that is no longer
    suggested is gone. Where a person chose the order, it is kept, and new suggestions follow; otherwise the engine's
    order holds and what it lacks follows. So with queries: those that were drafted or sent stay.
    """
    fresh = begin(coded)
    before = _before(fresh.coded.assignments, work.coded.assignments)
    ids = {a.id: before[a.id].id if a.id in before else f"{a.id}-{coding}" for a in fresh.coded.assignments}
    taken = [_carried(a, ids[a.id], before.get(a.id), work.marked) for a in fresh.coded.assignments]
    held = set(ids.values())
    # Their facts were those of the coding before.
    kept = [replace(a, facts=()) for a in work.coded.assignments if a.id not in held and _stays(a)]
    ordered = _in_order(work, [*taken, *kept]) if work.ordered else [*taken, *kept]
    findings, queries = tuple(_renamed(coded.findings, ids)), tuple(_asked(work, coded.queries, coding))
    base = replace(work, coded=replace(coded, assignments=(), findings=findings, queries=queries))
    return arranged(base, ordered, _pointing(work, fresh, ids))


def recoded(before: CodedEncounter, coded: CodedEncounter) -> CodedEncounter:
    """The new coding of an encounter, with what people decided in the one before."""
    return carried(begin(before), coded, 2).coded


def _before(fresh: Iterable[Assignment], old: Iterable[Assignment]) -> dict[str, Assignment]:
    """Which assignment of old each fresh one is, by its id: of one code and family, the same number first."""
    free: dict[Key, list[Assignment]] = defaultdict(list)
    for assignment in old:
        free[_key(assignment)].append(assignment)
    found: dict[str, Assignment] = {}
    for same in (_same_number, _any):
        for new in fresh:
            match = next((o for o in free[_key(new)] if same(o, new)), None) if new.id not in found else None
            if match is not None:
                free[_key(new)].remove(match)
                found[new.id] = match
    return found


def _key(assignment: Assignment) -> Key:
    return assignment.code, family(assignment)


def _same_number(old: Assignment, new: Assignment) -> bool:
    """`a3` and what became of it in a later coding, `a3-2`: lines of one code are told apart by it."""
    return old.id.partition("-")[0] == new.id


def _any(_old: Assignment, _new: Assignment) -> bool:
    return True


def _stays(assignment: Assignment) -> bool:
    decided = assignment.decision is not None and assignment.status in (Status.ACCEPTED, Status.ADDED)
    return is_entered(assignment) or decided


def _carried(new: Assignment, name: str, old: Assignment | None, marked: frozenset[str]) -> Assignment:
    """The new suggestion, with what a person said of the old one; a code that a person entered as it was entered."""
    if old is None:
        return replace(new, id=name)
    if is_entered(old):
        return replace(old, facts=(), poa=old.poa if name in marked else old.poa or new.poa)
    if old.decision is not None:
        new = replace(new, status=old.status, decision=old.decision)
    if name in marked:
        new = replace(new, poa=old.poa, units=old.units, modifiers=old.modifiers, charge=old.charge)
    return replace(new, id=name)


def _in_order(work: Work, assignments: Iterable[Assignment]) -> list[Assignment]:
    place = {a.id: n for n, a in enumerate(work.coded.assignments)}
    return sorted(assignments, key=lambda a: place.get(a.id, len(place)))


def _pointing(work: Work, fresh: Work, ids: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Which diagnoses each line points to: as the new coding says, but for lines that a person wrote."""
    new = {ids[line]: tuple(ids[d] for d in named) for line, named in pointing(fresh).items()}
    old = pointing(work)
    written = {a.id: old.get(a.id, ()) for a in work.coded.assignments if a.id in work.marked or is_entered(a)}
    return old | new | written


def _renamed(findings: Iterable[Finding], ids: Mapping[str, str]) -> Iterator[Finding]:
    for finding in findings:
        yield replace(finding, assignments=tuple(ids.get(i, i) for i in finding.assignments))


def _asked(work: Work, queries: Iterable[Query], coding: int) -> Iterator[Query]:
    """The new coding's queries, one that was there before by its old id; then others that were drafted or sent."""
    old = {_question(q): q for q in work.coded.queries}
    for query in queries:
        same = old.pop(_question(query), None)
        yield replace(query, id=same.id if same else f"{query.id}-{coding}")
    for query in old.values():
        written = work.query(query.id)
        if written is not None and written.state is not QueryState.DISMISSED:
            yield query


def _question(query: Query) -> tuple[str, str, tuple[str, ...]]:
    return query.reason, query.question, query.codes
