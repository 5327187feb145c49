"""Fixtures of both databases; the folder of use cases has them too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from leadterm.storage import Database

from .engines import ENGINES, Place, Server, in_file, missing, on_server

STARTED = pytest.StashKey[Server]()


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Server:
    """The server of this run, started by the first who asks; skips with the reason where there is none."""
    if reason := missing():
        pytest.skip(reason)
    if STARTED not in pytestconfig.stash:
        server = pytestconfig.stash[STARTED] = Server()
        pytestconfig.add_cleanup(server.stop)
    return pytestconfig.stash[STARTED]


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where this test keeps its ledger, on each engine: an organisation of its own, perhaps beside others."""
    if request.param == "sqlite":
        return in_file(tmp_path)
    server: Server = request.getfixturevalue("postgres")
    return on_server(tmp_path, server.common)


@pytest.fixture(params=ENGINES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A database on each engine that has no table yet and that nobody else uses."""
    if request.param == "sqlite":
        return in_file(tmp_path)
    server: Server = request.getfixturevalue("postgres")
    return on_server(tmp_path, server.made())


@pytest.fixture
def database(place: Place) -> Iterator[Database]:
    """An opened ledger without entries, on each engine."""
    with place.opened() as opened:
        yield opened
