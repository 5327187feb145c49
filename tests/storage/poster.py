"""Posts a folder of files in children that are killed, each at a random moment of its work, until one gets through.

    python -m storage.poster HOME URL ORGANISATION FOLDER --kills 100 --seed 1 [--without-transactions]

A child is a fork of this process, so that it starts at once and is killed while it posts and not while it starts. It
tells when it stands in a transaction by a byte in shared memory, which outlives it. Prints what came of it as JSON.
"""

from __future__ import annotations

import argparse
import json
import mmap
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

import leadterm.storage.database as store
import leadterm.storage.posting as writing
from leadterm.app.posting import post
from leadterm.storage import Database, open_database

# A child lives for up to so many times what a file takes: it keeps about one file, and dies in the next.
LIFE = 2.0
# Rows that are written at a time where each statement stands alone.
SMALL_BATCH = 40
DIED_INSIDE = 1


class _NoStep:
    """A savepoint that is none."""

    def commit(self) -> None: ...

    def rollback(self) -> None: ...


def take_transactions_away() -> None:
    """Makes every statement its own: the control, which shows what a kill does without transactions.

    Nor does each wait for the disk: what a process has written outlives it, and the control need not outlive more.
    """
    connected = store._connected

    def hurried(connection: Any, record: object) -> None:
        connected(connection, record)
        connection.execute("PRAGMA synchronous=OFF")

    store._connected = hurried
    store._begun = lambda connection: None
    Connection.begin_nested = lambda self: _NoStep()  # type: ignore[method-assign,assignment,return-value]
    writing.BATCH = SMALL_BATCH


def watch_transactions(flag: mmap.mmap) -> None:
    """Sets the flag while a unit of work is open, to the end of its commit."""
    whole = Database.writing

    @contextmanager
    def watched(self: Database) -> Iterator[Connection]:
        flag[0] = DIED_INSIDE
        with whole(self) as connection:
            yield connection
        flag[0] = 0

    Database.writing = watched  # type: ignore[method-assign]


def post_all(home: Path, url: str, organisation: str, folder: Path, ready: int) -> None:
    """What a child does: every file in order, as a person would after a crash."""
    with open_database(home, url, organisation) as database:
        os.write(ready, b"r")
        for name in sorted(folder.iterdir()):
            with name.open("rb") as source:
                post(database, source)


def child(arguments: argparse.Namespace) -> tuple[int, int]:
    """A fork that posts: its process id, and a pipe that tells when it begins."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read_end)
        code = 1
        try:
            post_all(arguments.home, arguments.url, arguments.organisation, arguments.folder, write_end)
            code = 0
        except BaseException as error:
            print(repr(error), file=sys.stderr)
        finally:
            sys.stderr.flush()
            os._exit(code)
    os.close(write_end)
    return pid, read_end


def killed(arguments: argparse.Namespace, after: float, flag: mmap.mmap) -> bool:
    """Kills a child so many seconds after it began; whether it died inside a transaction."""
    flag[0] = 0
    pid, ready = child(arguments)
    os.read(ready, 1)
    time.sleep(after)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    os.close(ready)
    if not os.WIFSIGNALED(status):
        raise SystemExit("A child ended before it was killed: there is too little to post.")
    return flag[0] == DIED_INSIDE


def time_of_a_file(arguments: argparse.Namespace) -> float:
    """Seconds that one of the files takes, measured in a database of its own."""
    aside = arguments.home / "aside"
    aside.mkdir(exist_ok=True)
    names = sorted(arguments.folder.iterdir())[:4]
    with open_database(aside, f"sqlite:///{aside}/aside.db", "aside") as database:
        started = time.monotonic()
        for name in names:
            with name.open("rb") as source:
                post(database, source)
    return (time.monotonic() - started) / len(names)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("url")
    parser.add_argument("organisation")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kills", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-transactions", action="store_true")
    arguments = parser.parse_args()
    chance, flag = random.Random(arguments.seed), mmap.mmap(-1, 1)
    if arguments.without_transactions:
        take_transactions_away()
    watch_transactions(flag)
    lives = LIFE * time_of_a_file(arguments)
    started = time.monotonic()
    inside = sum(killed(arguments, chance.uniform(0, lives), flag) for _ in range(arguments.kills))
    pid, ready = child(arguments)
    _, status = os.waitpid(pid, 0)
    os.close(ready)
    told = {"kills": arguments.kills, "inside": inside, "life": lives, "seconds": time.monotonic() - started}
    print(json.dumps(told | {"last": os.waitstatus_to_exitcode(status)}))


if __name__ == "__main__":
    main()
