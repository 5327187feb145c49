"""The database: SQLite in the home by default, PostgreSQL by URL; opened, brought up to date, and written in one piece.

SQLite runs with a write-ahead log and `synchronous=FULL`: what was committed survives a loss of power. A writing unit
takes the write lock when it starts, so that two processes follow one another instead of failing at the end.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL as DATABASE_ADDRESS
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    InterfaceError,
    InvalidRequestError,
    OperationalError,
    ProgrammingError,
)

from leadterm.domain import InputError, LeadtermError

URL = "LEADTERM_DATABASE_URL"
ORGANISATION = "LEADTERM_ORGANISATION"
FILE = "leadterm.db"
# Every step of the tables, oldest first.
REVISIONS = ("0001", "0002", "0003")
NEWEST = REVISIONS[-1]
# Seconds that a writer waits for another: a file of 100,000 claims takes less.
PATIENCE = 600
# What triggers say when a row is changed or deleted that must not be, and what is told of it.
APPEND_ONLY = {
    "the ledger is append-only": "The ledger is append-only: an entry is never changed; post a reversal.",
    "a case file is append-only": "A case file is append-only: no event is ever changed; undo it by a further one.",
}
# One number for all writers of the ledger on PostgreSQL (advisory locks are numbered by their users).
WRITERS = 7_353_237_411


class Database:
    """An opened database whose tables are up to date.

    Attributes:
        organisation: Whose rows are read and written.
    """

    def __init__(self, engine: Engine, organisation: str) -> None:
        self._engine = engine
        self.organisation = organisation

    @property
    def name(self) -> str:
        """What it is, without a password: `sqlite, leadterm.db`, `postgresql, leadterm`."""
        url = self._engine.url
        return f"{url.get_backend_name()}, {Path(url.database or '').name or 'in memory'}"

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A unit of work: everything in it is kept together, or, when it raises, nothing."""
        with self._engine.connect() as connection, _sentences():
            connection.info["writes"] = True
            with connection.begin():
                if self._engine.dialect.name == "postgresql":
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITERS})
                yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One view of the data: nothing that others write meanwhile is seen in it."""
        with self._engine.connect() as connection, _sentences():
            connection.info["writes"] = False
            if self._engine.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Lets go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_database(home: Path, url: str | None = None, organisation: str | None = None) -> Database:
    """The database at `url` (LEADTERM_DATABASE_URL, else SQLite in `home`), created and brought up to date if need be.

    Raises InputError when it cannot be reached, is no database, or is of a newer version of Leadterm.
    """
    address = url or os.environ.get(URL)
    engine = _engine(address or DATABASE_ADDRESS.create("sqlite", database=str(_made(home) / FILE)))
    try:
        with _sentences():
            _bring_up_to_date(engine)
    except (ProgrammingError, ImportError, InvalidRequestError, TypeError):  # an option or a driver that is none
        engine.dispose()
        raise InputError(f"{URL} cannot be opened: it has an option or a driver that is not to be used here.") from None
    except LeadtermError:
        engine.dispose()
        raise
    return Database(engine, organisation or os.environ.get(ORGANISATION) or "local")


def exists(home: Path) -> bool:
    """Whether there is a database to open: one that is named by its address, or the file in `home`."""
    return bool(os.environ.get(URL)) or (home / FILE).exists()


def _made(home: Path) -> Path:
    """The home, made where it is not there, open to its owner alone."""
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        home.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise InputError(f"{home / FILE} cannot be written: {error.strerror}. Set LEADTERM_HOME or {URL}.") from None
    return home


def _private(file: Path) -> None:
    """Makes the file where it is not there, readable for its owner alone: what it will hold is PHI.

    What SQLite puts beside it (`-wal`, `-shm`) gets the same permissions from SQLite.
    """
    try:
        if file.parent.is_dir() and not file.exists():  # of a folder that lacks SQLite tells itself
            os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}. Set LEADTERM_HOME or {URL}.") from None


def now() -> datetime:
    """The instant at which something is recorded (UTC)."""
    return datetime.now(UTC)


def _engine(url: str | DATABASE_ADDRESS) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_dialect().is_async:
            raise InputError(f"{URL} names an asynchronous driver; write postgresql+psycopg://…")
        if parsed.get_backend_name() != "sqlite":
            return create_engine(parsed, pool_pre_ping=True)
        if parsed.database and not parsed.database.startswith((":", "file:")):
            _private(Path(parsed.database))
        engine = create_engine(parsed, connect_args={"timeout": PATIENCE})
    except ImportError:
        raise InputError(f"{URL} names a database without its driver: pip install 'leadterm[postgres]'.") from None
    except (ArgumentError, ValueError, TypeError):
        raise InputError(f"{URL} is no database address; write sqlite:///FILE or postgresql+psycopg://…") from None
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _begun)
    return engine


def _connected(connection: Any, _: object) -> None:
    # The driver would begin transactions by its own rules; `_begun` does it by ours.
    connection.isolation_level = None
    # Recursive triggers, so that INSERT OR REPLACE meets the one that forbids to delete. Deleted PHI is overwritten.
    switches = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON", "secure_delete=ON")
    for pragma in (*switches, "cache_size=-32768"):
        connection.execute(f"PRAGMA {pragma}")


def _begun(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.info.get("writes") else "BEGIN")


def _bring_up_to_date(engine: Engine) -> None:
    """Migrates where the version that the database names is not the newest. Alembic is loaded only then."""
    with engine.connect() as connection:
        connection.info["writes"] = False
        with connection.begin():
            found = _version(connection)
    if found == NEWEST:
        return
    if found is not None and found not in REVISIONS:
        raise InputError("The database is of a newer version of Leadterm; upgrade Leadterm before you use it.")
    with engine.connect() as connection:
        connection.info["writes"] = True
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITERS})
            if _version(connection) != NEWEST:  # another process may have been faster
                migrate(connection)


def _version(connection: Connection) -> str | None:
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def migrate(connection: Connection, target: str = "head") -> None:
    """Brings the tables to `target`: up to a revision or `head`, down to one that is older, or to `base`."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "leadterm.storage:migrations")
    config.attributes["connection"] = connection
    down = target == "base" or (target != "head" and target < (_version(connection) or ""))
    (command.downgrade if down else command.upgrade)(config, target)


@contextmanager
def _sentences() -> Iterator[None]:
    """What a database fails with, in one sentence without its data."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise InputError(f"The database cannot be used: {_reason(error)}. Check {URL} and the disk.") from None
    except DataError:
        raise InputError("The file holds characters that the database cannot keep; ask for a correct file.") from None
    except DBAPIError as error:
        if broken := next((rule for rule in APPEND_ONLY if rule in str(error.orig)), None):
            raise InputError(APPEND_ONLY[broken]) from None
        if type(error.orig).__name__ == "DatabaseError":
            raise InputError(f"The database cannot be used: {_reason(error)}. Restore it from a copy.") from None
        raise


def _reason(error: DBAPIError) -> str:
    lines = str(error.orig).strip().splitlines() or ["no reason given"]
    return lines[0].rstrip(".")
