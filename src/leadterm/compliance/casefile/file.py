"""A case file as its events leave it: every one is kept in order, what was undone is marked, nothing is erased."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from leadterm.compliance.clock import Clock, clock
from leadterm.compliance.events import Event, Happened, known_by
from leadterm.compliance.standards import standard_on
from leadterm.domain import InputError

from . import actions as act
from .actions import Action, Disposition, Evidence, Status


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a case file.

    Attributes:
        number: Its place, from 1; the first opens the file.
        action: None for what this version cannot read.
        by, at: Who did it, and when.
        stands: Whether no later event took it back.
    """

    number: int
    kind: str
    action: Action | None
    by: str
    at: datetime
    stands: bool = True


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case file as it stands.

    Attributes:
        assigned: Who works it.
        concerned: Persons whom it is about, as they were named, without those of the signal.
        evidence: What was looked at, each once, in order.
        dates: The dates of the overpayment clock.
        closed: How and why it ended; None while it is worked.
        entries: Every event, also those that were undone.
    """

    status: Status = Status.OPEN
    assigned: str | None = None
    concerned: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    dates: tuple[Happened, ...] = ()
    closed: act.Close | None = None
    entries: tuple[Entry, ...] = ()

    @property
    def number(self) -> int:
        """The number of the last event: what tells whether a page is of today."""
        return self.entries[-1].number if self.entries else 0

    def clock(self, on: date) -> Clock:
        """The overpayment clock on a day."""
        return clock(self.dates, on)

    def then(self, entry: Entry) -> CaseFile:
        """The file after one more event. Raises InputError, in a sentence, for one that cannot be done."""
        if isinstance(entry.action, act.Undo):
            return _undone(self, entry, entry.action.number)
        return replace(_applied(self, entry.action), entries=(*self.entries, entry))


def replayed(entries: Iterable[Entry]) -> CaseFile:
    """The file after all these events; one that this version refuses changes nothing, the rest holds."""
    file = CaseFile()
    for entry in entries:
        try:
            file = file.then(entry)
        except InputError:
            file = replace(file, entries=(*file.entries, entry))
    return file


def _undone(file: CaseFile, entry: Entry, number: int) -> CaseFile:
    found = next((e for e in file.entries if e.number == number), None)
    if found is None or isinstance(found.action, act.Open | act.Undo):
        raise InputError(f"There is no event {number} that can be undone.")
    if not found.stands:
        raise InputError(f"Event {number} is undone already.")
    entries = tuple(replace(e, stands=False) if e is found else e for e in file.entries)
    after = CaseFile()
    for one in (e for e in entries if e.stands and not isinstance(e.action, act.Undo)):
        try:
            after = _applied(after, one.action)
        except InputError:
            # What this version never could do stands without effect; what it could before needs the event.
            if _had_effect(file, one):
                raise InputError(f"Event {one.number} stands on event {number}; undo that first.") from None
    return replace(after, entries=(*entries, entry))


def _had_effect(file: CaseFile, entry: Entry) -> bool:
    """Whether an event could be done where it stands."""
    before = replayed(e for e in file.entries if e.number < entry.number)
    with suppress(InputError):
        _applied(before, entry.action)
        return True
    return False


def _applied(file: CaseFile, action: Action | None) -> CaseFile:
    if action is None:
        raise InputError("This version of Leadterm does not know that event.")
    if file.status is Status.CLOSED and not isinstance(action, act.Reopen):
        raise InputError("This case is closed; reopen it to go on.")
    return APPLY[type(action)](file, action)


def _assigned(file: CaseFile, action: act.Assign) -> CaseFile:
    if action.to is None:
        return replace(file, assigned=None, status=Status.OPEN)
    if _same(action.to) in map(_same, file.concerned):
        raise InputError("The case is about that person; assign it to another.")
    status = Status.ASSIGNED if file.status is Status.OPEN else file.status
    return replace(file, assigned=action.to, status=status)


def _moved(file: CaseFile, action: act.Move) -> CaseFile:
    if action.status is Status.OPEN and file.assigned:
        raise InputError("An open case is assigned to nobody; take the assignment back instead.")
    if action.status is not Status.OPEN and not file.assigned:
        raise InputError("Assign the case first: somebody works it.")
    return replace(file, status=action.status)


def _attached(file: CaseFile, action: act.Attach) -> CaseFile:
    if action.evidence in file.evidence:
        raise InputError("That evidence is in the file already.")
    return replace(file, evidence=(*file.evidence, action.evidence))


def _dated(file: CaseFile, action: act.Date) -> CaseFile:
    dates = (*file.dates, Happened(action.day, action.event))
    if dates[-1] in file.dates:
        raise InputError("That date is in the file already.")
    known_by(dates, action.day)  # refuses dates that contradict each other
    if action.event is Event.IDENTIFIED:
        standard_on(action.day)  # and a day before the statute
    return replace(file, dates=dates)


def _concerned(file: CaseFile, action: act.Concern) -> CaseFile:
    if _same(action.person) in map(_same, file.concerned):
        raise InputError("That person is named already.")
    file = replace(file, concerned=(*file.concerned, action.person))
    if file.assigned and _same(file.assigned) == _same(action.person):
        return replace(file, assigned=None, status=Status.OPEN)
    return file


def _closed(file: CaseFile, action: act.Close) -> CaseFile:
    happened = {h.event for h in file.dates}
    if action.disposition is Disposition.NO_ISSUE and Event.IDENTIFIED in happened:
        raise InputError("An overpayment is identified in this case; choose another disposition, or undo that date.")
    return replace(file, status=Status.CLOSED, closed=action)


def _reopened(file: CaseFile, _: act.Reopen) -> CaseFile:
    if file.status is not Status.CLOSED:
        raise InputError("This case is not closed.")
    return replace(file, status=Status.ASSIGNED if file.assigned else Status.OPEN, closed=None)


APPLY: Mapping[type, Callable[[CaseFile, Any], CaseFile]] = {
    act.Open: lambda file, _: file,
    act.Assign: _assigned,
    act.Move: _moved,
    act.Note: lambda file, _: file,
    act.Attach: _attached,
    act.Date: _dated,
    act.Concern: _concerned,
    act.Close: _closed,
    act.Reopen: _reopened,
}


def _same(name: str) -> str:
    """A name as names are compared: capitals and blanks do not matter."""
    return " ".join(name.casefold().split())


def is_about(persons: Iterable[str], names: Iterable[str]) -> bool:
    """Whether one of the names (or numbers) that a person goes by is among those whom a case is about."""
    return bool({_same(p) for p in persons} & {_same(n) for n in names})
