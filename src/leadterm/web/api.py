"""The code sets over HTTP in the shapes of the contract: the answers of `leadterm lookup`, `search`, `codes status`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from leadterm.codesets import CodeBook
from leadterm.domain import CodeEntry, CodeSystem, Finding, InputError, Severity
from leadterm.schemas import encode

from . import asking

MOST_HITS = 500
On = Annotated[str, Query(max_length=asking.LONGEST_TEXT, description="The day that counts, YYYY-MM-DD.")]
System = Annotated[str, Query(max_length=asking.LONGEST_TEXT, description="icd10cm, icd10pcs, hcpcs or cpt.")]


def router(book: CodeBook) -> APIRouter:
    """The REST addresses over a code book."""
    api = APIRouter(prefix="/api")

    @api.get("/lookup/{code}", summary="What a code is, as leadterm.codes/1")
    def lookup(code: str, system: System = "", on: On = "") -> JSONResponse:
        found = _looked_up(book, code, asking.system(system), asking.day({"on": on}))
        return JSONResponse(encode.codes([found]), 404 if isinstance(found, encode.UnknownCode) else 200)

    @api.get("/search", summary="Codes found by words, as leadterm.hits/1")
    def search(
        q: Annotated[str, Query(min_length=1, max_length=asking.LONGEST_TEXT)],
        system: System = "",
        on: On = "",
        limit: Annotated[int, Query(ge=1, le=MOST_HITS)] = 20,
    ) -> Any:
        return JSONResponse(encode.hits(book.search(q, asking.system(system), asking.day({"on": on}), limit)))

    @api.get("/releases", summary="The installed releases, as leadterm.releases/1")
    def releases() -> Any:
        return JSONResponse(encode.releases(book.releases()))

    return api


def _looked_up(book: CodeBook, code: str, system: CodeSystem | None, on: date | None) -> CodeEntry | encode.UnknownCode:
    try:
        found = book.full_entry(code, system, on)
        message = "No installed release knows this code."
    except InputError as error:
        found, message = None, str(error)
    if found is not None:
        return found
    fix = "Check the code, or find it by words: /api/search?q=WORDS."
    shown = code[: asking.LONGEST_TEXT]
    return encode.UnknownCode(shown, Finding("f1", "CODESETS:code/unknown", Severity.ERROR, message, fix))
