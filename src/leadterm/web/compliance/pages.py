"""The pages of compliance: the list of case files, one case with all its forms, the clock of dates alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from leadterm.app.compliance import Case, CaseMissing, ChangedMeanwhile, Compliance, NotTheirs
from leadterm.app.settings import people
from leadterm.compliance import REPEATED, Event
from leadterm.compliance import clock as clock_of
from leadterm.compliance.casefile import DISPOSITIONS, EVENTS, STATUSES, Disposition, EvidenceKind, Status, said
from leadterm.compliance.signals import signal_rules
from leadterm.domain import InputError, Signal
from leadterm.schemas import decode_signals, encode_compliance
from leadterm.storage import now
from leadterm.web import asking
from leadterm.web.desk.rooms import Room, to

from . import forms
from .forms import Given

HOME = "/desk/compliance"
NO_CASE = "There is no such case file, or this browser has not been let in."
PAGE = 200
# Days of one event that the form shows again, and the letters of one.
MOST_DAYS, LONGEST_DAY = 50, 10
MOST_DIGITS = 9
WORDS = {
    "RULES": signal_rules(),
    "STATUSES": STATUSES,
    "DISPOSITIONS": DISPOSITIONS,
    "EVENTS": EVENTS,
    "cases_home": HOME,
}
NOTHING_GIVEN = Given()


def at_work(room: Room) -> Compliance:
    """The use cases over the desk's database."""
    return Compliance(room.desk.database, people())


def cases(room: Room, request: Request, error: str = "", made: str = "") -> Response:
    """The case files, newest first, of a status, a person and a kind; and the way to open others."""
    every = at_work(room).cases()
    query = request.query_params
    status, assigned, kind = query.get("status", ""), asking.text(query, "assigned"), asking.text(query, "kind")
    asked = {"status": status, "assigned": assigned, "kind": kind}
    found = [
        c
        for c in every
        if status in ("", c.file.status) and assigned in ("", c.file.assigned) and kind in ("", c.signal.kind)
    ]
    day, first = today(request), _first(request, len(found))
    values = {
        "rows": [(c, c.clock(day).give_back) for c in found[first : first + PAGE]],
        "more": max(len(found) - first - PAGE, 0),
        "older": first + PAGE,
        "newer": max(first - PAGE, 0) if first else None,
        "asked": "".join(f"{urlencode({name: said})}&" for name, said in asked.items() if said),
        "status": status if status in list(Status) else "",
        "assigned": assigned,
        "kind": kind,
        "kinds": sorted({c.signal.kind for c in every}),
        "persons": sorted({c.file.assigned for c in every if c.file.assigned}),
        "counts": {s: sum(c.file.status is s for c in every) for s in Status},
        "error": error,
        "made": made,
    }
    return room.page(request, "compliance/list.html", WORDS | values, 400 if error else 200)


def _first(request: Request, most: int) -> int:
    """The number of the first case that is shown, from 0."""
    written = request.query_params.get("from", "")
    return min(int(written), most) if written.isdecimal() and written.isascii() and len(written) < MOST_DIGITS else 0


def open_signals(room: Room, request: Request, form: Given) -> Response:
    """Opens the case files of a signals file; of one signal, its case is shown."""
    try:
        signals = read_signals(form.content)
        made = at_work(room).open_all(signals, room.coder)
    except InputError as error:
        return cases(room, request, str(error))
    if len(made) == 1:
        return to(f"{HOME}/{made[0][0].id}")
    return cases(room, request, made=f"{sum(new for _, new in made)} of {len(made)} case files were opened now.")


def read_signals(content: bytes) -> tuple[Signal, ...]:
    """The signals of a leadterm.signals/1. Raises InputError for anything else, and for none at all."""
    try:
        found = decode_signals.signals(json.loads(content))
    except (ValueError, RecursionError):
        raise InputError("That is no JSON; give what `leadterm compliance scan --json` wrote.") from None
    if not found:
        raise InputError("The file has no signal: there is nothing to open.")
    return found


def case(room: Room, request: Request, error: str = "", form: Given = NOTHING_GIVEN, status: int = 200) -> Response:
    """A case with its signal, its clock, its events, and a form for each thing that can be done."""
    work = at_work(room)
    found = _found(work, request)
    values = {
        "case": found,
        "signal": found.signal,
        "file": found.file,
        "clock": found.clock(today(request)),
        "events": [(entry, said(entry.action)) for entry in found.file.entries],
        "may": not work.is_about(found, room.coder),
        "coder": room.coder,
        "error": error,
        "form": form,
        "statuses": [s for s in Status if s is not Status.CLOSED],
        "dispositions": list(Disposition),
        "kinds": list(EvidenceKind),
        "day": today(request),
    }
    return room.page(request, "compliance/case.html", WORDS | values, status)


def do(room: Room, request: Request, form: Given) -> Response:
    """Does one action, and goes back to the page; refused, the page says why and keeps what was written."""
    work = at_work(room)
    found = _found(work, request)
    try:
        work.act(found.id, forms.action(form), room.coder, forms.version(form))
    except InputError as error:
        return case(room, request, str(error), form, STATUS.get(type(error), 400))
    return to(f"{HOME}/{found.id}#events")


STATUS: Mapping[type[Exception], int] = {NotTheirs: 403, ChangedMeanwhile: 409}


def case_json(room: Room, request: Request) -> Response:
    """A case as leadterm.compliance/1."""
    return JSONResponse(encode_compliance.cases(today(request), [_found(at_work(room), request)]))


def clock(room: Room, request: Request) -> Response:
    """The clock of the dates in the address, without a case."""
    query, error = request.query_params, ""
    try:
        found = clock_of(forms.dates(query), today(request))
    except InputError as wrong:
        found, error = clock_of((), today(request)), str(wrong)
    given = {event: [text[:LONGEST_DAY] for text in forms.written(query, event)][:MOST_DAYS] for event in Event}
    for event, days in given.items():
        if not days or event in REPEATED:
            days.append("")
    values = {"clock": found, "given": given, "error": error, "day": today(request)}
    return room.page(request, "compliance/clock.html", WORDS | values, 400 if error else 200)


def today(request: Request) -> date:
    """The day from which an address looks: `on`, else this day (UTC)."""
    return asking.day(request.query_params) or now().date()


def _found(work: Compliance, request: Request) -> Case:
    try:
        return work.case(request.path_params["case"])
    except CaseMissing:
        raise HTTPException(404, NO_CASE) from None
