"""What the patterns of the rules compile to, kept in a file of the data home.

Python takes a regular expression apart and compiles it in Python: thousands of them cost a new process more than a
hundred charts do. The engine beneath takes the finished program in a few microseconds, so programs are kept beside the
compiled stores and handed to it as they are; so is what is read off a pattern as it is written (`letters`).

What is kept is a pattern's own: a file that is missing, old or not whole costs time and changes no answer. Like the
image of the dictionary it is `marshal` behind a checksum, made by one Python for itself, and never shared. Patterns
made of a chart's words do not belong here.
"""

from __future__ import annotations

import atexit
import hashlib
import importlib
import marshal
import re
import sys
import tempfile
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

_CHECKSUM = 32  # bytes of a sha256
_WORTH = 24  # new entries for which a file is written again
_NEWEST = 3  # files that stay: of versions side by side
_MOST = 50_000  # entries of a file; one that has grown beyond is begun anew
# The versions whose compiler and engine were seen to hand over and to take programs as they are written here.
_KNOWN = sys.implementation.name == "cpython" and (3, 11) <= sys.version_info < (3, 14)

Key = tuple[str, str, int]  # of what kind, the pattern, its flags
Program = tuple[
    bytes, int, int, dict[str, int]
]  # the code, all flags, the number of groups with the whole, their names


class Programs:
    """Programs of patterns by their words and flags: those of earlier processes, and those of this one."""

    def __init__(self) -> None:
        self._kept: dict[Key, Any] = {}
        self._new: dict[Key, Any] = {}
        self._file: Path | None = None

    def compiled(self, pattern: str, flags: int = 0) -> re.Pattern[str]:
        """What `re.compile` gives. Raises re.error as it does."""
        if not _KNOWN:
            return re.compile(pattern, flags)
        try:
            return _engine(pattern, self.kept("program", pattern, flags, _program))
        except RuntimeError:  # the engine looks a program over before it takes it
            return re.compile(pattern, flags)

    def kept(self, kind: str, pattern: str, flags: int, read: Callable[[str, int], Any]) -> Any:
        """What `read` gives of a pattern and its flags, in plain values, read once for all processes."""
        key = kind, pattern, int(flags)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._new[key] = read(pattern, int(flags))
        return found

    def keep_in(self, folder: Path, of: str) -> None:
        """Nothing; what a file of that folder holds is known, and what is new is added to it when the process ends.

        `of`: digest of the code whose readings of patterns are kept.
        """
        file = folder / f"patterns-{_name(of)}.bin"
        if file == self._file:
            return
        if self._file is None:
            atexit.register(self.save)
        self._file = file
        self._kept = {**_read(file), **self._new}

    def save(self) -> None:
        """Writes the file with what is new in it, under another name first; where it cannot be written none is."""
        if self._file is None or len(self._new) < _WORTH:
            return
        before = _read(self._file)  # another process may have written meanwhile
        content = marshal.dumps({**(before if len(before) < _MOST else {}), **self._new})
        try:
            with tempfile.NamedTemporaryFile("wb", dir=self._file.parent, prefix=".tmp-", delete=False) as handle:
                handle.write(hashlib.sha256(content).digest() + content)
            Path(handle.name).replace(self._file)
            files = sorted(self._file.parent.glob("patterns-*.bin"), key=lambda f: f.stat().st_mtime, reverse=True)
            for old in files[_NEWEST:]:
                old.unlink(missing_ok=True)
        except OSError:
            return
        self._new = {}


def _name(of: str) -> str:
    """Of this Python, its engine and that code: another one of them makes another file."""
    engine = importlib.import_module("_sre").MAGIC if _KNOWN else ""
    return hashlib.sha256(f"{sys.version} {engine} {of}".encode()).hexdigest()[:16]


def _read(file: Path) -> dict[Key, Any]:
    """What a file holds; nothing where there is none or it is not whole."""
    try:
        content = file.read_bytes()
    except OSError:
        return {}
    held = memoryview(content)[_CHECKSUM:]
    if hashlib.sha256(held).digest() != content[:_CHECKSUM]:
        return {}
    return cast("dict[Key, Any]", marshal.loads(held))


def _program(pattern: str, flags: int) -> Program:
    """The program of a pattern, made as `re.compile` makes it."""
    compiler = importlib.import_module("re._compiler")
    parsed = compiler._parser.parse(pattern, flags)
    state = parsed.state
    code = array("I", compiler._code(parsed, flags)).tobytes()
    return code, int(flags | state.flags), state.groups, dict(state.groupdict)


def _engine(pattern: str, program: Program) -> re.Pattern[str]:
    """The engine with a program."""
    code, flags, groups, names = program
    by_number: list[str | None] = [None] * groups
    for name, number in names.items():
        by_number[number] = name
    taken = array("I")
    taken.frombytes(code)
    engine = importlib.import_module("_sre")
    return cast("re.Pattern[str]", engine.compile(pattern, flags, taken.tolist(), groups - 1, names, tuple(by_number)))


PROGRAMS = Programs()  # of this process
