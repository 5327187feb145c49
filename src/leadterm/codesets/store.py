"""The compiled store: one immutable, content-named SQLite file a release component, and the manifest that names them.

Everything is written under a temporary name, synced and renamed, so that a killed process leaves nothing half-written.
The manifest holds names relative to its folder and no path of the machine.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from leadterm.domain import DataMissing, DateRange, InputError, Release

# Raised with every change of a table, of what is put in it, or of the search index: older stores are compiled again.
FORMAT = 3
APPLICATION = 0x4C54434F  # "LTCO" in the header of every store
HEADER_BYTES = 100
MANIFEST = "manifest.json"
SECOND = "manifest-second.json"
TEMPORARY = ".tmp-"


def data_home(home: Path | None = None) -> Path:
    """The folder for data: the one given, LEADTERM_HOME, or the platform's folder for user data."""
    if home is not None:
        return home
    if named := os.environ.get("LEADTERM_HOME"):
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path("leadterm", appauthor=False)


def store_folder(home: Path | None = None) -> Path:
    """Where stores and their manifest lie within the data home."""
    return data_home(home) / "codesets"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that a user installed: its name as shown, and the sha256 under which a copy is kept."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A compiled release in the manifest.

    Attributes:
        release: What it holds.
        stamp: Of the embedded source (`sources.Located`); empty for files that a user installed.
        size, sha256: Of the store file.
        files: What a user installed it from, kept so that a newer Leadterm compiles it anew by itself.
    """

    release: Release
    stamp: str
    size: int
    sha256: str
    files: tuple[SourceFile, ...] = ()

    @property
    def key(self) -> tuple[str, date]:
        """Component and first day: of two with the same key, the manifest holds one."""
        return self.release.name, self.release.period.start

    def opens(self, folder: Path) -> bool:
        """Whether the store is there, whole in length and of this format; the full check is `sha256`."""
        path = folder / self.release.path
        try:
            with path.open("rb") as file:
                header = file.read(HEADER_BYTES)
                return os.fstat(file.fileno()).st_size == self.size and _format(header) == (APPLICATION, FORMAT)
        except OSError:
            return False


def _format(header: bytes) -> tuple[int, int]:
    """Application and user version in a SQLite header (offsets 68 and 60 of the file format)."""
    return int.from_bytes(header[68:72], "big"), int.from_bytes(header[60:64], "big")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is compiled: releases, and the folder of the search index."""

    kept: tuple[Kept, ...] = ()
    search: str = ""

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        """The manifest of `folder`, or its second copy when it is damaged; an empty one when there is none.

        Of a manifest of another format, what a user installed is kept: its stores do not open, so they are compiled
        again from the copies of their sources.
        """
        found = cls._read(folder / MANIFEST)
        if found is None and (folder / MANIFEST).exists():
            found = cls._read(folder / SECOND)  # what a user installed is named nowhere else
        return found or cls()

    @classmethod
    def _read(cls, path: Path) -> Manifest | None:
        try:
            raw = json.loads(path.read_bytes())
            kept = tuple(_kept(r) for r in raw["releases"])
            if raw["format"] != FORMAT:
                return cls(tuple(k for k in kept if k.files))
            return cls(kept, raw["search"])
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, InputError):
            return None

    def save(self, folder: Path) -> None:
        """Nothing; the manifest is swapped in one step, and then its second copy."""
        raw = {"format": FORMAT, "search": self.search, "releases": [_raw(k) for k in self.kept]}
        for name in (MANIFEST, SECOND):
            with replacing(folder / name) as temporary:
                temporary.write_text(json.dumps(raw, indent=1) + "\n", encoding="utf-8")


def _raw(kept: Kept) -> dict[str, Any]:
    r = kept.release
    return {
        "system": r.system,
        "component": r.component,
        "from": r.period.start.isoformat(),
        "to": r.period.end.isoformat() if r.period.end else None,
        "source": r.source,
        "checksum": r.checksum,
        "counts": dict(r.counts),
        "licence": r.licence,
        "partial": r.partial,
        "path": r.path,
        "stamp": kept.stamp,
        "size": kept.size,
        "sha256": kept.sha256,
        "files": [[f.path, f.sha256] for f in kept.files],
    }


