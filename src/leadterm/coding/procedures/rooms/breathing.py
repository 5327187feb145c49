"""Positive pressure by a mask (CPAP, BiPAP) by its consecutive hours; where no hours are told it is left alone.

The hours are those that the record states of it, else those between its start and its end. Nobody is asked: hospitals
report it by their own policy, and a patient's own device at night is not reported at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from leadterm.coding.patterns import compiled
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.passages import every_statement
from leadterm.coding.procedures.terms import Term

from .drawing import fixed
from .hours import Episode, Moment, between, date_of, last_day, moment, span

# "At 2 h of life", "every 4 hours", "after 12 hours of fever" tell of other hours.
_HOURS = compiled(
    r"(?<!every )(?<!after )(?<!q )\b(\d{1,3}(?:\.\d+)?) ?-?(?:h|hr|hrs|hours?)\b"
    r"(?! (?:of (?:life|age)|old|later|after|before))"
)
_HOME = compiled(r"\bhome\b|\bosa\b|\bnocturnal\b|\bsleep apnea\b|\boffered\b|\brefused\b|\bnot used\b")
_MASK = r"(?:n?cpap|bi-?pap|bi-?level|niv|nippv)"
_START = compiled(
    rf"\b{_MASK}\b[^.;]{{0,60}}?\b(?:from|since|started|begun|initiated|placed|applied)\b"
    rf"|\b(?:started|placed|put|begun) on (?:\w+ )?{_MASK}\b"
)
_END = compiled(
    rf"\b{_MASK}\b[^.;]{{0,20}}?\b(?:off|stopped|discontinued|removed|weaned|until|ended|d/?c'?d)\b"
    rf"|\b(?:off|weaned (?:off|from)) (?:\w+ )?{_MASK}\b|\b{_MASK} to (?:room air|nc\b|hfnc|nasal)"
)
_BORN = compiled(r"\b(?:dob|born|date of birth)\W{0,3}(?:on )?(\d{1,2})/(\d{1,2})\b")


def codes(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The code of the hours between start and end, else of those that the sentence, or one beside it, tells."""
    del term, argument
    if _HOME.search(context.act.statement.text):
        return
    ran = next((e.span for e in _episodes(context) if e.span), "") or _stated(context)
    if ran:
        yield from fixed(legal, f"5A09{ran}57")


def _stated(context: Context) -> str:
    """The span of the hours that the nearest words state; empty for none."""
    for level in context.of("sentence", "beside"):
        if _HOME.search(level.text):
            return ""
        if found := _HOURS.search(level.text):
            return span(float(found[1]))
    return ""


def _episodes(context: Context) -> Iterator[Episode]:
    """The stretches of a document from a start to an end, both with their times."""
    document = context.act.statement.document
    told = [s for s in every_statement(context.chart) if s.document == document]
    born = _born(context.chart.encounter.document(document).text.lower())
    start: Moment | None = None
    day: datetime | None = None
    for s in told:
        day = last_day(s, day)
        if start is None and (begun := _START.search(s.text)):
            start = moment(s, begun.end(), day, born)
        if start is not None and (ended := _END.search(s.text)):
            end = moment(s, ended.end(), day, born)
            if end is not None and end[0] > start[0]:
                yield between(start, end)
                start = None


def _born(text: str) -> datetime | None:
    """The day of birth that a record of a newborn tells."""
    found = _BORN.search(text)
    return date_of(found[1], found[2]) if found else None
