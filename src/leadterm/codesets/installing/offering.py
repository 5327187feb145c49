"""Turns what a user names (files, folders, archives) into files that formats can look at.

Archives are untrusted: members are read one at a time, never written to the disk by their name, and what they expand
to is bounded, so that a bomb is refused before it costs anything.
"""

from __future__ import annotations

import gzip
import io
import lzma
import os
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any

from leadterm.domain import InputError, Refused

from ..archives import BROKEN, MOST_BYTES, MOST_MEMBERS, most_of, unsafe
from ..formats import Offered
from ..formats._offered import HEAD_BYTES, WORKBOOKS

MOST_DEPTH = 2  # CMS puts archives into archives, and no deeper
FOLDERS_SHOWN = 3
# Opens the same file anew at each call; it is looked at once and perhaps read later.
Opener = Callable[[], AbstractContextManager[IO[bytes]]]
# What wraps one file, by the end of its name.
WRAPPED: dict[str, Callable[..., Any]] = {".xz": lzma.open, ".gz": gzip.open}
ZIP = b"PK\x03\x04"


def offers(paths: Iterable[Path]) -> Iterator[Offered | Refused]:
    """Every file under `paths`, in order of name and each once; folders are walked, archives and wrappers opened.

    Raises InputError for a path where there is neither file nor folder.
    """
    seen: set[str] = set()
    for path in paths:
        root = path if _kind(path) is stat.S_ISDIR else path.parent
        around = tuple(p.name for p in (path.absolute(), *path.absolute().parents) if p.name)[:FOLDERS_SHOWN]
        for file, denied in _files(path):
            if (place := os.path.abspath(file)) in seen:  # noqa: PTH100 (links are names of their own)
                continue
            seen.add(place)
            shown = printable(file.relative_to(root).as_posix())
            if denied:
                yield Refused(shown, f"It may not be read ({denied}); give yourself access to it.")
            else:
                yield from _Look(around).at(shown, partial(_plainly, file), 0)


def printable(name: str) -> str:
    """A name without what would turn a terminal's output about."""
    return "".join(c if c.isprintable() else "?" for c in name)


def _kind(path: Path) -> Callable[[int], bool]:
    """Whether there is a folder or a file. Raises InputError for nothing, for a pipe or device, and without access."""
    shown = printable(path.name or str(path))
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(f"There is nothing at {shown}; name a file, an archive or a folder.") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{shown} cannot be looked at ({type(error).__name__}); name a file or a folder.") from None
    for kind in (stat.S_ISDIR, stat.S_ISREG):
        if kind(mode):
            return kind
    raise InputError(f"{shown} is neither a file nor a folder; name a file, an archive or a folder.")


def _files(path: Path) -> list[tuple[Path, str]]:
    """The files below a path in order of name, each with why it may not be read; links to folders are not followed."""
    if not path.is_dir():
        return [(path, "")]
    found: list[tuple[Path, str]] = []

    def refused(error: OSError) -> None:
        found.append((Path(error.filename), type(error).__name__))

    for folder, folders, names in os.walk(path, onerror=refused):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for file in (Path(folder, name) for name in names if not name.startswith(".")):
            try:
                if stat.S_ISREG(file.stat().st_mode):  # a pipe would be waited for without end
                    found.append((file, ""))
            except FileNotFoundError:
                continue  # a link to nothing, or a file that has just gone
            except OSError as error:
                found.append((file, type(error).__name__))
    return sorted(found)


def _plainly(path: Path) -> IO[bytes]:
    return path.open("rb")


class _Bounded:
    """A stream that breaks off where it expands to more than any release does."""

    def __init__(self, inner: IO[bytes], most: int) -> None:
        self._inner = inner
        self._left = most

    def read(self, size: int = -1) -> bytes:
        """As of a file."""
        data = self._inner.read(self._left + 1 if size < 0 else min(size, self._left + 1))
        self._left -= len(data)
        if self._left < 0:
            raise OverflowError
        return data


