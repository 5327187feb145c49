"""Case files of compliance: the signal that each was opened from, and every event on it, in order."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select
from sqlalchemy.exc import IntegrityError

from .ids import uuid7
from .tables import compliance_cases, compliance_events

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class KeptCase:
    """A case file as it was opened.

    Attributes:
        key: Number in this database.
        id: What addresses name it by.
        signal: What tells its signal from all others of the organisation.
        document: The signal, as it was found.
    """

    key: int
    id: str
    signal: str
    document: Mapping[str, Any]
    opened: datetime


@dataclass(frozen=True, slots=True)
class KeptEvent:
    """One event of a case file as it is kept."""

    number: int
    kind: str
    payload: Json
    by: str
    at: datetime


def add_case(connection: Connection, organisation: str, signal: str, document: Json, opened: datetime) -> str:
    """Keeps a case file; its id. The signal must have none yet (`case_of_signal`)."""
    case_id = str(uuid7(opened))
    row = {"id": case_id, "organisation": organisation, "signal": signal, "document": json.dumps(document)}
    connection.execute(insert(compliance_cases).values(**row, opened=opened))
    return case_id


def list_cases(connection: Connection, organisation: str) -> list[KeptCase]:
    """The case files, newest first."""
    c = compliance_cases.c
    asked = select(compliance_cases).where(c.organisation == organisation).order_by(c.key.desc())
    return [_case(row) for row in connection.execute(asked)]


def find_case(connection: Connection, organisation: str, case_id: str) -> KeptCase | None:
    """The case file of that id; None where there is none."""
    return _one(connection, organisation, compliance_cases.c.id == case_id)


def case_of_signal(connection: Connection, organisation: str, signal: str) -> KeptCase | None:
    """The case file that was opened from that signal; None where there is none."""
    return _one(connection, organisation, compliance_cases.c.signal == signal)


def events_of(connection: Connection, case: int) -> list[KeptEvent]:
    """The events of a case file, in order."""
    c = compliance_events.c
    asked = select(c.number, c.kind, c.payload, c.by, c.at).where(c.case == case).order_by(c.number)
    return [_event(*row) for row in connection.execute(asked)]


def all_events(connection: Connection, organisation: str) -> dict[int, list[KeptEvent]]:
    """The events of every case file by its key, each in order."""
    c = compliance_events.c
    asked = select(c.case, c.number, c.kind, c.payload, c.by, c.at).where(c.organisation == organisation)
    found: dict[int, list[KeptEvent]] = defaultdict(list)
    for case, *row in connection.execute(asked.order_by(c.case, c.number)):
        found[case].append(_event(*row))
    return found


def add_event(connection: Connection, organisation: str, case: int, event: KeptEvent) -> bool:
    """Adds an event to a case file; False where another has that number already."""
    row = {"case": case, "organisation": organisation, "payload": json.dumps(event.payload)}
    row |= {name: getattr(event, name) for name in ("number", "kind", "by", "at")}
    try:
        with connection.begin_nested():
            connection.execute(insert(compliance_events).values(**row))
    except IntegrityError:
        return False
    return True


def _one(connection: Connection, organisation: str, condition: Any) -> KeptCase | None:
    asked = select(compliance_cases).where((compliance_cases.c.organisation == organisation) & condition)
    row = connection.execute(asked).first()
    return _case(row) if row else None


def _case(row: Row[Any]) -> KeptCase:
    at = row._mapping
    return KeptCase(at["key"], at["id"], at["signal"], json.loads(at["document"]), _utc(at["opened"]))


def _event(number: int, kind: str, payload: str, by: str, at: datetime) -> KeptEvent:
    return KeptEvent(number, kind, json.loads(payload), by, _utc(at))


def _utc(moment: datetime) -> datetime:
    """The instant in UTC: SQLite keeps no zone, PostgreSQL gives it in that of the session."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
