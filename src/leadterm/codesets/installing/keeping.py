"""Copies of the files that a user installed, so that a newer store format is compiled without asking for them again.

They lie compressed under their sha256 in the data home and never leave it; a licensed file is treated like any other.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

from leadterm.domain import DataMissing

from ..formats import Offered
from ..formats._offered import HEAD_BYTES
from ..sources import checksum
from ..store import Kept, SourceFile, replacing

FOLDER = "sources"
# The first levels give nearly all of the gain at a third of the time.
LEVEL = 3


def keep(folder: Path, offered: Offered, data: bytes) -> SourceFile:
    """The file as the manifest names it, after a copy has been put beside the stores."""
    one = SourceFile(offered.path, checksum(data))
    path = _path(folder, one)
    if not path.is_file():
        path.parent.mkdir(exist_ok=True)
        with replacing(path) as temporary:
            temporary.write_bytes(gzip.compress(data, LEVEL, mtime=0))
    return one


def offered_again(folder: Path, file: SourceFile) -> Offered:
    """A kept file, as it was offered. Raises DataMissing when its copy is gone or damaged."""
    path = _path(folder, file)
    try:
        data = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, gzip.BadGzipFile):
        data = b""
    if checksum(data) != file.sha256:
        raise DataMissing(f"The copy of {file.path} in the data home is gone or damaged; install that file again.")
    return Offered(file.path, data[:HEAD_BYTES], lambda: data)


def sweep_sources(folder: Path, kept: Iterable[Kept]) -> None:
    """Removes copies that no release of the manifest names; the caller holds the lock."""
    used = {_path(folder, file).name for one in kept for file in one.files}
    for path in (folder / FOLDER).glob("*"):
        if path.name not in used:
            path.unlink(missing_ok=True)


def _path(folder: Path, file: SourceFile) -> Path:
    return folder / FOLDER / f"{file.sha256}.gz"
