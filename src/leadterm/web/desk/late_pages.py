"""Documents that come late to a chart: given, joined, coded; what they changed, and how to take it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from leadterm.app.desk import Came, ChartMissing
from leadterm.desk import Late
from leadterm.domain import Document, Encounter, Evidence, InputError, LeadtermError
from leadterm.records import in_words, read_sent
from leadterm.review import Turn
from leadterm.schemas.encode_recoding import recoding
from leadterm.storage import now
from leadterm.web.uploads import Sent

from .rooms import NO_CHART, Room, chart_path, to

NOTHING = "Nothing was given: choose a file, or paste a text."
NOTHING_NEW = "Everything in it is in the chart already: nothing was changed."
TURNS = (("Added", Turn.ADDED), ("Removed", Turn.REMOVED), ("Changed", Turn.CHANGED))
FAULT = 400


def late(room: Room, request: Request, error: str = "", told: str = "", status: int = 200) -> Response:
    """The form that takes late documents, and what came before."""
    opened = room.chart(request)
    if opened is None:
        return to(chart_path(request.path_params["chart"]))
    values = {
        "chart": opened.chart,
        "finished": opened.work.finished,
        "practice": opened.chart.practice,
        "home": chart_path(opened.chart.id),
        "before": [entry for entry in reversed(opened.timeline.done) if entry.kind == Late.kind],
        "error": error,
        "told": told,
    }
    return room.page(request, "desk/late.html", values, status)


def bring(room: Room, request: Request, sent: Sent) -> Response:
    """Takes the form: the chart is coded anew with what came, and the page of what that changed is shown."""
    opened = room.chart(request)
    if opened is None:
        return to(chart_path(request.path_params["chart"]))
    try:
        came = _brought(room, opened.chart.id, sent)
    except LeadtermError as error:
        return late(room, request, error=str(error), status=FAULT)
    if came.line is None:
        return late(room, request, told=NOTHING_NEW)
    return to(chart_path(opened.chart.id, "late", str(came.line)))


def came(room: Room, request: Request) -> Response:
    """What late documents changed."""
    opened = room.chart(request)
    if opened is None:
        return to(chart_path(request.path_params["chart"]))
    number = request.path_params["number"]
    found = room.desk.came(opened.chart.id, int(number)) if number.isdecimal() and len(number) < 9 else None
    if found is None:
        raise HTTPException(404, "No late documents came to this chart then.")
    documents = {d.id: d for work in (found.before.work, found.after.work) for d in work.encounter.documents}
    places = {d.id: n for n, d in enumerate(found.after.work.encounter.documents)}
    values = {
        "chart": opened.chart,
        "home": chart_path(opened.chart.id),
        "changed": found.changed,
        "turns": [(name, found.changed.of(turn)) for name, turn in TURNS],
        "reopened": bool(found.before.work.finished and not found.after.work.finished),
        "finished": opened.work.finished,
        "documents": documents,
        "places": places,
        "rows": {a.id for a in opened.work.coded.assignments},
        "where": lambda e: _where(e, documents),
        "shown": _shown,
        "stands": any(entry.number == found.line for entry in opened.timeline.done),
        "last": opened.number == found.line,
        "version": opened.number,
    }
    return room.page(request, "desk/came.html", values)


def bring_json(room: Room, request: Request, sent: Sent) -> Response:
    """What late documents changed of a chart, as leadterm.recoding/1; 404 where there is no such chart."""
    try:
        brought = _brought(room, request.path_params["chart"], sent)
    except ChartMissing:
        raise HTTPException(404, NO_CHART) from None
    return JSONResponse(recoding(brought.changed, brought.after.coded))


def _brought(room: Room, chart_id: str, sent: Sent) -> Came:
    records = [encounter for name, content in sent.files for encounter in read_sent(name, content, sent.encoding)]
    text = sent.fields.get("text", "")
    if text.strip():
        pasted = f"paste-{now():%Y%m%d-%H%M%S}"
        records.append(Encounter(pasted, documents=(Document(pasted, text),)))
    if not records:
        raise InputError(NOTHING)
    return room.desk.late(chart_id, records, room.coder, together=sent.says("together"))


def _where(evidence: Evidence, documents: Mapping[str, Document]) -> str:
    """The document of a quotation, and its place in the original where that is told."""
    document = documents.get(evidence.document)
    named = (document.type or document.file if document else None) or evidence.document
    return f"{named}, {in_words(evidence.source, document)}" if evidence.source else named


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return " ".join(map(str, value)) or "none"
    return "none" if value is None else str(value).replace("-", " ")
