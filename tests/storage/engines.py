"""The databases that tests run on: SQLite in a file, and a PostgreSQL that the run starts and stops for itself."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest

from leadterm.storage import Database, open_database

ENGINES = ("sqlite", "postgresql")
# Marks what the engine has no part in.
on_sqlite = pytest.mark.parametrize("place", ["sqlite"], indirect=True)
# PostgreSQL refuses to run as root; one of these does it instead.
UNPRIVILEGED = ("postgres", "nobody")
# Nothing outlives the run, so nothing need reach the disk.
SETTINGS = ("listen_addresses=", "fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=40")


def missing() -> str | None:
    """Why PostgreSQL cannot be tested here; None where it can."""
    if find_spec("psycopg") is None:
        return "psycopg is not installed (the extra `postgres`)"
    if _programs() is None:
        return "there is no initdb (PostgreSQL's server programs)"
    return None


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    told = shutil.which("initdb")
    return found[-1].parent if found else Path(told).resolve().parent if told else None


def _owner() -> str | None:
    """Who runs the server: nobody else than us, unless we are root."""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED if name in names) if os.geteuid() == 0 else None


class Server:
    """A PostgreSQL reached over a socket in its own folder."""

    def __init__(self) -> None:
        # The path of a socket has at most 107 characters, which the folders of pytest go beyond.
        self.folder = Path(tempfile.mkdtemp(prefix="leadterm-pg-"))
        self._owner = _owner()
        self._numbers = count(1)
        if self._owner is not None:
            shutil.chown(self.folder, self._owner)
        self._do("initdb", "-U", "leadterm", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = " ".join(f"-c {setting!r}" for setting in (*SETTINGS, f"unix_socket_directories={self.folder}"))
        self._do("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def _do(self, program: str, *arguments: str) -> None:
        programs = _programs()
        assert programs is not None
        subprocess.run(
            [programs / program, "-D", self.folder / "data", *arguments],
            user=self._owner,
            cwd=self.folder,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
            timeout=300,
        )

    def stop(self) -> None:
        self._do("pg_ctl", "-w", "-m", "fast", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://leadterm@/{name}?host={self.folder}"

    def made(self, how: str = "") -> str:
        """The address of a new, empty database."""
        import psycopg

        name = f"ledger{next(self._numbers)}"
        with psycopg.connect(host=str(self.folder), user="leadterm", dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} {how}".encode())
        return self.url(name)

    @cached_property
    def common(self) -> str:
        """The address of one database that tests share, each with an organisation of its own."""
        return self.made()


@dataclass(frozen=True)
class Place:
    """Where a test keeps its ledger: enough for another process to open it too."""

    engine: str
    home: Path
    url: str
    organisation: str

    @contextmanager
    def opened(self) -> Iterator[Database]:
        with open_database(self.home, self.url, self.organisation) as database:
            yield database

    @property
    def environment(self) -> dict[str, str]:
        return {"LEADTERM_DATABASE_URL": self.url, "LEADTERM_ORGANISATION": self.organisation}


def in_file(folder: Path, name: str = "ledger.db") -> Place:
    """A SQLite database in a file of that folder."""
    return Place("sqlite", folder, f"sqlite:///{folder / name}", f"clinic-{uuid4().hex[:8]}")


def on_server(folder: Path, url: str) -> Place:
    return Place("postgresql", folder, url, f"clinic-{uuid4().hex[:8]}")
