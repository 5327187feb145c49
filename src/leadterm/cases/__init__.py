"""Coding cases in one readable notation, shipped: they teach people and test the engine.

A case holds a chart, its key with the words that prove each code, and the codes that tempt. Each says who reviewed it,
or that nobody did. `load_cases` gives all that are shipped, `find_case` one, `read_case` one of your own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from leadterm.domain import InputError

from ._case import Case, ForbiddenCode, KeyCode, OptionalCode
from ._notation import read_case

__all__ = ["Case", "ForbiddenCode", "KeyCode", "OptionalCode", "find_case", "load_cases", "read_case"]

ENDING = ".toml"
MOST_NEAR = 3


@cache
def load_cases() -> Mapping[str, Case]:
    """Every shipped case by id, in the order of their numbers. Raises InputError for one that breaks the notation."""
    found = sorted(entry.name for entry in files(__name__).iterdir() if entry.name.endswith(ENDING))
    ids = [name.removesuffix(ENDING) for name in found]
    return MappingProxyType({id: _shipped(id) for id in ids})


def find_case(name: str) -> Case:
    """The shipped case of that id or number (`007-diabetic-foot`, `007`, `7`), and only that file is read.

    Raises InputError, which names the nearest ids, where there is none.
    """
    ids = sorted(e.name.removesuffix(ENDING) for e in files(__name__).iterdir() if e.name.endswith(ENDING))
    wanted = name.strip().lower()
    number = wanted.zfill(3) if wanted.isdecimal() else None
    for id in ids:
        if id == wanted or (number is not None and id.partition("-")[0] == number):
            return _shipped(id)
    raise InputError(f"There is no case {name.strip()[:60]}.{_hint(wanted, ids)}")


@cache
def _shipped(id: str) -> Case:
    return read_case(id, (files(__name__) / f"{id}{ENDING}").read_text(encoding="utf-8"))


def _hint(wanted: str, ids: Iterable[str]) -> str:
    slugs = {id.partition("-")[2]: id for id in ids} | {id: id for id in ids}
    near = [slugs[slug] for slug in slugs if wanted and wanted in slug]
    near += [slugs[slug] for slug in get_close_matches(wanted, slugs, MOST_NEAR, 0.5)]
    kept = list(dict.fromkeys(near))[:MOST_NEAR]
    return f" Do you mean {' or '.join(kept)}?" if kept else " `leadterm practice list` lists all."
