"""Charts at the desk: what was opened, each coding that the engine made of it, and every action, in order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from .ids import uuid7
from .tables import chart_actions, chart_codings, charts, preferences

Json = dict[str, Any]
# Everything of a row but the chart itself, which may be long.
LISTED = [c for c in charts.columns if c.name != "encounter"]


@dataclass(frozen=True, slots=True)
class KeptChart:
    """A chart that was opened.

    Attributes:
        key: Number in this database.
        id: What addresses name it by.
        name: What the coder sees: the encounter's id or the file's name.
        origin: Where it came from: `file`, `paste`, `sample`, `practice`.
        practice: Id of the coding case that it is, for practice.
        finished: When its coding was finished; None while it is open.
        summary: What the queue shows of the present coding.
    """

    key: int
    id: str
    name: str
    origin: str
    practice: str | None
    opened: datetime
    changed: datetime
    finished: datetime | None
    summary: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class KeptAction:
    """One line of a chart's log as it is kept."""

    number: int
    kind: str
    payload: Json
    by: str
    at: datetime


def add_chart(
    connection: Connection, organisation: str, *, name: str, origin: str, encounter: Json, practice: str | None,
    summary: Json, opened: datetime,
) -> str:  # fmt: skip
    """Keeps a chart; its id."""
    chart_id = str(uuid7(opened))
    connection.execute(
        insert(charts).values(
            id=chart_id,
            organisation=organisation,
            name=name,
            origin=origin,
            practice=practice,
            encounter=json.dumps(encounter),
            opened=opened,
            changed=opened,
            finished=None,
            summary=json.dumps(summary),
        )
    )
    return chart_id


def list_charts(connection: Connection, organisation: str) -> list[KeptChart]:
    """The charts, the one that was changed last first."""
    c = charts.c
    asked = select(*LISTED).where(c.organisation == organisation).order_by(c.changed.desc(), c.key.desc())
    return [_chart(row) for row in connection.execute(asked)]


def find_chart(connection: Connection, organisation: str, chart_id: str) -> KeptChart | None:
    """The chart of that id; None where there is none."""
    asked = select(*LISTED).where((charts.c.organisation == organisation) & (charts.c.id == chart_id))
    row = connection.execute(asked).first()
    return _chart(row) if row else None


def encounter_of(connection: Connection, key: int) -> Json:
    """The encounter of a chart as it was opened."""
    return _json(connection.execute(select(charts.c.encounter).where(charts.c.key == key)).scalar_one())


def remove_chart(connection: Connection, organisation: str, chart_id: str) -> bool:
    """Removes a chart with its codings and its log; whether there was one."""
    found = find_chart(connection, organisation, chart_id)
    if found is None:
        return False
    for table in (chart_actions, chart_codings):
        connection.execute(delete(table).where(table.c.chart == found.key))
    connection.execute(delete(charts).where(charts.c.key == found.key))
    return True


def add_coding(connection: Connection, organisation: str, chart: int, document: Json, recorded: datetime) -> int:
    """Keeps a coding of a chart; its number, from 1."""
    c = chart_codings.c
    number = (connection.execute(select(func.max(c.number)).where(c.chart == chart)).scalar() or 0) + 1
    connection.execute(
        insert(chart_codings).values(
            chart=chart, number=number, organisation=organisation, document=json.dumps(document), recorded=recorded
        )
    )
    return number


def coding_of(connection: Connection, chart: int, number: int) -> Json | None:
    """A coding by its number; None where it is not there (yet)."""
    c = chart_codings.c
    found = connection.execute(select(c.document).where((c.chart == chart) & (c.number == number))).scalar()
    return None if found is None else _json(found)


def actions_after(connection: Connection, chart: int, number: int) -> list[KeptAction]:
    """The lines of a chart's log after that number, in order."""
    c = chart_actions.c
    asked = select(c.number, c.kind, c.payload, c.by, c.at).where((c.chart == chart) & (c.number > number))
    rows = connection.execute(asked.order_by(c.number))
    return [KeptAction(n, kind, _json(payload), by, _utc(at)) for n, kind, payload, by, at in rows]


def add_action(connection: Connection, organisation: str, chart: int, action: KeptAction) -> bool:
    """Adds a line to a chart's log; False where another line has that number already."""
    try:
        with connection.begin_nested():
            connection.execute(
                insert(chart_actions).values(
                    chart=chart,
                    number=action.number,
                    organisation=organisation,
                    kind=action.kind,
                    payload=json.dumps(action.payload),
                    by=action.by,
                    at=action.at,
                )
            )
    except IntegrityError:
        return False
    return True


def note_change(
    connection: Connection, chart: int, changed: datetime, finished: datetime | None, summary: Json
) -> None:
    """Notes what the queue shows of a chart."""
    values = {"changed": changed, "finished": finished, "summary": json.dumps(summary)}
    connection.execute(update(charts).where(charts.c.key == chart).values(**values))


def preference(connection: Connection, organisation: str, name: str) -> Any:
    """A preference, as it was put; None where none was."""
    c = preferences.c
    found = connection.execute(select(c.value).where((c.organisation == organisation) & (c.name == name))).scalar()
    return None if found is None else json.loads(found)


def put_preference(connection: Connection, organisation: str, name: str, value: Any) -> None:
    """Keeps a preference in the place of the one before."""
    c = preferences.c
    connection.execute(delete(preferences).where((c.organisation == organisation) & (c.name == name)))
    row = {"organisation": organisation, "name": name, "value": json.dumps(value)}
    connection.execute(insert(preferences).values(**row))


def _chart(row: Row[Any]) -> KeptChart:
    at = row._mapping
    return KeptChart(
        at["key"],
        at["id"],
        at["name"],
        at["origin"],
        at["practice"],
        _utc(at["opened"]),
        _utc(at["changed"]),
        _utc(at["finished"]) if at["finished"] else None,
        _json(at["summary"]),
    )


def _utc(moment: datetime) -> datetime:
    """The instant in UTC: SQLite keeps no zone, PostgreSQL gives it in that of the session."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _json(text: str) -> Json:
    value: Json = json.loads(text)
    return value
