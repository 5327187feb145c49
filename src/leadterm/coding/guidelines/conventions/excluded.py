"""Excludes1 (I.A.12.a): of two codes that the Tabular List forbids together, the one that says less is left out.

Where neither says less, both stay, with a finding of the edits: whether the two are unrelated, which alone permits the
pair, is for a person to decide.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache, lru_cache

from leadterm.codesets.relations.relations import Link, Relations
from leadterm.coding._tables import of_all_rooms
from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.navigating.difference import is_vague
from leadterm.coding.rules import reason
from leadterm.domain import Alternative

RULE = "ICD10CM:I.A.12.a/excludes1"
SYMPTOM = "R"
KEPT = 100_000


def excluded(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates without those that an Excludes1 note forbids beside a clearer one, named there as alternatives."""
    left: dict[str, tuple[str, str]] = {}
    for at, one in enumerate(candidates):
        for other in candidates[at + 1 :]:
            if one.code in left or other.code in left:
                continue
            bar = None if _together(one.code, other.code) else _bar(chart.relations, one.code, other.code)
            less = _less(chart, one, other) if bar else None
            if bar and less:
                more = other if less is one else one
                left[less.code] = (more.code, bar.relation.at)
    return [_told(c, left) for c in candidates if c.code not in left]


@lru_cache(maxsize=KEPT)
def _bar(relations: Relations, one: str, other: str) -> Link | None:
    return relations.bar(one, other) or relations.bar(other, one)


@cache
def _pairs() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    return tuple((tuple(row["one"].split()), tuple(row["other"].split())) for row in of_all_rooms("together"))


def _together(one: str, other: str) -> bool:
    """Whether the two are a pair that a note covers and does not mean (`together.tsv`)."""
    return any(
        (one.startswith(first) and other.startswith(second)) or (other.startswith(first) and one.startswith(second))
        for first, second in _pairs()
    )


def _less(chart: Chart, one: Candidate, other: Candidate) -> Candidate | None:
    """Which of the two says less: a symptom beside a disease, an unspecified form beside a clear one."""
    for asks in (_is_symptom, _is_vague):
        said = [c for c in (one, other) if asks(chart, c)]
        if len(said) == 1:
            return said[0]
    return None


def _is_symptom(chart: Chart, c: Candidate) -> bool:
    return c.code.startswith(SYMPTOM)


def _is_vague(chart: Chart, c: Candidate) -> bool:
    node = chart.book.node(c.code)
    return node is not None and is_vague(node.title)


def _told(c: Candidate, left: dict[str, tuple[str, str]]) -> Candidate:
    mine = [
        Alternative(code, f"Excludes1 note at {at} ({reason(RULE)})") for code, (by, at) in left.items() if by == c.code
    ]
    return replace(c, alternatives=(*c.alternatives, *mine)) if mine else c
