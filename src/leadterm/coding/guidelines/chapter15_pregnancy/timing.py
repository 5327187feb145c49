"""Trimester, childbirth or puerperium of every code of chapter 15, its fetus, and the weeks (I.C.15.a.3 to a.7)."""

from __future__ import annotations

from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.rules import reason

from .fetus import fetus_of
from .mother import Mother, State, mother
from .opening import TRIMESTER, phase_for
from .phases import phased

FETUS = "ICD10CM:I.C.15.a.6/fetus"
WEEKS = "ICD10CM:I.C.15/weeks"
# Codes that belong to no phase, whatever their titles say.
_TIMELESS = ("O42", "O60", "O47", "O48", "O94")
# What calls for the weeks: pregnancy and birth, not its loss nor what follows it (I.C.21.c.11).
_WITHOUT_WEEKS = (*(f"O0{n}" for n in range(9)), "O94", "O85", "O86", "O87")
CHAPTER = ("O", "Z34", "Z37", "Z36")


def in_time(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Every code of chapter 15 in its phase and of its fetus."""
    her = mother(chart)
    return [_timed(chart, c, her) if c.code[0] == "O" and her.expecting else c for c in candidates]


def _timed(chart: Chart, c: Candidate, her: Mother) -> Candidate:
    if not c.code.startswith(_TIMELESS):
        phase = phase_for(chart, c.facts[0], her)
        code = phased(chart.book, c.code, her, phase)
        if code != c.code and chart.book.is_billable(code):
            c = c.stepped(f"{phase}: {code}. {reason(TRIMESTER)}", TRIMESTER, code=code)
    node = chart.book.node(c.code)
    if node is not None and node.extension is not None:
        number = fetus_of(chart, c.facts[0], her.fetuses)
        code = c.code[:-1] + number
        if code != c.code and chart.book.is_billable(code):
            c = c.stepped(f"7th character {number}. {reason(FETUS)}", FETUS, code=code)
    return c


def weeks_of_gestation(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the weeks of gestation beside codes of a pregnancy that lives or ends in birth."""
    her = mother(chart)
    about = next((c for c in candidates if c.code.startswith(CHAPTER) and not c.code.startswith(_WITHOUT_WEEKS)), None)
    if about is None or her.weeks is None or her.number is None or her.state not in (State.PREGNANT, State.DELIVERED):
        return candidates
    code = "Z3A.01" if her.number < 8 else "Z3A.49" if her.number > 42 else f"Z3A.{her.number:02d}"
    if not chart.book.is_billable(code):
        return candidates
    return [
        *candidates,
        stated(code, (her.weeks,), f"{her.number} completed weeks: {code}. {reason(WEEKS)}", WEEKS, about),
    ]
