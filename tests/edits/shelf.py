"""Code books with what only their users bring, as if it had been installed.

`Shelf`: lists under licence. `tables_home`: edit tables, hand-written in the layouts of their owners (`tables/`).
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock

from leadterm.codesets import CodeBook
from leadterm.codesets.installing.changing import install
from leadterm.codesets.lists.hcpcs import Hcpcs
from leadterm.codesets.lists.reference import Taxonomy

TAXONOMIES = frozenset({"207Q00000X", "207R00000X", "282N00000X"})
MODIFIERS = frozenset({"AA", "CQ", "GA", "GP", "GT", "GZ", "KX", "LT", "QW", "QZ", "RT", "TC", "XE", "XS"})


CODES = {"G2211": None, "J1885": None, "G0439": None, "J0110": date(2015, 12, 31), "A9283": None}
EXCLUDED = frozenset({"A9283"})


class Mark(NamedTuple):
    """An indicator of the list."""

    value: str


class Listed(NamedTuple):
    """A code of HCPCS Level II with its last day, and whether the law excludes it."""

    terminated: date | None
    ended: bool
    coverage: Mark | None = None
    replaced: tuple[str, ...] = ()


class Modifiers:
    """Modifiers and a few codes of HCPCS Level II."""

    def code(self, code: str, on: date | None = None) -> Listed | None:
        last = CODES.get(code)
        mark = Mark("S") if code in EXCLUDED else None
        return Listed(last, bool(last and on and last < on), mark) if code in CODES else None

    def is_of(self, day: date) -> bool:
        return True

    def modifier(self, modifier: str, on: date | None = None) -> str | None:
        return modifier if modifier in MODIFIERS else None


class Shelf:
    """A book to which the lists were added."""

    def __init__(self, book: CodeBook) -> None:
        self._book = book

    def __getattr__(self, name: str) -> Any:
        return getattr(self._book, name)

    def find(self, face: type, on: date | None = None) -> Any:
        lists = {Taxonomy: TAXONOMIES, Hcpcs: Modifiers()}
        return lists[face] if face in lists else self._book.find(face, on)


TABLES = Path(__file__).with_name("tables")


def tables_home(home: Path, book: CodeBook) -> Path:
    """A data home with the tables, made once a run beside that of the run."""
    place = home.with_name(f"{home.name}-tables")
    with FileLock(f"{place}.lock"):
        if not (place / "ready").exists() or (place / "ready").stat().st_mtime < max(
            each.stat().st_mtime for each in TABLES.iterdir()
        ):
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(book.folder, place / book.folder.name)
            install([TABLES], place)
            (place / "ready").touch()
    return place