def _kept(raw: dict[str, Any]) -> Kept:
    end = date.fromisoformat(raw["to"]) if raw["to"] else None
    release = Release(
        raw["system"],
        raw["component"],
        DateRange(date.fromisoformat(raw["from"]), end),
        raw["source"],
        raw["checksum"],
        tuple(raw["counts"].items()),
        raw["licence"],
        raw["path"],
        raw["partial"],
    )
    files = tuple(SourceFile(path, sha256) for path, sha256 in raw.get("files", ()))
    return Kept(release, raw["stamp"], raw["size"], raw["sha256"], files)


# What search looks into; the first two are always there.
SEARCHED = (
    "icd10cm:tabular",
    "icd10pcs:titles",
    "icd10cm:index",
    "icd10cm:eindex",
    "icd10cm:neoplasm",
    "icd10cm:drug",
    "doid:icd10cm",
    "hcpcs:codes",
)
# Raised with every change of what is written into the search index, the words that mean the same among it.
SEARCH_FORMAT = 4


def searched(kept: Iterable[Kept]) -> dict[str, Kept]:
    """The newest whole release of each component that search looks into, by name."""
    in_order = sorted(kept, key=lambda k: k.release.period.start)
    return {k.release.name: k for k in in_order if k.release.name in SEARCHED and not k.release.partial}


def index_name(kept: Iterable[Kept], lexicon_digest: str) -> str:
    """The folder of the search index, named after what it is made of."""
    checksums = (k.release.checksum for _, k in sorted(searched(kept).items()))
    return f"search-{digest(*checksums, lexicon_digest, str(FORMAT), str(SEARCH_FORMAT))}"


def digest(*parts: str) -> str:
    """Sixteen hexadecimal digits that stand for `parts` in the name of a file."""
    import hashlib

    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`; when the block ends well it is synced and takes the place of `path`."""
    temporary = path.with_name(f"{TEMPORARY}{os.getpid()}-{path.name}")
    try:
        yield temporary
        sync(temporary)
        temporary.replace(path)
        sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Nothing; what was written to the file or folder is on the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows opens no folder; its rename is durable by itself
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class PartLike(Protocol):
    """One table of a store: how it is made, how a row goes in, and the rows."""

    @property
    def schema(self) -> str: ...  # noqa: D102
    @property
    def insert(self) -> str: ...  # noqa: D102
    @property
    def rows(self) -> Iterable[tuple[Any, ...]]: ...  # noqa: D102


def write_store(path: Path, parts: Iterable[PartLike]) -> None:
    """Nothing; `path` becomes a store with the tables of `parts`, filled in order."""
    with replacing(path) as temporary:
        temporary.unlink(missing_ok=True)
        connection = sqlite3.connect(temporary, isolation_level=None)
        try:
            # The file is worthless until renamed, so it needs neither journal nor sync on the way.
            connection.executescript(
                f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA page_size=4096;"
                f"PRAGMA application_id={APPLICATION}; PRAGMA user_version={FORMAT}; BEGIN"
            )
            for part in parts:
                for statement in part.schema.split(";"):
                    connection.execute(statement)
                connection.executemany(part.insert, part.rows)
            connection.execute("COMMIT")
            connection.execute("VACUUM")
        finally:
            connection.close()


class Store:
    """A read-only store, one connection a thread. Damage found on the way raises DataMissing and clears the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()

    def one(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        """The first row, or None."""
        try:
            row: tuple[Any, ...] | None = self._connection().execute(sql, values).fetchone()
        except sqlite3.DatabaseError as error:
            raise self._refused(error) from None
        return row

    def all(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows."""
        try:
            return self._connection().execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise self._refused(error) from None

    def _connection(self) -> sqlite3.Connection:
        try:
            connection: sqlite3.Connection = self._local.connection
        except AttributeError:
            # Immutable: nobody ever writes to a content-named file, so no lock is taken and no journal looked for.
            uri = f"file:{quote(str(self._path.absolute()))}?mode=ro&immutable=1"
            connection = self._local.connection = sqlite3.connect(uri, uri=True)
        return connection

    def _refused(self, error: sqlite3.DatabaseError) -> DataMissing:
        """What to raise. Damage comes as DatabaseError itself; its kinds are of the machine (no access, no handles)."""
        name = self._path.name
        if type(error) is not sqlite3.DatabaseError:
            return DataMissing(f"The code store {name} cannot be opened; see that it may be read and try again.")
        try:
            self._path.unlink(missing_ok=True)
        except OSError:
            return DataMissing(f"The code store {name} is damaged; delete it and run the command again.")
        return DataMissing(f"The code store {name} was damaged; run the command again to compile it anew.")
