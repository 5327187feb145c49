"""The data that a visit reviewed or ordered: unique tests, notes of others, historians, interpretation, discussion.

A test counts once, whether ordered, reviewed or both; a panel is one test. A test whose interpretation the same
provider reports is none, and of one that was ordered at an earlier visit the review belongs to that visit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from leadterm.coding import offices
from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import Pattern, compiled
from leadterm.domain import Assertion, CodeSystem, Evidence, Fact, FactKind

from .notes import BACKGROUND, CONCLUDING, Note
from .sheet import Axis, Element, Level
from .wording import worded

TESTS = frozenset({"test", "imaging"})
RESULTS = frozenset({"results", "imaging", "findings"})
DONE = frozenset({Assertion.PRESENT, Assertion.PLANNED})
CHILD = 12  # years under which a child's parent tells the history
WHY = {
    "test": "a unique test, ordered or reviewed",
    "note": "a note of another source, reviewed",
    "historian": "a history from someone else, needed for the assessment",
    "interpretation": "a test that the provider interpreted independently",
    "discussion": "management or a result discussed with an external professional",
}
# A test whose interpretation stands among the charges, by the first digits of the charge's code.
_REPORTED = (
    (compiled(r"electrocardiogram|ekg|ecg"), ("93000", "93010", "93005")),
    (compiled(r"spirometry|pulmonary function"), ("94010", "94060")),
    (compiled(r"echocardiogram"), ("933",)),
    (compiled(r"x ray|x-ray|ultrasound|ct |mri|mammogram|series"), ("70", "71", "72", "73", "74", "76", "77")),
)
_REVIEWED = worded("data.reviewed")
_EARLIER = worded("data.earlier")
_UNDECIDED = worded("data.undecided")
_HISTORIAN = worded("data.historian")
_TELLS = worded("data.tells")
_UNABLE = worded("data.unable")
_NOTES = worded("data.notes")
_INTERPRETED = worded("data.interpreted")
_DISCUSSED = worded("data.discussed")
_OWN_PEOPLE = worded("data.own_people")
_NEGATED = compiled(r"(?i)\b(?:no|not|without|never|unable to|will|plan to|to be|attempt\w*|pending)\b[^.;,\n]{0,30}\Z")


def level_of(elements: Sequence[Element]) -> Level:
    """The level of data: two or three of the first category, or one or two of the three categories."""
    kinds = [e.kind for e in elements]
    interpreted, discussed = "interpretation" in kinds, "discussion" in kinds
    # One test serves as the interpreted one; it does not count as a test reviewed beside.
    tests = {e.name for e in elements if e.kind == "test"}
    own = {e.name for e in elements if e.kind == "interpretation"}
    first = len(tests) - bool(own and own <= tests) + kinds.count("note")
    many = first + ("historian" in kinds) >= 3
    if many + interpreted + discussed >= 2:
        return Level.HIGH
    if many or interpreted or discussed:
        return Level.MODERATE
    return Level.LOW if first >= 2 or "historian" in kinds else Level.STRAIGHTFORWARD


# Names that say no more than how a picture was made, and what stands in the name of one that says what of.
GENERAL = {
    "x ray": "x ray",
    "ultrasound": "ultrasound",
    "computed tomography": "ct ",
    "magnetic resonance imaging": "mri",
    "angiography": "angiogra",
    "echocardiogram": "echocardiogram",
    "culture": "culture",
    "stress test": "stress",
    "venous duplex ultrasound": "duplex",
    "biochemistry": "metabolic panel",
}


def _specific(elements: Sequence[Element]) -> list[Element]:
    """Without tests named by their kind alone where one of that kind is named in full: one picture, told twice."""
    names = {e.name for e in elements if e.kind == "test"}
    return [
        e
        for e in elements
        if e.kind != "test" or e.name not in GENERAL or not any(GENERAL[e.name] in n for n in names - {e.name})
    ]


def data(chart: Chart, note: Note) -> tuple[Element, ...]:
    """The data of a visit, each once."""
    found = (*_tests(chart, note), *_others(note), *_historian(chart, note), *_interpreted(chart, note), *_talks(note))
    return tuple({(e.kind, e.name): e for e in reversed(_specific(found))}.values())[::-1]


@cache
def _panels() -> dict[str, str]:
    return {row["value"]: row["test"] for row in rows("visits/panels")}


@cache
def _no_studies() -> tuple[str, ...]:
    return tuple(row["words"] for row in rows("visits/no_studies"))


@cache
def test_name(concept: str) -> str | None:
    """The name by which a test counts once; None for what is part of looking at the patient."""
    name = concept.lower()
    if name in _panels():
        return _panels()[name]
    return None if any(words in name for words in _no_studies()) else name


def _tests(chart: Chart, note: Note) -> Iterator[Element]:
    billed = _billed(chart)
    for fact in note.facts:
        name = _counted(fact)
        if name is None or _reported(name, billed) or not _told(note, fact):
            continue
        yield Element(
            Axis.DATA,
            "test",
            name,
            WHY["test"],
            (note.quote(*note.sentence(fact.mention.span.start)),),
            facts=(fact.id,),
        )


def _billed(chart: Chart) -> tuple[str, ...]:
    """The codes of what is reported beside the visit: the record's charges and what was read of tests."""
    charged = (c.code.value for c in chart.encounter.charges if c.code and c.code.system is CodeSystem.CPT)
    return (*charged, *(s.code.value for s in offices.services(chart)))


