"""Comorbidity conditions: which of them codes open, which give way to another, what they weigh."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from leadterm.domain import CodeSystem, dotted

from ._tables import rows


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of an index that the patient has.

    Attributes:
        key, title: Of the table (`heart-failure`; AHRQ's own abbreviation: `HF`).
        codes: That open it, with their dots, in order.
        weights: What it adds to each score, by the name of the score.
    """

    key: str
    title: str
    codes: tuple[str, ...]
    weights: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class GaveWay:
    """A condition that codes open and that does not count, because a graver one of its kind does."""

    key: str
    title: str
    codes: tuple[str, ...]
    to: str


@dataclass(frozen=True, slots=True)
class NotCounted:
    """A code that does not count for a condition, and why."""

    code: str
    key: str
    why: str


@dataclass(frozen=True, slots=True)
class Index:
    """What an index makes of the diagnoses.

    Attributes:
        algorithm: Whose codes and weights.
        conditions: That count, in the order of the table.
        gave_way: That do not, for a graver one.
        scores: By their names: `charlson_1987`, `van_walraven`, `mortality`, …
        not_counted: Codes that would open a condition, and do not here.
        remark: What to know; None for nothing.
    """

    algorithm: str
    conditions: tuple[Condition, ...]
    gave_way: tuple[GaveWay, ...]
    scores: tuple[tuple[str, int], ...]
    not_counted: tuple[NotCounted, ...] = ()
    remark: str | None = None


def settled(
    table: str, weights: Mapping[str, str], opened: Mapping[str, Iterable[str]]
) -> tuple[tuple[Condition, ...], tuple[GaveWay, ...]]:
    """The conditions that count and those that give way, of those that codes (without dots) opened.

    `weights`: name of a score → its column in the table.
    """
    kept, gone = [], []
    for row in rows(table):
        if row["key"] not in opened:
            continue
        codes = tuple(sorted(dotted(code, CodeSystem.ICD10CM) for code in set(opened[row["key"]])))
        graver = next((key for key in row["gives_way_to"].split() if key in opened), None)
        if graver:
            gone.append(GaveWay(row["key"], row["title"], codes, graver))
        else:
            told = tuple((score, int(row[column])) for score, column in weights.items())
            kept.append(Condition(row["key"], row["title"], codes, told))
    return tuple(kept), tuple(gone)


def summed(conditions: Sequence[Condition], score: str) -> int:
    """The sum of one score's weights."""
    return sum(dict(condition.weights)[score] for condition in conditions)


def opened_by(table: str, codes: Iterable[str]) -> dict[str, set[str]]:
    """Condition → the codes (without dots) that open it, by the beginnings that a table lists."""
    beginnings = _beginnings(table)
    found: dict[str, set[str]] = {}
    for code in codes:
        for end in range(1, len(code) + 1):
            for key in beginnings.get(code[:end], ()):
                found.setdefault(key, set()).add(code)
    return found


@cache
def _beginnings(table: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in rows(table):
        for beginning in row["codes"].split():
            found[beginning] = (*found.get(beginning, ()), row["key"])
    return found
