"""Ambulance transport out of a run report: level of service, loaded miles, origin and destination."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.querying._asking import query
from leadterm.coding.rules import reason
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.service import Offer, Service
from leadterm.coding.statements import day_of, documents
from leadterm.domain import ClaimType, Document, Evidence, Query, Span

LEVEL, MILES, PLACES = "MCPM:15.30/level", "MCPM:15.30.1.2/miles", "MCPM:15.30/origin-destination"
SEVERAL, PROVIDER = "MCPM:15.20.1.4/several-patients", "MCPM:15.30.2/provider"
WHOLE_FROM = Decimal(100)
_GATE = (
    "ambulance",
    "paramedic",
    " ems ",
    "\nems ",
    " emt",
    "patient care report",
    "run report",
    "loaded mile",
    "epcr",
)
_REPORT = compiled(
    r"\b(?:run report|patient care report|prehospital care report|epcr|pcr\b|ambulance (?:transport|report|trip"
    r"|run)|trip (?:report|sheet|ticket)|ems (?:report|run|transport|record)|transport (?:record|report))",
    re.IGNORECASE,
)
_NOT_MOVED = compiled(
    r"\b(?:patient refus\w+ transport|refus(?:ed|al of) transport|no transport|not transported|treat(?:ed)? (?:and"
    r"|&) (?:release|no transport)|cancel+ed (?:en ?route|prior)|AMA refusal)\b",
    re.IGNORECASE,
)
_E, _N = "emergency", "scheduled"
# The level as the record states it; the more special first.
_LEVELS: tuple[tuple[str, str, Pattern], ...] = (
    (
        "A0434",
        "specialty care transport",
        compiled(r"\b(?:specialty care transport|SCT\b|critical care transport)", re.IGNORECASE),
    ),
    (
        "A0433",
        "advanced life support, level 2",
        compiled(r"\bALS[ -]?(?:level )?(?:2|II)\b|\badvanced life support,? level (?:2|II)\b", re.IGNORECASE),
    ),
    (
        "A0427 A0426",
        "advanced life support, level 1",
        compiled(r"\bALS(?:[ -]?(?:level )?(?:1|I\b))?|\badvanced life support(?:,? level (?:1|I)\b)?", re.IGNORECASE),
    ),
    ("A0429 A0428", "basic life support", compiled(r"\bBLS\b|\bbasic life support\b", re.IGNORECASE)),
)
_STATED = compiled(
    r"(?:level of (?:service|care)|service level|transport level|billed level|level)[ \t]*(?:provided"
    r"|rendered)?[ \t]*[:=|-][ \t]*(?P<level>[^\n]{2,60})",
    re.IGNORECASE,
)
_EMERGENT = compiled(
    r"\b(?:911|emergent|emergency (?:response|call|transport)|immediate response|lights (?:and|&) sirens?"
    r"|priority 1|code 3|ALS1?[ -]?emergency|BLS[ -]?emergency|[ab]ls-e)\b"
    r"|(?<!non-)(?<!non )\bemergency\b(?! (?:department|room|dept|contact|physician))",
    re.IGNORECASE,
)
_CALM = compiled(
    r"\b(?:non-?[ ]?emergen\w+|scheduled (?:transport|transfer|trip)|prescheduled|routine transport|interfacility"
    r"|inter-facility|code 1\b|discharge transport)",
    re.IGNORECASE,
)
# What was done tells a level where none is stated: ALS2 by one of its procedures, ALS1 by others.
_SECOND = compiled(
    r"\b(?:intubat(?:ed|ion)|cardioverted|cardioversion|defibrillat(?:ed|ion)(?! pads)|transcutaneous pacing"
    r"|externally paced|needle (?:chest )?decompression|cricothyrotomy|cricothyroidotomy|intraosseous|IO (?:access"
    r"|placed|established))\b",
    re.IGNORECASE,
)
_FIRST = compiled(
    r"\b(?:12[- ]lead|cardiac monitor(?:ing)?|IV (?:access|established|started|placed|x ?\d)|\d\d ?g (?:IV|in)"
    r"|ALS assessment|capnography)\b",
    re.IGNORECASE,
)
_NO = re.compile(r"\b(?:no|not|without|denied|declined|unable|attempted|unsuccessful)\b[^.;\n]{0,25}\Z", re.IGNORECASE)
_MILES = (
    compiled(
        r"(?:loaded|patient|transport|billable)[ -]*(?:mileage|miles)[ \t]*(?:driven|travell?ed)?[ \t]*[:="
        r"|-]*[ \t]*(?P<n>\d{1,4}(?:\.\d+)?)",
        re.IGNORECASE,
    ),
    compiled(r"(?P<n>\d{1,4}(?:\.\d+)?)[ \t]*loaded (?:statute )?miles?", re.IGNORECASE),
)
_ODOMETER = compiled(
    r"(?:(?:at |left |depart(?:ed)? |begin(?:ning)? |start(?:ing)? )+(?:the )?(?:scene|loaded|transport"
    r"|patient loaded|odometer|mileage)[^\n\d]{0,25}(?P<a>\d{3,6}(?:\.\d)?))"
    r"[\s\S]{0,160}?(?:(?:at |arriv\w+ |end(?:ing)? )+(?:the |at )*(?:destination|hospital|facility|odometer"
    r"|mileage)[^\n\d]{0,25}(?P<b>\d{3,6}(?:\.\d)?))",
    re.IGNORECASE,
)
_FROM = compiled(
    r"(?:\b(?:origin|pick[- ]?up(?: location| point)?|from|sending(?: facility)?|scene(?: type| location)?"
    r"|incident location|transported from)[ \t]*[:=|-][ \t]*|\b(?:picked up (?:at|from):?|transported from"
    r"|transport from|found (?:at|in)) )(?P<what>[^\n;]{3,90})",
    re.IGNORECASE,
)
_TO = compiled(
    r"(?:\b(?:destination(?: type)?|drop-?off|transported to|receiving(?: facility)?|to)[ \t]*[:=|-][ \t]*"
    r"|\b(?:transported|transport|transferred|conveyed)(?: \w+){0,6}? to )(?P<what>[^\n;]{3,90})",
    re.IGNORECASE,
)
# Kinds of places with their letter; the more special first.
_PLACES: tuple[tuple[str, Pattern], ...] = (
    ("G", compiled(r"\bhospital[- ]based (?:dialysis|esrd)|hospital dialysis", re.IGNORECASE)),
    ("J", compiled(r"\bdialysis|esrd facility", re.IGNORECASE)),
    ("I", compiled(r"\bhelipad|helicopter|landing zone|airport|airfield|transfer site", re.IGNORECASE)),
    ("N", compiled(r"\bskilled nursing|\bsnf\b", re.IGNORECASE)),
    (
        "E",
        compiled(
            r"\b(?:assisted living|nursing home|residential care|domiciliary|custodial|group home|memory care|alf\b)",
            re.IGNORECASE,
        ),
    ),
    ("H", compiled(r"\bhospital|medical center|\bed\b|emergency (?:department|room)|\ber\b|infirmary", re.IGNORECASE)),
    ("P", compiled(r"\b(?:physician'?s?|doctor'?s?|dr\.?|medical) office|\bclinic\b|urgent care", re.IGNORECASE)),
    (
        "D",
        compiled(
            r"\b(?:imaging|diagnostic|radiation|wound care|infusion|therapy|mri|rehab) (?:center|site|facility)",
            re.IGNORECASE,
        ),
    ),
    (
        "S",
        compiled(
            r"\b(?:scene|roadside|highway|interstate|intersection|street|road|mva|mvc|sidewalk|parking lot|store"
            r"|school|park|gym|restaurant|i-\d+)\b",
            re.IGNORECASE,
        ),
    ),
    ("R", compiled(r"\b(?:residence|home|house|apartment|apt|private dwelling)\b", re.IGNORECASE)),
)
_SEVERAL = compiled(
    r"\b(?:multiple patients (?:transported|in (?:the )?(?:same )?ambulance|on board)|(?:two|three|2"
    r"|3) patients (?:transported|in the (?:same )?ambulance|on board)|second patient (?:on board|transported))",
    re.IGNORECASE,
)
_ARRANGED = compiled(r"\bunder arrangement", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Trip:
    """A transport: its document and the modifiers of its lines with their rules."""

    document: Document
    modifiers: tuple[tuple[str, str], ...]


def billed_miles(miles: Decimal) -> Decimal:
    """Loaded miles as a claim bears them: to the next tenth under 100, to the next whole mile from there on."""
    step = Decimal("0.1") if miles < WHOLE_FROM else Decimal(1)
    return miles.quantize(step, ROUND_UP)


def read(chart: Chart) -> Offer:
    """The lines of each run report of a transport."""
    if not any(letters in chart.text for letters in _GATE):
        return Offer()
    offers = [
        _trip(chart, d) for d in documents(chart) if _REPORT.search(d.text[:600]) and not _NOT_MOVED.search(d.text)
    ]
    return Offer(tuple(s for o in offers for s in o.services), (), tuple(q for o in offers for q in o.queries))


def _trip(chart: Chart, document: Document) -> Offer:
    ends = [_end(document, pattern) for pattern in (_FROM, _TO)]
    if ends[0] is None or ends[1] is None:
        return Offer(queries=(_place_asked(document, ends),)) if _MILES[0].search(document.text) else Offer()
    letters = "".join(letter for letter, _ in (ends[0], ends[1]))
    trip = _Trip(document, ((letters, PLACES), *_more(chart, document)))
    level = _level(chart, document)
    lines = [level] if isinstance(level, Service) else []
    queries = [level] if isinstance(level, Query) else []
    miles = _miles(chart, document)
    words = tuple(e for _, e in (ends[0], ends[1]))
    services = [replace_evidence(s, words) for s in (*lines, *([miles] if miles else []))] if lines else []
    if not miles and lines:
        queries.append(_miles_asked(words))
    return Offer(tuple(_modified(s, trip) for s in services), (), tuple(queries))


def replace_evidence(service: Service, words: tuple[Evidence, ...]) -> Service:
    """The line with the words of origin and destination among its evidence."""
    from dataclasses import replace

    return replace(service, evidence=(*service.evidence, *words))


def _modified(service: Service, trip: _Trip) -> Service:
    for modifier, rule in trip.modifiers:
        service = service.modified(modifier, reason(rule), rule)
    return service


def _more(chart: Chart, document: Document) -> list[tuple[str, str]]:
    found = []
    if chart.encounter.claim_type is ClaimType.INSTITUTIONAL:
        found.append(("QM" if _ARRANGED.search(document.text) else "QN", PROVIDER))
    if _SEVERAL.search(document.text):
        found.append(("GM", SEVERAL))
    return found


# --- level ---


def _level(chart: Chart, document: Document) -> Service | Query:
    text = document.text
    stated = _STATED.search(text)
    words = stated["level"] if stated else ""
    span = Span(stated.start("level"), stated.end("level")) if stated else None
    for codes, name, pattern in _LEVELS:
        if stated and pattern.search(words):
            return _leveled(chart, document, codes.split(), name, span or Span(0, 1), words)
    for codes, name, pattern in (
        ("A0433", "advanced life support, level 2", _SECOND),
        ("A0427 A0426", "advanced life support, level 1", _FIRST),
    ):
        m = next((m for m in pattern.finditer(text) if not _NO.search(text[max(0, m.start() - 40) : m.start()])), None)
        if m is not None:
            return _leveled(chart, document, codes.split(), name, Span(m.start(), m.end()), "")
    m = _LEVELS[-1][2].search(text)
    if m is not None:
        return _leveled(chart, document, ["A0429", "A0428"], "basic life support", Span(m.start(), m.end()), "")
    options = (
        "basic life support",
        "advanced life support, level 1",
        "advanced life support, level 2",
        "specialty care",
    )
    words_ = Evidence.quote(document, Span(0, min(80, len(text))))
    return query("service", "At which level of service was the patient transported?", (), options, [words_])


def _leveled(chart: Chart, document: Document, codes: list[str], name: str, span: Span, words: str) -> Service | Query:
    """The code of a level: of those with two, by whether the response was an emergency."""
    if len(codes) == 2:
        urgent = _urgent(words) if _urgent(words) is not None else _urgent(document.text)
        if urgent is None:
            question = f"Was this transport ({name}) an emergency response?"
            options = ("emergency: immediate response to a call", "not an emergency")
            return query("service", question, codes, options, [Evidence.quote(document, span)])
        codes = codes[:1] if urgent else codes[1:]
    if not known(chart, codes[0]):
        return query("service", f"Which code bills {name} on this day?", codes, (), [Evidence.quote(document, span)])
    words_ = [Evidence.quote(document, span)]
    return coded(chart, codes[0], "supply", f"ambulance, {name}", words_, day_of(chart, document)).stepped(
        reason(LEVEL), LEVEL
    )


def _urgent(text: str) -> bool | None:
    calm, urgent = _CALM.search(text), _EMERGENT.search(text)
    if calm:
        return False
    return True if urgent else None


# --- miles and places ---


def _miles(chart: Chart, document: Document) -> Service | None:
    found = _distance(document)
    if found is None or not known(chart, "A0425"):
        return None
    miles, evidence = found
    service = coded(
        chart,
        "A0425",
        "supply",
        "ground miles with the patient",
        [evidence],
        day_of(chart, document),
        billed_miles(miles),
    )
    return service.stepped(f"{miles} loaded miles. {reason(MILES)}", MILES)


def _distance(document: Document) -> tuple[Decimal, Evidence] | None:
    for pattern in _MILES:
        if m := pattern.search(document.text):
            return Decimal(m["n"]), Evidence.quote(document, Span(m.start(), m.end()))
    m = _ODOMETER.search(document.text)
    if m and Decimal(m["b"]) > Decimal(m["a"]):
        return Decimal(m["b"]) - Decimal(m["a"]), Evidence.quote(document, Span(m.start(), m.end()))
    return None


def _end(document: Document, pattern: Pattern) -> tuple[str, Evidence] | None:
    """The letter of a place and the words that tell it."""
    for m in pattern.finditer(document.text):
        what = m["what"].split(" to ")[0]
        letters = [letter for letter, kind in _PLACES if kind.search(what)]
        if letters:
            return letters[0], Evidence.quote(document, Span(m.start("what"), m.end("what")))
    return None


def _place_asked(document: Document, ends: list[tuple[str, Evidence] | None]) -> Query:
    which = "Where was the patient picked up" if ends[0] is None else "Where was the patient taken"
    options = (
        "residence",
        "hospital",
        "skilled nursing facility",
        "scene of an accident or acute event",
        "physician's office",
        "dialysis facility",
    )
    head = Evidence.quote(document, Span(0, min(80, len(document.text))))
    return query("service", f"{which}?", (), options, [end[1] for end in ends if end] or [head])


def _miles_asked(words: tuple[Evidence, ...]) -> Query:
    return query(
        "service",
        "How many miles did the ambulance drive with the patient?",
        ("A0425",),
        ("loaded miles: ____",),
        words,
    )
