"""Makes stores out of files or of hand-written text, the way the installer does it, for the tests of one format."""

from __future__ import annotations

import gzip
import lzma
from collections.abc import Callable, Sequence
from pathlib import Path

from leadterm.codesets.formats import Format, Offered, Recognised, Table
from leadterm.codesets.formats._offered import HEAD_BYTES
from leadterm.codesets.store import Store, write_store
from leadterm.domain import Release

UNPACK: dict[str, Callable[[bytes], bytes]] = {".xz": lzma.decompress, ".gz": gzip.decompress}


def offered(path: Path, root: Path | None = None) -> Offered:
    """A file as the installer offers it; `root` is what the user named."""
    data = path.read_bytes()
    shown = path.relative_to(root) if root else Path(path.name)
    if unpack := UNPACK.get(path.suffix):
        data, shown = unpack(data), shown.with_suffix("")
    return written(shown.as_posix(), data)


def written(path: str, data: bytes | str) -> Offered:
    """A file that a test writes down."""
    raw = data.encode() if isinstance(data, str) else data
    return Offered(path, raw[:HEAD_BYTES], lambda: raw)


def read(format: Format, *files: Offered) -> tuple[Recognised, Table]:
    """What a format makes of files that it recognises."""
    found = format.recognise(files[0])
    assert found is not None, f"{files[0].name} is not recognised"
    return found, format.read(files, found)


def store(folder: Path, table: Table, name: str = "made") -> Store:
    """The table as a store."""
    path = folder / f"{name}.sqlite"
    write_store(path, table.parts)
    return Store(path)


def release(found: Recognised, table: Table, path: str = "made.sqlite") -> Release:
    """The release that a face is opened with."""
    system, component = found.name.split(":")
    return Release(system, component, found.period, "made", "0" * 64, table.counts, found.licence, path, table.partial)


def recognised_by(formats: Sequence[Format], one: Offered) -> list[str]:
    """Names of the components that a file would become: exactly one, or none."""
    return [found.name for f in formats if (found := f.recognise(one))]
