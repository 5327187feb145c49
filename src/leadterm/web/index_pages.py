"""The Alphabetic Index and the External Cause Index as trees, the Drug and Neoplasm Tables as tables, all by words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from string import ascii_lowercase, ascii_uppercase

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from leadterm.codesets.alphabetic.columns import DrugTable, NeoplasmTable, TableRow
from leadterm.codesets.alphabetic.entries import IndexCode
from leadterm.codesets.alphabetic.index import AlphabeticIndex, ExternalCauseIndex

from . import asking
from .components import F, opened
from .site import Site
from .terms import Found, Reference, Term, address, entry_at, grown, hits, modifiers_apart, references_of

Table = DrugTable | NeoplasmTable
BOOKS: dict[str, type[AlphabeticIndex]] = {
    "": AlphabeticIndex,
    "external": ExternalCauseIndex,
}
TABLES: dict[str, type[DrugTable] | type[NeoplasmTable]] = {"drug": DrugTable, "neoplasm": NeoplasmTable}
TITLES = {
    "": "Alphabetic Index",
    "external": "External Cause of Injuries Index",
    "drug": "Table of Drugs and Chemicals",
    "neoplasm": "Neoplasm Table",
}
COLUMNS = {
    "drug": (
        "Poisoning, accidental",
        "Poisoning, self-harm",
        "Poisoning, assault",
        "Poisoning, undetermined",
        "Adverse effect",
        "Underdosing",
    ),
    "neoplasm": (
        "Malignant primary",
        "Malignant secondary",
        "In situ",
        "Benign",
        "Uncertain behavior",
        "Unspecified behavior",
    ),
}
MOST_TERMS = MOST_ROWS = 400
MOST_HITS, MOST_FOUND, SUGGESTED = 40, 30, 10
# Titles from the main term down; the longest of the index has some 300 characters.
LONGEST_ADDRESS = 1000


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page of the index shows; empty where it does not.

    Attributes:
        which: Which index or table.
        title: Its name.
        missing: What to run where it is not installed.
        letter: Main terms that begin so are listed in `terms`.
        found: Entries that the words lead to.
        term: The entry of the address, with what stands below it; `above` are its ancestors with their addresses.
        columns, rows: Of a table.
        narrower: Longer beginnings, where there are more terms than a page shows.
    """

    which: str
    title: str
    missing: str = ""
    q: str = ""
    letter: str = ""
    terms: tuple[Term, ...] = ()
    found: tuple[Found, ...] = ()
    term: Term | None = None
    above: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    narrower: tuple[str, ...] = ()
    letters: str = field(default=ascii_uppercase)


def index(site: Site, request: Request) -> Response:
    """The Alphabetic Index."""
    return _book(site, request, "")


def table(site: Site, request: Request) -> Response:
    """The External Cause Index, the Drug Table, the Neoplasm Table."""
    which = request.path_params["which"]
    if which in BOOKS and which:
        return _book(site, request, which)
    if which not in TABLES:
        raise HTTPException(404)
    return _table(site, request, which)


def _book(site: Site, request: Request, which: str) -> Response:
    query = request.query_params
    on, at = asking.day(query), query.get("at", "")[:LONGEST_ADDRESS]
    shown, face = _asked(site, request, which, BOOKS[which])
    if face is None:
        return site.page(request, "index.html", on, {"shown": shown})
    if at:
        shown = _at(face, at, shown)
    elif shown.q:
        shown = replace(shown, found=hits(face, shown.q, MOST_HITS))
    elif shown.letter:
        terms = tuple(Term(e, e.title) for e in face.main_terms(shown.letter, MOST_TERMS))
        shown = replace(shown, terms=terms, narrower=_narrower(face, shown.letter, terms))
    return site.page(request, "index.html", on, {"shown": shown}, about=(face.COMPONENT,))


def _asked(site: Site, request: Request, which: str, kind: type[F]) -> tuple[Shown, F | None]:
    """What the address asks of an index or table, and the component; None where it is not installed."""
    query = request.query_params
    face, missing = opened(site.book, kind, asking.day(query))
    return Shown(which, TITLES[which], missing, asking.text(query, "q"), asking.text(query, "letter")), face


