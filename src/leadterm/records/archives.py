"""Packed files: a zip of records as portals and exchanges hand them on (also IHE XDM), and gzip of one.

Members are read one at a time, and only so far as a record may expand: what a header says of sizes is not believed.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO, Protocol

from leadterm.domain import InputError

from .limits import MEGABYTE, MOST_EXPANDED, MOST_MEMBERS, MOST_RATIO, MOST_RECORD

PIECE = 1 << 16
# What little a small file may become, whatever its ratio: an empty form is nearly nothing when packed.
ALWAYS = MEGABYTE
XDM = "IHE_XDM"
# What stands beside charts in packages: how they are shown, and what they hold.
BESIDE = frozenset((".xsl", ".xslt", ".css", ".js", ".xsd", ".dtd", ".ico", ".gif", ".svg", ".md5", ".sha256"))
# What people and their systems leave in folders.
LEFT = frozenset(("thumbs.db", "desktop.ini", "readme", "readme.txt", "readme.md", "autorun.inf"))
PACKED = (b"PK\x03\x04", b"\x1f\x8b\x08")
ENCRYPTED = 1
OFFICE = ("[Content_Types].xml", "mimetype")
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
Member = tuple[str, bytes]


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def members(handle: BinaryIO, name: str) -> Iterator[Member]:
    """The files of an archive that may be charts, each with its name, in the order of their names.

    Raises InputError for what is no archive, wants a password, holds another archive, or more than a record may.
    """
    start = handle.read(len(PACKED[1]))
    handle.seek(0)
    try:
        yield from _gzipped(handle, name) if start == PACKED[1] else _zipped(handle, name)
    except DAMAGED:
        raise InputError(f"{name} is an archive that cannot be unpacked: it is damaged or cut off.") from None


def _gzipped(handle: BinaryIO, name: str) -> Iterator[Member]:
    size = _size(handle)
    with gzip.GzipFile(fileobj=handle) as packed:
        yield PurePosixPath(name).stem, _unpacked(packed, size, MOST_EXPANDED, name)


def _zipped(handle: BinaryIO, name: str) -> Iterator[Member]:
    size = _size(handle)
    left = MOST_EXPANDED
    with zipfile.ZipFile(handle) as packed:
        for about in _charts(packed, name):
            with packed.open(about) as member:
                content = _unpacked(member, size, left, name)
            left -= len(content)
            yield PurePosixPath(about.filename.replace("\\", "/")).name, content


def _charts(packed: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    """The members that may be charts. Raises InputError for too many, a password, and an office document."""
    given = [each for each in packed.infolist() if each.filename and not each.is_dir()]
    if len(given) > MOST_MEMBERS:
        raise InputError(
            f"{name} holds more than {MOST_MEMBERS:,} files, the most that one archive may have: split it."
        )
    if any(each.filename in OFFICE for each in given):
        raise InputError(f"{name} is a document of an office program: save it as PDF, RTF or text, a table as csv.")
    exchange = any(XDM in PurePosixPath(each.filename).parts for each in given)
    charts = [each for each in given if _may_be_chart(PurePosixPath(each.filename), exchange)]
    if any(each.flag_bits & ENCRYPTED for each in charts):
        raise InputError(f"{name} wants a password: unpack it, and give its files.")
    if any(each.compress_type not in PLAIN for each in charts):
        raise InputError(f"{name} is packed in a way that is not read: unpack it, and give its files.")
    if not charts:
        raise InputError(f"{name} holds no file that could be coded.")
    return sorted(charts, key=lambda each: each.filename)


def _may_be_chart(path: PurePosixPath, exchange: bool) -> bool:
    """Whether a member may be a chart; a package of IHE XDM has them in a folder of its own, beside their metadata."""
    hidden = any(part.startswith((".", "__")) for part in path.parts)
    told_of = exchange and (XDM not in path.parts or path.name.lower() == "metadata.xml")
    beside = path.suffix.lower() in BESIDE or path.name.lower() in LEFT
    return not hidden and not told_of and not beside


def _unpacked(member: _Readable, packed: int, most: int, name: str) -> bytes:
    """A member as it is unpacked, given up as soon as it is too much for an archive of so many bytes."""
    most = min(most, max(ALWAYS, packed * MOST_RATIO))
    content = io.BytesIO()
    while piece := member.read(PIECE):
        content.write(piece)
        if content.tell() > most:
            raise InputError(
                f"{name} expands to more than {MOST_EXPANDED // MEGABYTE} MB or {MOST_RATIO} times its size, the most "
                "that a record may."
            )
    found = content.getvalue()
    if found.startswith(PACKED):
        raise InputError(f"{name} holds another archive: unpack it, and give its files.")
    return found


def _size(handle: BinaryIO) -> int:
    size = handle.seek(0, io.SEEK_END)
    handle.seek(0)
    if size > MOST_RECORD:
        raise InputError(f"An archive of more than {MOST_RECORD // MEGABYTE} MB is not opened: unpack it.")
    return size
