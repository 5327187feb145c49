"""One function for each action: the work before, the action, who and when; the work after. Nothing else changes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from leadterm.domain import (
    Assignment,
    Code,
    CodedEncounter,
    Decision,
    Evidence,
    InputError,
    Override,
    PathwayStep,
    Role,
    Status,
    Step,
)

from . import actions as act
from .actions import Action, Method
from .recode import carried
from .work import CHARGES, DIAGNOSES, Work, WrittenQuery, arranged, family, is_entered, origin, pointing, role_of

COMPLETE = 1.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a chart's log.

    Attributes:
        number: Its place, from 1.
        kind: The action's kind, or `undo` or `redo`.
        action: None for undo and redo, and for what this version cannot read.
        by, at: Who did it, and when.
    """

    number: int
    kind: str
    action: Action | None
    by: str
    at: datetime

    def decision(self, method: str, reason: str | None = None) -> Decision:
        """What this line decides."""
        return Decision(self.by, self.at, method, reason)


# What is done to a coding that is finished.
OF_FINISHED = (act.Reopen, act.Late)
Codings = Callable[[int], CodedEncounter]


def applied(work: Work, entry: Entry, codings: Codings) -> Work:
    """The work after an action. Raises InputError, in a sentence, for one that cannot be done on this work."""
    action = entry.action
    if action is None:
        raise InputError(f"This version of Leadterm knows no action `{entry.kind}` of that form.")
    if work.finished is not None and not isinstance(action, OF_FINISHED):
        raise InputError("This coding is finished; reopen it to change it.")
    done: Callable[..., Work] = APPLY[type(action)]
    return done(work, action, entry, codings)


def _accept(work: Work, action: act.Accept, entry: Entry, _: Codings) -> Work:
    assignment = work.assignment(action.assignment)
    if assignment.status in (Status.ACCEPTED, Status.ADDED):
        raise InputError(f"{assignment.code} is accepted already.")
    _refuse_twice(work, assignment.code, assignment)
    method = origin(assignment)
    status = Status.ACCEPTED if method is Method.SUGGESTION else Status.ADDED
    changed = replace(assignment, status=status, decision=entry.decision(method))
    return _with(work, changed, f"{assignment.code} accepted.")


def _reject(work: Work, action: act.Reject, entry: Entry, _: Codings) -> Work:
    assignment = work.assignment(action.assignment)
    if assignment.status is Status.REJECTED:
        raise InputError(f"{assignment.code} is rejected already.")
    reason = f"{action.reason}: {action.note}" if action.note else action.reason.value
    changed = replace(assignment, status=Status.REJECTED, decision=entry.decision(origin(assignment), reason))
    return _with(work, changed, f"{assignment.code} rejected: {action.reason}.")


def _reconsider(work: Work, action: act.Reconsider, entry: Entry, _: Codings) -> Work:
    assignment = work.assignment(action.assignment)
    method = origin(assignment)
    if assignment.status is Status.SUGGESTED:
        raise InputError(f"{assignment.code} is a suggestion already.")
    if method is not Method.SUGGESTION and assignment.status is not Status.REJECTED:
        raise InputError(f"{assignment.code} was not suggested; reject it to take it away.")
    _refuse_twice(work, assignment.code, assignment)
    if method is Method.SUGGESTION:
        changed = replace(assignment, status=Status.SUGGESTED, decision=None)
        return _with(work, changed, f"{assignment.code} is open again.")
    decision = entry.decision(method) if is_entered(assignment) else None
    changed = replace(assignment, status=Status.ADDED, decision=decision)
    return _with(work, changed, f"{assignment.code} stands again.")


def _add(work: Work, action: act.Add, entry: Entry, _: Codings) -> Work:
    _refuse_twice(work, action.code)
    quotes = tuple(Evidence.quote(work.encounter.document(q.document), q.span) for q in action.quotes)
    made = _entered(work, action, quotes, entry)
    return replace(arranged(work, (*work.coded.assignments, made)), said=f"{action.code} added.")


