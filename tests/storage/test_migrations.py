"""Tables from nothing and back, on both engines; databases that are none, too new, or opened by two at once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

import leadterm
from leadterm.domain import InputError
from leadterm.storage import Database, migrate, open_database
from leadterm.storage.tables import entries as table
from leadterm.storage.tables import metadata

from .engines import Place, in_file

OURS = {*metadata.tables, "alembic_version"}
# Long enough for both to have loaded what they need; then they open at the same instant.
HEAD_START = 1.2
OPENER = """
import sys, time
from pathlib import Path
import alembic.command
from leadterm.storage import open_database
home, url, start = sys.argv[1:]
while time.time() < float(start):
    pass
with open_database(Path(home), url, "clinic") as database, database.writing() as connection:
    print(connection.exec_driver_sql("SELECT count(*) FROM alembic_version").scalar())
"""


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def put_entry(connection: Connection) -> None:
    row = {"organisation": "clinic", "kind": "provider-level", "amount": 1, "effective": date(2026, 1, 1)}
    connection.execute(table.insert().values(row))


def entries(connection: Connection) -> int:
    return int(connection.execute(text("SELECT count(*) FROM entries")).scalar_one())


def test_opening_makes_every_table(empty: Place):
    with empty.opened() as database, database.reading() as connection:
        assert tables(connection) == OURS


def test_tables_after_migration_equal_those_of_the_code(empty: Place):
    with empty.opened() as database, database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_down_to_base_leaves_nothing_and_up_again_is_empty(empty: Place):
    with empty.opened() as database:
        with database.writing() as connection:
            put_entry(connection)
            migrate(connection, "base")
            assert tables(connection) <= {"alembic_version"}
        with database.writing() as connection:
            migrate(connection)
            assert tables(connection) == OURS
            assert entries(connection) == 0
            put_entry(connection)
        with pytest.raises(InputError, match="append-only"), database.writing() as connection:
            connection.execute(text("DELETE FROM entries"))


def test_a_migration_that_breaks_off_leaves_nothing(empty: Place):
    def broken_off(database: Database) -> None:
        with database.writing() as connection:
            migrate(connection)
            raise RuntimeError

    with empty.opened() as database:
        with database.writing() as connection:
            migrate(connection, "base")
        with pytest.raises(RuntimeError):
            broken_off(database)
        with database.reading() as connection:
            assert tables(connection) <= {"alembic_version"}


def test_opening_again_keeps_what_is_there(empty: Place):
    with empty.opened() as database, database.writing() as connection:
        put_entry(connection)
    with empty.opened() as database, database.reading() as connection:
        assert entries(connection) == 1


def test_a_database_of_a_newer_version_is_refused_and_left_alone(empty: Place):
    with empty.opened() as database, database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(InputError, match=r"newer version of Leadterm; upgrade Leadterm before you use it\.$"):
        open_database(empty.home, empty.url)


def test_a_database_of_another_application_is_refused_with_a_sentence(tmp_path: Path):
    place = in_file(tmp_path)
    with place.opened() as database, database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000c0ffee'"))
    with pytest.raises(InputError):
        open_database(place.home, place.url)


@pytest.mark.parametrize("content", [b"Assessment: hypertension.\n" * 100, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes):
    place = in_file(tmp_path)
    (tmp_path / "ledger.db").write_bytes(content)
    with pytest.raises(InputError, match=r"^The database cannot be used: .*\.$"):
        open_database(place.home, place.url)
    assert (tmp_path / "ledger.db").read_bytes() == content


def test_a_folder_that_lacks_is_told_of(tmp_path: Path):
    with pytest.raises(InputError, match=r"unable to open database file"):
        open_database(tmp_path, f"sqlite:///{tmp_path}/none/ledger.db")


def test_the_home_is_made_and_its_odd_name_kept(tmp_path: Path):
    for name in ("a b", "50%", "a%20b", "a?b#c", "Übung"):
        with open_database(tmp_path / name / "deep"):
            assert (tmp_path / name / "deep" / "leadterm.db").exists()


def test_processes_that_open_a_fresh_database_at_once_all_succeed(empty: Place):
    start = str(time.time() + HEAD_START)
    command = [sys.executable, "-c", OPENER, str(empty.home), empty.url, start]
    environment = {**os.environ, "PYTHONPATH": str(Path(leadterm.__file__).parents[1])}
    started = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)
    ]
    said = [process.communicate(timeout=300) for process in started]
    assert [(out, err) for out, err in said] == [(b"1\n", b"")] * 3
    with empty.opened() as database, database.reading() as connection:
        assert tables(connection) == OURS


def test_the_organisation_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for told, wanted in (("north", "north"), ("", "local")):
        monkeypatch.setenv("LEADTERM_ORGANISATION", told)
        with open_database(tmp_path, in_file(tmp_path).url) as database:
            assert database.organisation == wanted


def test_a_server_that_is_not_there_is_told_of_without_its_password(tmp_path: Path):
    pytest.importorskip("psycopg")
    with pytest.raises(InputError, match=r"^The database cannot be used: .*\.$") as told:
        open_database(tmp_path, f"postgresql+psycopg://clinic:secret99@/ledger?host={tmp_path}")
    assert "secret99" not in str(told.value)
