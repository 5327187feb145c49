"""Supplies, equipment and orthoses handed over in this encounter, with quantity, side and what a claim needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from leadterm.codesets.lists.hcpcs import Hcpcs, HcpcsEntry
from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.querying._asking import query
from leadterm.coding.rules import reason
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.service import Offer, Service
from leadterm.coding.statements import Names, Place, day_of, documents, place, whole_line
from leadterm.domain import Document, Evidence, Query, Span

from . import equipment
from .dispensing import handed, is_paper

HANDED, STATED = "MCPM:20.10/handed-over", "MCPM:20.10/stated-code"
FITTED, SIDE, WHICH = "MCPM:20.10/fitted", "MCPM:20.110/side", "MCPM:20.10/which"
CAST = "MCPM:20.170/casting"
CHILD = 11  # years; younger ones have their own codes of casts
_CODE = compiled(r"(?<![\w-])(?:A[4-79]|E[0-2]|K0|L[0-8]|V[25]|S8|Q40)\d{2,3}(?![\w-])")
_QUANTITY = re.compile(
    r"(?:\b(?:qty|quantity|count|no\.|#)[ \t]*[:.=]?[ \t]*|\bx[ \t]?|\()(?P<after>\d{1,3})\b(?![ \t]*(?:in\b|inch"
    r"|cm|mm|fr|\"|days?|weeks?|lpm|l/))"
    r"|(?<![\w.#/-])(?P<before>\d{1,3}|one|two|three|four)[ \t]+(?:ea(?:ch)?|boxes|box of|pairs?|pcs|pieces)\b",
    re.IGNORECASE,
)
_LEADING = re.compile(r"(?<![\w.#/:-])(\d{1,3}|one|two|three|four)[ \t]+\Z", re.IGNORECASE)
_CELL = re.compile(r"(?:[ ]{2,}|\t|\|)[ \t]*(\d{1,3})[ \t]*(?=[ ]{2}|\t|\||\Z)")  # a number alone in its column
_STOP = re.compile(r"\.[ \t]+(?=[A-Z])")
_COUNT = {"one": 1, "two": 2, "three": 3, "four": 4}
_FITTED = compiled(
    r"\b(?:trimmed|bent|heat[- ]molded|molded to|custom(?:[- ]fit(?:ted)?|ized)|reshaped|contoured"
    r"|substantial(?:ly)? (?:modif\w+|adjust\w+))\b",
    re.IGNORECASE,
)
_SIDES = (
    ("LT", compiled(r"\b(?:left|lt|l)\b(?!-| arm rest)", re.IGNORECASE)),
    ("RT", compiled(r"\b(?:right|rt|r)\b(?!-)", re.IGNORECASE)),
)
_BOTH = compiled(r"\b(?:bilateral(?:ly)?|both|b/l)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Item:
    """A row of `items.tsv`."""

    codes: tuple[str, ...]
    kind: str
    fitted: str
    sided: bool
    per: int
    name: str
    unless: str
    options: tuple[str, ...]


@cache
def items() -> tuple[Item, ...]:
    """Every item of the table."""
    return tuple(
        Item(
            tuple(r["code"].split()),
            r["class"],
            r["fitted"],
            bool(r["sided"]),
            int(r["per"]),
            r["name"],
            r["unless"],
            tuple(r["options"].split(";")) if r["options"] else (),
        )
        for r in rows("supplies/items")
    )


@cache
def names() -> Names:
    """The ways to write items, then those of casts."""
    every = (*rows("supplies/items"), *rows("supplies/casts"))
    return Names([f"(?:{r['said']})s?" for r in every], [r["key"] for r in every])


def read(chart: Chart) -> Offer:
    """The items that the chart tells as handed over in this encounter."""
    standing = names().standing(chart)
    services: list[Service] = []
    queries: list[Query] = []
    for document in documents(chart):
        paper = is_paper(document)
        if not paper and not standing:
            continue
        stated = list(_stated(chart, document)) if paper else []
        services.extend(s for s, _ in stated)
        taken = [line for _, line in stated]
        for n, where in names().found(standing, document):
            if any(where.span.overlaps(line) for line in taken) or not handed(chart, where, paper):
                continue
            found = _item(chart, n, where)
            if isinstance(found, Service):
                services.append(found)
            else:
                queries.append(found)
    merged, asked = equipment.completed(chart, _each_once(services))
    return Offer(tuple(merged), (), (*_asked_once(queries), *asked))


def _each_once(services: list[Service]) -> list[Service]:
    """One line for an item that is told more than once; of the tellings the one with the most pieces."""
    best: dict[tuple[str, tuple[str, ...]], Service] = {}
    for s in services:
        key = s.code.value, tuple(m for m in s.modifiers if m in ("RT", "LT"))
        if key not in best or (s.units or 0) > (best[key].units or 0):
            best[key] = s
    sided = {code for code, sides in best if sides}
    fitted = {item.codes[0] for item in items() if any(code == item.fitted for code, _ in best)}
    return [s for (code, sides), s in best.items() if code not in fitted and (sides or code not in sided)]


def _asked_once(queries: list[Query]) -> list[Query]:
    return list({q.codes: q for q in reversed(queries)}.values())[::-1]


def _item(chart: Chart, n: int, where: Place) -> Service | Query:
    if n >= len(items()):
        return _cast(chart, rows("supplies/casts")[n - len(items())], where)
    item, said = items()[n], _line(where)
    if item.unless and re.search(item.unless, said.lower().replace(where.span.of(where.document.text).lower(), "")):
        item = next((i for i in items() if i.codes[0] != item.codes[0] and i.name == item.name), item)
    codes = tuple(code for code in item.codes if known(chart, code))
    if len(codes) != 1:
        return _which(item.name, codes or item.codes, item.options, where)
    code, fitted = codes[0], bool(item.fitted and _FITTED.search(f"{said} {where.said}") and known(chart, item.fitted))
    service = _service(chart, item.fitted if fitted else code, item.name, where, _units(where, item.per))
    if fitted:
        service = service.stepped(reason(FITTED), FITTED)
    return sided(service, where) if item.sided else service


def _service(chart: Chart, code: str, name: str, where: Place, units: int) -> Service:
    service = coded(chart, code, "supply", name, [where.evidence], day_of(chart, where.document), Decimal(units))
    return service.stepped(reason(HANDED), HANDED)


def sided(service: Service, where: Place) -> Service:
    """The item with its side, by its line, else by its sentence; as it is where neither tells."""
    for said in (_line(where), where.said):
        sides = [m for m, pattern in _SIDES if pattern.search(said)]
        if _BOTH.search(said) or len(sides) == 2:
            return service  # two lines are made of it by `equipment`
        if sides:
            return service.modified(sides[0], reason(SIDE), SIDE)
    return service


def _which(name: str, codes: tuple[str, ...], options: tuple[str, ...], where: Place) -> Query:
    question = f"The record tells {name} without what tells its codes apart. Which was handed over?"
    return query("service", question, codes, options, [where.evidence])


def _cast(chart: Chart, row: dict[str, str], where: Place) -> Service | Query:
    """The supplies of a cast or splint: by what it is made of and whether it is a child's."""
    said = f"{_line(where)} {where.said}".lower()
    child = "_child" if chart.age is not None and chart.age < CHILD else ""
    materials = [m for m in ("plaster", "fiberglass") if m in said or (m == "fiberglass" and "fibreglass" in said)]
    if len(materials) != 1:
        codes = tuple(row[f"{m}{child}"] for m in ("plaster", "fiberglass"))
        return _which(f"a {row['made']}", codes, ("of plaster", "of fiberglass"), where)
    code = row[f"{materials[0]}{child}"]
    service = coded(
        chart, code, "supply", f"supplies of a {row['made']}", [where.evidence], day_of(chart, where.document)
    )
    return service.stepped(reason(CAST), CAST)


