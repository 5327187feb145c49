"""Results of a watched folder: whole or not at all, and one process for a folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from leadterm.domain import InputError

LOCK = ".leadterm-watch.lock"
TEMPORARY = ".leadterm-watch-"


@contextmanager
def watching(out: Path) -> Iterator[None]:
    """The folder of results is this process's alone. Raises InputError where another watches, or it cannot be made."""
    from filelock import FileLock, Timeout

    try:
        out.mkdir(parents=True, exist_ok=True)
        with FileLock(out / LOCK).acquire(timeout=0):
            for left in out.glob(f"{TEMPORARY}*"):
                left.unlink(missing_ok=True)
            yield
    except Timeout:
        raise InputError(f"Another process writes to {out} already: a folder is watched once.") from None
    except OSError as error:
        if error.filename is None:
            raise
        raise InputError(f"{error.filename} cannot be read or written: {error.strerror}.") from None


def keep(path: Path, content: bytes) -> None:
    """Writes a file for its owner alone, synced, in the place of the one before; a crash leaves either of them."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=TEMPORARY)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def free_name(folder: Path, name: str) -> Path:
    """A place in a folder for a file of this name that overwrites nothing."""
    found, number = folder / name, 1
    while found.exists():
        number += 1
        found = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
    return found