def _replace(work: Work, action: act.Replace, entry: Entry, _: Codings) -> Work:
    old = work.assignment(action.assignment)
    if old.code == action.code:
        raise InputError(f"{old.code} is that code.")
    _refuse_twice(work, action.code)
    reason = f"{act.RejectReason.WRONG_SPECIFICITY}: replaced by {action.code}"
    gone = replace(old, status=Status.REJECTED, decision=entry.decision(origin(old), reason))
    made = _entered(work, action, old.evidence, entry)
    if family(made) == family(old):
        made = replace(
            made,
            poa=old.poa,
            units=old.units if old.role is Role.CHARGE else None,
            modifiers=old.modifiers,
            service_date=old.service_date,
            provider=old.provider,
            revenue_code=old.revenue_code,
        )
    assignments = [item for a in work.coded.assignments for item in ((made, gone) if a.id == old.id else (a,))]
    points = {line: tuple(made.id if d == old.id else d for d in named) for line, named in pointing(work).items()}
    points |= {made.id: points[old.id]} if old.id in points and made.role is Role.CHARGE else {}
    marked = work.marked | ({made.id} if old.id in work.marked else set())
    after = arranged(work, assignments, points)
    return replace(after, marked=marked, said=f"{old.code} replaced by {action.code}.")


def _move(work: Work, action: act.Move, _entry: Entry, _: Codings) -> Work:
    moved = work.assignment(action.assignment)
    if moved.status is Status.REJECTED:
        raise InputError(f"{moved.code} is rejected; it has no place on the claim.")
    part = family(moved)
    others = [a for a in work.coded.assignments if family(a) == part and a.id != moved.id]
    standing = sum(a.status is not Status.REJECTED for a in others)
    place = min(max(action.place, 1), standing + 1)
    if place == moved.sequence:
        raise InputError(f"{moved.code} stands there already.")
    others.insert(place - 1, moved)
    rest = [a for a in work.coded.assignments if family(a) != part]
    after = arranged(work, (*others, *rest))
    role = after.assignment(moved.id).role
    return replace(after, ordered=True, said=f"{moved.code} is number {place}, {role.value.replace('-', ' ')}.")


def _poa(work: Work, action: act.MarkPoa, _entry: Entry, _: Codings) -> Work:
    assignment = work.assignment(action.assignment)
    if family(assignment) != DIAGNOSES:
        raise InputError("Present on admission belongs to diagnoses.")
    said = f"{assignment.code}: present on admission {action.poa or 'left open'}."
    return _marked(_with(work, replace(assignment, poa=action.poa), said), assignment)


def _line(work: Work, action: act.EditLine, _entry: Entry, _: Codings) -> Work:
    assignment = work.assignment(action.assignment)
    if family(assignment) != CHARGES:
        raise InputError("Units, modifiers and pointers belong to charge lines.")
    for diagnosis in action.pointers:
        named = work.assignment(diagnosis)
        if family(named) != DIAGNOSES:
            raise InputError("A line points to diagnoses.")
        if named.status is Status.REJECTED:
            raise InputError(f"{named.code} is rejected; a line points to diagnoses that stand.")
    changed = replace(assignment, units=action.units, modifiers=action.modifiers, charge=action.charge)
    points = pointing(work) | {assignment.id: tuple(dict.fromkeys(action.pointers))}
    return _marked(_with(work, changed, f"{assignment.code}: line changed.", points), assignment)


def _permit(work: Work, action: act.Permit, entry: Entry, _: Codings) -> Work:
    key = (action.rule, frozenset(action.codes))
    permits = dict(work.permits) | {key: Override(entry.by, entry.at, action.reason)}
    return replace(work, permits=tuple(permits.items()), said=f"{action.rule} permitted.")


def _forbid(work: Work, action: act.Forbid, _entry: Entry, _: Codings) -> Work:
    key = (action.rule, frozenset(action.codes))
    permits = {k: v for k, v in work.permits if k != key}
    if len(permits) == len(work.permits):
        raise InputError("That was not permitted.")
    return replace(work, permits=tuple(permits.items()), said=f"{action.rule} is no longer permitted.")


