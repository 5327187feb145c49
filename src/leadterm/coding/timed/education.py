"""Training of diabetics and nutrition therapy told by a record of attendance: who sat alone or in a group, how long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.coding.sentences import place, whole_line
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.service import Offer, Service
from leadterm.coding.statements import Told, day_of, documents, told
from leadterm.domain import Document, Evidence

from .minutes import Length, lengths, pairs, stamped_day

TRAINED = "MCPM:18.120/training"
_GATE = compiled(r"self[- ]management|dsmt|dsmes|diabetes education|diabetes class|nutrition therapy|\bmnt\b")
_DIABETES = compiled(
    r"diabetes self[- ]management|dsmt|dsmes|diabetes (?:self-?care )?education"
    r"|diabetes class",
    re.IGNORECASE,
)
_NUTRITION = compiled(
    r"medical nutrition therapy|\bmnt\b|nutrition (?:therapy|counsell?ing|assessment"
    r"|visit)",
    re.IGNORECASE,
)
_GROUP = compiled(r"\b(?:group|class|participants)\b", re.IGNORECASE)
_ALONE = compiled(
    r"\b(?:individual|1:1|one[- ]on[- ]one|one-to-one|face[- ]to[- ]face|f2f|alone|assessment"
    r"|visit|session)\b",
    re.IGNORECASE,
)
_AGAIN = compiled(r"\b(?:follow[- ]?up|re-?assess\w*|subsequent|f/u|return)\b", re.IGNORECASE)
_INITIAL = compiled(r"\b(?:initial|first|new)\b", re.IGNORECASE)
_NOT = compiled(
    r"\b(?:registered|scheduled|planned|will|absent|no[- ]?show\w*|cancel\w*|billed that day|next"
    r"|missed|declined)\b",
    re.IGNORECASE,
)
HALF, QUARTER = 30, 15


def read(chart: Chart) -> Offer:
    """The training and nutrition therapy of the chart's day."""
    if not _GATE.search(chart.text):
        return Offer()
    return Offer(tuple(s for document in documents(chart) for s in _in(chart, document)))


def _in(chart: Chart, document: Document) -> Iterator[Service]:
    """The lines of a record of attendance: the minutes alone and in a group, each summed."""
    text = document.text
    diabetes, nutrition = _DIABETES.search(text), _NUTRITION.search(text)
    first = min((m for m in (diabetes, nutrition) if m), key=lambda m: m.start(), default=None)
    if first is None or told(chart, place(document, *first.span())) is not Told.DONE:
        return
    on = day_of(chart, document)
    spent: dict[bool, tuple[int, list[Evidence]]] = {}
    for length in _lengths(text):
        line = whole_line(text, length.span.start)
        words = line.of(text)
        day = stamped_day(text, line, on)
        if _NOT.search(words) or (day and on and day != on):
            continue
        group = bool(_GROUP.search(words))
        if group or _ALONE.search(words) or len(_lengths(text)) == 1:
            before, evidence = spent.get(group, (0, []))
            quoted = Evidence.quote(document, line)
            spent[group] = before + length.minutes, [*evidence, quoted]
    for group, (minutes, evidence) in spent.items():
        if (line_ := _service(chart, first is diabetes, group, minutes, evidence, text, on)) is not None:
            yield line_


def _lengths(text: str) -> list[Length]:
    """The lengths of a record, one a line: from a named start to its end, else the first."""
    found: dict[int, Length] = {}
    for length in (*pairs(text, 0, len(text)), *lengths(text, 0, len(text))):
        found.setdefault(whole_line(text, length.span.start).start, length)
    return [found[at] for at in sorted(found)]


def _service(
    chart: Chart, diabetes: bool, group: bool, minutes: int, evidence: list[Evidence], text: str, on: date | None
) -> Service | None:
    """The line of the minutes of one sort; None for too few."""
    if diabetes:
        code, units = ("G0109" if group else "G0108"), minutes // HALF
    elif group:
        code, units = "97804", minutes // HALF
    else:
        again = _AGAIN.search(text) and not _INITIAL.search(text)
        code, units = ("97803" if again else "97802"), (minutes + 7) // QUARTER
    if not units or not known(chart, code):
        return None
    name = f"{'diabetes training' if diabetes else 'nutrition therapy'}, {'in a group' if group else 'alone'}"
    service = coded(chart, code, "procedure", name, evidence, on, Decimal(units))
    return service.stepped(f"{minutes} minutes. {reason(TRAINED)}", TRAINED)
