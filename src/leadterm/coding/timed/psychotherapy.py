"""Psychotherapy by its documented minutes, alone or beside a visit; in crisis, with the family, in a group."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.querying._asking import query
from leadterm.coding.rules import reason
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.service import Offer, Service
from leadterm.coding.statements import Names, Place, Told, day_of, documents, told
from leadterm.domain import ClaimType, Document, Finding, Query, Setting, Severity

from . import plans
from .minutes import Length, lengths

BY_TIME, BESIDE, CRISIS = "CPT:psychotherapy/by-time", "CPT:psychotherapy/beside-visit", "CPT:psychotherapy/crisis"
SHORT, OTHERS = "CPT:psychotherapy/too-short", "CPT:psychotherapy/family-group"
ALONE = ((53, "90837"), (38, "90834"), (16, "90832"))
ADDED = ((53, "90838"), (38, "90836"), (16, "90833"))
CRISIS_FIRST, CRISIS_MORE = 30, 75  # minutes from which 90839 and the first 90840 count
FAMILY = 26
# Ways to write: therapy of one person; in crisis; with the family, patient there or not; in a group.
_NAMES = Names(
    (
        r"(?:individual |supportive |psychodynamic |insight[- ]oriented |interpersonal )*(?:psycho-?therapy"
        r"|counsell?ing session)"
        r"|individual therapy|cognitive[- ]behaviou?ral therapy|cbt(?= session)|emdr|dialectical behaviou?r therapy",
        r"psycho-?therapy for crisis|crisis (?:psycho-?therapy|intervention session)",
        r"(?:family|couples?|marital|conjoint) (?:psycho-?therapy|therapy)(?: session)?",
        r"group (?:psycho-?therapy|therapy session)|process group|(?:dbt|cbt) (?:skills )?group",
    ),
    (
        "psychotherapy|psycho-therapy|individual therapy|counseling session|counselling session|cognitive behav"
        "|cognitive-behav|cbt|emdr|dialectical",
        "crisis",
        "family therapy|family psycho|couple|marital|conjoint",
        "group therapy|group psycho|process group|skills group|dbt|cbt",
    ),
)
_PRESCRIBER = compiled(
    r"\b(?:medication management|medications? (?:reviewed|adjusted|refilled)|e/m\b|evaluation and management"
    r"|prescri\w+|refill\w*"
    r"|(?:increase|decrease|start|continue|titrate)d? (?:\w+ ){0,2}\d+ ?mg)\b"
)
_DOCTOR = compiled(
    r",? ?\b(?:m\.?d\.?|d\.?o\.?|pmhnp(?:-bc)?|aprn|np-?c?|fnp|pa-?c|psychiatrist)\b(?=[ \t]*(?:$|[,.;\n(]))",
    re.MULTILINE,
)
_WITHOUT_PATIENT = compiled(r"\b(?:without (?:the )?patient|patient (?:was )?not present|patient absent)\b")
_SESSION = compiled(
    r"\b(?:psycho-?therapy|session|therapy)\b[^\n.]{0,20}\b(?:time|start|length|duration)"
    r"|\btime (?:spent )?in (?:psycho)?therapy|^[ \t]*(?:duration|time|start time|minutes)\b",
    re.MULTILINE,
)


def read(chart: Chart) -> Offer:
    """The psychotherapy of the chart; a stay's facility bills none of it."""
    encounter = chart.encounter
    if encounter.setting is Setting.INPATIENT and encounter.claim_type is ClaimType.INSTITUTIONAL:
        return Offer()
    standing = _NAMES.standing(chart)
    if not standing:
        return Offer()
    services: list[Service] = []
    findings: list[Finding] = []
    queries: list[Query] = []
    for document in documents(chart):
        if plans.of(document) is not None:
            continue  # a note of physical, occupational or speech therapy
        found = [(n, p) for n, p in _NAMES.found(standing, document) if told(chart, p) is Told.DONE]
        for kind in sorted({n for n, _ in found}, reverse=True):
            tellings = [p for n, p in found if n == kind]
            one = _read(chart, document, kind, tellings)
            services.extend(one.services)
            findings.extend(one.findings)
            queries.extend(one.queries)
            if one.services or one.queries:
                break  # one kind a note: "group therapy" names therapy, too
    return Offer(tuple(services), tuple(findings), tuple(queries))


