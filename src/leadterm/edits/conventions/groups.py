"""Codes of one thing of which an encounter has one: a stage, a severity, an outcome, an episode of care.

`groups.tsv` holds them by the places of their characters: two codes conflict where those of `same` agree and those of
`differ` do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache

from leadterm.codesets.relations.references import Reference, names_one
from leadterm.edits._coding import Coding, Diagnosis, Entry, named
from leadterm.edits._findings import Check, Draft, Gate
from leadterm.edits._ranges import codes_of
from leadterm.edits._tables import read_table

from ._bits import ENTRIES_KEPT

COLUMNS = ("codes", "same", "differ", "rule", "source", "why")
Places = tuple[slice, ...]
Group = tuple[int, str]


@cache
def _rows() -> tuple[tuple[tuple[Reference, ...], Places, Places, str, str, str], ...]:
    rows = read_table("conventions/groups.tsv", COLUMNS)
    return tuple((codes_of(a), _places(b), _places(c), rule, source, why) for a, b, c, rule, source, why in rows)


def _places(cell: str) -> Places:
    """The places of characters, counted from 1: `1-3, 5` is 1 to 3 and 5."""
    ends = [part.strip().partition("-") for part in cell.split(",")]
    return tuple(slice(int(first) - 1, int(last or first)) for first, _, last in ends)


@lru_cache(maxsize=ENTRIES_KEPT)
def _groups(entry: Entry) -> tuple[tuple[Group, str], ...]:
    """The groups that a code belongs to: row and what its members share, with what tells this one apart."""
    return tuple(
        ((n, _at(row[1], entry.bare)), _at(row[2], entry.bare))
        for n, row in enumerate(_rows())
        if names_one(row[0], entry.bare)
    )


def _at(places: Places, bare: str) -> str:
    return " ".join(bare[place] for place in places)


def _several(coding: Coding) -> Mapping[Group, list[Diagnosis]]:
    """The groups of which an encounter has members that differ."""
    members = [(d, groups) for d in coding.diagnoses if (groups := _groups(d.entry))]
    if len(members) < 2:
        return {}
    found: dict[Group, dict[str, list[Diagnosis]]] = {}
    for d, groups in members:
        for group, differing in groups:
            found.setdefault(group, {}).setdefault(differing, []).append(d)
    return {g: [d for ds in several.values() for d in ds] for g, several in found.items() if len(several) > 1}


def _check_of(rule: str) -> Check[Coding]:
    def check(coding: Coding) -> Iterable[Draft]:
        several = coding.once(_several)
        return _drafts(several, rule) if several else ()

    return check


def _drafts(several: Mapping[Group, list[Diagnosis]], rule: str) -> Iterator[Draft]:
    for (row, _), members in several.items():
        *_, of_rule, source, why = _rows()[row]
        if of_rule == rule:
            yield _draft(members, source, why)


def _draft(members: list[Diagnosis], source: str, why: str) -> Draft:
    by_code = {d.code: d for d in reversed(members)}
    several = [by_code[code] for code in sorted(by_code)]
    message = f"{', '.join(map(named, several))} stand side by side: {why}."
    return Draft(message, tuple(d.code for d in several), tuple(d.assignment.id for d in several), source=source)


RULES = tuple(dict.fromkeys(row[3] for row in _rows()))
CHECKS: Mapping[str, Check[Coding]] = {rule: _check_of(rule) for rule in RULES}
GATE: Gate[Coding] = _several
