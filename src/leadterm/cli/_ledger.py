"""What the commands over the ledger share: the database, days, and files that are read as bytes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from leadterm.domain import InputError

if TYPE_CHECKING:
    from leadterm.storage import Database

# What of standard input waits in memory before it goes to a temporary file.
MOST_IN_MEMORY = 1 << 24


def database() -> Database:
    """The ledger's database, made on first use."""
    from leadterm.codesets.store import data_home
    from leadterm.storage import open_database

    return open_database(data_home())


def today() -> date:
    """The present day, UTC: the command line owns the clock."""
    return datetime.now(UTC).date()


def day(text: str | None, option: str) -> date:
    """The day that an option names; today where it does not."""
    from leadterm.domain import parse_date

    return today() if text is None else parse_date(text, option)


@contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """A file, or standard input (`-`) as one that can be read twice. Raises InputError where it cannot be read."""
    if name == "-":
        with _spooled(sys.stdin.buffer) as spooled:
            yield spooled
        return
    path = Path(name)
    if path.is_dir():
        raise InputError(f"{name} is a folder; give its files.")
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise InputError(f"{name} does not exist.") from None
    with file:
        if file.seekable():
            yield file
            return
        with _spooled(file) as spooled:  # a pipe
            yield spooled


@contextmanager
def _spooled(stream: BinaryIO) -> Iterator[BinaryIO]:
    """What a stream holds, as a file that can be read twice; the larger part of it on disk, for its owner alone."""
    import shutil
    import tempfile

    with tempfile.SpooledTemporaryFile(MOST_IN_MEMORY) as spooled:
        shutil.copyfileobj(stream, spooled)
        spooled.seek(0)
        yield spooled  # type: ignore[misc]  # it is a binary file in all but its type


@contextmanager
def progress(words: str, total: int) -> Iterator[_Bar]:
    """A progress bar over the bytes of a file, on a terminal only and for long work only."""
    bar = _Bar(words, total)
    try:
        yield bar
    finally:
        bar.stop()


class _Bar:
    """Appears when the work takes longer than a moment."""

    LEAST = 2_000_000

    def __init__(self, words: str, total: int) -> None:
        self._shown = sys.stderr.isatty() and total >= self.LEAST
        if self._shown:
            from rich.console import Console
            from rich.progress import Progress

            self._bar = Progress(console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task(words, total=total)
            self._bar.start()

    def __call__(self, done: int) -> None:
        if self._shown:
            self._bar.update(self._task, completed=done)

    def stop(self) -> None:
        if self._shown:
            self._bar.stop()
            self._shown = False
