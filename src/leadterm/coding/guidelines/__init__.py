"""The Official Guidelines as steps over candidates, one room a chapter; `apply_all` runs them phase by phase.

A room is a package with `STEPS`, perhaps `OPENERS`, its rules in `rules.toml` and its tables in TSV.
"""

from __future__ import annotations

from functools import cache

from leadterm.coding.chart import Candidate, Chart, Opening
from leadterm.domain import Fact

from . import (
    chapter01_infections,
    chapter02_neoplasms,
    chapter03_blood,
    chapter04_endocrine,
    chapter05_mental,
    chapter06_nervous,
    chapter07_eye,
    chapter09_circulatory,
    chapter10_respiratory,
    chapter11_digestive,
    chapter12_skin,
    chapter13_musculoskeletal,
    chapter14_genitourinary,
    chapter15_pregnancy,
    chapter16_newborn,
    chapter18_symptoms,
    chapter19_injury,
    chapter20_external,
    chapter21_factors,
    conventions,
    sections,
)
from ._steps import Opener, Phase, Step

ROOMS = (
    conventions,
    chapter01_infections,
    chapter02_neoplasms,
    chapter03_blood,
    chapter04_endocrine,
    chapter05_mental,
    chapter06_nervous,
    chapter07_eye,
    chapter09_circulatory,
    chapter10_respiratory,
    chapter11_digestive,
    chapter12_skin,
    chapter13_musculoskeletal,
    chapter14_genitourinary,
    chapter15_pregnancy,
    chapter16_newborn,
    chapter18_symptoms,
    chapter19_injury,
    chapter20_external,
    chapter21_factors,
    sections,
)

__all__ = ["ROOMS", "Phase", "Step", "apply_all", "merged", "open_fact"]


@cache
def steps() -> tuple[Step, ...]:
    """Every step, by phase, then by room."""
    return tuple(sorted((step for room in ROOMS for step in room.STEPS), key=lambda step: step.phase))


@cache
def openers() -> tuple[Opener, ...]:
    """Every opener, by room."""
    return tuple(opener for room in ROOMS for opener in getattr(room, "OPENERS", ()))


def open_fact(chart: Chart, fact: Fact) -> Opening | None:
    """Where the first chapter that knows better than Index and dictionary opens a fact; None where none does."""
    for opener in openers():  # a plain loop: it runs for every opener and fact
        found = opener(chart, fact)
        if found is not None:
            return found
    return None


def apply_all(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates after every guideline, codes unique."""
    for step in steps():
        after = step.apply(chart, candidates)
        candidates = candidates if after is candidates else merged(after)
    return candidates


def merged(candidates: list[Candidate]) -> list[Candidate]:
    """One candidate a code, with the evidence of all that came to it; the order of first appearance stays."""
    if len({c.code for c in candidates}) == len(candidates):
        return candidates  # as most steps leave them
    by_code: dict[str, list[Candidate]] = {}
    for c in candidates:
        by_code.setdefault(c.code, []).append(c)
    return [_best(same) for same in by_code.values()]


def _best(same: list[Candidate]) -> Candidate:
    """The candidate that stands highest in the chart, with its own way and the evidence of all."""
    first = min(same, key=lambda c: c.rank)
    return first.joined(*(c for c in same if c is not first)) if len(same) > 1 else first
