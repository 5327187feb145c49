"""The page of a chart, and what is done on it."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from leadterm.app.desk import Opened
from leadterm.desk import REDO, UNDO, Action
from leadterm.domain import Document, DocumentStatus, Encounter, InputError

from . import forms
from .marks import SAID, block_html, blocks, marked
from .pieces import is_told_anew, pieces
from .remembered import remembered
from .rooms import Room, chart_path, is_fragment, to
from .view import FAMILIES, View, view

Form = Mapping[str, str]
REFUSED = 409
# Scripts load the page again, when nothing is on its way any more.
RELOAD = {"HX-Refresh": "true"}


def chart(room: Room, request: Request) -> Response:
    """The chart, its text left and its codes right; while it is being coded, a page that says so."""
    opened = room.chart(request)
    if opened is None:
        kept = room.desk.chart(request.path_params["chart"])
        return room.page(request, "desk/coding.html", {"chart": kept})
    if is_fragment(request):  # the page that waited for the coding
        return Response(headers=RELOAD)
    shown = seen(opened)
    at = request.query_params.get("at", "")
    values = {
        "chart": opened.chart,
        "encounter": opened.work.encounter,
        "on": opened.work.coded.on,
        "view": shown,
        "families": FAMILIES,
        "at": at if any(row.id == at for part in shown.rows for row in part) else _first(shown),
        "documents": [(n, d, text_html(opened, n, d)) for n, d in enumerate(opened.work.encounter.documents)],
        "unread": unread(opened.work.encounter),
        "said": sorted({SAID[f.assertion] for f in opened.work.coded.facts if f.assertion in SAID}),
        "marks": request.query_params.get("marks", "").split(","),
        "practice": opened.chart.practice,
        "home": chart_path(opened.chart.id),
    }
    return room.page(request, "desk/chart.html", values)


@remembered(8)
def seen(opened: Opened) -> View:
    """What is shown of a chart as it stands."""
    return view(opened)


def _first(shown: View) -> str:
    rows = [row for part in shown.rows for row in part]
    return next((row.id for row in rows if row.status == "suggested"), rows[0].id if rows else "")


def text_html(opened: Opened, number: int, document: Document) -> str:
    """The text of a document as HTML, block after block."""
    within = marked(opened.work)
    return "".join(block_html(b, document.text, within(b)) for b in blocks(document, number))


def unread(encounter: Encounter) -> dict[str, str]:
    """The documents that no code rests on, by id, and why: a copy, replaced, taken back."""
    standing = {d.id for d in encounter.standing}
    return {d.id: _why_unread(d) for d in encounter.documents if d.id not in standing}


def _why_unread(document: Document) -> str:
    if document.status is DocumentStatus.RETRACTED:
        return "taken back, not read"
    return "a copy, read once" if document.same_as else "replaced, not read"


def do(room: Room, request: Request, form: Form) -> Response:
    """Does one action; a script gets the parts of the page that changed, a form goes back to the page."""
    opened = room.chart(request)
    if opened is None:
        return refused("This chart is still being coded; wait a moment.")
    chart_id, wanted = opened.chart.id, form.get("do", "")
    known = _number(form.get("version", ""), opened)
    before = opened if known == opened.number else (room.desk.look_at(chart_id, known) or opened)
    try:
        if form.get("again") and before is not opened and room.desk.wrote(chart_id, known, *_line(form, before)):
            after = opened  # it was done, and only its answer was lost
        elif wanted in (UNDO, REDO):
            if known != opened.number:
                raise InputError("The chart was changed elsewhere; look at what is there now, then undo.")
            after = (room.desk.undo if wanted == UNDO else room.desk.redo)(chart_id, room.coder)
        else:
            after = room.desk.act(chart_id, forms.action(form, opened), room.coder)
    except InputError as error:
        return refused(str(error))
    if not is_fragment(request):
        return to(f"{chart_path(chart_id)}?at={wanted.partition(':')[2].partition(':')[0]}")
    headers = RELOAD if is_told_anew(before, after) else None
    return HTMLResponse(pieces(room, before, after, seen(before), seen(after)), headers=headers)


def _line(form: Form, opened: Opened) -> tuple[str, Action | None]:
    """What the log says of an action: its kind, and the action, which an undo and a redo are without."""
    if form.get("do") in (UNDO, REDO):
        return form["do"], None
    action = forms.action(form, opened)
    return action.kind, action


def refused(sentence: str) -> Response:
    """Why something was not done, in a sentence: a script shows it, and so does the browser of one without scripts."""
    return PlainTextResponse(sentence, REFUSED)


def _number(text: str, opened: Opened) -> int:
    """The line of the log that the page knows; the last one where it does not say."""
    return int(text) if text.isdecimal() and len(text) < 9 else opened.number
