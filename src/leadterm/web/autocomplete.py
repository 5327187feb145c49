"""Autocomplete in the form of the NLM's Clinical Table Search Service, so that widgets written for it work here.

An answer is `[total, codes, extra, display]` (https://clinicaltables.nlm.nih.gov, "API for ICD-10-CM"): how many were
found, the codes of this page, the fields asked for as `ef` (or null), and for each code the fields of `df`.
As there, codes of ICD-10-CM are those that may stand on a claim. Unlike there, `sf` is `code,name` where it is not
given, typing errors are forgiven, and `q` is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from leadterm.codesets import CodeBook
from leadterm.domain import CodeSystem, Hit, InputError, LeadtermError

from . import asking

SYSTEMS = (CodeSystem.ICD10CM, CodeSystem.ICD10PCS, CodeSystem.HCPCS)
FIELDS = ("code", "name")
DEFAULT_COUNT, MOST, FURTHEST = 7, 500, 7_500
# So many hits are counted at least, which is what the search looks at anyway; `total` is exact below that.
WINDOW = 60
# Encoded answers that a worker keeps, of short lists: about a kilobyte each, so some ten megabytes.
KEPT, KEPT_COUNT = 8_192, 20
# A code set changes by release only, and a new release means a new process.
CACHE = {"Cache-Control": "public, max-age=3600"}
Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for.

    Attributes:
        system: The code system.
        terms: What was typed.
        count, offset: The page.
        df: Fields to show.
        sf: Fields to search.
        cf: The field that is the code.
        ef: Extra fields and the names to give them under.
        on: The day that counts; None: the newest release. This one is ours.
    """

    system: CodeSystem
    terms: str
    count: int
    offset: int
    df: tuple[str, ...]
    sf: tuple[str, ...]
    cf: str
    ef: tuple[tuple[str, str], ...]
    on: date | None


class Autocomplete:
    """Answers at every keystroke, over one code book."""

    def __init__(self, book: CodeBook) -> None:
        self._book = book
        self._kept = lru_cache(KEPT)(self._encoded)

    def routes(self) -> list[Route]:
        """The addresses `/api/SYSTEM/v3/search`. They answer on the event loop: most answers are at hand."""
        return [Route(f"/api/{system}/v3/search", partial(self._answer, system)) for system in SYSTEMS]

    async def _answer(self, system: CodeSystem, request: Request) -> Response:
        try:
            asked = read(system, request.query_params)
            body = (self._kept if asked.count <= KEPT_COUNT else self._encoded)(asked)
        except LeadtermError as error:
            return JSONResponse({"error": str(error)}, 400 if isinstance(error, InputError) else 503)
        return Response(body, media_type="application/json", headers=CACHE)

    def _encoded(self, asked: Question) -> bytes:
        rows = list(self._rows(asked))
        shown = [dict(zip(FIELDS, row, strict=True)) for row in rows[asked.offset : asked.offset + asked.count]]
        answer = [
            len(rows),
            [row[asked.cf] for row in shown],
            {name: [row[field] for row in shown] for field, name in asked.ef} or None,
            [[row[field] for field in asked.df] for row in shown],
        ]
        return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()

    def _rows(self, asked: Question) -> Iterable[Row]:
        if not asked.terms:
            return []
        wanted = max(asked.offset + asked.count, WINDOW)
        hits = self._book.search(asked.terms, asked.system, asked.on, wanted)
        hits = [hit for hit in hits if ("code" if hit.matched == "code" else "name") in asked.sf]
        rows = dict.fromkeys((hit.code.value, hit.description) for hit in hits if hit.billable)
        for row in self._below(hits, asked.on):
            if len(rows) >= wanted:
                break
            rows[row] = None
        return rows

    def _below(self, hits: list[Hit], on: date | None) -> Iterator[Row]:
        """The billable codes under the hits that need more characters."""
        tree = self._book.tree_for(on)
        ahead = [hit.code.value for hit in reversed(hits) if not hit.billable]
        while ahead:
            node = tree.node(ahead.pop())
            if node and node.billable:
                yield node.code, node.title
            elif node:
                ahead.extend(reversed(node.children))


def read(system: CodeSystem, query: QueryParams) -> Question:
    """The question of an address. Raises InputError for what cannot be read, and for `q`."""
    if "terms" not in query:
        raise InputError("The parameter terms is missing: give the beginning of a word or of a code.")
    if query.get("q"):
        raise InputError("The parameter q is not supported; put all words into terms.")
    return Question(
        system,
        asking.text(query, "terms"),
        _count(query),
        asking.number(query, "offset", 0, 0, FURTHEST - MOST),
        _fields(query.get("df") or "code,name", "df"),
        _fields(query.get("sf") or "code,name", "sf"),
        _fields(query.get("cf") or "code", "cf")[0],
        _extra(query.get("ef", "")),
        asking.day(query),
    )


def _count(query: QueryParams) -> int:
    """`count`, else `maxList`, whose presence without a value means the most; both end at the most."""
    if "maxList" in query and not query["maxList"]:
        return MOST
    name = "count" if query.get("count") else "maxList"
    return min(asking.number(query, name, DEFAULT_COUNT, 0, 10**9), MOST)


def _fields(written: str, name: str) -> tuple[str, ...]:
    fields = tuple(field.strip() for field in written.split(","))
    if not set(fields) <= set(FIELDS):
        raise InputError(f"The parameter {name} takes the fields {' and '.join(FIELDS)}.")
    return fields


def _extra(written: str) -> tuple[tuple[str, str], ...]:
    """Field and name of each `field:name` or `field`."""
    pairs = [part.strip().partition(":") for part in written.split(",") if part.strip()]
    _fields(",".join(field for field, _, _ in pairs) or "code", "ef")
    return tuple((field, name or field) for field, _, name in pairs)
