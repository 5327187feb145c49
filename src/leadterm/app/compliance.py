"""Case files over kept data: opened once for a signal, a transaction a step, never worked by whom they are about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from leadterm.compliance import Clock
from leadterm.compliance.casefile import (
    Action,
    Assign,
    CaseFile,
    Entry,
    Open,
    Status,
    is_about,
    read,
    replayed,
    written,
)
from leadterm.domain import InputError, Signal
from leadterm.schemas import decode_signals, encode_compliance
from leadterm.storage import Database, now
from leadterm.storage import compliance as kept
from leadterm.storage.compliance import KeptCase, KeptEvent

from .opened import shown

People = Mapping[str, Iterable[str]]


@dataclass(frozen=True, slots=True)
class Case:
    """A case file as it stands, with the signal that it was opened from."""

    id: str
    opened: datetime
    signal: Signal
    file: CaseFile

    @property
    def persons(self) -> tuple[str, ...]:
        """Whom it is about: the provider of the signal by number or name, and who was named since."""
        own = (self.signal.subject.npi, self.signal.subject.name)
        return (*(name for name in own if name), *self.file.concerned)

    @property
    def changed(self) -> datetime:
        """When the last event was added."""
        return self.file.entries[-1].at if self.file.entries else self.opened

    def clock(self, on: date) -> Clock:
        """Its overpayment clock on a day."""
        return self.file.clock(on)


class CaseMissing(InputError):
    """There is no case file of that id."""


class ChangedMeanwhile(InputError):
    """Somebody else added an event since the page was made."""


class NotTheirs(InputError):
    """The person is among those whom the case is about."""


class Compliance:
    """All that is done on case files. It holds nothing: every call reads what is kept."""

    def __init__(self, database: Database, people: People | None = None, clock: Callable[[], datetime] = now) -> None:
        """`people`: what each person is also known by (provider numbers), by name."""
        self.database = database
        self._people = {_plain(name): tuple(more) for name, more in (people or {}).items()}
        self._clock = clock

    def cases(self, status: Status | None = None) -> list[Case]:
        """The case files, newest first; of a status."""
        with self.database.reading() as connection:
            events = kept.all_events(connection, self.database.organisation)
            found = [_case(c, events.get(c.key, [])) for c in kept.list_cases(connection, self.database.organisation)]
        return [case for case in found if status is None or case.file.status is status]

    def case(self, name: str) -> Case:
        """The case file of that id, or that was opened from the signal of that id. Raises CaseMissing."""
        with self.database.reading() as connection:
            return self._found(connection, name)[1]

    def open(self, signal: Signal, by: str) -> tuple[Case, bool]:
        """The case file of a signal, and whether it was opened now: a signal has one, however often it is found."""
        with self.database.writing() as connection:
            return self._opened(connection, signal, shown(by))

    def open_all(self, signals: Iterable[Signal], by: str) -> list[tuple[Case, bool]]:
        """The case files of many signals, all or none, so that `cases` lists them in the order of the signals."""
        with self.database.writing() as connection:
            last_first = [self._opened(connection, signal, shown(by)) for signal in reversed(list(signals))]
        return last_first[::-1]

    def act(self, name: str, action: Action, by: str, after: int | None = None) -> Case:
        """Does one action on a case file; the file after it.

        `after` is the number of the last event that the person saw: the same action sent again is done once.
        Raises CaseMissing, NotTheirs, ChangedMeanwhile, and InputError in a sentence for what cannot be done.
        """
        with self.database.writing() as connection:
            row, case = self._found(connection, name)
            self._allow(case, action, by)
            if after is not None and after != case.file.number:
                return _seen(case, after, action, shown(by))
            return self._acted(connection, row.key, case, action, by)

    def act_all(self, name: str, actions: Iterable[Action], by: str) -> Case:
        """Does several actions, all or none; the file after them."""
        with self.database.writing() as connection:
            row, case = self._found(connection, name)
            for action in actions:
                self._allow(case, action, by)
                case = self._acted(connection, row.key, case, action, by)
            return case

    def _acted(self, connection: Connection, key: int, case: Case, action: Action, by: str) -> Case:
        entry = Entry(case.file.number + 1, action.kind, action, shown(by), self._clock())
        file = case.file.then(entry)
        self._add(connection, key, entry)
        return Case(case.id, case.opened, case.signal, file)

    # --- what is kept ---

    def _opened(self, connection: Connection, signal: Signal, by: str) -> tuple[Case, bool]:
        organisation = self.database.organisation
        if (row := kept.case_of_signal(connection, organisation, signal.id)) is not None:
            return _case(row, kept.events_of(connection, row.key)), False
        at = self._clock()
        document = encode_compliance.signal(signal)
        case_id = kept.add_case(connection, organisation, signal.id, document, at)
        found = kept.find_case(connection, organisation, case_id)
        assert found is not None
        self._add(connection, found.key, Entry(1, Open.kind, Open(), by, at))
        return self._found(connection, case_id)[1], True

    def _found(self, connection: Connection, name: str) -> tuple[KeptCase, Case]:
        organisation = self.database.organisation
        row = None
        if name.isascii() and name.isprintable():  # no other name is an id, and not every database takes one
            row = kept.find_case(connection, organisation, name)
            row = row or kept.case_of_signal(connection, organisation, name)
        if row is None:
            raise CaseMissing("There is no such case file; `leadterm compliance list` names them all.")
        return row, _case(row, kept.events_of(connection, row.key))

    def _add(self, connection: Connection, key: int, entry: Entry) -> None:
        assert entry.action is not None
        line = KeptEvent(entry.number, entry.kind, written(entry.action), entry.by, entry.at)
        if not kept.add_event(connection, self.database.organisation, key, line):
            raise ChangedMeanwhile("The case file was changed elsewhere in this moment; look at it and do it again.")

    # --- who may ---

    def is_about(self, case: Case, person: str) -> bool:
        """Whether a person, by any name that is known of them, is among those whom a case is about."""
        return is_about(case.persons, (person, *self._people.get(_plain(person), ())))

    def _allow(self, case: Case, action: Action, by: str) -> None:
        """Raises NotTheirs where a person whom the case is about would work it."""
        if self.is_about(case, by):
            raise NotTheirs("You are among those whom this case is about; another person must work it.")
        if isinstance(action, Assign) and action.to and self.is_about(case, action.to):
            raise NotTheirs("The case is about that person; assign it to another.")


def _seen(case: Case, after: int, action: Action, by: str) -> Case:
    """The case where its event after `after` is this very action by this person. Raises ChangedMeanwhile otherwise."""
    following = next((e for e in case.file.entries if e.number == after + 1), None)
    if following is None or (following.action, following.by) != (action, by):
        raise ChangedMeanwhile("The case file was changed meanwhile; look at what is there now.")
    return case


def _case(row: KeptCase, events: Iterable[KeptEvent]) -> Case:
    signal = decode_signals.signal(dict(row.document))
    return Case(row.id, row.opened, signal, replayed(_entry(event) for event in events))


def _entry(event: KeptEvent) -> Entry:
    """An event as the case file reads it; without its action where this version cannot read it."""
    action: Action | None = None
    with suppress(InputError):
        action = read(event.kind, event.payload)
    return Entry(event.number, event.kind, action, event.by, event.at)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
