"""The ledger is only ever added to, and what was committed survives: triggers, constraints and settings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from app.notation import era, ledger, posted, said
from leadterm.domain import InputError
from leadterm.storage import Database
from leadterm.storage.tables import entries

from .engines import Place

FILE = era("CLP A1 1 100 60 0; SVC 99213 100 60; CAS CO 45 40", plb=("WO:R1 20",))
COLUMNS = ", ".join(f'"{column.name}"' for column in entries.columns)
REFUSED = (
    "UPDATE entries SET amount = amount + 1",
    "UPDATE entries SET claim = 'B2' WHERE claim = 'A1'",
    "DELETE FROM entries",
    "DELETE FROM entries WHERE kind = 'payment'",
)


def run(database: Database, statement: str) -> None:
    with database.writing() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("statement", REFUSED)
def test_an_entry_is_neither_changed_nor_deleted(database: Database, statement: str):
    posted(database, FILE)
    before = said(database)
    with pytest.raises(InputError, match=r"^The ledger is append-only: .* post a reversal\.$"):
        run(database, statement)
    assert said(database) == before
    assert len(before) == 3


def test_the_whole_table_is_not_emptied(database: Database, place: Place):
    if place.engine == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    posted(database, FILE)
    for statement in ("TRUNCATE entries", "TRUNCATE remittances CASCADE"):
        with pytest.raises(InputError, match="append-only"):
            run(database, statement)
    assert len(ledger(database)) == 3


def test_an_entry_is_not_put_in_the_place_of_another(database: Database, place: Place, request: pytest.FixtureRequest):
    """SQLite deletes the row that REPLACE meets, and asks no trigger unless it is told to (recursive_triggers)."""
    posted(database, FILE)
    before = said(database)
    changed = COLUMNS.replace('"amount"', "0")
    replacing = f"INSERT OR REPLACE INTO entries ({COLUMNS}) SELECT {changed} FROM entries"
    if place.engine == "postgresql":
        replacing = "INSERT INTO entries SELECT * FROM entries ON CONFLICT (key) DO UPDATE SET amount = 0"
    with pytest.raises(InputError, match="append-only"):
        run(database, replacing)
    assert said(database) == before


def test_what_entries_stand_on_cannot_be_taken_away(database: Database):
    posted(database, FILE)
    for table in ("remittances", "remitted_claims"):
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            run(database, f"DELETE FROM {table}")
    assert len(ledger(database)) == 3


def test_a_unit_of_work_that_raises_leaves_nothing(database: Database):
    def broken_off() -> None:
        with database.writing() as connection:
            row = {"organisation": database.organisation, "kind": "provider-level", "amount": 1}
            connection.execute(entries.insert().values(row | {"effective": date(2026, 1, 1)}))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert ledger(database) == []


def test_sqlite_syncs_fully_and_writes_ahead(database: Database, place: Place):
    if place.engine != "sqlite":
        pytest.skip("settings of SQLite")
    for how in (database.writing, database.reading):
        with how() as connection:
            asked = ("synchronous", "journal_mode", "foreign_keys")
            told = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
            assert told == [2, "wal", 1]


def test_postgresql_commits_to_the_disk(database: Database, place: Place):
    """The server of the tests does not; a session of the product must not turn it off by itself."""
    if place.engine != "postgresql":
        pytest.skip("settings of PostgreSQL")
    with database.writing() as connection:
        source = "SELECT source FROM pg_settings WHERE name = 'synchronous_commit'"
        assert connection.exec_driver_sql(source).scalar() == "command line"


def test_reading_is_one_view_of_the_data(database: Database, place: Place, request: pytest.FixtureRequest):
    posted(database, FILE)
    asked = text("SELECT count(*) FROM entries WHERE organisation = :mine")
    with place.opened() as other, database.reading() as connection:
        before = connection.execute(asked, {"mine": database.organisation}).scalar()
        posted(other, era("CLP A2 1 100 100 0", trace="T2"))
        assert connection.execute(asked, {"mine": database.organisation}).scalar() == before == 3


def test_organisations_do_not_see_each_other(database: Database, place: Place):
    posted(database, FILE)
    with replace(place, organisation=f"{place.organisation}-other").opened() as other:
        assert ledger(other) == []
        assert posted(other, FILE).payments[0].outcome == "posted"
        assert said(other) == said(database)
