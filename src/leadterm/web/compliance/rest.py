"""Case files over HTTP in the shapes of the contract, for programs that show the key of the desk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from leadterm.app.compliance import Case, CaseMissing, ChangedMeanwhile, NotTheirs
from leadterm.compliance.casefile import Open, Status, read
from leadterm.compliance.signals import signal_rules
from leadterm.domain import InputError
from leadterm.schemas import encode_compliance
from leadterm.schemas.reading import Node, must
from leadterm.web.desk.rooms import Room

from .pages import at_work, read_signals, today

HOME = "/desk/api/compliance"
STATUS: Mapping[type[InputError], int] = {CaseMissing: 404, NotTheirs: 403, ChangedMeanwhile: 409}


def cases(room: Room, request: Request, body: bytes) -> Response:
    """The case files, newest first; of the `status` and the `kind` that are named."""
    written = request.query_params.get("status", "")
    if written and written not in list(Status):
        raise InputError(f"The parameter status takes one of: {', '.join(Status)}.")
    kind = request.query_params.get("kind", "")
    if kind and kind not in signal_rules():
        raise InputError(f"The parameter kind takes one of: {', '.join(signal_rules())}.")
    found = at_work(room).cases(Status(written) if written else None)
    return _answer(request, [case for case in found if kind in ("", case.signal.kind)])


def open_signals(room: Room, request: Request, body: bytes) -> Response:
    """Opens the case files of a leadterm.signals/1; 201 where one is new."""
    by = request.query_params.get("by", "") or room.coder
    made = at_work(room).open_all(read_signals(body), by)
    return _answer(request, [case for case, _ in made], 201 if any(new for _, new in made) else 200)


def case(room: Room, request: Request, body: bytes) -> Response:
    """One case file."""
    return _done(request, lambda: at_work(room).case(request.path_params["case"]))


def act(room: Room, request: Request, body: bytes) -> Response:
    """Adds an event: `kind`, `said` (its particulars), `by`, and `after`, the number of the last event seen."""
    at = Node(_json(body))
    action = read(must(Node.word, at["kind"]), at["said"].mapping() or {})
    if isinstance(action, Open):
        raise InputError("A case file is opened from its signal: send the signal.")
    by, after = at["by"].word() or room.coder, at["after"].integer()
    return _done(request, lambda: at_work(room).act(request.path_params["case"], action, by, after))


def _done(request: Request, what: Any) -> Response:
    try:
        found: Case = what()
    except tuple(STATUS) as error:
        return JSONResponse({"error": str(error)}, STATUS[type(error)])
    return _answer(request, [found])


def _answer(request: Request, found: list[Case], status: int = 200) -> Response:
    return JSONResponse(encode_compliance.cases(today(request), found), status)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise InputError("That is no JSON; send an object with kind and said.") from None
