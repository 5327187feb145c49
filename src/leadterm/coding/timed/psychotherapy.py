"""Psychotherapy by its documented minutes, alone or beside a visit; in crisis, with the family, in a group."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from leadterm.coding.chart import Chart
from leadterm.coding.names import Names
from leadterm.coding.patterns import compiled
from leadterm.coding.querying._asking import query
from leadterm.coding.rules import reason
from leadterm.coding.sentences import Place, whole_line
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.service import Offer, Service
from leadterm.coding.statements import Told, day_of, documents, told
from leadterm.domain import ClaimType, Document, Finding, Query, Setting, Severity

from . import plans
from .minutes import Length, lengths, pairs

BY_TIME, BESIDE, CRISIS = "CPT:psychotherapy/by-time", "CPT:psychotherapy/beside-visit", "CPT:psychotherapy/crisis"
SHORT, OTHERS = "CPT:psychotherapy/too-short", "CPT:psychotherapy/family-group"
FIRST = "CPT:psychiatry/first-evaluation"
ALONE = ((53, "90837"), (38, "90834"), (16, "90832"))
ADDED = ((53, "90838"), (38, "90836"), (16, "90833"))
CRISIS_FIRST, CRISIS_MORE = 30, 75  # minutes from which 90839 and the first 90840 count
FAMILY = 26
TITLE = 250  # characters in which a note has its title
# Ways to write: therapy of one person; in crisis; with the family, patient there or not; in a group; a first look.
_NAMES = Names(
    (
        r"(?:individual |supportive |psychodynamic |insight[- ]oriented |interpersonal |outpatient )*(?:psycho-?therapy"
        r"|counsell?ing (?:session|visit|note|appointment))"
        r"|(?:individual|indiv\.?|ind\.?|1:1|one[- ]on[- ]one|talk|play|exposure|schema|trauma|narrative|art"
        r"|prolonged exposure)"
        r"(?: therapy| tx| counsell?ing)(?: session| note| visit)?"
        r"|(?:therapy|tx|behavioral health|outpatient mental health) (?:session|progress) ?(?:note)?"
        r"|cognitive[- ](?:behaviou?ral|processing) therapy|cbt(?= session| note|,|:)|emdr"
        r"|dialectical behaviou?r therapy",
        r"psycho-?therapy for crisis|(?:behavioral health |mental health |psychiatric )?crisis (?:psycho-?therapy"
        r"|intervention(?: session)?|contact|session|visit|note|encounter|appointment|therapy|evaluation|assessment)",
        r"(?:family|couples?|marital|conjoint|parent) (?:psycho-?therapy|therapy|session|tx|counsell?ing)(?: session)?",
        r"group (?:psycho-?therapy|therapy(?: session| note)?|counsell?ing|note|session|tx)|process group"
        r"|(?:dbt|cbt|iop|coping|relapse prevention|interpersonal|anger management|grief) (?:skills )?group",
        r"(?:initial |diagnostic |comprehensive )*(?:psychiatric|psychological|psych|biopsychosocial"
        r"|behavioral health|mental health)"
        r"(?: initial| diagnostic| intake)* (?:evaluation|eval|assessment|intake|interview)(?! tool| scale)"
        r"|diagnostic (?:intake|interview)|intake (?:session|interview)",
    ),
    (
        "psychotherapy|psycho-therapy|counseling|counselling|cognitive|cbt|emdr|dialectical|therapy| tx|session note"
        "|progress",
        "crisis",
        "family|couple|marital|conjoint|parent",
        "group",
        "eval|assessment|intake|interview",
    ),
)
_PRESCRIBER = compiled(
    r"\b(?:med(?:ication)?s?[ -]?(?:management|mgmt|mgt|visit|check)|medications? (?:reviewed|adjusted|refilled)|e/m\b"
    r"|evaluation and management"
    r"|prescri\w+|refill\w*"
    r"|(?:increase|decrease|start|continue|titrate|add|switch)(?:e?d)?"
    r" (?:\w+ ){0,2}\d+(?: ?mg| (?:hs|qhs|bid|tid|daily|nightly|qam|prn)))\b"
)
_DOCTOR = compiled(
    r",? ?\b(?:m\.?d\.?|d\.?o\.?|pmhnp(?:-bc)?|aprn|np-?c?|fnp|pa-?c|psychiatrist)\b"
    r"(?=[ \t]*(?:$|[,.;\n(|]|psychiatr)|[ \t]{2,}|[ \t]\d)",
    re.MULTILINE,
)
_DOCTORS_TITLE = compiled(
    r"^\W*(?:(?:outpatient|child(?: and adolescent)?|adult|geriatric|tele) ?-?)?psychiatry\b(?! social| intern)"
    r"|\bpsychiatr(?:ist|y)(?:'s)? (?:visit|follow[- ]?up|f/u|note|progress|office|clinic|established|return)\b",
    re.MULTILINE,
)
_THERAPIST = compiled(
    r"\b(?:lcsw|lmsw|licsw|lisw|lcpc|lpc\w*|lpcc|lmhc|lmft|lcmhc|mft|msw|psy\.?d|ph\.?d|psychologist|psychotherapist"
    r"|psychiatr(?:ist|y)|pmhnp|social worker|mental health (?:counselor|therapist)|therapist note|behavioral health)\b"
)
_CRISIS = compiled(
    r"\b(?:suicid\w*|lethality|safety plan\w*|de-?escalat\w*|homicid\w*|means (?:restriction|safety)"
    r"|self[- ]harm|psychosis"
    r"|hospitali[sz]ation|overdose|rope|firearm|mobile (?:crisis|team))\b"
)
# A length that was set aside, not spent.
_SLOT = compiled(
    r"\b(?:slot|appointment|appt|scheduled|booked|documentation|charting|next|last|late|group|drive|waited"
    r"|no[- ]show)\b"
)
_SPENT = compiled(
    r"\b(?:face[- ]to[- ]face|f2f|with (?:the )?(?:patient|client|pt)|in session|session"
    r"|total time|time spent|duration)\b"
)
_ELSEWHERE = compiled(
    r"\b(?:sees|seeing|attends|attending|weekly|continues?|follow(?:s|ed|ing) with|in ongoing|has been in"
    r"|outside|established with)\b"
    r"[^.;\n]{0,50}\Z"
)
_ABSENT = compiled(r"\b(?:client|patient|pt) (?:no[- ]?showed|did not (?:attend|show|come))|^[^\n]{0,60}no[- ]show\b")
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
        if _ABSENT.search(document.text.lower()):
            continue
        found = [
            (n, p)
            for n, p in _NAMES.found(standing, document)
            if told(chart, p) is Told.DONE and _is_mental(p) and not _ELSEWHERE.search(p.before.lower())
        ]
        for kind in sorted({n for n, _ in found}, reverse=True):
            tellings = [p for n, p in found if n == kind]
            one = _read(chart, document, kind, tellings)
            services.extend(one.services)
            findings.extend(one.findings)
            queries.extend(one.queries)
            if one.services or one.queries:
                break  # one kind a note: "group therapy" names therapy, too
    return Offer(tuple(services), tuple(findings), tuple(queries))


def _is_mental(p: Place) -> bool:
    """Whether words that others use, too ("crisis", "family session"), stand in a note of who gives psychotherapy."""
    return bool(_PLAIN.search(p.words)) or _THERAPIST.search(p.document.text.lower()) is not None


_PLAIN = compiled(
    r"psycho-?therapy|individual therapy|cognitive|cbt|emdr|dialectical|counsell?ing session"
    r"|process group"
)


def _read(chart: Chart, document: Document, kind: int, tellings: list[Place]) -> Offer:
    """The lines of one kind of session that a document tells, or what must be asked or found."""
    if kind == 4:
        return _evaluated(chart, document, tellings)
    if kind == 3:
        return (
            Offer(tuple(_lines(chart, [("90853", 1)], OTHERS, tellings[0], None)))
            if _session(tellings, 60)
            else Offer()
        )
    if kind == 1 and not _CRISIS.search(document.text.lower()):
        return Offer()
    timed = [(p, length) for p in tellings if (length := _length(p)) is not None]
    if not timed:
        return _unknown(tellings) if _session(tellings) and kind != 1 else Offer()
    place, length = max(timed, key=lambda one: one[1].minutes)
    codes, rule = _codes(chart, document, kind, length.minutes)
    if not codes:
        return Offer(findings=(_short(place, length),))
    return Offer(tuple(_lines(chart, codes, rule, place, length)))


def _evaluated(chart: Chart, document: Document, tellings: list[Place]) -> Offer:
    """The first evaluation, named in the title: with medical services by who prescribes, without by a therapist."""
    titled = [p for p in tellings if p.span.start < TITLE and not p.before.strip(" \t#*=-")]
    text = document.text.lower()
    if not titled:
        return Offer()
    doctor = _DOCTOR.search(text) is not None
    if doctor == (_THERAPIST.search(text) is not None and not _PRESCRIBER.search(text)):
        return Offer()
    return Offer(tuple(_lines(chart, [("90792" if doctor else "90791", 1)], FIRST, titled[0], None)))


def _codes(chart: Chart, document: Document, kind: int, minutes: int) -> tuple[list[tuple[str, int]], str]:
    text = document.text.lower()
    if kind == 1:
        more = 1 + (minutes - CRISIS_MORE) // 30 if minutes >= CRISIS_MORE else 0
        first = [("90839", 1)] if minutes >= CRISIS_FIRST else []
        return [*first, *([("90840", more)] if more else [])], CRISIS
    if kind == 2:
        code = "90846" if _WITHOUT_PATIENT.search(text) else "90847"
        return ([(code, 1)] if minutes >= FAMILY else []), OTHERS
    doctor = _DOCTOR.search(text) or _DOCTORS_TITLE.search(text[:TITLE])
    beside = doctor is not None and _PRESCRIBER.search(text) is not None
    table, rule = (ADDED, BESIDE) if beside else (ALONE, BY_TIME)
    return next(([(code, 1)] for least, code in table if minutes >= least), []), rule


def _length(place: Place) -> Length | None:
    """The minutes of the therapy: from its start to its end, of its sentence, else of the line that gives the time."""
    text, sentence = place.document.text, place.sentence
    if (named := next((x for x in pairs(text, 0, len(text)) if _was_spent(text, x)), None)) is not None:
        return named
    before = [x for x in lengths(text, sentence.start, place.span.start) if _was_spent(text, x)]
    after = [x for x in lengths(text, place.span.end, sentence.end) if _was_spent(text, x)]
    if after or before:
        return after[0] if after else before[-1]
    if len(text.lower()) != len(text):
        return None
    for m in _SESSION.finditer(text.lower()):
        end = text.find("\n", m.end())
        if (found := next(lengths(text, m.start(), end if end >= 0 else len(text)), None)) is not None:
            return found
    return _in_lines(text) if place.span.start < TITLE else None


def _was_spent(text: str, length: Length) -> bool:
    """Whether no word beside a length says that it was set aside, or of something else."""
    line = whole_line(text, length.span.start)
    before = text[max(line.start, length.span.start - 26) : length.span.start].lower()
    after = text[length.span.end : min(line.end, length.span.end + 12)].lower()
    return not (_SLOT.search(re.split(r"[.;,(]", before)[-1]) or _SLOT.search(re.split(r"[.;,)]", after)[0]))


def _in_lines(text: str) -> Length | None:
    """The length of a session whose note is titled so: in a line that begins with it or says that it was spent."""
    for found in lengths(text, 0, len(text)):
        line = whole_line(text, found.span.start)
        opens = not text[line.start : found.span.start].strip(" \t-*•")
        spent = _SPENT.search(text[found.span.start : line.end][:60].lower())
        alone = text[: found.span.start].rstrip(" ").endswith(".") and (
            text[found.span.end - 1 : found.span.end + 1].strip(" ").endswith((".", "\n"))
        )
        if _was_spent(text, found) and (opens or spent or alone):
            return found
    return None


def _session(tellings: list[Place], first: int = 200) -> bool:
    """Whether the note is of a session: its first letters name it, or its words say that it took place."""
    return any(
        p.span.start < first
        or p.document.text[: p.span.start].strip().count("\n") < 1
        or any(w in p.said for w in ("provided", "session", "attended", "participated", "members", "facilitat"))
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