def _at(face: AlphabeticIndex, at: str, shown: Shown) -> Shown:
    entry = entry_at(face, at)
    if entry is None:
        raise HTTPException(404, "The index has no such term on that day; look for it by its words.")
    line = face.ancestors(entry.id)
    above = tuple((e.title, address(line[: n + 1])) for n, e in enumerate(line[:-1]))
    return replace(shown, term=grown(face, entry, at), above=above)


def _narrower(face: AlphabeticIndex | Table, letter: str, shown: Sequence[object]) -> tuple[str, ...]:
    """The beginnings that are one letter longer, where there are more terms than a page shows."""
    if len(shown) < MOST_TERMS:
        return ()
    return tuple(longer for x in ascii_lowercase if face.main_terms(longer := letter + x, 1))


def below(site: Site, request: Request) -> Response:
    """The terms below one that a page left closed: a fragment."""
    query = request.query_params
    on, which = asking.day(query), asking.text(query, "which")
    if which not in BOOKS:
        raise HTTPException(404)
    face = site.book.component(BOOKS[which], on)
    at = query.get("at", "")[:LONGEST_ADDRESS]
    entry = entry_at(face, at)
    if entry is None:
        raise HTTPException(404, "The index has no such term on that day.")
    return site.page(request, "_terms.html", on, {"which": which, "terms": grown(face, entry, at).below or ()})


def typeahead(site: Site, request: Request) -> Response:
    """The suggestions for what is typed so far."""
    query = request.query_params
    on, q, which = asking.day(query), asking.text(query, "q"), asking.text(query, "which")
    found: list[tuple[str, str, dict[str, str]]] = []
    if which in BOOKS and (book := site.book.find(BOOKS[which], on)) and q:
        reached = [(h.path, _codes(h.entry.codes), h.entry.id) for h in book.find(q, SUGGESTED)]
        reached += [(e.title, _codes(e.codes), e.id) for e in book.main_terms(q, SUGGESTED)]
        found = [(path, codes, {"at": address(book.ancestors(n))}) for path, codes, n in reached]
    elif which in TABLES and (rows := site.book.find(TABLES[which], on)) and q:
        found = [
            (row.path, _codes(c for c in row.codes if c), {"q": row.entry.essential}) for row in rows.find(q, SUGGESTED)
        ]
    unique = {tuple(to.values()): (path, codes, to) for path, codes, to in reversed(found)}
    values = {"which": which, "found": list(unique.values())[::-1][:SUGGESTED]}
    return site.page(request, "_index_suggestions.html", on, values)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table as it is printed: how deep it stands, its cells, what it refers to."""

    level: int
    row: TableRow
    pieces: list[tuple[str, bool]]
    followed: tuple[Reference, ...]


def _table(site: Site, request: Request, which: str) -> Response:
    on = asking.day(request.query_params)
    shown, face = _asked(site, request, which, TABLES[which])
    if face is not None:
        q, letter = shown.q, shown.letter
        rows: tuple[TableRow, ...] = face.find(q, MOST_FOUND) if q else face.main_terms(letter, MOST_ROWS)
        if not q and not letter and len(rows) > 1:
            rows = ()  # a table of many main terms opens at its letters, that of one main term at its sites
        printed = tuple(islice(_printed(face, rows), MOST_ROWS))
        narrower = _narrower(face, letter, rows) if letter else ()
        shown = replace(shown, columns=COLUMNS[which], rows=printed, narrower=narrower)
    return site.page(request, "index.html", on, {"shown": shown}, about=(TABLES[which].COMPONENT,))


def _printed(face: Table, rows: Iterable[TableRow]) -> Iterator[Row]:
    """Each row with all below it, none twice."""
    seen: set[int] = set()
    waiting = [(0, row) for row in reversed(tuple(rows))]
    while waiting:
        level, row = waiting.pop()
        if row.entry.id in seen:
            continue
        seen.add(row.entry.id)
        title = row.path if level == 0 else row.entry.title
        yield Row(level, row, modifiers_apart(title), references_of(face.follow(row)))
        waiting += [(level + 1, child) for child in reversed(face.children(row.entry.id))]


def _codes(codes: Iterable[IndexCode]) -> str:
    return " ".join(code.text for code in codes)
