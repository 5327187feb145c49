"""The coding desk in the browser: the queue, a chart with its codes, and what comes out of it.

`routes(room)` gives its addresses, all below `/desk`; who may reach them is decided before, in `leadterm.web.access`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from . import chart_pages, details, encounter_pages, other_pages, out_pages, queue_pages
from .rooms import HOME, Room

__all__ = ["HOME", "Room", "routes"]

# A pasted text may be as long as a file.
MOST_BYTES = 64_000_000
READ = {
    "": queue_pages.queue,
    "/practice": queue_pages.practice,
    "/statistics": out_pages.statistics,
    "/settings": other_pages.settings,
    "/{chart}": chart_pages.chart,
    "/{chart}/encounter": encounter_pages.encounter,
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
View = Callable[..., Response]


def routes(room: Room) -> list[Route]:
    """Every address of the desk."""
    posted = [Route(HOME + path, _posted(room, answer), methods=["POST"]) for path, answer in WRITTEN.items()]
    opening = Route(f"{HOME}/open", partial(_open, room), methods=["POST"])
    return [opening, *posted, *(Route(HOME + path, partial(answer, room)) for path, answer in READ.items())]


def _posted(room: Room, answer: View) -> Callable[[Request], Any]:
    async def post(request: Request) -> Response:
        async with request.form(max_files=0, max_part_size=MOST_BYTES) as form:
            fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        return await run_in_threadpool(answer, room, request, fields)

    return post


async def _open(room: Room, request: Request) -> Response:
    async with request.form(max_files=queue_pages.MOST_CHARTS, max_part_size=MOST_BYTES) as form:
        fields: Mapping[str, str] = {n: v for n, v in form.multi_items() if isinstance(v, str)}
        files = [v for _, v in form.multi_items() if isinstance(v, UploadFile)]
        uploads = [(file.filename or "", await file.read()) for file in files]
    return await run_in_threadpool(queue_pages.open_charts, room, request, fields, uploads)
