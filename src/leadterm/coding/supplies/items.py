"""Supplies, equipment and orthoses handed over in this encounter, with quantity, side and what a claim needs."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.querying._asking import query
from leadterm.coding.rules import reason
from leadterm.coding.sentences import Place
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.service import Offer, Service
from leadterm.coding.statements import day_of, documents
from leadterm.domain import Document, Query, Span

from . import equipment, tickets
from .catalog import Family, Kind, codes, families, kind, names
from .dispensing import HANDED_OVER, is_paper
from .sides import sided
from .stated import stated
from .telling import Telling, has_code, is_item, scope
from .tickets import Entry
from .units import units

HANDED, FITTED = "MCPM:20.10/handed-over", "MCPM:20.10/fitted"
CAST = "MCPM:20.170/casting"
CHILD = 11  # years; younger ones have their own codes of casts
_FITTED = compiled(
    r"\b(?:trimmed|bent|heat[- ]molded|molded to|custom(?:[- ]fit(?:ted)?|ized)|reshaped|contoured"
    r"|substantial(?:ly)? (?:modif\w+|adjust\w+))\b",
    re.IGNORECASE,
)
_UNFITTED = compiled(r"\b(?:no|not|without|nor|or)\b[^.;\n]{0,25}\Z", re.IGNORECASE)
_DIABETIC = compiled(r"\b(?:diabet\w+|dm ?[12]?|t2dm|t1dm|iddm|niddm)\b", re.IGNORECASE)

Found = tuple[list[Service], list[Query]]


def read(chart: Chart) -> Offer:
    """The items that the chart tells as handed over in this encounter."""
    standing = names().standing(chart)
    services: list[Service] = []
    queries: list[Query] = []
    for document in documents(chart):
        paper = is_paper(document)
        if not paper and not standing:
            continue
        by_code = list(stated(chart, document)) if paper else []
        services.extend(s for s, _ in by_code)
        made, asked = _of_document(chart, document, standing, paper, [line for _, line in by_code])
        services.extend(made)
        queries.extend(asked)
    merged, more = equipment.completed(chart, _each_once(services))
    return Offer(tuple(merged), (), (*_asked_once(queries), *more))


def _of_document(chart: Chart, document: Document, standing: list[int], paper: bool, taken: list[Span]) -> Found:
    """The items of one document: entries of its list, and what its sentences tell as handed over."""
    places = [(n, where) for n, where in names().found(standing, document) if not has_code(document, taken, where.span)]
    if not places or not (paper or HANDED_OVER.search(document.text)):
        return [], []
    listed = tickets.entries(document) if paper else ()
    text = document.text
    around = " ; ".join(e.of(text) for e in listed if e.listed and not (e.out or tickets.says_out(e.of(text))))
    made: list[Service] = []
    asked: list[Query] = []
    done: set[Entry] = set()
    for i, (n, where) in enumerate(places):
        entry = next((e for e in listed if e.span.overlaps(where.span)), None)
        if not is_item(chart, where, entry, entry in done):
            continue
        told = Telling(where, entry, scope(document, places, i, entry), around)
        if entry and tickets.says_out(told.clause):
            continue
        found = (
            _cast(chart, rows("supplies/casts")[n - len(families())], where)
            if n >= len(families())
            else _item(chart, n, told)
        )
        if entry and found != ([], []):
            done.add(entry)
        made.extend(found[0])
        asked.extend(found[1])
    return made, asked


@cache
def as_it_comes() -> dict[str, str]:
    """The code of an item as it comes off the shelf, by that of the same item made to fit one patient."""
    return {k.fitted: k.codes for f in families() for k in f.kinds if k.fitted}


def _each_once(services: list[Service]) -> list[Service]:
    """One line for an item that is told more than once; of the tellings the one with the most pieces."""
    best: dict[tuple[str, tuple[str, ...]], Service] = {}
    for s in services:
        key = s.code.value, tuple(m for m in s.modifiers if m in ("RT", "LT"))
        if key not in best or (s.units or 0) > (best[key].units or 0):
            best[key] = s
    on_a_side = {code for code, sides in best if sides}
    fitted = {as_it_comes().get(code, "") for code, _ in best}
    return [s for (code, sides), s in best.items() if code not in fitted and (sides or code not in on_a_side)]


def _asked_once(queries: list[Query]) -> list[Query]:
    return list({q.codes: q for q in reversed(queries)}.values())[::-1]


def _item(chart: Chart, n: int, told: Telling) -> Found:
    """The lines of an item of a family, or what must be asked to tell which it is and how many."""
    family: Family = families()[n]
    said = told.words
    found = kind(family, said, told.around)
    if found is None or ("diabetic" in found.flags and not _DIABETIC.search(told.where.document.text)):
        return [], []
    listed, all_hold = codes(found, said, told.around)
    valid = tuple(code for code in listed if known(chart, code))
    if not valid or (len(valid) > 1 and not all_hold):
        unsaid = bool(found.by) and told.entry is None
        return [], [] if unsaid else [_which(found.name, valid or listed, found.options, told.where)]
    how_many = units(found, told.said, told.quantity, told.where.document.text)
    if how_many is None:
        return [], [_how_many(found, valid, told.where)]
    return [_line_of(chart, code, found, told, how_many) for code in valid], []


def _line_of(chart: Chart, code: str, found: Kind, told: Telling, how_many: int) -> Service:
    fitted = bool(found.fitted) and _is_fitted(f"{told.said} {told.where.said}") and known(chart, found.fitted)
    service = _service(chart, found.fitted if fitted else code, found.name, told.where, how_many)
    if "sided" not in found.flags and told.quantity and told.quantity.unit[:2] in ("pa", "pr") and _is_each(service):
        service = replace(service, units=Decimal(2 * how_many))
    if fitted:
        service = service.stepped(reason(FITTED), FITTED)
    return sided(service, told.where, told.entry, told.said) if "sided" in found.flags else service


def _is_each(service: Service) -> bool:
    """Whether a unit of the code is one piece, of what comes in pairs."""
    title = (service.description or "").lower()
    return title.rstrip(".").endswith("each") and "pair" not in title


def _is_fitted(said: str) -> bool:
    return any(not _UNFITTED.search(said[max(0, m.start() - 40) : m.start()]) for m in _FITTED.finditer(said))


def _service(chart: Chart, code: str, name: str, where: Place, how_many: int) -> Service:
    service = coded(chart, code, "supply", name, [where.evidence], day_of(chart, where.document), Decimal(how_many))
    return service.stepped(reason(HANDED), HANDED)


def _which(name: str, several: tuple[str, ...], options: tuple[str, ...], where: Place) -> Query:
    question = f"The record tells {name} without what tells its codes apart. Which was handed over?"
    return query("service", question, several, options, [where.evidence])


def _how_many(found: Kind, listed: tuple[str, ...], where: Place) -> Query:
    question = f"How much of the item ({found.name}) was handed over?"
    return query("service", question, listed, ("pieces, or contents of each: ____",), [where.evidence])


def _cast(chart: Chart, row: dict[str, str], where: Place) -> Found:
    """The supplies of a cast or splint: by what it is made of and whether it is a child's."""
    said = f"{where.line} {where.said}".lower()
    child = "_child" if chart.age is not None and chart.age < CHILD else ""
    materials = [m for m in ("plaster", "fiberglass") if m in said or (m == "fiberglass" and "fibreglass" in said)]
    if len(materials) != 1:
        listed = tuple(row[f"{m}{child}"] for m in ("plaster", "fiberglass"))
        return [], [_which(f"a {row['made']}", listed, ("of plaster", "of fiberglass"), where)]
    code, name = row[f"{materials[0]}{child}"], f"supplies of a {row['made']}"
    service = coded(chart, code, "supply", name, [where.evidence], day_of(chart, where.document))
    return [service.stepped(reason(CAST), CAST)], []
