"""What every process would make anew, of rules and code sets alone, kept in a file of the data home.

Most of it are programs of patterns: Python takes a regular expression apart and compiles it in Python, and thousands of
them cost a new process more than a hundred charts do, where the engine beneath takes a finished program in a few
microseconds. So programs are kept beside the compiled stores and handed to it as they are. So is what is read off
patterns, and what titles of the Tabular List want said.

A file that is missing, old or not whole costs time and changes no answer. Like the image of the dictionary it is
`marshal` behind a checksum, made by one Python for itself, and never shared. Nothing that is made of a chart's words
belongs here.
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
_TAKES_PROGRAMS = sys.implementation.name == "cpython" and (3, 11) <= sys.version_info < (3, 14)

Name = tuple[str | int, ...]  # of what kind, and all that it is made of
# The code, all flags, the number of groups with the whole, their names.
Program = tuple[bytes, int, int, dict[str, int]]


class Kept:
    """What was made by earlier processes, and by this one."""

    def __init__(self) -> None:
        self._known: dict[Name, Any] = {}
        self._new: dict[Name, Any] = {}
        self._file: Path | None = None

    def once(self, name: Name, make: Callable[[], Any]) -> Any:
        """What `make` gives, in plain values (strings, numbers, tuples and the like), made once for all processes.

        `name`: of what kind it is, and all that it depends on.
        """
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = self._new[name] = make()
        return found

    def compiled(self, pattern: str, flags: int = 0) -> re.Pattern[str]:
        """What `re.compile` gives. Raises re.error as it does."""
        if not _TAKES_PROGRAMS:
            return re.compile(pattern, flags)
        program = self.once(("program", pattern, int(flags)), lambda: _program(pattern, int(flags)))
        try:
            return _engine(pattern, program)
        except RuntimeError:  # the engine looks a program over before it takes it
            return re.compile(pattern, flags)

    def keep_in(self, folder: Path, of: str) -> None:
        """Nothing; what a file of that folder holds is known, and what is new is added to it when the process ends.

        `of`: digest of the code that makes what is kept.
        """
        file = folder / f"kept-{_name(of)}.bin"
        if file == self._file:
            return
        if self._file is None:
            atexit.register(self.save)
        self._file = file
        self._known = {**_read(file), **self._new}

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
            files = sorted(self._file.parent.glob("kept-*.bin"), key=lambda f: f.stat().st_mtime, reverse=True)
            for old in files[_NEWEST:]:
                old.unlink(missing_ok=True)
        except OSError:
            return
        self._new = {}


def _name(of: str) -> str:
    """Of this Python, its engine and that code: another one of them makes another file."""
    engine = importlib.import_module("_sre").MAGIC if _TAKES_PROGRAMS else ""
    return hashlib.sha256(f"{sys.version} {engine} {of}".encode()).hexdigest()[:16]


def _read(file: Path) -> dict[Name, Any]:
    """What a file holds; nothing where there is none or it is not whole."""
    try:
        content = file.read_bytes()
    except OSError:
        return {}
    held = memoryview(content)[_CHECKSUM:]
    if hashlib.sha256(held).digest() != content[:_CHECKSUM]:
        return {}
    return cast("dict[Name, Any]", marshal.loads(held))


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


KEPT = Kept()  # of this process
