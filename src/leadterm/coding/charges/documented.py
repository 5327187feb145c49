"""The services that a chart tells as done in this encounter: procedures, imaging, tests, devices, with their words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.domain import Assertion, Evidence, Fact, FactKind, Passage

KINDS = frozenset((FactKind.PROCEDURE, FactKind.DEVICE))
# Sections whose every procedure was done; of others the sentence must say so.
DONE_IN = frozenset(("procedure", "technique"))
NEVER_IN = frozenset(
    "past-surgical-history past-medical-history family-history social-history instructions allergies obstetric-history"
    " medications review-of-systems immunizations indication preoperative-diagnosis postoperative-diagnosis".split()
)
KIND_OF = {"test": "test", "imaging": "test", "therapy": "procedure", "operation": "procedure"}
RESULTS = frozenset(("test", "imaging"))
_NEGATIVE = compiled(r"neg(?:ative)?|normal|unremarkable|clear", re.IGNORECASE)
_DONE = compiled(
    r"\b(?:performed|obtained|done|completed|taken|collected|drawn|applied|placed|inserted|repaired|excised|removed|"
    r"drained|aspirated|injected|incised|interpreted|read by me|my read|independently (?:read|reviewed)|in (?:the )?"
    r"(?:office|clinic|ed)|today|at bedside|bedside|point[- ]of[- ]care|administered|given|tolerated|underwent|"
    r"irrigated|debrided|sutured|splinted|casted|reduced|intubated|catheterized)\b",
    re.IGNORECASE,
)
_NOT_DONE = compiled(
    r"\b(?:will|order(?:ed|s)?|schedul\w+|recommend\w*|refer\w*|plan(?:ned|s)?|pending|consider\w*|if needed|declin\w+|"
    r"refus\w+|deferred|cancell?ed|not (?:performed|done|obtained|indicated|needed)|prior|previous(?:ly)?|history of|"
    r"last (?:week|month|year)|yesterday|(?:days?|weeks?|months?|years?) ago|outside|s/p|status post|"
    r"in (?:19|20)\d\d|from (?:19|20)\d\d|discussed|follow[- ]?up|needs?|awaiting|return for)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Documented:
    """One service that was done.

    Attributes:
        fact: What names it.
        kind: `procedure`, `test` or `supply`.
        sentence: Its sentence with the words that its section shares.
        evidence: The words that name it.
    """

    fact: Fact
    kind: str
    sentence: str
    evidence: tuple[Evidence, ...]


def documented(chart: Chart) -> Iterator[Documented]:
    """What the chart tells as done; what is planned, past, denied, doubtful or only named is left."""
    for fact in chart.facts:
        if fact.kind in KINDS and _told(fact) and "date" not in fact.attributes:
            passage = _passage(chart, fact)
            sentence = _sentence(chart, fact)
            if passage is not None and _done(passage.kind, sentence):
                kind = "supply" if fact.kind is FactKind.DEVICE else KIND_OF.get(fact.attributes.get("class", ""), "")
                yield Documented(fact, kind or "procedure", sentence, fact.evidence[:3])


def _told(fact: Fact) -> bool:
    """Whether it is told as done: a test that was negative was done, though what it looked for is absent."""
    if fact.assertion is Assertion.PRESENT:
        return True
    negative = fact.assertion is Assertion.ABSENT and fact.attributes.get("class") in RESULTS
    return negative and bool(fact.cues) and all(_NEGATIVE.fullmatch(cue.text.strip(" :.-")) for cue in fact.cues)


def _done(section: str, sentence: str) -> bool:
    if section in NEVER_IN or _NOT_DONE.search(sentence):
        return False
    return section in DONE_IN or _DONE.search(sentence) is not None


def _passage(chart: Chart, fact: Fact) -> Passage | None:
    at, name = fact.mention.span.start, fact.mention.document
    return next((p for p in chart.passages if p.document == name and p.start <= at < p.end), None)


def _sentence(chart: Chart, fact: Fact) -> str:
    """The sentence as written, on one line."""
    text = chart.encounter.document(fact.mention.document).text
    span = fact.segment or fact.mention.span
    return " ".join(text[span.start : span.end].split())
