"""Acts and tests that have one code each, by the rows of `acts.tsv`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.names import Names
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.coding.sentences import Place
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.payers import is_medicare
from leadterm.coding.services.service import Service
from leadterm.coding.statements import day_of, documents
from leadterm.domain import Document

from . import ears, near
from .place import at_office

DONE, RESULT, READ, WAIVED, SIDE, WELCOME = (
    "NCCI:1/done", "MCPM:16.70/result", "MCPM:13.100/reading", "MCPM:16.70.8/waived", near.SIDE, "MCPM:18.80/tracing",
)  # fmt: skip
KIND = {"act": "procedure", "test": "test", "lab": "test"}
RULES = {"act": DONE, "test": READ, "lab": RESULT}
Row = dict[str, str]


@cache
def _names() -> Names:
    table = rows("offices/acts")
    return Names([row["said"] for row in table], [row["key"] for row in table])


def read(chart: Chart) -> Iterator[Service]:
    """One line for each group of acts that the chart tells as done, the first row of the group that fits."""
    standing = _names().standing(chart)
    if not standing:
        return
    found: dict[str, tuple[int, Place]] = {}
    for document in documents(chart):
        for n in standing:
            row = rows("offices/acts")[n]
            if row["group"] == "wax" and ears.both(chart):
                continue  # each ear in its own way
            for where in _places(n, document):
                if row["group"] in found and found[row["group"]][0] <= n:
                    break
                if _fits(chart, row, where) and not _within(row, where, found):
                    found[row["group"]] = n, where
    for n, where in sorted(found.values(), key=lambda f: f[1].span.start):
        yield from _service(chart, rows("offices/acts")[n], where)


def _places(n: int, document: Document) -> Iterator[Place]:
    for _, where in _names().found([n], document):
        yield where


def _within(row: Row, where: Place, found: Mapping[str, tuple[int, Place]]) -> bool:
    """Whether a test is named only within the name of another that was found: "COVID/flu antigen" is one test."""
    return row["kind"] == "lab" and any(
        other.document.id == where.document.id
        and other.span.start <= where.span.start
        and where.span.end <= other.span.end
        for group, (_, other) in found.items()
        if group != row["group"]
    )


def _fits(chart: Chart, row: Row, where: Place) -> bool:
    if row["place"] == "office" and not at_office(chart):
        return False
    said = where.line.lower() + "\n" + where.said if row["kind"] == "lab" else near.zone(where)
    if row["needs"] and not _pattern(row["needs"]).search(said):
        return False
    if row["unless"] and _pattern(row["unless"]).search(_own(where, row)):
        return False
    if row["kind"] == "test" and not near.read_here(where, own=not at_office(chart)):
        return False
    if row["group"] == "ekg" and not _reported(where):
        return False
    return near.happened(chart, where) and (row["kind"] != "act" or near.acted(where))


# What a written reading of a tracing speaks of: rhythm, rate, axis, intervals, conduction, ST and T.
_ELEMENTS = tuple(
    compiled(words)
    for words in (
        r"sinus|nsr|\bsr\b|a-?fib|\baf\b|flutter|paced|rhythm",
        r"\brate\b|\b\d{2,3}\b",
        r"axis|\blad\b|\brad\b",
        r"interval|\bpr\b|\bqtc?\b|\bqrs\b",
        r"bundle|[lr]bbb|block|hypertroph|\blvh\b",
        r"\bst\b|st[- ]?(?:/|elev|dep|seg|t)|t[- ]wave|ischemi|q wave|\bste\b",
        r"\bpvcs?\b|\bpacs?\b|ectop|normal (?:ekg|ecg|tracing)|nl tracing",
    )
)
_HERE = compiled(r"today|done here|here\b|in[- ]?(?:office|clinic|house)|performed|obtained")


def _reported(where: Place) -> bool:
    """Whether the reading of a tracing is a report: two elements at least, or one of what is told as done here."""
    said = f"{where.line.lower()} {where.said}"
    elements = sum(1 for element in _ELEMENTS if element.search(said))
    return elements > 1 or (elements == 1 and _HERE.search(said) is not None)


def _own(where: Place, row: Row) -> str:
    """What may speak against an act: its own line and sentence, not the lines that follow; of a test its line."""
    own = where.line.lower()
    return own if row["kind"] == "lab" else f"{own}\n{where.said}"


@cache
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(f"(?:{words})")


def _service(chart: Chart, row: Row, where: Place) -> Iterator[Service]:
    """The line of a row, as it is for the place and the payer; none for a code that the lists do not have."""
    code, modifier = row["code"], ""
    if row["place"] == "26" and not at_office(chart):
        modifier = "26"
    elif row["place"][:1].isdigit() and not at_office(chart):
        code = row["place"]
    rule = RULES[row["kind"]]
    if code == "93000" and is_medicare(chart) and "welcome to medicare" in chart.text[:400]:
        code, rule = "G0403", WELCOME
    if not known(chart, code):
        return
    service = coded(chart, code, KIND[row["kind"]], row["name"], [where.evidence], day_of(chart, where.document))
    service = service.stepped(reason(rule), rule)
    if row["qw"]:
        service = service.modified("QW", reason(WAIVED), WAIVED)
    if modifier:
        service = service.modified(modifier, reason(READ), READ)
    yield near.sided(service, where, reason(SIDE)) if row["sided"] == "sided" else service
