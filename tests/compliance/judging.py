"""A synthetic year judged: what was planted and found, by grade, and false alarms among all that was judged."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import cast

from leadterm.codesets.lists.exclusions import Exclusion, Exclusions
from leadterm.compliance.signals import Tables, Watch
from leadterm.domain import Signal

from .notes import Season
from .year import GRADES, KINDS, RISK_CODES, Variant, Year

FAINT = GRADES[0]
BATCH = 5000


@dataclass(frozen=True, slots=True)
class Score:
    """Of one kind: planted and found by grade, judged honest (provider and key), and signals among these."""

    kind: str
    planted: Counter[str]
    found: Counter[str]
    honest: int
    false: int

    @property
    def sensitivity(self) -> float:
        """Share found of what was planted, but for the faint."""
        every = sum(n for grade, n in self.planted.items() if grade != FAINT)
        return sum(n for grade, n in self.found.items() if grade != FAINT) / every if every else 1.0

    @property
    def false_alarms(self) -> float:
        """Signals over all honest that were judged."""
        return self.false / self.honest if self.honest else 0.0


@dataclass(frozen=True, slots=True)
class Judged:
    """The scores of a year, its signals, how many claims and notes, and the CPU seconds of seeing and judging."""

    scores: tuple[Score, ...]
    signals: tuple[Signal, ...]
    claims: int
    notes: int
    seconds: float
    seconds_of_notes: float


class Listed:
    """The list of exclusions, without a store."""

    def __init__(self, rows: list[tuple[str, date, date | None]]) -> None:
        self._rows = {
            npi: (Exclusion("", "", "", "", "", "", npi, None, "IA", "1128a1", since, until, None, ""),)
            for npi, since, until in rows
        }

    def by_npi(self, npi: str) -> tuple[Exclusion, ...]:
        return self._rows.get(npi, ())

    def by_person(self, last_name: str, first_name: str) -> tuple[Exclusion, ...]:
        return ()

    def by_business(self, name: str) -> tuple[Exclusion, ...]:
        return ()


def judged(variant: Variant) -> Judged:
    """The year of a variant, claims and notes, watched and scored."""
    year, season = Year(variant), Season(variant)
    listed = cast(Exclusions, Listed(year.excluded()))
    watch = Watch(Tables(excluded=listed, risk_adjusted=lambda on: RISK_CODES))
    seconds = seconds_of_notes = 0.0
    claims, notes = year.claims(), season.encounters()
    read = 0
    while batch := list(islice(claims, BATCH)):
        began = time.process_time()
        for claim in batch:
            watch.see(claim)
        seconds += time.process_time() - began
    for coded in notes:
        began = time.process_time()
        watch.read(coded)
        seconds_of_notes += time.process_time() - began
        read += 1
    began = time.process_time()
    signals = watch.signals()
    seconds += time.process_time() - began
    planted = year.planted | {"cloned-notes": season.planted}
    scores = tuple(_score(kind, planted[kind], signals, watch) for kind in KINDS)
    return Judged(scores, signals, watch.claims, read, seconds, seconds_of_notes)


def _score(kind: str, planted: dict[str, str], signals: tuple[Signal, ...], watch: Watch) -> Score:
    mine = [s.subject.npi for s in signals if s.kind == kind]
    found = Counter(planted[npi] for npi in set(mine) if npi in planted)
    honest = sum(npi not in planted for npi, _ in watch.judged.get(kind, ()))
    return Score(kind, Counter(planted.values()), found, honest, sum(npi not in planted for npi in mine))
