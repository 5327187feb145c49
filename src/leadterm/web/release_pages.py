"""What is installed, and what changed from one release to another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from starlette.requests import Request
from starlette.responses import Response

from leadterm.codesets import CodeBook
from leadterm.domain import Change, CodeSystem, Difference, InputError, Release, parse_date

from . import asking
from .site import Site

A_PAGE = 100
KINDS = ("added", "deleted", "changed")
# Components whose entries are codes with a page.
SYSTEM_OF = {
    "icd10cm:tabular": CodeSystem.ICD10CM,
    "icd10cm:order": CodeSystem.ICD10CM,
    "icd10cm:validity": CodeSystem.ICD10CM,
    "icd10pcs:validity": CodeSystem.ICD10PCS,
    "icd10pcs:order": CodeSystem.ICD10PCS,
    "hcpcs:codes": CodeSystem.HCPCS,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """The changes of one component on one page.

    Attributes:
        difference: All of them.
        system: Of its entries, where they are codes.
        rows: Those of this page.
        total: Of the kind that is shown.
        page, pages: From 1.
    """

    difference: Difference
    system: str | None
    rows: tuple[Change, ...]
    total: int
    page: int
    pages: int


def releases(site: Site, request: Request) -> Response:
    """Every installed release, with its days, counts, source and licence."""
    on = asking.day(request.query_params)
    listed = sorted(site.book.releases(), key=lambda r: (r.name, r.period.start))
    values = {"releases": listed, "used": site.book.in_force(on).releases}
    return site.page(request, "releases.html", on, values)


def diff(site: Site, request: Request) -> Response:
    """What changed between two days, or between two releases of a component; without either, what can be compared."""
    query = request.query_params
    on, a, b = asking.day(query), asking.text(query, "a"), asking.text(query, "b")
    component, kind = asking.text(query, "component"), asking.text(query, "kind")
    if kind and kind not in KINDS:
        raise InputError(f"The parameter kind takes one of: {', '.join(KINDS)}.")
    page = asking.number(query, "page", 1, 1, 10**6)
    found = _found(site.book, a, b, component) if a and b else ()
    names = sorted({r.name for r in site.book.releases()})
    values: dict[str, object] = {"a": a, "b": b, "component": component, "kind": kind, "kinds": KINDS, "names": names}
    values |= {"pairs": () if found else _pairs(site.book), "shown": [_shown(d, kind, page) for d in found]}
    return site.page(request, "diff.html", on, values)


def _found(book: CodeBook, a: str, b: str, component: str) -> tuple[Difference, ...]:
    if "@" in a and "@" in b:
        return (book.compare(_release(book, a), _release(book, b)),)
    if "@" in a or "@" in b:
        raise InputError("Name two days, or two releases (icd10cm:drug@2025-04-01), not one of each.")
    return book.changes(_day(a, "a"), _day(b, "b"), (component,) if component else ())


def _day(text: str, name: str) -> date:
    return parse_date(text, f"day {name}")


def _release(book: CodeBook, text: str) -> Release:
    name, _, day = text.partition("@")
    first = parse_date(day, "first day of a release")
    for release in book.releases():
        if release.name == name and release.period.start == first:
            return release
    raise InputError("No such release is installed; the page of releases lists those that are.")


def _pairs(book: CodeBook) -> list[tuple[Release, Release]]:
    """Releases of one component that follow each other."""
    by_name: dict[str, list[Release]] = {}
    for release in sorted(book.releases(), key=lambda r: (r.name, r.period.start)):
        by_name.setdefault(release.name, []).append(release)
    return [pair for found in by_name.values() for pair in pairwise(found)]


def _shown(difference: Difference, kind: str, page: int) -> Shown:
    changes = tuple(c for c in difference.changes if not kind or c.kind == kind)
    pages = max(1, -(-len(changes) // A_PAGE))
    page = min(page, pages)
    rows = changes[(page - 1) * A_PAGE : page * A_PAGE]
    return Shown(difference, SYSTEM_OF.get(difference.name), rows, len(changes), page, pages)
