"""Impacted wax taken from both ears in two ways: by instruments from one, by washing from the other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.coding.sentences import place
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.service import Service
from leadterm.coding.statements import day_of, documents
from leadterm.domain import Document, Span

from . import near

DONE = "NCCI:1/done"
_TOOLS = compiled(r"\b(?:curett\w*|loop|forceps|suction\w*|alligator|instrument\w*|spoon|hook)\b")
_WASHED = compiled(r"\b(?:irrigat\w*|lavage\w*|flush\w*|syring\w*)\b")
_NOT = compiled(r"\b(?:not|no|declin\w+|refus\w+|unable|will|next|unsuccessful|failed|scheduled|ordered)\b")
_CLAUSE = re.compile(r"[^.;\n]+(?:\.(?=\d)[^.;\n]+)*")
_SIDES = (("RT", compiled(r"\b(?:[Rr]ight|[Rr]t|R|AD|[Rr](?= (?:ear|eac|canal)))\b")),
          ("LT", compiled(r"\b(?:[Ll]eft|[Ll]t|L|AS|[Ll](?= (?:ear|eac|canal)))\b")))  # fmt: skip
CODES = {"tools": "69210", "washed": "69209"}


def read(chart: Chart) -> Iterator[Service]:
    """A line for each ear, where a note tells of both and of two ways."""
    if not both(chart):
        return
    for document in documents(chart):
        for way, (side, span) in _ways(document).items():
            if known(chart, CODES[way]):
                words = [place(document, span.start, span.end).evidence]
                name = "impacted cerumen by instruments" if way == "tools" else "impacted cerumen by washing"
                service = coded(chart, CODES[way], "procedure", name, words, day_of(chart, document))
                yield service.stepped(reason(DONE), DONE).modified(side, reason(near.SIDE), near.SIDE)


def both(chart: Chart) -> bool:
    """Whether a note tells of both ears and of two ways, so that the one line of `acts.tsv` would not do."""
    if "cerumen" not in chart.text and "wax" not in chart.text:
        return False
    return any(_ways(document) for document in documents(chart))


def _ways(document: Document) -> dict[str, tuple[str, Span]]:
    """Each way with the side and the words that tell it; empty unless both ways stand with different sides."""
    found: dict[str, tuple[str, Span]] = {}
    for clause in _CLAUSE.finditer(document.text):
        said, low = clause[0], clause[0].lower()
        sides = [name for name, pattern in _SIDES if pattern.search(said)]
        way = "tools" if _TOOLS.search(low) else "washed" if _WASHED.search(low) else ""
        if way and len(sides) == 1 and not _NOT.search(low):
            found.setdefault(way, (sides[0], Span(clause.start(), clause.end())))
    return found if len(found) > 1 and found["tools"][0] != found["washed"][0] else {}
