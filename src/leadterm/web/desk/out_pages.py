"""What comes out of a chart: JSON, CSV, the claim, a summary to print; what it groups to; how practice was graded."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from leadterm import desk, pipeline
from leadterm.app.desk import Opened
from leadterm.cases import find_case
from leadterm.domain import DIAGNOSIS_ROLES, Assignment, Claim, Finding, LeadtermError, Money, Status
from leadterm.review import AttemptCode, grade
from leadterm.schemas import encode
from leadterm.storage import now

from .chart_pages import refused
from .rooms import BASE_RATE, Room, chart_path, to
from .view import STATUSES

COLUMNS = (
    *("sequence", "role", "system", "code", "description", "poa", "units", "modifiers", "pointers", "charge"),
    *("status", "method", "by", "at", "reason", "document", "start", "end", "words"),
)
# A spreadsheet takes these for the beginning of a formula.
FORMULA = tuple("=+-@\t\r")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def out(room: Room, request: Request) -> Response:
    """What can be taken away, and what a claim still lacks."""
    opened = _opened(room, request)
    claim, findings, why_not = _claim(room, opened)
    values = {
        "home": chart_path(opened.chart.id),
        "claim": claim,
        "findings": [f for f in findings if f.stands],
        "why_not": why_not,
        "finished": opened.work.finished,
        "obstacles": opened.obstacles,
    }
    return room.page(request, "desk/_out.html", values)


def _claim(room: Room, opened: Opened) -> tuple[Claim | None, tuple[Finding, ...], str]:
    """The claim of what is coded with its findings; or why there is none, in a sentence."""
    try:
        claim, findings = pipeline.build_claim(opened.coded, room.book, options=room.desk.options)
    except LeadtermError as error:
        return None, (), str(error)
    return claim, findings, ""


def worth(room: Room, request: Request) -> Response:
    """What the decided codes group to and are worth; what another code would bring is nowhere computed."""
    opened = _opened(room, request)
    rate = room.desk.preference(BASE_RATE)
    decided = tuple(a for a in opened.coded.assignments if a.status is not Status.SUGGESTED)
    found = pipeline.worth(replace(opened.coded, assignments=decided), room.book, Money.parse(rate) if rate else None)
    values = {"worth": found, "open": len(opened.work.undecided), "home": chart_path(opened.chart.id)}
    return room.page(request, "desk/_worth.html", values)


def coded_json(room: Room, request: Request) -> Response:
    """The coding as leadterm.coded/1, decisions and overrides included."""
    opened = _opened(room, request)
    body = json.dumps(encode.coded(opened.coded), ensure_ascii=False, indent=2).encode("utf-8", "surrogatepass")
    return _file(body, "application/json", opened, "coded.json")


def codes_csv(room: Room, request: Request) -> Response:
    """The codes as a table, a line for each code that stands, with its first words."""
    opened = _opened(room, request)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for assignment in opened.coded.assignments:
        writer.writerow([_harmless(cell) for cell in _cells(assignment)])
    return _file(text.getvalue().encode(), "text/csv; charset=utf-8", opened, "codes.csv")


def _cells(a: Assignment) -> list[str]:
    decided = a.decision
    quote = a.evidence[0] if a.evidence else None
    return [
        str(a.sequence),
        a.role.value,
        a.code.system.value,
        a.code.value,
        a.description or "",
        a.poa.value if a.poa else "",
        f"{a.units:f}" if a.units is not None else "",
        " ".join(a.modifiers),
        " ".join(map(str, a.pointers)),
        str(a.charge) if a.charge is not None else "",
        a.status.value,
        decided.method if decided else "",
        decided.by if decided else "",
        decided.at.isoformat() if decided else "",
        (decided.reason or "") if decided else "",
        quote.document if quote else "",
        str(quote.span.start) if quote else "",
        str(quote.span.end) if quote else "",
        " ".join(quote.text.split()) if quote else "",
    ]


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def claim_837(room: Room, request: Request) -> Response:
    """The 837P of a finished coding; otherwise why there is none."""
    opened = _opened(room, request)
    if opened.work.finished is None:
        return refused("Finish the coding first: a claim is made of codes that somebody stands for.")
    claim, findings, why_not = _claim(room, opened)
    standing = [f for f in findings if f.stands]
    if claim is None or standing:
        return refused(why_not or f"{len(standing)} errors stand on the claim: {standing[0].message}")
    try:
        body = pipeline.interchange(claim, 1, now())
    except LeadtermError as error:
        return refused(str(error))
    return _file(body, "text/plain; charset=utf-8", opened, "837")


def summary(room: Room, request: Request) -> Response:
    """A page to print: the codes with their words, decisions and findings."""
    opened = _opened(room, request)
    standing = [a for a in opened.coded.assignments if a.status is not Status.REJECTED]
    values = {
        "chart": opened.chart,
        "encounter": opened.work.encounter,
        "coded": opened.coded,
        "on": opened.coded.on,
        "diagnoses": [a for a in standing if a.role in DIAGNOSIS_ROLES],
        "others": [a for a in standing if a.role not in DIAGNOSIS_ROLES],
        "rejected": [a for a in opened.coded.assignments if a.status is Status.REJECTED],
        "statuses": STATUSES,
        "finished": opened.work.finished,
        "tally": desk.tally(opened.timeline),
        "home": chart_path(opened.chart.id),
    }
    return room.page(request, "desk/summary.html", values)


def graded(room: Room, request: Request) -> Response:
    """How a practice case went, against its key; only when it is finished."""
    opened = _opened(room, request)
    if opened.chart.practice is None:
        raise HTTPException(404, "This chart is no coding case.")
    if opened.work.finished is None:
        return to(chart_path(opened.chart.id))
    case = find_case(opened.chart.practice)
    attempt = [AttemptCode(a.code, a.role) for a in opened.coded.diagnoses]
    values = {
        "chart": opened.chart,
        "case": case,
        "grade": grade(case, attempt, room.book),
        "home": chart_path(opened.chart.id),
        "tally": desk.tally(opened.timeline),
    }
    return room.page(request, "desk/graded.html", values)


def statistics(room: Room, request: Request) -> Response:
    """What became of suggestions, by chart and altogether."""
    rows = room.desk.tallies()
    return room.page(request, "desk/statistics.html", {"rows": rows, "total": desk.total(t for _, t in rows)})


def _opened(room: Room, request: Request) -> Opened:
    opened = room.chart(request)
    if opened is None:
        raise HTTPException(409, "This chart is still being coded; wait a moment.")
    return opened


def _file(body: bytes, kind: str, opened: Opened, ending: str) -> Response:
    name = _UNSAFE.sub("-", opened.chart.name).strip("-.")[:60] or "chart"
    return Response(body, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}.{ending}"'})
