"""Makes sure that the store is compiled: a glance when it is, under a file lock when it is not."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from leadterm.domain import DataMissing

from ..sources import EMBEDDED, Progress, locate
from ..store import Manifest, index_name

LOCK = "compile.lock"


def current(folder: Path, manifest: Manifest) -> bool:
    """Whether every embedded source has its store and every store opens; cheap enough for every start."""
    stamps = {kept.stamp for kept in manifest.kept}
    names = {kept.release.name for kept in manifest.kept}
    for source in EMBEDDED:
        found = locate(source)
        if found.stamp not in stamps if found else source.name not in names:
            return False
    return all(kept.opens(folder) for kept in manifest.kept) and bool(manifest.search)


def ensure(folder: Path, progress: Progress | None = None, lexicon_digest: str | None = None) -> Manifest:
    """The manifest of a folder in which everything is compiled; compiles what is missing, old or damaged.

    With `lexicon_digest`, the search index must be the one made with that lexicon. Raises DataMissing when a
    source is not installed or the folder cannot be written.
    """
    manifest = Manifest.load(folder)
    if current(folder, manifest) and _search_fits(folder, manifest, lexicon_digest):
        return manifest
    from .compiler import compile_all  # only who compiles pays for importing the readers

    with writing(), locked(folder, progress):
        manifest = Manifest.load(folder)  # perhaps another process has just done it
        if current(folder, manifest) and _search_fits(folder, manifest, lexicon_digest):
            return manifest
        return compile_all(folder, manifest, progress or (lambda message, share: None))


@contextmanager
def writing() -> Iterator[None]:
    """Nothing. Raises DataMissing in a sentence when what the block writes cannot be written."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        raise DataMissing(
            f"The code sets cannot be compiled because the data home cannot be written ({type(error).__name__}); "
            "free some space or set LEADTERM_HOME to a folder that can be written."
        ) from None


def _search_fits(folder: Path, manifest: Manifest, lexicon_digest: str | None) -> bool:
    if not (folder / manifest.search).is_dir():
        return False
    return lexicon_digest is None or manifest.search == index_name(manifest.kept, lexicon_digest)


@contextmanager
def locked(folder: Path, progress: Progress | None) -> Iterator[None]:
    """Nothing; within the block no other process changes the stores of `folder`."""
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if progress:
            progress("waiting for another process that compiles the code sets", 0.0)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