def _query(work: Work, action: act.WriteQuery, _entry: Entry, _: Codings) -> Work:
    if all(q.id != action.query for q in work.coded.queries):
        raise InputError("That query is no longer on this chart.")
    queries = dict(work.queries) | {action.query: WrittenQuery(action.state, action.text)}
    said = {act.QueryState.DRAFT: "kept", act.QueryState.SENT: "noted as sent", act.QueryState.DISMISSED: "dismissed"}
    return replace(work, queries=tuple(queries.items()), said=f"Query {said[action.state]}.")


def _describe(work: Work, action: act.Describe, _entry: Entry, codings: Codings) -> Work:
    return replace(
        carried(work, codings(action.coding), action.coding), said="Encounter changed; the chart was coded anew."
    )


def _late(work: Work, action: act.Late, _entry: Entry, codings: Codings) -> Work:
    after = carried(work, codings(action.coding), action.coding)
    reopened = work.finished is not None and action.reopens
    said = "Late documents added; the chart was coded anew" + (" and reopened." if reopened else ".")
    return replace(after, finished=None if action.reopens else work.finished, said=said)


def _finish(work: Work, _action: act.Finish, entry: Entry, _: Codings) -> Work:
    return replace(work, finished=entry.at, said="Coding finished.")


def _reopen(work: Work, _action: act.Reopen, _entry: Entry, _: Codings) -> Work:
    if work.finished is None:
        raise InputError("This coding is not finished.")
    return replace(work, finished=None, said="Coding reopened.")


def _with(work: Work, changed: Assignment, said: str, points: Mapping[str, tuple[str, ...]] | None = None) -> Work:
    """The work with one assignment changed; what follows for order, roles and pointers is done."""
    assignments = (changed if a.id == changed.id else a for a in work.coded.assignments)
    return replace(arranged(work, assignments, points), said=said)


def _marked(work: Work, assignment: Assignment) -> Work:
    return replace(work, marked=work.marked | {assignment.id})


def _refuse_twice(work: Work, code: Code, apart: Assignment | None = None) -> None:
    """A diagnosis stands once (I.B.12), `apart` left out of it; charges have lines, procedures are repeated (B3.2)."""
    others = (a for a in work.coded.assignments if family(a) == DIAGNOSES and a is not apart)
    if any(a.code == code and a.status is not Status.REJECTED for a in others):
        raise InputError(f"{code} is on this chart already; a diagnosis is reported once (I.B.12).")


HOW = {
    Method.TEXT: "from words of the chart",
    Method.FIX: "as a finding proposes",
    Method.SEARCH: "by search",
}


def _entered(work: Work, action: act.Add | act.Replace, evidence: tuple[Evidence, ...], entry: Entry) -> Assignment:
    """A code that a person entered; its id is that of the log's line, which no other code has."""
    code, role = action.code, role_of(action.code)
    words = f"{code} {action.title}" if action.title else str(code)
    step = PathwayStep(Step.TABULAR, f"{words}: entered {HOW[action.method]}")
    return Assignment(
        id=f"p{entry.number}",
        code=code,
        description=action.title,
        role=role,
        sequence=len(work.coded.assignments) + 1,
        confidence=COMPLETE,
        evidence=evidence,
        pathway=(step,),
        status=Status.ADDED,
        decision=entry.decision(action.method),
        units=Decimal(1) if role is Role.CHARGE else None,
    )


APPLY: Mapping[type[Any], Callable[..., Work]] = {
    act.Accept: _accept,
    act.Reject: _reject,
    act.Reconsider: _reconsider,
    act.Add: _add,
    act.Replace: _replace,
    act.Move: _move,
    act.MarkPoa: _poa,
    act.EditLine: _line,
    act.Permit: _permit,
    act.Forbid: _forbid,
    act.WriteQuery: _query,
    act.Describe: _describe,
    act.Late: _late,
    act.Finish: _finish,
    act.Reopen: _reopen,
}
