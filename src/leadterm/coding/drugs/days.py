"""The day of service of a mention: its row's, its header's, else the encounter's; none for another day."""

from __future__ import annotations

import re
from datetime import date

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.domain import plain_day

from .elsewhen import stretches
from .mentions import Mention

_DATE = compiled(
    r"(?<![\d/.-])(?P<m>\d{1,2})/(?P<d>\d{1,2})(?:/(?P<y>\d{4}|\d{2}))?(?![\d/])"
    r"|(?<![\d-])(?P<iso>\d{4}-\d\d-\d\d)(?!\d)"
)
_DAY_BEFORE = compiled(
    r"\b(?:(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun)(?:day|nesday|sday|rsday|urday)?[.,]?|given|gave|received"
    r"|since|visit|prior|from|dated?|on(?: the)?|last(?: dose)?|c\d+ ?d\d+) ?[(:]?\s*$"
)
_OTHER_DATES = compiled(r"\b(?:exp\w*|lot|dob|born|due|next|since|expires)\b[^\d\n]{0,15}$")


def day_of(chart: Chart, mention: Mention) -> date | None:
    """The day of service of a mention; None for a day that is not of this encounter."""
    days = _days_of(chart)
    if is_elsewhen(chart, mention):
        return None
    sentence = mention.lower[mention.sentence[0] : max(mention.sentence[1], mention.high)]
    for found in _DATE.finditer(sentence):
        said = _said(found, chart.on)
        if said is not None and not _OTHER_DATES.search(sentence[: found.start()]):
            return said if said in days or not days else None
    return _of_header(mention, days, chart) or chart.on


def _days_of(chart: Chart) -> frozenset[date]:
    return chart.once("drugs.days", lambda: _days(chart))


def is_elsewhen(chart: Chart, mention: Mention) -> bool:
    """Whether the mention stands in a stretch that tells of another day."""
    days = _days_of(chart)
    if not days:
        return False
    name = f"drugs.elsewhen.{mention.document.id}"
    found = chart.once(name, lambda: stretches(mention.lower, days, lambda w: _written(w, chart.on)))
    return any(start <= mention.start < end for start, end in found)


def _written(words: str, on: date) -> date | None:
    found = _DATE.match(words)
    return _said(found, on) if found else None


def _of_header(mention: Mention, days: frozenset[date], chart: Chart) -> date | None:
    """The day that a line above the row gives, where the encounter has several."""
    if len(days) < 2:
        return None
    above = mention.lower[mention.passage.start : mention.sentence[0]]
    said = [day for found in _DATE.finditer(above) if (day := _said(found, chart.on)) in days]
    return said[-1] if said else None


def _said(found: re.Match[str], on: date) -> date | None:
    before = found.string[: found.start()]
    if not found["iso"] and not found["y"] and before.strip(" \n\t-*|(") and not _DAY_BEFORE.search(before):
        return None  # "pain 6/10" is no date: a day without its year heads its row, or is said to be one
    try:
        if found["iso"]:
            return date.fromisoformat(found["iso"])
        year = on.year if not found["y"] else int(found["y"]) + (2000 if len(found["y"]) == 2 else 0)
        return date(year, int(found["m"]), int(found["d"]))
    except ValueError:
        return None


def _days(chart: Chart) -> frozenset[date]:
    """Every day of the encounter; empty where the record gives none."""
    encounter = chart.encounter
    first = encounter.date_of_service or plain_day(encounter.admission)
    last = plain_day(encounter.discharge) or first
    if first is None or last is None:
        return frozenset()
    begin = min(first, plain_day(encounter.admission) or first)
    return frozenset(date.fromordinal(n) for n in range(begin.toordinal(), max(begin, last).toordinal() + 1))
