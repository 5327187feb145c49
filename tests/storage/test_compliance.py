"""Case files in the database: what is put comes back, is never changed, and is of one organisation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, inspect, text

from leadterm.domain import InputError
from leadterm.storage import Database, migrate
from leadterm.storage import compliance as kept

from .engines import Place

NOON = datetime(2026, 5, 14, 12, 0, 0, 123456, tzinfo=UTC)
SIGNAL = {"schema": "leadterm.signals/1", "note": "naïve \0 \ud800"}
REFUSED = (
    "UPDATE compliance_events SET \"by\" = 'nobody'",
    "DELETE FROM compliance_events",
    "UPDATE compliance_cases SET signal = 'another'",
    "DELETE FROM compliance_cases",
)


def put(database: Database, connection: Connection, signal: str = "s1") -> kept.KeptCase:
    """A case file with two events."""
    kept.add_case(connection, database.organisation, signal, SIGNAL, NOON)
    case = kept.case_of_signal(connection, database.organisation, signal)
    assert case is not None
    for number, kind in enumerate(("note", "undo"), 1):
        line = kept.KeptEvent(number, kind, {"text": "looked at"}, "J. Rivera", NOON)
        assert kept.add_event(connection, database.organisation, case.key, line)
    return case


def test_what_is_put_comes_back(database: Database):
    with database.writing() as connection:
        case = put(database, connection)
        other = put(database, connection, "s2")
    with database.reading() as connection:
        assert kept.list_cases(connection, database.organisation) == [other, case]
        assert kept.find_case(connection, database.organisation, case.id) == case
        assert (case.document, case.opened) == (SIGNAL, NOON)
        events = kept.events_of(connection, case.key)
        assert [(e.number, e.kind, e.payload, e.by, e.at) for e in events] == [
            (1, "note", {"text": "looked at"}, "J. Rivera", NOON),
            (2, "undo", {"text": "looked at"}, "J. Rivera", NOON),
        ]
        assert kept.all_events(connection, database.organisation) == {case.key: events, other.key: events}


def test_two_events_have_not_one_number(database: Database):
    with database.writing() as connection:
        case = put(database, connection)
        line = kept.KeptEvent(2, "note", {"text": "another"}, "A. Chen", NOON)
        assert not kept.add_event(connection, database.organisation, case.key, line)
        assert [e.kind for e in kept.events_of(connection, case.key)] == ["note", "undo"]


@pytest.mark.parametrize("statement", REFUSED)
def test_nothing_is_changed_or_deleted(database: Database, statement: str):
    with database.writing() as connection:
        case = put(database, connection)
    with pytest.raises(InputError, match=r"^A case file is append-only: .* undo it by a further one\.$"), \
            database.writing() as connection:  # fmt: skip
        connection.execute(text(statement))
    with database.reading() as connection:
        assert kept.find_case(connection, database.organisation, case.id) == case
        assert len(kept.events_of(connection, case.key)) == 2


def test_organisations_do_not_see_each_other(database: Database, place: Place):
    with database.writing() as connection:
        case = put(database, connection)
    elsewhere = replace(place, organisation=f"{place.organisation}-other")
    with elsewhere.opened() as other, other.writing() as connection:
        assert kept.list_cases(connection, other.organisation) == []
        assert kept.find_case(connection, other.organisation, case.id) is None
        assert kept.all_events(connection, other.organisation) == {}
        put(other, connection)


def test_the_tables_go_and_come_and_the_desk_stays(empty: Place):
    with empty.opened() as database, database.writing() as connection:
        put(database, connection)
        migrate(connection, "0002")
        names = set(inspect(connection).get_table_names())
        assert "charts" in names
        assert not {name for name in names if name.startswith("compliance")}
    with empty.opened() as database, database.writing() as connection:
        assert kept.list_cases(connection, database.organisation) == []
        put(database, connection)
