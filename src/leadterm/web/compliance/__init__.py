"""Case files in the browser and over HTTP: all below `/desk`, so that the door of the desk stands before them.

`routes(room)` gives the addresses; who may reach them is decided before, in `leadterm.web.access`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from leadterm.web.desk.rooms import Room

from . import pages, rest
from .forms import Given, given

__all__ = ["HOME", "READ", "REST", "WRITTEN", "routes"]

HOME = pages.HOME
READ = {
    HOME: pages.cases,
    f"{HOME}/clock": pages.clock,
    f"{HOME}/{{case}}": pages.case,
    f"{HOME}/{{case}}/case.json": pages.case_json,
}
WRITTEN = {
    f"{HOME}/open": pages.open_signals,
    f"{HOME}/{{case}}/do": pages.do,
}
REST = {
    ("GET", f"{rest.HOME}/cases"): rest.cases,
    ("POST", f"{rest.HOME}/cases"): rest.open_signals,
    ("GET", f"{rest.HOME}/cases/{{case}}"): rest.case,
    ("POST", f"{rest.HOME}/cases/{{case}}/events"): rest.act,
}
View = Callable[..., Response]


def routes(room: Room) -> list[Route]:
    """Every address of case files; they go before those of the desk, which take any name for a chart."""
    posted = [Route(path, _posted(room, answer), methods=["POST"]) for path, answer in WRITTEN.items()]
    asked = [Route(path, _with_body(room, answer), methods=[method]) for (method, path), answer in REST.items()]
    return [*posted, *asked, *(Route(path, partial(answer, room)) for path, answer in READ.items())]


def _posted(room: Room, answer: View) -> Callable[[Request], Any]:
    async def post(request: Request) -> Response:
        form: Given = await given(request)
        return await run_in_threadpool(answer, room, request, form)

    return post


def _with_body(room: Room, answer: View) -> Callable[[Request], Any]:
    async def ask(request: Request) -> Response:
        return await run_in_threadpool(answer, room, request, await request.body())

    return ask
