"""The tables beside this file: status indicators, modifiers, policies, reductions, parts of tests, practitioners."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from leadterm.domain import InternalError


@dataclass(frozen=True, slots=True)
class Modifier:
    """What a modifier does to an amount; see the head of modifiers.tsv."""

    modifier: str
    kind: str
    policy: str
    within: str
    factor: Decimal
    shares: tuple[str, ...]
    citation: str
    words: str


@dataclass(frozen=True, slots=True)
class Policy:
    """What an indicator of the schedule means: `outcome` is pays, documents or refuses; `factor` for two sides."""

    outcome: str
    factor: Decimal
    words: str


@dataclass(frozen=True, slots=True)
class Reduction:
    """A reduction of further services of a day, from a day on."""

    start: date
    share: Decimal
    citation: str
    words: str


@dataclass(frozen=True, slots=True)
class Practitioner:
    """Whose services (`codes`; all where empty) are paid a share of the schedule."""

    taxonomy: str
    codes: frozenset[str]
    start: date
    share: Decimal
    citation: str
    words: str


@cache
def rows(name: str, columns: int) -> tuple[tuple[str, ...], ...]:
    """The rows of a table of this package. Raises InternalError for one that has another shape."""
    text = (files(__package__) / name).read_text(encoding="utf-8")
    found = [tuple(line.split("\t")) for line in text.splitlines() if line and not line.startswith("#")]
    for row in found:
        if len(row) != columns:
            raise InternalError(f"The table {name} has a row of {len(row)} cells: '{row[0]}'.")
    return tuple(found[1:])


@cache
def statuses() -> Mapping[str, tuple[bool, str]]:
    """Status indicator -> whether the schedule has an amount, and what it means."""
    return MappingProxyType({status: (priced == "yes", words) for status, priced, words in rows("statuses.tsv", 3)})


@cache
def modifiers() -> Mapping[str, Modifier]:
    """The modifiers that change an amount."""
    return MappingProxyType(
        {
            name: Modifier(name, kind, policy, within, Decimal(factor or 1), tuple(shares.split()), citation, words)
            for name, kind, policy, factor, shares, within, citation, words in rows("modifiers.tsv", 8)
        }
    )


@cache
def contradiction(given: tuple[str, ...]) -> str:
    """Why modifiers do not stand on one line; empty where they do."""
    for names, citation, words in rows("contradictions.tsv", 3):
        several = [m for m in dict.fromkeys(given) if m in names.split()]
        if len(several) > 1:
            return f"{several[0]} and {several[1]} do not stand on one line: {words} ({citation})."
    return ""


@cache
def policies() -> Mapping[tuple[str, str], Policy]:
    """(column of the schedule, indicator) -> what it means."""
    return MappingProxyType(
        {
            (column, indicator): Policy(outcome, Decimal(factor or 1), words)
            for column, indicator, outcome, factor, words in rows("policies.tsv", 5)
        }
    )


@cache
def _reductions() -> Mapping[tuple[str, str], tuple[Reduction, ...]]:
    found: dict[tuple[str, str], tuple[Reduction, ...]] = {}
    for indicator, part, start, share, citation, words in rows("reductions.tsv", 6):
        one = Reduction(date.fromisoformat(start), Decimal(share), citation, words)
        found[indicator, part] = (*found.get((indicator, part), ()), one)
    return found


@cache
def reduction(indicator: str, part: str, day: date) -> Reduction | None:
    """The reduction of a part that holds on a day; None where none does."""
    held = (r for r in _reductions().get((indicator, part), ()) if r.start <= day)
    return max(held, key=lambda r: r.start, default=None)


@cache
def parts_of_test(code: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The codes of the professional and of the technical parts of a whole test; None for others."""
    for whole, professional, technical in rows("components.tsv", 3):
        if whole == code:
            return tuple(professional.split()), tuple(technical.split())
    return None


@cache
def practitioner(taxonomy: str, day: date) -> Practitioner | None:
    """Of whom it is certain that a share of the schedule is paid; None for physicians and all others."""
    for start, codes, first, share, citation, words in rows("practitioners.tsv", 6):
        since = date.fromisoformat(first)
        if taxonomy.startswith(start) and since <= day:
            return Practitioner(start, frozenset(codes.split()), since, Decimal(share), citation, words)
    return None
