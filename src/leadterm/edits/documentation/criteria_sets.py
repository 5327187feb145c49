"""Criteria sets: the signs by which a diagnosis is commonly held to be borne out, by name, each with its publication.

They stand in `criteria/*.toml`. A file has `[[set]]` tables:

    name, diagnosis     how the set is chosen, and what it is of
    codes               beginnings of the ICD-10-CM codes that are asked
    standard            whether it is asked where nobody chooses another set of the same diagnosis
    asks                `record` (of stays with measurements in their record) or `measure` (wherever its value is)
    adult               whether it holds from 18 years on
    source, version     the publication
    [[set.group]]       name, needs (points that the signs of the group must come to), sign (see `_signs.Sign`)

Signs of one name are alternatives and count once. A set is met when every group is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from leadterm.domain import Evidence, InputError, InternalError
from leadterm.edits._tables import PACKAGE

from ._signs import Shown, Sign, read_sign

FOLDER = "documentation/criteria"
REQUIRED = frozenset({"name", "diagnosis", "codes", "source", "version", "group"})
OPTIONAL = frozenset({"standard", "adult", "asks"})
ASKS = frozenset({"record", "measure"})


@dataclass(frozen=True, slots=True)
class Group:
    """Signs of which some are needed: their names, and the alternatives of each."""

    name: str
    needs: int
    signs: Mapping[str, tuple[Sign, ...]]


@dataclass(frozen=True, slots=True)
class CriteriaSet:
    """A criteria set.

    Attributes:
        name: How it is chosen (`sepsis-2`).
        diagnosis: What it is of; sets of one diagnosis exclude each other.
        codes: Beginnings of the codes that are asked.
        source, version: The publication.
        groups: All of them are needed.
        standard: Whether it is asked where nobody chooses.
        adult: Whether it holds from 18 years on.
        asks: `record` or `measure`, as the head of this module tells.
    """

    name: str
    diagnosis: str
    codes: tuple[str, ...]
    source: str
    version: str
    groups: tuple[Group, ...]
    standard: bool = False
    adult: bool = False
    asks: str = "record"

    @property
    def needed(self) -> int:
        """The points that all groups need."""
        return sum(group.needs for group in self.groups)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a record shows of a criteria set.

    Attributes:
        set: Which one.
        found: Sign → the words that show it, in the order of the set.
        missing: Signs that the record does not show.
        met: Whether every group is.
    """

    set: CriteriaSet
    found: Mapping[str, tuple[Evidence, ...]]
    missing: tuple[str, ...]
    met: bool


def judged(criteria: CriteriaSet, record: Shown) -> Judged:
    """What a record shows of a set."""
    found: dict[str, tuple[Evidence, ...]] = {}
    missing: list[str] = []
    met = True
    for group in criteria.groups:
        points = 0
        for name, signs in group.signs.items():
            shown = [(sign.points, evidence) for sign in signs if (evidence := sign.shown(record))]
            if shown:
                found[name] = tuple({(e.document, e.span): e for _, es in shown for e in es}.values())
                points += max(p for p, _ in shown)
            else:
                missing.append(name)
        met = met and points >= group.needs
    return Judged(criteria, found, tuple(missing), met)


@lru_cache(maxsize=256)
def chosen(names: tuple[str, ...]) -> tuple[CriteriaSet, ...]:
    """The sets that are asked: those of `names`, and the standard ones of every other diagnosis.

    Raises InputError for a name that no set has, and for two names of one diagnosis.
    """
    wanted: dict[str, CriteriaSet] = {}
    for name in names:
        found = known(name)
        if (other := wanted.setdefault(found.diagnosis, found)) is not found:
            raise InputError(f"{other.name} and {name} are both criteria of {found.diagnosis}; choose one of them.")
    return tuple(wanted.get(s.diagnosis, s) for s in sets().values() if s.standard)


def known(name: str) -> CriteriaSet:
    """The set of that name. Raises InputError where there is none."""
    if (found := sets().get(name)) is None:
        near = get_close_matches(name, sets(), 1)
        hint = f" Do you mean {near[0]}?" if near else f" There are: {', '.join(sets())}."
        raise InputError(f"There is no criteria set {name[:40]!r}.{hint}")
    return found


@lru_cache(maxsize=20_000)
def sets_of(code: str, names: tuple[str, ...]) -> tuple[CriteriaSet, ...]:
    """The chosen sets that a code (with its dot) is asked about."""
    return tuple(s for s in chosen(names) if code.startswith(s.codes))


@cache
def sets() -> Mapping[str, CriteriaSet]:
    """Every set by name. Raises InternalError for a file that writes one wrongly or twice."""
    found: dict[str, CriteriaSet] = {}
    folder = files(PACKAGE) / FOLDER
    for file in sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name):
        for row in tomllib.loads(file.read_text(encoding="utf-8"))["set"]:
            made = _set(row)
            if found.setdefault(made.name, made) is not made:
                raise InternalError(f"The criteria set {made.name} stands twice.")
    _refuse_unchosen(found.values())
    return found


def _refuse_unchosen(found: Iterable[CriteriaSet]) -> None:
    """Every diagnosis has one standard set."""
    standard = [s.diagnosis for s in found if s.standard]
    if sorted(standard) != sorted({s.diagnosis for s in found}):
        raise InternalError("A diagnosis has no standard criteria set, or two.")


def _set(row: Mapping[str, Any]) -> CriteriaSet:
    name = str(row.get("name", "without name"))
    if wrong := (REQUIRED - row.keys()) | (row.keys() - REQUIRED - OPTIONAL):
        raise InternalError(f"The criteria set {name} lacks or should not have: {', '.join(sorted(wrong))}.")
    if row.get("asks", "record") not in ASKS:
        raise InternalError(f"The criteria set {name} asks of {row['asks']!r}.")
    groups = tuple(_group(g, name) for g in row["group"])
    return CriteriaSet(
        name=name,
        diagnosis=row["diagnosis"],
        codes=tuple(row["codes"].split()),
        source=row["source"],
        version=row["version"],
        groups=groups,
        standard=row.get("standard", False),
        adult=row.get("adult", False),
        asks=row.get("asks", "record"),
    )


def _group(row: Mapping[str, Any], where: str) -> Group:
    signs: dict[str, tuple[Sign, ...]] = {}
    for written in row["sign"]:
        sign = read_sign(written, where)
        signs[sign.name] = (*signs.get(sign.name, ()), sign)
    return Group(row["name"], row["needs"], signs)
