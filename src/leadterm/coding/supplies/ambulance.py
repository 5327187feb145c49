"""Ambulance transport out of a run report: level of service, loaded miles, origin and destination."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.querying._asking import query
from leadterm.coding.rules import reason
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.service import Offer, Service
from leadterm.coding.statements import day_of, documents
from leadterm.domain import ClaimType, Document, Evidence, Query, Span

from .ambulance_level import Level, level, urgent
from .ambulance_miles import billed_miles, distance
from .ambulance_places import End, ends

LEVEL, MILES, PLACES = "MCPM:15.30/level", "MCPM:15.30.1.2/miles", "MCPM:15.30/origin-destination"
SEVERAL, PROVIDER = "MCPM:15.20.1.4/several-patients", "MCPM:15.30.2/provider"
OF_AIR = {"A0430": "A0435", "A0431": "A0436"}  # miles of a base rate of the air
BETWEEN = frozenset({"HH", "HN", "NH", "HI", "IH", "II"})  # from one facility to another
_GATE = (
    *("ambulance", "paramedic", "ems ", "emt", "patient care report", "run report", "loaded", "epcr", "trip sheet"),
    *("trip ticket", "trip report", "run sheet", "medic ", "stretcher", "odometer", "transport record", "pcr"),
)
_REPORT = compiled(
    r"\b(?:run (?:report|sheet|ticket|record|form)|(?:patient|prehospital) care (?:report|record)|e?pcr\b"
    r"|trip (?:report|sheet"
    r"|ticket|record|log|form)|ambulance (?:\w+ )?(?:transport|report|trip|run|record|note|narrative|claim|call)"
    r"|ems (?:\w+ )?"
    r"(?:report|run|transport|record|narrative|note|call|chart)|transport (?:record|report|log|sheet|narrative)"
    r"|(?:flight|transfer|cct|als|bls|medic|sct) (?:transport |transfer |trip |run )?(?:report|record|narrative"
    r"|sheet|chart))",
    re.IGNORECASE,
)
# A report without a name: a vehicle and its crew, a stretcher, a way driven.
_VEHICLE = compiled(r"\b(?:medic|ambulance|unit|rescue|squad|truck|rig|crew|engine|emts?|paramedics?)\b", re.IGNORECASE)
_RIDE = compiled(
    r"\b(?:stretcher|cot\b|gurney|draw ?sheet|loaded|en ?route|transported|transporting|odo(?:meter)?|sirens?"
    r"|dispatched"
    r"|off ?loaded|trip)\b",
    re.IGNORECASE,
)
_FEWEST = 2  # different words of a ride
_NOT_MOVED = compiled(
    r"\b(?:patient refus\w+ transport|refus(?:ed|al of) transport|no transport|not transported|treat(?:ed)? (?:and"
    r"|&) (?:release|no transport)|cancel+ed (?:en ?route|prior)|AMA refusal)\b",
    re.IGNORECASE,
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


def read(chart: Chart) -> Offer:
    """The lines of each run report of a transport."""
    of_ambulance = (chart.encounter.encounter_class or "") == "ambulance"
    if not of_ambulance and not any(letters in chart.text for letters in _GATE):
        return Offer()
    offers = [
        _trip(chart, d) for d in documents(chart) if _is_report(d, of_ambulance) and not _NOT_MOVED.search(d.text)
    ]
    return Offer(tuple(s for o in offers for s in o.services), (), tuple(q for o in offers for q in o.queries))


def _is_report(document: Document, of_ambulance: bool) -> bool:
    """Whether a document is an ambulance's own: so called, else one of a vehicle that drove miles with a patient."""
    if of_ambulance or _REPORT.search(document.text[:600]):
        return True
    if not _VEHICLE.search(document.text) or distance(document) is None:
        return False
    return len({m[0].lower() for m in _RIDE.finditer(document.text)}) >= _FEWEST


def _trip(chart: Chart, document: Document) -> Offer:
    first, last = ends(document)
    if first is None or last is None:
        return Offer(queries=(_place_asked(document, [first, last]),)) if distance(document) else Offer()
    letters = first[0] + last[0]
    trip = _Trip(document, ((letters, PLACES), *_more(chart, document)))
    base = _level(chart, document, letters)
    words = (first[1], last[1])
    if isinstance(base, Query):
        return Offer(queries=(base,))
    miles = _miles(chart, document, base.code.value)
    services = [_with_words(s, words) for s in (base, *([miles] if miles else []))]
    queries = () if miles else (_miles_asked(words),)
    return Offer(tuple(_modified(s, trip) for s in services), (), queries)


def _with_words(service: Service, words: tuple[Evidence, ...]) -> Service:
    """The line with the words of origin and destination among its evidence."""
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


def _level(chart: Chart, document: Document, letters: str) -> Service | Query:
    found = level(chart, document, letters in BETWEEN)
    if found is None:
        options = (
            "basic life support",
            "advanced life support, level 1",
            "advanced life support, level 2",
            "specialty care",
        )
        words = Evidence.quote(document, Span(0, min(80, len(document.text))))
        return query("service", "At which level of service was the patient transported?", (), options, [words])
    return _leveled(chart, document, found)


def _leveled(chart: Chart, document: Document, found: Level) -> Service | Query:
    """The code of a level: of those with two, by whether the response was an emergency."""
    codes, words = found.codes, [Evidence.quote(document, found.span)]
    if len(codes) == 2:
        hurried = urgent(found.words, document.text)
        if hurried is None:
            question = f"Was this transport ({found.name}) an emergency response?"
            options = ("emergency: immediate response to a call", "not an emergency")
            return query("service", question, codes, options, words)
        codes = codes[:1] if hurried else codes[1:]
    if not known(chart, codes[0]):
        return query("service", f"Which code bills {found.name} on this day?", codes, (), words)
    service = coded(chart, codes[0], "supply", f"ambulance, {found.name}", words, day_of(chart, document))
    return service.stepped(reason(LEVEL), LEVEL)


# --- miles and places ---


def _miles(chart: Chart, document: Document, base: str) -> Service | None:
    found, code = distance(document), OF_AIR.get(base, "A0425")
    if found is None or not known(chart, code):
        return None
    miles, evidence = found
    name = "miles with the patient"
    service = coded(chart, code, "supply", name, [evidence], day_of(chart, document), billed_miles(miles))
    return service.stepped(f"{miles} loaded miles. {reason(MILES)}", MILES)


def _place_asked(document: Document, found: list[End | None]) -> Query:
    which = "Where was the patient picked up" if found[0] is None else "Where was the patient taken"
    options = (
        "residence",
        "hospital",
        "skilled nursing facility",
        "scene of an accident or acute event",
        "physician's office",
        "dialysis facility",
    )
    head = Evidence.quote(document, Span(0, min(80, len(document.text))))
    return query("service", f"{which}?", (), options, [end[1] for end in found if end] or [head])


def _miles_asked(words: tuple[Evidence, ...]) -> Query:
    return query(
        "service",
        "How many miles did the ambulance drive with the patient?",
        ("A0425",),
        ("loaded miles: ____",),
        words,
    )
