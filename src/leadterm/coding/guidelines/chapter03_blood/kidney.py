"""Anemia in chronic kidney disease says the kidney disease too (note at D63.1)."""

from __future__ import annotations

from leadterm.coding.chart import Chart, Opening
from leadterm.domain import Fact, PathwayStep, Step

ANEMIA, KIDNEY = "D63.1", "N18"


def open_anemia(chart: Chart, fact: Fact) -> Opening | None:
    """The opening of "anemia of CKD, stage 4": the anemia, and the kidney disease at the stage of the same words."""
    if fact.targets[:1] != (ANEMIA,):
        return None
    step = PathwayStep(
        Step.INDEX, f"\u201c{fact.mention.text}\u201d: Anemia, in, chronic kidney disease {ANEMIA}, code first {KIDNEY}"
    )
    return Opening(ANEMIA, (step,), (KIDNEY,))
