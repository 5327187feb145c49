"""Mammography: screening with its tomosynthesis, and diagnostic studies of one breast or both."""

from __future__ import annotations

import re
from collections.abc import Iterator

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.coding.sentences import Place, places
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.payers import is_medicare
from leadterm.coding.services.service import Offer, Service
from leadterm.coding.statements import Told, day_of, documents, told
from leadterm.domain import Document

from .once import READ, affirmed
from .reports import only_read

RULE = "MCPM:18.20/mammography"
_GATE = compiled(r"mammogra")
_EXAM = compiled(
    r"\b(?P<screening>screening (?:(?:bilateral|digital|3d|full[- ]field) )*mammogra\w+"
    r"|mammogra\w+[ ,-]*(?:bilateral[ ,-]*)?screening"
    r"|bilateral screening(?= (?:exam|study|mammo|views)))"
    r"|\b(?:(?:left|right|bilateral|unilateral|lt|rt|l|r)[ ,]+)?diagnostic\b(?! (?:work-?up|criteria|accuracy"
    r"|impression))"
    r"(?:[ ,-]+(?:digital|full[- ]field|3d|mammogra\w+|views?|study|of|the|left|right|bilateral|unilateral|lt"
    r"|rt|l|r|breasts?|both"
    r"|sides)\b)*",
    re.IGNORECASE,
)
_AHEAD = compiled(r"\A[^.;\n]{0,40}\b(?:ordered|due|requested|referral|(?<!/)(?:19|20)\d\d)\b", re.IGNORECASE)
_TOMO = r"tomo(?:synthesis)?\b|\bdbt\b|\b3-?d\b"
_SIDE = (("LT", compiled(r"\b(?:left|lt|l)\b")), ("RT", compiled(r"\b(?:right|rt|r)\b")))
_BOTH = compiled(r"\b(?:bilateral|both)\b")
_READ_OUT = compiled(r"\b(?:bi-?rads|density|composition|findings?|impression|cc\b|mlo\b)")


def read(chart: Chart) -> Offer:
    """The mammograms of the chart; the screening itself is read with other screenings."""
    if not _GATE.search(chart.text):
        return Offer()
    return Offer(tuple(s for document in documents(chart) for s in _in(chart, document)))


def _in(chart: Chart, document: Document) -> Iterator[Service]:
    """The lines of a report of breasts: tomosynthesis of a screening, a diagnostic study and its tomosynthesis."""
    lower = document.text.lower()
    if not _READ_OUT.search(lower) or len(lower) != len(document.text):
        return
    exams = [p for p in places(_EXAM, document) if told(chart, p) is Told.DONE and not _AHEAD.search(p.after[:60])]
    screened = [p for p in exams if "screening" in p.words]
    diagnosed = [p for p in exams if "diagnostic" in p.words]
    for p in screened[:1]:
        if affirmed(_TOMO, _segment(lower, p, exams)) and known(chart, "77063"):
            yield _line(chart, p, "77063", "tomosynthesis of a screening mammogram")
    if not diagnosed or not (screened or "mammogra" in lower):
        return
    sides = {side for p in diagnosed for side, pattern in _SIDE if pattern.search(p.words)}
    both = len(sides) == 2 or any(_BOTH.search(p.words) for p in diagnosed)
    if not both and not sides:
        return
    first = diagnosed[0]
    service = _line(chart, first, "77066" if both else "77065", "diagnostic mammogram")
    if not both:
        service = service.modified(next(iter(sides)), reason(RULE), RULE)
    yield service.modified("GG", reason(RULE), RULE) if screened and is_medicare(chart) else service
    if any(affirmed(_TOMO, _segment(lower, p, exams)) for p in diagnosed):
        code = "G0279" if is_medicare(chart) else "77062" if both else "77061"
        if known(chart, code):
            yield _line(chart, first, code, "diagnostic tomosynthesis")


def _segment(lower: str, p: Place, exams: list[Place]) -> str:
    """What stands of an examination: up to the next one of the other kind."""
    other = "diagnostic" if "screening" in p.words else "screening"
    end = next((q.span.start for q in exams if q.span.start > p.span.end and other in q.words), len(lower))
    before = lower.rfind("\n", 0, p.span.start) + 1
    return lower[before:end]


def _line(chart: Chart, p: Place, code: str, name: str) -> Service:
    service = coded(chart, code, "procedure", name, [p.evidence], day_of(chart, p.document)).stepped(reason(RULE), RULE)
    return service.modified("26", reason(READ), READ) if only_read(chart, p.document) else service