@contextmanager
def _unwrapped(opened: Opener, wrapper: Callable[..., Any]) -> Iterator[Any]:
    """What an `.xz` or `.gz` wraps; the library closes its own file alone."""
    with opened() as file:
        most = most_of(file.seek(0, io.SEEK_END))
        file.seek(0)
        with wrapper(file) as inner:
            yield _Bounded(inner, most)


@contextmanager
def _in_memory(opened: Opener) -> Iterator[IO[bytes]]:
    """A stream as a file in which one can go back, as archives are read."""
    with opened() as file:
        yield io.BytesIO(file.read(MOST_BYTES))


class _Look:
    """Looks at one file and at all within it."""

    def __init__(self, around: tuple[str, ...]) -> None:
        self._around = around
        self._members = 0

    def at(
        self, shown: str, opened: Opener, depth: int, near: Opener | None = None, wrapped: bool = False
    ) -> Iterator[Offered | Refused]:
        """What a file offers: itself, what it wraps, or its members. `near` opens it while its archive is open."""
        suffix = Path(shown).suffix.lower()
        wrapper = None if wrapped else WRAPPED.get(suffix)
        if wrapper:
            here = _in_memory if near else _same
            inner = partial(_unwrapped, partial(here, near or opened), wrapper)
            yield from self.at(
                shown[: -len(suffix)], partial(_unwrapped, opened, wrapper), depth, inner if near else None, True
            )
            return
        try:
            with (near or opened)() as file:
                head = file.read(HEAD_BYTES)
        except BROKEN as error:
            yield Refused(shown, f"It cannot be read ({type(error).__name__}); fetch it again.")
            return
        if head.startswith(ZIP) and suffix not in WORKBOOKS:
            yield from self._archive(shown, opened, depth, near, wrapped)
        else:
            yield Offered(shown, head, lambda: _read(shown, opened), self._around)

    def _archive(
        self, shown: str, opened: Opener, depth: int, near: Opener | None, wrapped: bool
    ) -> Iterator[Offered | Refused]:
        if depth == MOST_DEPTH:
            yield Refused(shown, "Archives lie too deep in each other; unpack it and install the folder.")
            return
        again = partial(_in_memory, opened) if wrapped else opened
        try:
            with (partial(_in_memory, near) if near else again)() as file, zipfile.ZipFile(file) as archive:
                yield from self._members_of(shown, archive, again, depth, file.seek(0, io.SEEK_END))
        except BROKEN as error:
            yield Refused(shown, f"The archive cannot be read ({type(error).__name__}); fetch it again.")

    def _members_of(
        self, shown: str, archive: zipfile.ZipFile, opened: Opener, depth: int, size: int
    ) -> Iterator[Offered | Refused]:
        members = [m for m in archive.infolist() if not m.is_dir()]
        self._members += len(members)
        reason = unsafe(members, size)
        if not reason and self._members > MOST_MEMBERS:
            reason = f"The archives within each other have more than {MOST_MEMBERS} members, which no release has."
        if reason:
            yield Refused(shown, reason)
            return
        for one in sorted(members, key=lambda m: (m.filename, m.header_offset)):
            name = printable(one.filename.replace("\\", "/")).lstrip("/")
            yield from self.at(f"{shown}/{name}", partial(_member, opened, one), depth + 1, partial(archive.open, one))


def _same(opened: Opener) -> AbstractContextManager[IO[bytes]]:
    return opened()


def _member(opened: Opener, member: zipfile.ZipInfo) -> IO[bytes]:
    """A member, whole, after all archives have been closed.

    The library reads no more than the length that the directory states, and that was checked (`unsafe`).
    """
    with opened() as file, zipfile.ZipFile(file) as archive:
        return io.BytesIO(archive.read(member))


def _read(shown: str, opened: Opener) -> bytes:
    try:
        with opened() as file:
            data = file.read(MOST_BYTES + 1)
    except BROKEN as error:
        raise InputError(f"The file {Path(shown).name} cannot be read ({type(error).__name__}).") from None
    if len(data) > MOST_BYTES:
        raise InputError(f"The file {Path(shown).name} expands to more than any release does; it is not read.")
    return data
