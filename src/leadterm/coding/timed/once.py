"""Tests and treatments that are told once, whatever their time: by name and by what shows that they were done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.names import Names
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.coding.sentences import Place
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.service import Offer, Service
from leadterm.coding.statements import Told, day_of, documents, told
from leadterm.domain import ClaimType, Document

from .reports import only_read

DONE = "CPT:medicine/as-documented"
READ = "CPT:modifier-26/read-only"
HEAD = 400  # characters in which a report says what it is of


@cache
def names() -> Names:
    """The ways to write them."""
    return Names([r["said"] for r in rows("timed/once")], [r["key"] for r in rows("timed/once")])


def read(chart: Chart) -> Offer:
    """The tests and treatments of the table that the chart tells as done."""
    standing = names().standing(chart)
    if not standing:
        return Offer()
    found: dict[str, tuple[int, Service]] = {}
    for document in documents(chart):
        for n, place in _told(chart, standing, document):
            row = rows("timed/once")[n]
            key = row["family"] or row["code"]
            if (key not in found or n < found[key][0]) and (service := _service(chart, row, place)) is not None:
                found[key] = n, service
    return Offer(tuple(service for _, service in found.values()))


def _told(chart: Chart, standing: list[int], document: Document) -> Iterator[tuple[int, Place]]:
    """The rows that a document tells as done; those of one family are written alike, so each is asked by itself."""
    lower = document.text.lower()
    letter = "P" if chart.encounter.claim_type is ClaimType.PROFESSIONAL else "I"
    for n in standing:
        row = rows("timed/once")[n]
        if letter not in row["claim"] or not _shown(row, lower):
            continue
        for _, place in names().found([n], document):
            if told(chart, place) is Told.DONE and not _BEFORE.match(place.after):
                yield n, place
                break


def _shown(row: dict[str, str], lower: str) -> bool:
    """Whether a document has all that a row needs and nothing that speaks against it."""
    needs = all(affirmed(need, lower) for need in row["needs"].split(" && ")) if row["needs"] else True
    return needs and not (row["unless"] and affirmed(row["unless"], lower))


# A month and a year, or a year, right behind a name: another day's; so is what has ended.
_BEFORE = compiled(
    r"[ ,(]*(?:in |from |of )?(?:\d{1,2}/)?(?:19|20)\d\d\b|[^.;\n]{0,30}\b(?:thru|until"
    r"|stopped|ended|ordered)\b",
    re.IGNORECASE,
)
_NEGATED = compiled(
    r"\b(?:no|not|without|never|n't|denies|declin\w+|plan(?:ned)?|scheduled|will|to be|if|unchanged|last|prior"
    r"|previous)\b"
    r"[^.;,:\n]{0,30}\Z"
)


def affirmed(pattern: str, lower: str) -> bool:
    """Whether words of a table stand in a text in small letters without a denial before them."""
    found = compiled(pattern).finditer(lower)
    return any(not _NEGATED.search(lower[max(0, m.start() - 50) : m.start()]) for m in found)


def _service(chart: Chart, row: dict[str, str], place: Place) -> Service | None:
    if not known(chart, row["code"]):
        return None
    day = day_of(chart, place.document)
    service = coded(chart, row["code"], "procedure", row["name"], [place.evidence], day).stepped(reason(DONE), DONE)
    return service.modified("26", reason(READ), READ) if only_read(chart, place.document) else service
