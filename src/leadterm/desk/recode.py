"""A chart that is coded anew for a changed encounter: what people decided is carried over to the new suggestions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from leadterm.domain import Assignment, Code, CodedEncounter, Finding, Role, Status

from .work import Work, arranged, begin, is_entered, pointing

Key = tuple[Code, int]


def carried(work: Work, coded: CodedEncounter, coding: int) -> Work:
    """The new coding, of that number, with the decisions of `work`.

    A code that is suggested again keeps its id and what was decided about it; one that a person accepted or entered
    stays though nobody suggests it now; a rejected one that is no longer suggested is gone. Where a person chose the
    order, it is kept, and new suggestions follow; otherwise the engine's order holds and what it lacks follows.
    """
    fresh = begin(coded)
    old = {_key(a): a for a in work.coded.assignments}
    ids = {a.id: old[_key(a)].id if _key(a) in old else f"{a.id}-{coding}" for a in fresh.coded.assignments}
    taken = [_carried(a, ids[a.id], old.get(_key(a))) for a in fresh.coded.assignments]
    held = set(ids.values())
    kept = [a for a in work.coded.assignments if a.id not in held and _stays(a)]
    ordered = _in_order(work, [*taken, *kept]) if work.ordered else [*taken, *kept]
    named = coded.findings
    base = replace(work, coded=replace(coded, assignments=(), findings=tuple(_renamed(named, ids))))
    return arranged(base, ordered, _pointing(work, fresh, ids))


def _key(assignment: Assignment) -> Key:
    """What makes two assignments the same; charge lines of one code are told apart by their place."""
    return assignment.code, assignment.sequence if assignment.role is Role.CHARGE else 0


def _stays(assignment: Assignment) -> bool:
    return is_entered(assignment) or assignment.status is Status.ACCEPTED


def _carried(new: Assignment, name: str, old: Assignment | None) -> Assignment:
    """The new suggestion, with what a person said of the old one."""
    if old is None or old.decision is None:
        return replace(new, id=name)
    return replace(
        new,
        id=name,
        status=old.status,
        decision=old.decision,
        poa=old.poa,
        units=old.units,
        modifiers=old.modifiers,
        charge=old.charge,
    )


def _in_order(work: Work, assignments: Iterable[Assignment]) -> list[Assignment]:
    place = {a.id: n for n, a in enumerate(work.coded.assignments)}
    return sorted(assignments, key=lambda a: place.get(a.id, len(place)))


def _pointing(work: Work, fresh: Work, ids: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Which diagnoses each line points to: as the new coding says, but for lines that a person touched."""
    new = {ids[line]: tuple(ids[d] for d in named) for line, named in pointing(fresh).items()}
    touched = {a.id for a in work.coded.assignments if a.decision is not None}
    return new | {line: named for line, named in pointing(work).items() if line in touched or line not in new}


def _renamed(findings: Iterable[Finding], ids: Mapping[str, str]) -> Iterable[Finding]:
    for finding in findings:
        yield replace(finding, assignments=tuple(ids.get(i, i) for i in finding.assignments))
