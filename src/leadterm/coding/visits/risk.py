"""The risk of what a visit decided: each way of managing, with the level that it bears. The highest decides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.patterns import Pattern, compiled
from leadterm.domain import Assertion, Evidence, Fact, FactKind

from .notes import BACKGROUND, CONCLUDING, Note
from .sheet import Axis, Element, Level
from .wording import minor_procedures, worded

DECIDED = frozenset({Assertion.PRESENT, Assertion.PLANNED})
UNTITLED = frozenset({"unknown", "other", "disposition", "procedure"})
PLANS = frozenset({"plan", "assessment-plan"})
_AFTER_DASH = compiled(r"\w[^.\n]*(?:\s[-–—:>]|:|->)\s*\Z")  # "problem - drug" of a terse plan
_MANAGES = worded("risk.manages")
_SIG = worded("risk.sig")
_PRESCRIBED = worded("risk.prescribed")
_NOT_GIVEN = worded("risk.not_given")
_SURGERY = worded("risk.surgery")
_SURGERY_NOT = worded("risk.surgery_not")
_URGENT = worded("risk.urgent")
_RISKY = worded("risk.risky")
_NOT_RISKY = compiled(r"(?i)\b(?:no|without|denies|low) [^.\n]{0,40}\Z")
_PARENTERAL = worded("risk.parenteral")
# Who is in the hospital already: that they were admitted is no decision of the day.
ADMITTED = ("hospital-subsequent", "hospital-discharge", "critical")
CONTROLLED = ("opioid analgesic", "benzodiazepine", "stimulant", "sedative hypnotic")
_ORAL = worded("risk.oral")
_NEGATED = worded("risk.negated")


def level_of(elements: Sequence[Element]) -> Level:
    """The highest level among what was decided, minimal at the least."""
    return max((Level.STRAIGHTFORWARD, *(e.level for e in elements)))


def risks(note: Note, family: str) -> tuple[Element, ...]:
    """What the visit decided, each kind and thing once."""
    found = (*_drugs(note), *_surgery(note), *_written(note, family))
    return tuple({(e.kind, e.name): e for e in reversed(found)}.values())[::-1]


def _element(kind: str, name: str, why: str, level: Level, words: Evidence, *facts: Fact) -> Element:
    return Element(Axis.RISK, kind, name, why, (words,), level, tuple(f.id for f in facts))


@cache
def _unprescribed() -> frozenset[str]:
    return frozenset(row["class"] for row in rows("visits/nonprescription"))


@cache
def _prescribed_only() -> tuple[str, ...]:
    return tuple(row["words"] for row in rows("visits/prescription_only"))


def _had_freely(fact: Fact, sentence: str) -> bool:
    """Whether a drug is had without a prescription: by its class, its name and what is said of it."""
    if fact.attributes.get("class", "") not in _unprescribed() or _PRESCRIBED.search(sentence):
        return False
    return not any(words in fact.concept.lower() for words in _prescribed_only())


def _drugs(note: Note) -> Iterator[Element]:
    for fact in note.facts:
        if fact.kind is not FactKind.DRUG or fact.assertion not in DECIDED or fact.section not in CONCLUDING | UNTITLED:
            continue
        start, end = note.sentence(fact.mention.span.start)
        sentence, before = note.text[start:end], note.text[start : fact.mention.span.start]
        told = (
            _MANAGES.search(sentence) or _SIG.search(sentence) or (_AFTER_DASH.search(before) and fact.section in PLANS)
        )
        if _NOT_GIVEN.search(before) or not told:
            continue
        yield _drug(note, fact, sentence, (start, end))


def _drug(note: Note, fact: Fact, sentence: str, place: tuple[int, int]) -> Element:
    words, kind = note.quote(*place), fact.attributes.get("class", "")
    if kind in CONTROLLED and _PARENTERAL.search(sentence) and not _ORAL.search(sentence):
        return _element(
            "controlled", fact.concept, "a controlled substance given by injection", Level.HIGH, words, fact
        )
    if _had_freely(fact, sentence):
        return _element("nonprescription", fact.concept, "a drug that needs no prescription", Level.LOW, words, fact)
    return _element("prescription", fact.concept, "prescription drug management", Level.MODERATE, words, fact)


def _surgery(note: Note) -> Iterator[Element]:
    """Decisions for surgery that the note concludes with."""
    for fact in note.facts:
        if fact.kind is not FactKind.PROCEDURE or fact.attributes.get("class") not in ("operation", "therapy"):
            continue
        if fact.assertion not in DECIDED or fact.section not in CONCLUDING:
            continue
        start, end = note.sentence(fact.mention.span.start)
        sentence, before = note.text[start:end], note.text[start : fact.mention.span.start]
        minor = any(words in fact.concept.lower() for words in minor_procedures())
        if fact.attributes["class"] == "therapy" and not minor:
            continue
        if _SURGERY_NOT.search(before) or not (
            _SURGERY.search(sentence) or fact.assertion is Assertion.PLANNED or minor
        ):
            continue
        yield _operation(note, fact, sentence, minor, (start, end))


def _operation(note: Note, fact: Fact, sentence: str, minor: bool, place: tuple[int, int]) -> Element:
    """One decision for surgery: minor or major, urgent or not, with risk factors or without."""
    words = note.quote(*place)
    near = note.text[place[0] : place[1] + 200]
    risky = (found := _RISKY.search(near)) is not None and not _NOT_RISKY.search(near[: found.start()])
    if minor:
        level, why = (Level.MODERATE, "with") if risky else (Level.LOW, "without")
        return _element(
            "minor-surgery", fact.concept, f"a decision for minor surgery {why} risk factors", level, words, fact
        )
    if _URGENT.search(sentence):
        return _element(
            "emergency-surgery", fact.concept, "a decision for emergency major surgery", Level.HIGH, words, fact
        )
    level, why = (Level.HIGH, "with") if risky else (Level.MODERATE, "without")
    return _element(
        "major-surgery", fact.concept, f"a decision for elective major surgery {why} risk factors", level, words, fact
    )


@cache
def _decisions() -> tuple[tuple[Level, str, str, Pattern], ...]:
    return tuple(
        (Level(int(row["level"])), row["kind"], row["why"], compiled(f"(?i){row['pattern']}"))
        for row in rows("visits/decisions")
    )


def _written(note: Note, family: str) -> Iterator[Element]:
    for level, kind, why, pattern in _decisions():
        if kind == "hospital" and family in ADMITTED:
            continue
        for found, words in note.said(pattern):
            if _affirmed(note, found) and (kind == "social" or note.section(found.start()) not in BACKGROUND | {"hpi"}):
                yield _element(kind, kind, why, level, words)
                break


def _affirmed(note: Note, found: re.Match[str]) -> bool:
    before = note.text[max(0, found.start() - 50) : found.start()]
    return not _NEGATED.search(before.rsplit("\n", 1)[-1])
