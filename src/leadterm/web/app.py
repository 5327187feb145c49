"""The application: pages of the code book, the autocomplete, the REST answers, and how errors are told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import anyio.to_thread
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from leadterm import __version__
from leadterm.app.desk import Desk
from leadterm.app.settings import edit_options, policy
from leadterm.codesets import CodeBook, open_book
from leadterm.codesets.store import data_home
from leadterm.domain import DataMissing, InputError, LeadtermError
from leadterm.pipeline import Coder
from leadterm.storage import open_database

from . import (
    api,
    code_pages,
    coding_api,
    hcpcs_pages,
    index_pages,
    pcs_pages,
    release_pages,
    search_pages,
    tabular_pages,
)
from .access import Access
from .autocomplete import Autocomplete
from .compliance import routes as compliance_routes
from .desk import Room
from .desk import routes as desk_routes
from .door import Door
from .shield import Shield
from .site import Site

# A worker answers in so many threads; each keeps its own connections to the stores.
THREADS = 6
STATUS: dict[type[LeadtermError], int] = {InputError: 400, DataMissing: 503}
OURS = "Something went wrong in Leadterm, not in what you asked. Please report it."
# Addresses that programs ask: they are told of errors in JSON.
PROGRAMS = ("/api/", "/desk/api/")
ROUTES = {
    "/": search_pages.search,
    "/typeahead": search_pages.typeahead,
    "/tabular": tabular_pages.chapters,
    "/tabular/{node}": tabular_pages.node,
    "/codes/{system}/{code}": code_pages.code,
    "/index": index_pages.index,
    "/index/typeahead": index_pages.typeahead,
    "/index/below": index_pages.below,
    "/index/{which}": index_pages.table,
    "/pcs": pcs_pages.builder,
    "/hcpcs": hcpcs_pages.hcpcs,
    "/releases": release_pages.releases,
    "/releases/diff": release_pages.diff,
}


def create_app(
    book: CodeBook | Path | None = None,
    desk: Callable[[CodeBook], Desk] | None = None,
    access: Access | None = None,
) -> FastAPI:
    """The application over an open code book, or over the one of a data home (None: the user's own).

    `desk` opens the coding desk with the first page that asks for it; else it is that of the data home. `access` says
    who may reach what; else it is as `serve` told its processes. Raises InputError when the key of the desk is not
    safely kept.
    """
    home = book if isinstance(book, Path) else None
    access = access or Access.of_process(home)
    site = Site.over(book if isinstance(book, CodeBook) else open_book(book))
    room = Room(site, partial(desk or partial(_own_desk, home), site.book))
    # No page of documentation: the ones that the library brings load scripts from elsewhere.
    app = FastAPI(
        title="Leadterm code sets",
        version=__version__,
        routes=_routes(site, room),
        lifespan=partial(_lifespan, room),
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.include_router(api.router(site.book))
    app.include_router(coding_api.router(site.book))
    tell = partial(_told, site)
    app.add_middleware(Door, access=access, tell=tell)
    app.add_middleware(Shield, tell=tell)  # added last, it stands before the door
    for kind in (LeadtermError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, tell)
    return app


def _own_desk(home: Path | None, book: CodeBook) -> Desk:
    options = edit_options()
    coder = Coder(book, policy=policy(), options=options)
    return Desk(open_database(home or data_home()), book, coder=coder, options=options)


def _routes(site: Site, room: Room) -> list[BaseRoute]:
    # The autocomplete stands first: it is asked at every keystroke.
    pages = [Route(path, partial(view, site)) for path, view in ROUTES.items()]
    return [
        *Autocomplete(site.book).routes(),
        *pages,
        *compliance_routes(room),
        *desk_routes(room),
        Route("/static/{version}/{path:path}", site.assets.serve),
    ]


@asynccontextmanager
async def _lifespan(room: Room, app: FastAPI) -> AsyncIterator[None]:
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    yield
    room.close()


def _told(site: Site, request: Request, error: Exception) -> Response:
    """An error as one sentence: JSON for programs, a page elsewhere."""
    status, sentence = _sentence(error)
    if request.url.path.startswith(PROGRAMS):
        return JSONResponse({"error": sentence}, status)
    return site.page(request, "error.html", None, {"sentence": sentence, "code": status}, status)


def _sentence(error: Exception) -> tuple[int, str]:
    if isinstance(error, LeadtermError):
        return STATUS.get(type(error), 500), str(error)
    if isinstance(error, RequestValidationError):
        names = sorted({str(problem["loc"][-1]) for problem in error.errors()})
        return 400, f"These parameters are missing or cannot be read: {', '.join(names)}."
    if isinstance(error, HTTPException):
        return error.status_code, HTTP.get(error.status_code, str(error.detail))
    return 500, OURS


HTTP = {
    404: "There is no page at this address.",
    405: "This address can only be read (GET).",
}
