"""Supplies, equipment and orthoses handed over in this encounter, with quantity, side and what a claim needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from leadterm.codesets.lists.hcpcs import Hcpcs, HcpcsEntry
from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.numerals import words_to
from leadterm.coding.patterns import compiled
from leadterm.coding.querying._asking import query
from leadterm.coding.rules import reason
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.service import Offer, Service
from leadterm.coding.statements import Place, Told, day_of, documents, place, told, whole_line
from leadterm.domain import Document, Evidence, Query, Span

from . import equipment, tickets
from .catalog import Family, Kind, Words, codes, families, kind, names, words
from .dispensing import HANDED_OVER, handed, is_paper
from .measures import Quantity, masked, quantity
from .tickets import Entry
from .units import units

HANDED, STATED = "MCPM:20.10/handed-over", "MCPM:20.10/stated-code"
FITTED, SIDE, WHICH = "MCPM:20.10/fitted", "MCPM:20.110/side", "MCPM:20.10/which"
CAST = "MCPM:20.170/casting"
CHILD = 11  # years; younger ones have their own codes of casts
_CODE = compiled(r"(?<![\w-])(?:A[4-79]|B[49]|E[0-2]|K0|L[0-8]|V[25]|S8|Q40)\d{2,3}(?![\w-])")
_FITTED = compiled(
    r"\b(?:trimmed|bent|heat[- ]molded|molded to|custom(?:[- ]fit(?:ted)?|ized)|reshaped|contoured"
    r"|substantial(?:ly)? (?:modif\w+|adjust\w+))\b",
    re.IGNORECASE,
)
_UNFITTED = compiled(r"\b(?:no|not|without|nor|or)\b[^.;\n]{0,25}\Z", re.IGNORECASE)
_SIDES = (
    ("LT", compiled(r"\b(?:left|lt|l)\b(?!-| arm rest|/|'|\+)", re.IGNORECASE)),
    ("RT", compiled(r"\b(?:right|rt|r)\b(?!-|/|'|\+)", re.IGNORECASE)),
)
_BOTH = compiled(r"\b(?:bilateral(?:ly)?|both|b/l)\b", re.IGNORECASE)
# What parts one item of a list from the next, and what makes a name speak of another item.
_NEXT = compiled(
    r"(?:[;+/,]|\.(?=[ ])|\b(?:and|plus|also)\b|&|\n)[ \t]*(?:an? |the |one |two |his |her |new |\d{1,3} )*\Z",
    re.IGNORECASE,
)
_WITH = compiled(
    r"\b(?:for|to|of|on|with|w/|into|from|than|same|per)\b ?(?:an? |the |same |rental |his |her |their )*\Z",
    re.IGNORECASE,
)
_STOP = compiled(r"(?<!\.)(?<!\bno)\.[ \t]+(?=[A-Z][a-z])")
_PART = compiled(r",|\.[ ]")
_SENTENCE = compiled(r"(?<=[a-z]{4})\.[ ]+(?=[a-z]{5})")
_INCLUDED = compiled(r"[ \t]*(?:is |are |comes? |\()?(?:included|incl\b|inclusive)", re.IGNORECASE)
_LEADING = compiled(rf"(?<![\w./#:-])(\d{{1,4}}|{words_to(6)})[ \t]+(?:x[ \t]+)?\Z", re.IGNORECASE)
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
        stated = list(_stated(chart, document)) if paper else []
        services.extend(s for s, _ in stated)
        made, asked = _of_document(chart, document, standing, paper, [line for _, line in stated])
        services.extend(made)
        queries.extend(asked)
    merged, more = equipment.completed(chart, _each_once(services))
    return Offer(tuple(merged), (), (*_asked_once(queries), *more))


def _of_document(chart: Chart, document: Document, standing: list[int], paper: bool, taken: list[Span]) -> Found:
    """The items of one document: entries of its list, and what its sentences tell as handed over."""
    places = [(n, where) for n, where in names().found(standing, document) if not _in(document, taken, where.span)]
    if not places or not (paper or HANDED_OVER.search(document.text)):
        return [], []
    listed = tickets.entries(document) if paper else ()
    text = document.text
    around = " ; ".join(e.of(text) for e in listed if e.listed and not (e.out or tickets.says_out(e.of(text))))
    made: list[Service] = []
    asked: list[Query] = []
    done: dict[Entry, int] = {}
    for i, (n, where) in enumerate(places):
        entry = next((e for e in listed if e.span.overlaps(where.span)), None)
        if not _is_item(chart, where, entry, entry in done if entry else False):
            continue
        told = _Told(where, entry, _scope(document, places, i, entry), around)
        if entry and tickets.says_out(told.clause):
            continue
        found = (
            _cast(chart, rows("supplies/casts")[n - len(families())], where)
            if n >= len(families())
            else _item(chart, n, told)
        )
        if entry and found != ([], []):
            done[entry] = done.get(entry, 0) + 1
        made.extend(found[0])
        asked.extend(found[1])
    return made, asked


def _in(document: Document, taken: list[Span], span: Span) -> bool:
    """Whether a name stands in a line that states its code: not where a number of its own leads to it."""
    lines = [line for line in taken if span.overlaps(line)]
    return any(not _OWN_NUMBER.search(document.text[line.start : span.start]) for line in lines)


_OWN_NUMBER = compiled(rf"[,;][ \t]*(?:\d{{1,3}}|{words_to(3)})[ \t]+(?:pairs?|ea|each|prs?)?[ \t]*\Z", re.IGNORECASE)


def _is_item(chart: Chart, where: Place, entry: Entry | None, another: bool) -> bool:
    """Whether a name stands for a thing handed over: an entry that says so, or a sentence that does."""
    before = where.document.text[max(0, where.span.start - 40) : where.span.start]
    if _INCLUDED.match(where.document.text[where.span.end : where.span.end + 40]):
        return False
    if another and entry and not entry.out and where.words.endswith(BESIDE) and _WITH.search(before):
        return True
    if entry is not None and entry.listed:
        if entry.out or _WITH.search(before) or told(chart, where) is Told.PAST:
            return False
        return _NEXT.search(before) is not None if another else _leads(entry, where) or bool(_OWN_NUMBER.search(before))
    if entry is not None and (entry.out or _is_title(where)):
        return False
    return handed(chart, where, entry is not None)


def _is_title(where: Place) -> bool:
    """Whether a name stands in what a paper calls itself."""
    before, line = where.document.text[: where.span.start], _line(where)
    first = "\n" not in before.lstrip() and ":" not in before
    return first and not _STOP.search(line) and not line.rstrip().endswith(".")


_VERB = compiled(
    r"\b(?:is|are|was|were|has|have|had|uses?|used|using|needs?|lives?|walks?|can|cannot|will|states?|reports?"
    r"|who|because)\b",
    re.IGNORECASE,
)


def _leads(entry: Entry, where: Place) -> bool:
    """Whether an entry begins with the name, after no more than marks, numbers and a label."""
    lead = where.document.text[entry.span.start : where.span.start]
    return not _VERB.search(lead) and len(re.findall(r"[a-z]{3,}", lead.lower())) <= LEAD


BESIDE = ("humidifier", "headgear")  # what has a line of its own also where it comes with another item
LEAD = 6  # words that may stand before the name of an item in its line


@dataclass(frozen=True, slots=True)
class _Told:
    """A name of an item, the entry and the words that tell of it, and the rest of the list."""

    where: Place
    entry: Entry | None
    said: str
    around: str

    @property
    def words(self) -> Words:
        return words(self.said)

    @property
    def clause(self) -> str:
        """Of the words those up to a semicolon on either side of the name."""
        before, name, after = self.said.partition(self.where.span.of(self.where.document.text))
        return before.rsplit(";", 1)[-1] + name + after.split(";", 1)[0]

    @property
    def quantity(self) -> Quantity | None:
        cell = self.entry.cell if self.entry else None
        near = self.said.split(self.where.span.of(self.where.document.text))
        parts = _PART.split(near[1]) if len(near) > 1 and not cell else []
        first = quantity(f"-{parts[0]}") if len(parts) > 1 else None
        found = first or quantity(_SENTENCE.split(self.said)[0] if not cell else self.said, cell)
        line = whole_line(self.where.document.text, self.where.span.start)
        lead = _LEADING.search(masked(self.where.document.text[line.start : self.where.span.start]))
        return found or (quantity(f"qty {lead[1]}") if lead else None)


def _scope(document: Document, places: list[tuple[int, Place]], i: int, entry: Entry | None) -> str:
    """The words that tell of one item: its entry or sentence, without what tells of its neighbours."""
    where, text = places[i][1], document.text
    low, high = (entry.span.start, entry.span.end) if entry else (where.sentence.start, where.sentence.end)
    low = max([low, *(m.end() for m in _STOP.finditer(text, low, where.span.start))])
    high = next((m.start() + 1 for m in _STOP.finditer(text, where.span.end, high)), high)
    own = _OWN_NUMBER.search(text[low : where.span.start])
    before = places[i - 1][1].span.end if i else 0
    cut = _parted(text, before, where.span.start) if before > low else None
    low = cut if cut is not None else low + own.start() if own else low
    for _, after in places[i + 1 :]:
        if after.span.start < high and (cut := _parted(text, where.span.end, after.span.start)) is not None:
            high = cut
            break
    return text[low:high]


def _parted(text: str, end: int, start: int) -> int | None:
    """Where one item ends and the next begins; None where the second name speaks of the first."""
    between = text[end:start]
    m = _NEXT.search(between)
    return None if m is None or _WITH.search(between) else end + m.start()


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
    sided = {code for code, sides in best if sides}
    fitted = {as_it_comes().get(code, "") for code, _ in best}
    return [s for (code, sides), s in best.items() if code not in fitted and (sides or code not in sided)]


def _asked_once(queries: list[Query]) -> list[Query]:
    return list({q.codes: q for q in reversed(queries)}.values())[::-1]


def _item(chart: Chart, n: int, told: _Told) -> Found:
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


def _line_of(chart: Chart, code: str, found: Kind, told: _Told, how_many: int) -> Service:
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


def sided(service: Service, where: Place, entry: Entry | None = None, scope: str = "") -> Service:
    """The item with its side: by its own words, its sentence, line, the heading over it; as it is where none tells."""
    for said in (scope, where.said, _line(where), entry.over if entry else ""):
        sides = [m for m, pattern in _SIDES if pattern.search(said)]
        if _BOTH.search(said) or len(sides) == 2:
            return service  # two lines are made of it by `equipment`
        if sides:
            return service.modified(sides[0], reason(SIDE), SIDE)
    return service


def _which(name: str, several: tuple[str, ...], options: tuple[str, ...], where: Place) -> Query:
    question = f"The record tells {name} without what tells its codes apart. Which was handed over?"
    return query("service", question, several, options, [where.evidence])


def _how_many(found: Kind, listed: tuple[str, ...], where: Place) -> Query:
    question = f"How much of the item ({found.name}) was handed over?"
    return query("service", question, listed, ("pieces, or contents of each: ____",), [where.evidence])


def _cast(chart: Chart, row: dict[str, str], where: Place) -> Found:
    """The supplies of a cast or splint: by what it is made of and whether it is a child's."""
    said = f"{_line(where)} {where.said}".lower()
    child = "_child" if chart.age is not None and chart.age < CHILD else ""
    materials = [m for m in ("plaster", "fiberglass") if m in said or (m == "fiberglass" and "fibreglass" in said)]
    if len(materials) != 1:
        listed = tuple(row[f"{m}{child}"] for m in ("plaster", "fiberglass"))
        return [], [_which(f"a {row['made']}", listed, ("of plaster", "of fiberglass"), where)]
    code, name = row[f"{materials[0]}{child}"], f"supplies of a {row['made']}"
    service = coded(chart, code, "supply", name, [where.evidence], day_of(chart, where.document))
    return [service.stepped(reason(CAST), CAST)], []


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
        row = next((e for e in tickets.entries(document) if e.span.overlaps(where.span)), None)
        if (row and row.out) or not handed(chart, where, True):
            continue
        evidence = Evidence.quote(document, line)
        said = line.of(document.text).replace(m[0], " " * len(m[0]))
        pieces = quantity(said, row.cell if row else None)
        how_many = units(_of_code(m[0]), said, pieces, document.text) or (pieces.number if pieces else 1)
        name, day = entry.short.lower(), day_of(chart, document)
        service = coded(chart, m[0], "supply", name, [evidence], day, Decimal(how_many), 0.9)
        service = service.stepped(reason(STATED), STATED)
        yield (sided(service, where, row) if m[0][0] == "L" else service), line


def _of_code(code: str) -> Kind:
    """The kind that has a code, for what its unit holds; one that holds a piece where the table has none."""
    return _by_code().get(code) or Kind(code, (), "", "", "", "", frozenset(), code, ())


@cache
def _by_code() -> dict[str, Kind]:
    return {code: k for f in families() for k in f.kinds for code in re.split(r"[ /+]", k.codes)}


_WORD = compiled(r"[a-z]{4,}")


def _speaks_of(entry: HcpcsEntry, line: str) -> bool:
    """Whether a line shares a word with the description of its code."""
    return bool(set(_WORD.findall(line.lower())) & set(_WORD.findall(f"{entry.long} {entry.short}".lower())))


def _line(where: Place) -> str:
    return whole_line(where.document.text, where.span.start).of(where.document.text)
