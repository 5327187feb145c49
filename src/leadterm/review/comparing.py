"""What changed between two codings of one chart: codes that came and went, what leads, present on admission."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Coding:
    """The codes of a chart, as compared.

    Attributes:
        id: Of the chart.
        codes: Diagnoses and procedures in claim order, system and code (`icd10cm E11.22`); no charge twice.
        poa: Present on admission by code, where it was given.
        error: Why the chart was not coded, where it was not.
    """

    id: str
    codes: tuple[str, ...] = ()
    poa: Mapping[str, str] | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """How two codings of a chart differ; empty fields do not.

    Attributes:
        id: Of the chart.
        added, removed: Codes in the order of the claims.
        leading: What led before and what leads now.
        reordered: Whether the codes are the same and only their order is not.
        poa: Codes of both with what was said of them before and now.
        missing: `before` or `after`: where the chart is not.
        errors: What kept it from being coded, before and after.
    """

    id: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    leading: tuple[str | None, str | None] | None = None
    reordered: bool = False
    poa: tuple[tuple[str, str | None, str | None], ...] = ()
    missing: str | None = None
    errors: tuple[str | None, str | None] | None = None


def compare(before: Coding | None, after: Coding | None) -> Change | None:
    """The change from one coding of a chart to the other; None where there is none. One of the two may be absent."""
    if before is None or after is None:
        present = before or after
        return Change(present.id, missing="before" if before is None else "after") if present else None
    change = Change(
        before.id,
        tuple(c for c in after.codes if c not in before.codes),
        tuple(c for c in before.codes if c not in after.codes),
        _leading(before, after),
        before.codes != after.codes and sorted(before.codes) == sorted(after.codes),
        _poa(before, after),
        errors=(before.error, after.error) if before.error != after.error else None,
    )
    return None if change == Change(before.id) else change


def _leading(before: Coding, after: Coding) -> tuple[str | None, str | None] | None:
    first, now = next(iter(before.codes), None), next(iter(after.codes), None)
    return (first, now) if first != now else None


def _poa(before: Coding, after: Coding) -> tuple[tuple[str, str | None, str | None], ...]:
    was, now = before.poa or {}, after.poa or {}
    both = [c for c in before.codes if c in after.codes]
    return tuple((c, was.get(c), now.get(c)) for c in both if was.get(c) != now.get(c))


def totals(changes: Iterable[Change]) -> tuple[Counter[str], Counter[str]]:
    """How often each code was added and removed."""
    added: Counter[str] = Counter()
    removed: Counter[str] = Counter()
    for change in changes:
        added.update(change.added)
        removed.update(change.removed)
    return added, removed
