"""Anesthesia by the time from start to end: which code, how many minutes, who gave or directed it.

A claim bears the minutes; Medicare counts them in units of 15 to one decimal and adds the base units of the code. The
base units stand in no release that is at hand and are not needed on the line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.querying._asking import query
from leadterm.coding.rules import reason
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.payers import is_medicare, is_other, payer
from leadterm.coding.services.service import Offer, Service
from leadterm.coding.statements import day_of, documents
from leadterm.domain import ClaimType, Document, Evidence, Finding, Query, Severity

from .anesthetists import Line, staffed
from .operations import Operation, operation
from .records import Times, circumstances, physical_status, times

TIME, CODE = "MCPM:12.50.G/time", "MCPM:12.50/code"
CARE, STATUS, CIRCUMSTANCE = (
    "MCPM:12.50.H/monitored-care",
    "CPT:anesthesia/physical-status",
    "CPT:anesthesia/circumstances",
)
SCREENED, TOTAL_ONLY = "MCPM:18.60.1/anesthesia", "MCPM:12.50.G/total-only"
QUARTER = Decimal(15)
_GATE = compiled(r"anesth|anaesth|crna")
_SEVERE = compiled(r"\bsevere cardio-?pulmonary\b")
_INVASIVE = compiled(
    r"\b(?:deep|complex|complicated|markedly invasive)[ ,a-z]{0,40}(?:procedure|surgery)\b[^.\n]{0,40}\bmac\b|\bg8\b"
)
# Anesthesia of infants whose code tells the age already.
INFANT = frozenset({"00326", "00561", "00834", "00836"})


@dataclass(frozen=True, slots=True)
class _Case:
    """One anesthetic: its document, its times, its operation."""

    document: Document
    times: Times
    operation: Operation


def time_units(minutes: int) -> Decimal:
    """Medicare's time units: minutes by 15, to one decimal."""
    return (Decimal(minutes) / QUARTER).quantize(Decimal("0.1"), ROUND_HALF_UP)


def read(chart: Chart) -> Offer:
    """The anesthetics that the chart records with their times; who gives anesthesia bills it, no facility does."""
    if chart.encounter.claim_type is not ClaimType.PROFESSIONAL or not _GATE.search(chart.text):
        return Offer()
    offers = [_offer(chart, document, found) for document in documents(chart) if (found := times(document)) is not None]
    return Offer(
        tuple(s for o in offers for s in o.services),
        tuple(f for o in offers for f in o.findings),
        tuple(q for o in offers for q in o.queries),
    )


def _offer(chart: Chart, document: Document, found: Times) -> Offer:
    staff = staffed(chart, document)
    if staff is None:
        return Offer()
    case = _Case(document, found, operation(chart, document))
    queries = [q for q in (_time_asked(case), _code_asked(case), staff.question) if q is not None]
    if queries:
        return Offer(queries=tuple(queries))
    findings = (_total_only(case),) if found.minutes and not found.whole else ()
    code = case.operation.codes[0]
    lines = [_line(chart, case, code, line) for line in staff.lines]
    return Offer((*lines, *_circumstances(chart, case, code)), findings)


# --- the line ---


def _line(chart: Chart, case: _Case, code: str, line: Line) -> Service:
    minutes = case.times.minutes or 0
    evidence = [*case.operation.evidence, *case.times.evidence, *line.evidence]
    name = f"anesthesia, {case.operation.region}"
    service = coded(chart, code, "anesthesia", name, evidence, _day(chart, case), Decimal(minutes))
    service = service.stepped(reason(CODE), CODE)
    service = service.stepped(f"{minutes} minutes, {time_units(minutes)} units of 15. {reason(TIME)}", TIME)
    service = service.modified(line.modifier, reason(line.rule), line.rule)
    for modifier, rule in (*line.more, *_care(case.document), *_screening(chart, case, code), *_status(chart, case)):
        service = service.modified(modifier, reason(rule), rule)
    return service


def _care(document: Document) -> Iterator[tuple[str, str]]:
    """QS of monitored anesthesia care; G8 and G9 say it with its reason."""
    text = document.text.lower()
    if not _MONITORED.search(text):
        return
    yield ("G9" if _SEVERE.search(text) else "G8" if _INVASIVE.search(text) else "QS"), CARE


_MONITORED = compiled(
    r"(?:monitored anesthesia care|\bmac\b)(?! (?:blade|[0-9]|was (?:not|converted)|converted"
    r"|not ))(?![^.\n]{0,30}converted to general)"
)


def _screening(chart: Chart, case: _Case, code: str) -> Iterator[tuple[str, str]]:
    """A colonoscopy that began as a screening and became more."""
    if code == "00811" and "screening" in case.operation.text:
        yield ("PT" if is_medicare(chart) else "33"), SCREENED


def _status(chart: Chart, case: _Case) -> Iterator[tuple[str, str]]:
    status = physical_status(case.document)
    if status and is_other(chart):
        yield f"P{status.grade}", STATUS


def _circumstances(chart: Chart, case: _Case, code: str) -> Iterator[Service]:
    """Qualifying circumstances, for payers that take them: extreme age, hypothermia, hypotension, emergency."""
    if payer(chart) in ("", "medicare", "medicaid"):
        return
    for number, name, evidence in circumstances(chart, case.document):
        if known(chart, number) and not (number == "99100" and code in INFANT):
            service = coded(chart, number, "anesthesia", name, evidence or case.times.evidence, _day(chart, case))
            yield service.stepped(reason(CIRCUMSTANCE), CIRCUMSTANCE)


def _day(chart: Chart, case: _Case) -> date | None:
    return day_of(chart, case.document)


# --- questions and findings ---


def _time_asked(case: _Case) -> Query | None:
    if case.times.minutes is not None:
        return None
    question = f"The record does not tell when anesthesia {case.times.lacks}. When was that?"
    return query("time", question, (), ("clock time: ____",), case.times.evidence)


def _code_asked(case: _Case) -> Query | None:
    if len(case.operation.codes) == 1:
        return None
    options = tuple(f"{code}" for code in case.operation.codes) or ("body region and procedure: ____",)
    evidence = case.operation.evidence or case.times.evidence
    about = f" of the {case.operation.region}" if case.operation.region else ""
    question = (
        f"The record leaves open which anesthesia code the operation{about} belongs to. Which procedure was done?"
    )
    return query("service", question, case.operation.codes, options, evidence)


def _total_only(case: _Case) -> Finding:
    message = "The minutes of anesthesia are stated in total; when it started and ended does not stand in the record."
    fix = "Add the clock times at which anesthesia started and ended."
    return Finding("f0", TOTAL_ONLY, Severity.WARNING, message, fix, (), (), reason(TOTAL_ONLY), _evidence(case))


def _evidence(case: _Case) -> tuple[Evidence, ...]:
    return case.times.evidence