def _read(chart: Chart, document: Document, kind: int, tellings: list[Place]) -> Offer:
    timed = [(p, length) for p in tellings if (length := _length(p)) is not None]
    if kind == 3:
        return Offer(tuple(_lines(chart, [("90853", 1)], OTHERS, tellings[0], None))) if _session(tellings) else Offer()
    if not timed:
        return _unknown(tellings) if _session(tellings) else Offer()
    place, length = max(timed, key=lambda one: one[1].minutes)
    codes, rule = _codes(chart, document, kind, length.minutes)
    if not codes:
        return Offer(findings=(_short(place, length),))
    return Offer(tuple(_lines(chart, codes, rule, place, length)))


def _codes(chart: Chart, document: Document, kind: int, minutes: int) -> tuple[list[tuple[str, int]], str]:
    text = document.text.lower()
    if kind == 1:
        more = 1 + (minutes - CRISIS_MORE) // 30 if minutes >= CRISIS_MORE else 0
        first = [("90839", 1)] if minutes >= CRISIS_FIRST else []
        return [*first, *([("90840", more)] if more else [])], CRISIS
    if kind == 2:
        code = "90846" if _WITHOUT_PATIENT.search(text) else "90847"
        return ([(code, 1)] if minutes >= FAMILY else []), OTHERS
    beside = _DOCTOR.search(text) is not None and _PRESCRIBER.search(text) is not None
    table, rule = (ADDED, BESIDE) if beside else (ALONE, BY_TIME)
    return next(([(code, 1)] for least, code in table if minutes >= least), []), rule


def _length(place: Place) -> Length | None:
    """The minutes of the therapy: of its sentence, else of the line that gives the time of the session."""
    text, sentence = place.document.text, place.sentence
    before = list(lengths(text, sentence.start, place.span.start))
    after = list(lengths(text, place.span.end, sentence.end))
    if after or before:
        return after[0] if after else before[-1]
    for m in _SESSION.finditer(text.lower()) if len(text.lower()) == len(text) else ():
        end = text.find("\n", m.end())
        if (found := next(lengths(text, m.start(), end if end >= 0 else len(text)), None)) is not None:
            return found
    return None


def _session(tellings: list[Place]) -> bool:
    """Whether the note is of a session: its first lines name it, or its words say that it took place."""
    return any(
        p.span.start < 200 or any(w in p.said for w in ("provided", "session", "attended", "participated"))
        for p in tellings
    )


def _lines(
    chart: Chart, codes: list[tuple[str, int]], rule: str, place: Place, length: Length | None
) -> Iterator[Service]:
    words = [place.evidence, *([place.evidence.quote(place.document, length.span)] if length else [])]
    for code, units in codes:
        if known(chart, code):
            service = coded(
                chart, code, "therapy", "psychotherapy", words, day_of(chart, place.document), Decimal(units)
            )
            yield service.stepped(f"{length.minutes} minutes. {reason(rule)}" if length else reason(rule), rule)


def _unknown(tellings: list[Place]) -> Offer:
    question = "The record tells a session of psychotherapy without its minutes. How long did it last?"
    options = ("16 to 37 minutes", "38 to 52 minutes", "53 minutes or more", "fewer than 16 minutes")
    return Offer(queries=(query("time", question, tuple(c for _, c in ALONE), options, [tellings[0].evidence]),))


def _short(place: Place, length: Length) -> Finding:
    message = f"{length.minutes} minutes of psychotherapy are fewer than its codes ask."
    evidence = (place.evidence, place.evidence.quote(place.document, length.span))
    return Finding("f0", SHORT, Severity.INFO, message, "It is not billed on a line.", (), (), reason(SHORT), evidence)
