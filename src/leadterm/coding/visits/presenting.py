"""What a patient came with, for notes whose conclusion names no problem; and the signs that the whole body is ill."""

from __future__ import annotations

from collections.abc import Sequence

from leadterm.domain import Assertion, Fact, FactKind

from .notes import BACKGROUND, TELLING, Note
from .outline import VAGUE

INJURIES = ("S", "T0", "T1", "T2", "T3")
# Infections that may make the whole body ill; of a cold with fever the fever is part.
INFECTIONS = ("A", "J1", "J85", "J86", "K35", "K57", "K65", "K81", "K83", "L0", "M00", "M86", "N1", "N30", "N39", "N7")
CHILLS = ("chills", "rigors")
FEVER_C, HOTTEST_C, FEVER_F, FAST = 38.0, 45.0, 100.4, 100  # degrees of each scale, beats a minute


def presenting(counted: Sequence[Fact], note: Note) -> list[Fact]:
    """Of the problems that a note names anywhere the injuries, else those of the sentence that opens its story."""
    now = [f for f in counted if f.section not in BACKGROUND]
    if injuries := [f for f in now if f.targets[0].startswith(INJURIES)]:
        return injuries
    story = [f for f in now if f.section in TELLING | VAGUE]
    return [f for f in story if note.sentence(f.mention.span.start) == note.sentence(story[0].mention.span.start)]


def systemically_ill(note: Note) -> bool:
    """Whether at least two signs of a systemic illness are told: fever, a fast heart, chills."""
    measured = {f.concept.lower(): f for f in note.facts if f.kind is FactKind.VALUE}
    heat, beat = _number(measured.get("temperature")), _number(measured.get("heart rate"))
    signs = (
        FEVER_C <= heat < HOTTEST_C or heat >= FEVER_F,
        beat > FAST,
        any(f.assertion is Assertion.PRESENT and f.concept.lower().startswith(CHILLS) for f in note.facts),
    )
    return sum(signs) > 1


def _number(fact: Fact | None) -> float:
    try:
        return float(fact.attributes.get("value", "")) if fact else 0.0
    except ValueError:
        return 0.0
