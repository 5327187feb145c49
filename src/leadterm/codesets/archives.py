"""What archives may hold: untrusted files are bounded before they cost anything."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Sequence

MOST_BYTES = 2 << 30  # of one file after expansion: four times the largest part of NCCI
MOST_MEMBERS = 2_000
MOST_RATIO = 400
# Less is no matter, however well it was packed.
SMALL = 3 << 20
# What the libraries raise for a damaged archive, at its directory, at a member, or on the way.
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError, LookupError, OverflowError, MemoryError),
)


def unsafe(members: Sequence[zipfile.ZipInfo], size: int) -> str | None:
    """Why an archive of so many bytes is not opened; None when nothing speaks against it."""
    if len(members) > MOST_MEMBERS:
        return f"The archive has more than {MOST_MEMBERS} members, which no release has."
    if any(m.flag_bits & 1 for m in members):
        return "The archive is encrypted; unpack it and install the folder."
    # Members may lie over each other: what they say of their packed lengths counts for nothing.
    if sum(m.file_size for m in members) > most_of(size):
        return "The archive expands to more than any release does; it is not opened."
    return None


def most_of(size: int) -> int:
    """To how many bytes a packed file of `size` may expand."""
    return min(MOST_BYTES, max(SMALL, MOST_RATIO * size))
