"""The first page: a search with what matched; and the suggestions under the search field."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from leadterm.domain import Code, CodeSystem, InputError

from . import asking
from .site import Site, linker

SUGGESTED = 10
LISTED = 50
CHOICES = (
    ("", "All code systems"),
    (CodeSystem.ICD10CM.value, "ICD-10-CM"),
    (CodeSystem.ICD10PCS.value, "ICD-10-PCS"),
    (CodeSystem.HCPCS.value, "HCPCS Level II"),
)


def search(site: Site, request: Request) -> Response:
    """The results of a search; without words, what the book holds."""
    query = request.query_params
    on, words, system = asking.day(query), asking.text(query, "q"), asking.system(query.get("system"))
    hits = site.book.search(words, system, on, LISTED) if words else []
    if not hits and words and (found := _as_code(site, words)):
        return RedirectResponse(linker(on)("codes", found.system, found.value), 303)
    chapters = () if words else site.book.tree_for(on).top()
    values = {
        "q": words,
        "system": system or "",
        "hits": hits,
        "chapters": chapters,
        "choices": CHOICES,
        "most": LISTED,
    }
    return site.page(request, "search.html", on, values, about=("icd10cm:tabular",))


def typeahead(site: Site, request: Request) -> Response:
    """The suggestions for what is typed so far: the options of the list under the search field."""
    query = request.query_params
    on, words = asking.day(query), asking.text(query, "q")
    hits = site.book.search(words, asking.system(query.get("system")), on, SUGGESTED) if words else []
    return site.page(request, "_suggestions.html", on, {"q": words, "hits": hits})


def _as_code(site: Site, text: str) -> Code | None:
    """A text that search does not find and that is a code all the same: one that has ended, or of CPT."""
    try:
        entry = site.book.lookup(text)
    except InputError:
        return None
    return entry.code if entry else None