def _counted(fact: Fact) -> str | None:
    if fact.section in BACKGROUND:
        return None
    if fact.kind is FactKind.PROCEDURE and fact.attributes.get("class") in TESTS:
        return test_name(fact.concept)
    if fact.kind is FactKind.VALUE and fact.section in RESULTS | CONCLUDING | {"hpi", "unknown", "other"}:
        return _panels().get(fact.concept.lower())
    return None


def _reported(name: str, billed: tuple[str, ...]) -> bool:
    return any(p.search(name) and any(code.startswith(starts) for code in billed) for p, starts in _REPORTED)


def _told(note: Note, fact: Fact) -> bool:
    """Whether the note says that the test is ordered now, or that its result was looked at now."""
    start, end = note.sentence(fact.mention.span.start)
    sentence = note.text[start:end]
    if (
        fact.assertion not in DONE
        or _EARLIER.search(sentence)
        or _UNDECIDED.search(note.text[start : fact.mention.span.start])
    ):
        return False
    if _UNDECIDED.search(sentence) and fact.section in CONCLUDING:
        return False
    return fact.section in RESULTS | CONCLUDING or _REVIEWED.search(sentence) is not None


def _others(note: Note) -> Iterator[Element]:
    for found, words in _affirmed(note, _NOTES):
        source = (
            " ".join((found["source"] or found["what"] or found[0]).lower().split())
            .removeprefix("the ")
            .removeprefix("an ")
        )
        yield Element(Axis.DATA, "note", source, WHY["note"], (words,))


def _historian(chart: Chart, note: Note) -> Iterator[Element]:
    patterns: tuple[Pattern, ...] = (_HISTORIAN, _UNABLE)
    if chart.age is not None and chart.age < CHILD:
        patterns = (*patterns, _TELLS)
    for pattern in patterns:
        for _, words in _affirmed(note, pattern):
            yield Element(Axis.DATA, "historian", "historian", WHY["historian"], (words,))
            return


def _interpreted(chart: Chart, note: Note) -> Iterator[Element]:
    billed = _billed(chart)
    for _, words in _affirmed(note, _INTERPRETED):
        name = next(_images(note, (words.span.start, words.span.end)), None)
        if name is not None and not _reported(name, billed):
            yield Element(Axis.DATA, "interpretation", name, WHY["interpretation"], (words,))


_IMAGE = worded("data.image")


def _images(note: Note, place: tuple[int, int]) -> Iterator[str]:
    """The image or tracing that a sentence, or the one before it, names."""
    facts = [f for f in note.facts if f.kind is FactKind.PROCEDURE and f.attributes.get("class") in TESTS]
    for fact in facts:
        if place[0] <= fact.mention.span.start < place[1] and (name := test_name(fact.concept)):
            yield name
    before = note.sentences[max(0, next((n for n, s in enumerate(note.sentences) if s[0] >= place[0]), 0) - 1)]
    if found := _IMAGE.search(note.text[place[0] : place[1]]) or _IMAGE.search(note.text[before[0] : before[1]]):
        yield found[0].lower()


def _talks(note: Note) -> Iterator[Element]:
    for found, words in _affirmed(note, _DISCUSSED):
        if not _OWN_PEOPLE.search(found["who"]):
            yield Element(Axis.DATA, "discussion", found["who"].lower(), WHY["discussion"], (words,))


def _affirmed(note: Note, pattern: Pattern) -> Iterator[tuple[re.Match[str], Evidence]]:
    for found, words in note.said(pattern):
        if not _NEGATED.search(note.text[max(0, found.start() - 40) : found.start()]):
            yield found, words
