"""Kills at random moments of a coder's work: what was acknowledged is in the log, and reads as it did.

The control acknowledges before it commits and must be found out: it shows that the kills fall where it matters.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import leadterm
from desk.steps import KINDS
from storage.engines import Place, Server, in_file, on_server

KILLS, ACTIONS = 100, 1000


def ridden(place: Place, kills: int, *options: str) -> dict[str, Any]:
    tests, product = Path(__file__).parents[1], Path(leadterm.__file__).parents[1]
    where = (str(place.home), place.url, place.organisation)
    done = subprocess.run(
        [sys.executable, "-m", "app.rider", *where, "--kills", str(kills), *options],
        env={**os.environ, "PYTHONPATH": f"{product}{os.pathsep}{tests}"},
        capture_output=True, text=True, timeout=580, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = dict(json.loads(done.stdout))
    print(told)
    return told


def sound(place: Place) -> None:
    with closing(sqlite3.connect(place.home / "ledger.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def kept_whole(told: dict[str, Any]) -> None:
    assert (told["gone"], told["other"]) == ([], [])
    # A kill may fall between the commit and the word of it, and nowhere else.
    assert told["acknowledged"] <= told["there"] <= told["acknowledged"] + told["kills"]


def test_some_kills_lose_nothing(tmp_path: Path, home: Path):
    place = in_file(tmp_path)
    told = ridden(place, 10)
    kept_whole(told)
    assert told["acknowledged"] > 10
    sound(place)


@pytest.mark.slow
def test_a_hundred_kills_lose_nothing(tmp_path: Path, home: Path):
    place = in_file(tmp_path)
    told = ridden(place, KILLS, "--actions", str(ACTIONS))
    kept_whole(told)
    assert told["acknowledged"] >= ACTIONS
    assert told["kinds"] > len(set(KINDS)) - len({"permit", "forbid", "finish", "reopen"})
    sound(place)


@pytest.mark.slow
def test_what_is_acknowledged_before_it_is_committed_is_found_out(tmp_path: Path, home: Path):
    place = in_file(tmp_path)
    told = ridden(place, KILLS, "--early", "--seed", "2")
    assert told["gone"]
    sound(place)


@pytest.mark.slow
def test_kills_of_a_client_of_postgresql_lose_nothing(postgres: Server, tmp_path: Path, home: Path):
    kept_whole(ridden(on_server(tmp_path, postgres.made()), 30))
