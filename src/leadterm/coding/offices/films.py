"""Plain films taken in the office and read by the provider, by part and number of views (`films.tsv`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.numerals import number_of, words_to
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.coding.sentences import Place, place
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.service import Service
from leadterm.coding.statements import day_of, documents

from . import near
from .place import at_office

FILMED = "MCPM:13.20/films"
_FILM = compiled(r"(?i)\b(?:x-?rays?|xr|radiographs?|plain films?|films?|cxr|kub)\b")
_TAKEN = compiled(
    r"(?i)\b(?:taken|obtained|done|performed|shot) (?:here|today|in (?:the |our )?(?:office|clinic))"
    r"|\bin[- ]?(?:office|clinic|house)\b|\btoday's\b|\b(?:read|interpreted) (?:here )?by me\b"
    r"|\bmy (?:own )?(?:read|interpretation)|\bi (?:read|interpreted)\b"
)
_NUMBER = compiled(
    rf"(?i)\b(?P<n>\d|{words_to(6)}|single)[ -]?(?:v|views?|vw)\b"
    r"|\bviews?[ x:]+(?P<m>\d)\b|\bx ?(?P<x>\d) ?v"
)
_NAMES = (
    *(r"\bap\b|\bpa\b|anteroposterior|front", r"lat(?:eral)?\b(?! joint| comp)", r"obl(?:ique)?s?\b", r"mortise"),
    *(r"axillary", r"\by\b|scapular y|outlet", r"sunrise|merchant|skyline", r"tunnel|notch|rosenberg", r"odontoid"),
    *(r"flexion", r"extension", r"grashey|zanca", r"frog|cross[- ]table", r"harris|axial", r"scaphoid|navicular"),
)
_OLD = compiled(
    r"(?i)\b(?:outside|prior|previous|old|from (?:the )?(?:er|ed|hospital|urgent)|brought|disc|report|last)\b"
)


@cache
def _parts() -> tuple[tuple[re.Pattern[str], list[dict[str, str]]], ...]:
    table: dict[str, list[dict[str, str]]] = {}
    for row in rows("offices/films"):
        table.setdefault(row["part"], []).append(row)
    return tuple((re.compile(rf"(?i)\b(?:{part})s?\b"), kept) for part, kept in table.items())


def read(chart: Chart) -> Iterator[Service]:
    """A line for each film that was taken and read here, with its views told."""
    if not at_office(chart):
        return
    found: dict[tuple[str, tuple[str, ...]], Service] = {}
    for document in documents(chart):
        for name in _FILM.finditer(document.text):
            where = place(document, name.start(), name.end())
            if (service := _film(chart, where)) is not None:
                found.setdefault((service.code.value, service.modifiers), service)
    yield from found.values()


def _film(chart: Chart, where: Place) -> Service | None:
    said = where.before[-60:] + where.document.text[where.span.start : where.sentence.end]
    if _OLD.search(said) or not _TAKEN.search(said) or not near.happened(chart, where):
        return None
    near_name = where.before[-30:] + " " + where.document.text[where.span.start : where.span.end + 60]
    kept = next((kept for pattern, kept in _parts() if pattern.search(near_name)), None)
    views = _views(said)
    fitting = [r for r in kept or () if views >= int(r["views"])]
    if not fitting or not known(chart, fitting[-1]["code"]):
        return None
    row = fitting[-1]
    service = coded(
        chart, row["code"], "test", f"{views} views", [where.evidence], day_of(chart, where.document)
    ).stepped(reason(FILMED), FILMED)
    return near.sided(service, where, reason(near.SIDE)) if row["sided"] == "yes" else service


def _views(said: str) -> int:
    """How many views words tell: a number, else the views that are named; 0 where neither is told."""
    if found := _NUMBER.search(said):
        return number_of(found["n"] or found["m"] or found["x"])
    low = said.lower()
    return sum(1 for name in _NAMES if re.search(name, low))
