"""Coding cases in one readable notation, shipped: they teach people and test the engine.

A case holds a chart, its key with the words that prove each code, and the codes that tempt. Each says who reviewed it,
or that nobody did. `load_cases` gives all that are shipped, `find_case` one, `read_case` one of your own. The numbered
ones are whole charts to practise on; those of `guidelines/` show one paragraph or a few each, many in a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from leadterm.domain import InputError

from ._annotated import AnnotatedNote, annotated_notes, read_notes
from ._case import Case, ForbiddenCode, KeyCode, OptionalCode
from ._notation import read_case, read_cases
from ._services import ServiceCase, ServiceKey, read_service_cases, service_cases

__all__ = [
    "AnnotatedNote",
    "Case",
    "ForbiddenCode",
    "KeyCode",
    "OptionalCode",
    "ServiceCase",
    "ServiceKey",
    "annotated_notes",
    "find_case",
    "guideline_cases",
    "load_cases",
    "read_case",
    "read_cases",
    "read_notes",
    "read_service_cases",
    "service_cases",
]

ENDING = ".toml"
GUIDELINES = "guidelines"
MOST_NEAR = 3


@cache
def load_cases() -> Mapping[str, Case]:
    """Every shipped case by id: the numbered ones in their order, then those of the guidelines, chapter by chapter.

    Raises InputError for one that breaks the notation.
    """
    return MappingProxyType({id: _shipped(id) for id in _numbered()} | dict(guideline_cases()))


@cache
def guideline_cases() -> Mapping[str, Case]:
    """The cases of the guidelines by id, file by file."""
    found = [case for name in _names(files(__name__) / GUIDELINES) for case in _many(name)]
    twice = {case.id for case in found if sum(case.id == other.id for other in found) > 1}
    if twice:
        raise InputError(f"Two files have a case of the id {min(twice)}.")
    return MappingProxyType({case.id: case for case in found})


def find_case(name: str) -> Case:
    """The shipped case of that id or number (`007-diabetic-foot`, `007`, `7`); of a numbered one only its file is read.

    Raises InputError, which names the nearest ids, where there is none.
    """
    wanted = name.strip().lower()
    number = wanted.zfill(3) if wanted.isdecimal() else None
    for id in _numbered():
        if id == wanted or (number is not None and id.partition("-")[0] == number):
            return _shipped(id)
    if wanted in guideline_cases():
        return guideline_cases()[wanted]
    raise InputError(f"There is no case {name.strip()[:60]}.{_hint(wanted, load_cases())}")


def _numbered() -> list[str]:
    return _names(files(__name__))


def _names(folder: Traversable) -> list[str]:
    return sorted(e.name.removesuffix(ENDING) for e in folder.iterdir() if e.name.endswith(ENDING))


@cache
def _shipped(id: str) -> Case:
    return read_case(id, (files(__name__) / f"{id}{ENDING}").read_text(encoding="utf-8"))


def _many(name: str) -> tuple[Case, ...]:
    return read_cases(name, (files(__name__) / GUIDELINES / f"{name}{ENDING}").read_text(encoding="utf-8"))


def _hint(wanted: str, ids: Iterable[str]) -> str:
    slugs = {id.partition("-")[2]: id for id in ids} | {id: id for id in ids}
    near = [slugs[slug] for slug in slugs if wanted and wanted in slug]
    near += [slugs[slug] for slug in get_close_matches(wanted, slugs, MOST_NEAR, 0.5)]
    kept = list(dict.fromkeys(near))[:MOST_NEAR]
    return f" Do you mean {' or '.join(kept)}?" if kept else " `leadterm practice list` lists all."
