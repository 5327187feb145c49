"""Preventive visits: by age and new or established; Medicare's own where Medicare is asked."""

from __future__ import annotations

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.services.payers import is_medicare
from leadterm.domain import Evidence

from .notes import Note
from .sheet import Axis, Element, Level, Worksheet
from .wording import worded

_WELLNESS = worded("preventive.wellness")
_PREVENTION = worded("preventive.of_prevention")
_WELCOME = worded("preventive.welcome")
_FIRST = worded("preventive.first")
_LATER = worded("preventive.later")
_SEPARATE = worded("preventive.separate")
Chosen = tuple[str, str, Evidence | None, str]
WELLNESS_RULE = "MCPM:12.30.6.1.1/wellness"
# What a problem is that takes no work worth a visit of its own beside a preventive one.
SLIGHT = ("stable-chronic", "minor")


def chosen(chart: Chart, note: Note, established: bool | None) -> Chosen | None:
    """The code, why, the words and the rule; None where age, or new or established, or which wellness visit is open."""
    if is_medicare(chart) and (own := _medicare(note)) is not None:
        return own or None
    age = chart.age
    if age is None or established is None:
        return None
    row = [r for r in rows("visits/preventive") if int(r["from"]) <= age][-1]
    word = "established" if established else "new"
    return row[word], f"a preventive visit at {age} years, {word} patient", note.title, "CPT:EM/preventive"


def _medicare(note: Note) -> Chosen | tuple[()] | None:
    """Medicare's own visit; empty where the note leaves open which; None where it is none of them."""
    if found := _WELCOME.search(note.text):
        return (
            "G0402",
            "the first preventive visit after enrolment",
            note.quote(*note.sentence(found.start())),
            WELLNESS_RULE,
        )
    if not _WELLNESS.search(note.text):
        return None
    kinds = (
        ("G0438", _FIRST, "the first annual wellness visit"),
        ("G0439", _LATER, "a later annual wellness visit"),
    )
    # What is told of this visit stands before what is told of those behind it.
    named = [(told.start(), code, why) for code, pattern, why in kinds if (told := pattern.search(note.text))]
    if not named:
        return ()
    place, code, why = min(named)
    return code, why, note.quote(*note.sentence(place)), WELLNESS_RULE


def of_problems(sheet: Worksheet, note: Note) -> tuple[Element, ...]:
    """The elements without tests that were ordered for the preventive part: no work on a problem."""
    return tuple(
        e for e in sheet.elements if e.axis is not Axis.DATA or not any(_of_prevention(note, w) for w in e.evidence)
    )


def _of_prevention(note: Note, words: Evidence) -> bool:
    start = note.text.rfind("\n", 0, words.span.start - note.base) + 1
    end = note.text.find("\n", words.span.end - note.base)
    return _PREVENTION.search(note.text[start : end if end >= 0 else None]) is not None


def significant(sheet: Worksheet, note: Note) -> bool:
    """Whether a problem took work of its own: not slight, and managed beyond advice or told as addressed apart."""
    kinds = [e.kind for e in sheet.on(Axis.PROBLEMS)]
    managed = sheet.decision.risk >= Level.MODERATE or sheet.decision.data >= Level.LOW
    apart = sheet.decision.risk >= Level.LOW and _SEPARATE.search(note.text) is not None
    return (managed or apart) and any(kind not in SLIGHT for kind in kinds)
