"""The coding desk in the browser: the queue, a chart with its codes, and what comes out of it.

`routes(room)` gives its addresses, all below `/desk`; who may reach them is decided before, in `leadterm.web.access`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from leadterm.web.uploads import MOST_BYTES, Sent, of_form, of_program

from . import chart_pages, details, encounter_pages, late_pages, other_pages, out_pages, queue_pages
from .rooms import HOME, Room

__all__ = ["HOME", "Room", "routes"]

READ = {
    "": queue_pages.queue,
    "/practice": queue_pages.practice,
    "/statistics": out_pages.statistics,
    "/settings": other_pages.settings,
    "/{chart}": chart_pages.chart,
    "/{chart}/encounter": encounter_pages.encounter,
    "/{chart}/late": late_pages.late,
    "/{chart}/late/{number}": late_pages.came,
    "/{chart}/codes/{assignment}": details.details,
    "/{chart}/typeahead": other_pages.typeahead,
    "/{chart}/out": out_pages.out,
    "/{chart}/worth": out_pages.worth,
    "/{chart}/coded.json": out_pages.coded_json,
    "/{chart}/codes.csv": out_pages.codes_csv,
    "/{chart}/claim.837": out_pages.claim_837,
    "/{chart}/summary": out_pages.summary,
    "/{chart}/grade": out_pages.graded,
}
WRITTEN = {
    "/sample": queue_pages.open_sample,
    "/practice": queue_pages.open_practice,
    "/settings": other_pages.choose,
    "/{chart}/do": chart_pages.do,
    "/{chart}/encounter": encounter_pages.describe,
    "/{chart}/remove": queue_pages.remove,
}
# What takes files.
SENT = {
    "/open": queue_pages.open_charts,
    "/{chart}/late": late_pages.bring,
}
# What takes files from programs.
REST = {"/api/charts/{chart}/late": late_pages.bring_json}
View = Callable[..., Response]
Taking = Callable[[Room, Request, Sent], Response]


def routes(room: Room) -> list[Route]:
    """Every address of the desk."""
    posted = [Route(HOME + path, _posted(room, answer), methods=["POST"]) for path, answer in WRITTEN.items()]
    taking = [
        Route(HOME + path, _taking(room, answer, read), methods=["POST"])
        for table, read in ((SENT, of_form), (REST, of_program))
        for path, answer in table.items()
    ]
    return [*taking, *posted, *(Route(HOME + path, partial(answer, room)) for path, answer in READ.items())]


def _posted(room: Room, answer: View) -> Callable[[Request], Any]:
    async def post(request: Request) -> Response:
        async with request.form(max_files=0, max_part_size=MOST_BYTES) as form:
            fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        return await run_in_threadpool(answer, room, request, fields)

    return post


def _taking(room: Room, answer: Taking, read: Callable[[Request], Awaitable[Sent]]) -> Callable[[Request], Any]:
    async def take(request: Request) -> Response:
        return await run_in_threadpool(answer, room, request, await read(request))

    return take
