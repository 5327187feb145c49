"""Where a record says why the patient was admitted, and which conditions it names there (guideline II)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.domain import Assertion, Document, Fact

EVIDENCE = "guidelines/sections/evidence"
# Where a past of the patient is told: no reason of this admission stands there.
PAST = ("past-medical-history", "past-surgical-history", "family-history", "medications", "instructions", "allergies")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document that says why the patient was there, and what it is called in the table of evidence."""

    document: str
    start: int
    end: int
    evidence: str
    words: str


def occasions(chart: Chart) -> tuple[tuple[Fact, str], ...]:
    """The conditions that the record names where it says why the patient was there, each with that evidence."""
    return chart.once("occasions of admission", lambda: tuple(_told_as_occasion(chart)))


def _told_as_occasion(chart: Chart) -> Iterator[tuple[Fact, str]]:
    sections = {row["evidence"] for row in rows(EVIDENCE)}
    for fact in chart.facts:
        if not fact.targets or fact.assertion in _NOT_HERS or fact.section in PAST:
            continue
        yield from ((fact, passage.evidence) for passage in passages(chart) if _holds(passage, fact))
        if fact.section in sections:
            yield fact, fact.section


_NOT_HERS = (Assertion.ABSENT, Assertion.FAMILY, Assertion.HYPOTHETICAL)


def _holds(passage: Passage, fact: Fact) -> bool:
    return passage.document == fact.mention.document and passage.start <= fact.mention.span.start < passage.end


def passages(chart: Chart) -> tuple[Passage, ...]:
    """The stretches of the documents that say why the patient was there."""
    return chart.once("passages of admission", lambda: tuple(_passages(chart)))


def _passages(chart: Chart) -> Iterator[Passage]:
    for document in chart.encounter.documents:
        for m in _NAMED.finditer(document.text):
            group = "what" if m["what"] is not None else "next"
            yield _passage(document, m, group, "named")
        for evidence, pattern in _PATTERNS:
            for m in pattern.finditer(document.text):
                if not _EARLIER.search(document.text[max(0, m.start() - 40) : m.start()]):
                    yield _passage(document, m, "what", evidence)


def _passage(document: Document, m: re.Match[str], group: str, evidence: str) -> Passage:
    return Passage(document.id, m.start(group), m.end(group), evidence, " ".join(m[group].lower().split()))


# To the end of the sentence, over the breaks of a wrapped line, and not into what the patient has had before.
_WHAT = (
    r"(?P<what>(?:(?!\b(?:history|hx|h/o|pmh|background|in the setting|previous|prior|s/p|status post)\b)"
    r"(?:[^.;\n]|\.(?=\d)|\n(?!\s*(?:\n|[-*#\u2022\d]|[A-Z][A-Za-z /]{2,30}:))))*)"
)
_WHY = r"(?:for|with|w/|due to|d/t|because of|secondary to|2/2|after)(?= )"
_EARLIER = compiled(
    r"(?i)\b(?:previous\w*|prior|last|recent\w*|multiple|several|past|before|not|no|frequent\w*|since|if)\W+(?:\w+\W+){0,2}\Z"
)
_NAMED = compiled(
    r"(?im)^[ \t\W]*(?:principal|primary|main)(?:[ \t]+(?:discharge|final|hospital|admitting|inpatient))*"
    r"(?:[ \t]+(?:diagnos[ie]s|dx|problem|reason for admission))?(?:[ \t]*\([^)\n]*\))?[ \t]*[:\u2013-][ \t]*\n?\s*"
    r"(?P<what>[^\n]+)"
    r"|^[ \t\W]*(?:principal|primary) (?:discharge |final |hospital )*(?:diagnosis|dx|problem)[ \t]*"
    r"(?:\n\s*|(?: was| is) )(?P<next>[^\n]+)"
)
_PATTERNS = (
    (
        "admitted",
        compiled(
            r"(?i)\b(?:(?:re-?)?(?:admitted|admit|admission|hospitali[sz]ed|hospitali[sz]ation)|with us"
            r"|in our (?:care|unit))\b"
            rf"[^.;:\n]{{0,60}}?\b{_WHY}{_WHAT}"
        ),
    ),
    (
        "presented",
        compiled(
            r"(?i)\b(?:presented|presents|presenting|p/w|came(?! (?:out|off))|brought|sent|referred|arrived"
            r"|transferred)\b"
            rf"[^.;:\n\d]{{0,40}}?\b{_WHY}{_WHAT}"
        ),
    ),
    ("found", compiled(rf"(?i)\b(?:found to (?:have|be)|diagnosed with)\b{_WHAT}")),
    (
        "operated",
        compiled(
            r"(?i)\b(?:underwent|elective(?:ly)?|scheduled|taken to (?:the )?(?:or|operating room))\b"
            rf"[^.;:\n]{{0,80}}?\b(?:for|of){_WHAT}"
        ),
    ),
)