# --- codes that the record states itself ---


def _stated(chart: Chart, document: Document) -> Iterator[tuple[Service, Span]]:
    """Items on a paper of deliveries by their code, where the release has it and its words are those of the line."""
    listed = chart.book.find(Hcpcs, chart.on)
    if listed is None:
        return
    for m in _CODE.finditer(document.text):
        entry = listed.code(m[0], chart.on)
        where = place(document, m.start(), m.end())
        line = whole_line(document.text, m.start())
        if entry is None or entry.in_force is False or not _speaks_of(entry, line.of(document.text)):
            continue
        if not handed(chart, where, True):
            continue
        evidence = Evidence.quote(document, line)
        units = _units(where, 50 if m[0] == "A4253" else 100 if m[0] == "A4259" else 1)
        service = coded(
            chart, m[0], "supply", entry.short.lower(), [evidence], day_of(chart, document), Decimal(units), 0.9
        )
        service = service.stepped(reason(STATED), STATED)
        yield (sided(service, where) if m[0][0] == "L" else service), line


_WORD = re.compile(r"[a-z]{4,}")


def _speaks_of(entry: HcpcsEntry, line: str) -> bool:
    """Whether a line shares a word with the description of its code."""
    return bool(set(_WORD.findall(line.lower())) & set(_WORD.findall(f"{entry.long} {entry.short}".lower())))


def _line(where: Place) -> str:
    return whole_line(where.document.text, where.span.start).of(where.document.text)


def _units(where: Place, per: int) -> int:
    """How many units: the quantity on the line, by as many pieces as a unit has; 1 where none stands."""
    text, line = where.document.text, whole_line(where.document.text, where.span.start)
    lead = _LEADING.search(text[line.start : where.span.start])
    after = _STOP.split(text[where.span.end : line.end])[0]
    found = _QUANTITY.search(after) or _QUANTITY.search(text[line.start : where.span.start])
    said = lead[1] if lead else (found["after"] or found["before"]) if found else ""
    if not said and (cell := _CELL.search(text[where.span.end : line.end])):
        said = cell[1]
    pieces = _COUNT.get(said.lower(), 0) or (int(said) if said.isdigit() else 1)
    return max(1, -(-pieces // per) if per > 1 and pieces >= per else pieces if per == 1 else 1)
