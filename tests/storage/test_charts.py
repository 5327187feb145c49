"""Charts in the database: who may read its files, and its tables taken away and made again with rows in them."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, select, text

from leadterm.domain import InputError
from leadterm.storage import Database, charts, migrate, open_database
from leadterm.storage.tables import chart_actions, preferences

from .engines import Place, in_file, on_sqlite

NOON = datetime(2026, 5, 14, 12, 0, 0, 123456, tzinfo=UTC)
DESK_TABLES = {"charts", "chart_codings", "chart_actions", "preferences"}


def put(database: Database, connection: Connection) -> int:
    """A chart with a coding, two actions and a preference."""
    encounter = {"id": "V1", "note": "naïve \0 \ud800"}
    name = charts.add_chart(
        connection, database.organisation, name="Visit", origin="paste", encounter=encounter, practice=None,
        summary={"codes": []}, opened=NOON,
    )  # fmt: skip
    found = charts.find_chart(connection, database.organisation, name)
    assert found is not None
    charts.add_coding(connection, database.organisation, found.key, {"schema": "leadterm.coded/1"}, NOON)
    for number, kind in enumerate(("accept", "undo"), 1):
        line = charts.KeptAction(number, kind, {"assignment": "a1"}, "J. Rivera", NOON)
        assert charts.add_action(connection, database.organisation, found.key, line)
    charts.put_preference(connection, database.organisation, "keys", {"accept": "a"})
    return found.key


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# --- rows ---


def test_what_is_put_comes_back(database: Database):
    with database.writing() as connection:
        key = put(database, connection)
    with database.reading() as connection:
        (listed,) = charts.list_charts(connection, database.organisation)
        assert (listed.key, listed.opened, listed.finished, listed.summary) == (key, NOON, None, {"codes": []})
        assert charts.encounter_of(connection, key)["note"] == "naïve \0 \ud800"
        assert charts.coding_of(connection, key, 1) == {"schema": "leadterm.coded/1"}
        assert charts.coding_of(connection, key, 2) is None
        lines = charts.actions_after(connection, key, 0)
        assert [(line.number, line.kind, line.at) for line in lines] == [(1, "accept", NOON), (2, "undo", NOON)]
        assert [line.number for line in charts.actions_after(connection, key, 1)] == [2]


def test_instants_come_back_in_utc(database: Database):
    with database.writing() as connection:
        key = put(database, connection)
        charts.note_change(connection, key, NOON, NOON, {})
    with database.reading() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL TIME ZONE 'Asia/Tokyo'"))
        (listed,) = charts.list_charts(connection, database.organisation)
        moments = (listed.opened, listed.changed, listed.finished, charts.actions_after(connection, key, 0)[0].at)
    assert {m.isoformat() for m in moments if m} == {NOON.isoformat()}


def test_codings_are_numbered_chart_by_chart(database: Database):
    with database.writing() as connection:
        keys = [put(database, connection) for _ in range(2)]
        numbers = [charts.add_coding(connection, database.organisation, key, {}, NOON) for key in (*keys, keys[0])]
    assert numbers == [2, 2, 3]


def test_a_chart_of_another_organisation_is_not_removed(database: Database):
    with database.writing() as connection:
        put(database, connection)
        (listed,) = charts.list_charts(connection, database.organisation)
        assert not charts.remove_chart(connection, "another", listed.id)
        assert charts.list_charts(connection, "another") == []
        assert charts.preference(connection, "another", "keys") is None
        assert charts.remove_chart(connection, database.organisation, listed.id)
        mine = chart_actions.c.organisation == database.organisation
        assert connection.execute(select(chart_actions).where(mine)).all() == []


# --- tables ---


def test_the_tables_go_with_their_rows_and_the_ledger_stays(empty: Place):
    with empty.opened() as database, database.writing() as connection:
        put(database, connection)
        migrate(connection, "0001")
        names = set(inspect(connection).get_table_names())
        assert not names & DESK_TABLES
        assert {"entries", "claims"} <= names


def test_a_database_of_the_version_before_is_brought_up_to_date_when_it_is_opened(empty: Place):
    with empty.opened() as database, database.writing() as connection:
        put(database, connection)
        migrate(connection, "0001")
    with empty.opened() as database, database.writing() as connection:
        assert charts.list_charts(connection, database.organisation) == []
        put(database, connection)
        assert connection.execute(select(preferences.c.name)).scalars().all() == ["keys"]


# --- files ---


@on_sqlite
@pytest.mark.parametrize("by_address", [True, False])
def test_the_files_are_for_their_owner_alone(place: Place, by_address: bool):
    """Whatever the umask; the log and the index beside the file too, which hold the same rows."""
    before = os.umask(0)
    try:
        home = place.home / "deep" / "home"
        if by_address:
            home.mkdir(parents=True)
        url = f"sqlite:///{home}/leadterm.db" if by_address else None
        with open_database(home, url, place.organisation) as database:
            with database.writing() as connection:
                put(database, connection)
            files = {f.name: mode(f) for f in home.iterdir()}
    finally:
        os.umask(before)
    assert files == {f"leadterm.db{end}": 0o600 for end in ("", "-wal", "-shm")}
    assert by_address or mode(home) == 0o700


@on_sqlite
def test_what_the_owner_allowed_others_stays(place: Place):
    """A folder and a file that were there are as their owner made them."""
    place.home.chmod(0o755)
    with in_file(place.home).opened():
        pass
    (place.home / "ledger.db").chmod(0o640)
    with in_file(place.home).opened():
        assert mode(place.home / "ledger.db") == 0o640
    assert mode(place.home) == 0o755


@on_sqlite
def test_deleted_rows_are_overwritten(place: Place):
    with place.opened() as database, database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1


@on_sqlite
def test_a_folder_that_cannot_be_made_is_told_of(place: Place):
    (place.home / "file").write_text("no folder")
    with pytest.raises(InputError, match=r"cannot be written: .*Set LEADTERM_HOME"):
        open_database(place.home / "file" / "home", organisation="clinic")
