"""Items whose code the paper of a delivery states itself, where the release has it and the words fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from leadterm.codesets.lists.hcpcs import Hcpcs, HcpcsEntry
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.coding.sentences import place, whole_line
from leadterm.coding.services.known import coded
from leadterm.coding.services.service import Service
from leadterm.coding.statements import day_of
from leadterm.domain import Document, Evidence, Span

from . import tickets
from .catalog import Kind, families
from .dispensing import handed
from .measures import quantity
from .sides import sided
from .units import units

STATED = "MCPM:20.10/stated-code"
_CODE = compiled(r"(?<![\w-])(?:A[4-79]|B[49]|E[0-2]|K0|L[0-8]|V[25]|S8|Q40)\d{2,3}(?![\w-])")


def stated(chart: Chart, document: Document) -> Iterator[tuple[Service, Span]]:
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
