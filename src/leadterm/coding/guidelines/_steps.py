"""What a room of the guidelines offers: steps over the candidates, each in its phase, and openings of facts.

A rule looks at the whole chart and its candidates and gives the candidates back, changed: it adds what the chart says
in a way that no single mention does, joins, refines, drops, reorders. The phases say in which company it runs, so that
a new rule asks only which phase it belongs to, never which other rule it must follow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from leadterm.coding.chart import Candidate, Chart, Opening
from leadterm.domain import Fact

Apply = Callable[[Chart, list[Candidate]], list[Candidate]]
Opener = Callable[[Chart, Fact], Opening | None]


class Phase(IntEnum):
    """When a rule looks at the candidates; later phases see what earlier ones did."""

    SAY = 1  # codes of what the chart says in values, drugs, devices and words that no term opens
    CLARIFY = 2  # the clearest words for each thing, one code a thing
    LINK = 3  # what two things mean together: "with", "due to", combination, etiology and manifestation
    COMPLETE = 4  # what a code asks for beside it: stage, type, organism, drug, cause
    SPARE = 5  # what is redundant by now: integral symptoms, vaguer codes, what Excludes1 forbids
    ACCOMPANY = 6  # what only stands beside others: status, long-term drugs, external causes, weeks, body mass index
    SELECT = 7  # the principal diagnosis of a stay
    ORDER = 8  # ranks: what leads the claim, what follows what


@dataclass(frozen=True, slots=True)
class Step:
    """One rule in its phase; within a phase rooms keep their order (conventions, chapters, sections)."""

    phase: Phase
    apply: Apply
