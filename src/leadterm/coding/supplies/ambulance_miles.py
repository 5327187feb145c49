"""Miles that an ambulance drove with the patient: as told, else by what the odometer showed at both ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_UP, Decimal

from leadterm.coding.patterns import compiled
from leadterm.coding.sentences import last_of
from leadterm.domain import Document, Evidence, Span

WHOLE_FROM = Decimal(100)
FARTHEST = Decimal(999)
_N = r"(?P<n>\d{1,3}(?:\.\d+)?)(?![\d,:/-])"
_WITH = (
    r"(?:loaded|patient|pt|transport|billable|billed|covered|chargeable|with pt|with patient|w/ ?pt|w/ ?patient|ldd)"
)
_TOLD = (
    compiled(
        rf"(?<!un)(?<!un-)(?<!non-)(?<!not )\b{_WITH}[ -]*(?:statute )?(?:mileage|miles|mi|distance)\b[ \t]*(?:driven"
        rf"|travell?ed|total|\((?:loaded|gps|total|odometer)\))?[ \t]*[:=.|-]*[ \t]*{_N}",
        re.IGNORECASE,
    ),
    compiled(
        rf"\b(?:mileage|miles|mi|distance)[ \t]*[-(,]?[ \t]*(?<!un){_WITH}[ \t]*\)?[ \t]*[:=.|-]*[ \t]*{_N}",
        re.IGNORECASE,
    ),
    compiled(
        r"(?<![\d.,])(?P<n>\d{1,3}(?:\.\d+)?)[ \t-]*(?:\(?loaded|patient|pt|ldd)\b[ \t]*(?:statute )?(?:miles?|mi)\b"
        r"|(?<![\d.,])(?P<o>\d{1,3}(?:\.\d+)?)[ \t]*(?:statute )?(?:miles?|mi)\b[ \t,(]*(?:loaded"
        r"|with (?:the )?(?:pt|patient)"
        r"|w/ ?(?:pt|patient)|patient on ?board|pt on ?board|with (?:him|her) (?:on board|aboard|in))",
        re.IGNORECASE,
    ),
    compiled(
        rf"\b(?:mileage|miles|mi)\b[^\n]{{0,40}}?(?<!un)\b{_WITH}[ \t:=]*{_N}|\b(?:miles"
        rf"|mi)[ \t:=]*(?P<o>\d{{1,3}}(?:\.\d+)?)"
        rf"[ \t(]*{_WITH}\b",
        re.IGNORECASE,
    ),
    compiled(rf"(?<!un)\bloaded[ \t]*[:=][ \t]*{_N}[ \t]*(?:mi\b|miles)?", re.IGNORECASE),
)
# Miles of a transport that no other miles stand beside.
_ALONE = compiled(
    r"\b(?:total |trip )?(?:mileage|miles)[ \t]*[:=]?[ \t]*(?P<n>\d{1,3}(?:\.\d+)?)(?![\d,:/])"
    r"|(?<![\d.,])(?P<o>\d{1,3}(?:\.\d+)?)[ \t]*(?:miles|mi)\b(?! (?:from|away|east|west|north|south|marker))",
    re.IGNORECASE,
)
_EMPTY = compiled(r"\b(?:unloaded|empty|return|back|resp\w*|to scene|base)\b[^.;\n]*\Z", re.IGNORECASE)
_READING = compiled(
    r"(?<![\d.,:/$-])(?P<n>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{4,6}\.\d+|\d{5,6}|\d{3,4}\.\d)(?!\d|,\d|[:/%-])"
)
_ODOMETER = compiled(r"\b(?:odo\w*|mileage|miles|mi)\b", re.IGNORECASE)
_START = compiled(
    r"\b(?:loaded|depart\w*|dep|left|leav\w+|scene|pick[- ]?up|p/?u|bedside|sending|on ?board|with (?:pt"
    r"|patient)|w/ ?pt|origin"
    r"|transport(?:ing)?(?: begin| start)?|begin\w*|start\w*|beg|en ?route (?:to )?(?:hosp\w*|dest\w*|ed\b)|out)\b",
    re.IGNORECASE,
)
_STOP = compiled(
    r"\b(?:arriv\w*|arr|dest\w*|hosp\w*|drop[- ]?off|d/?o|unloaded|offload\w*|at (?:the )?(?:ed|er|facility|hosp\w*)"
    r"|end\w*|finish\w*|receiving|ed|in)\b",
    re.IGNORECASE,
)
_APART = compiled(
    r"\b(?:base|station|quarters|dispatch\w*|en ?route(?! (?:to )?(?:hosp|dest|ed))|respond\w*|return\w*|in service"
    r"|available|post|garage|shift|unloaded mi\w*|back at|clear(?:ed)?)\b",
    re.IGNORECASE,
)


def billed_miles(miles: Decimal) -> Decimal:
    """Loaded miles as a claim bears them: to the next tenth under 100, to the next whole mile from there on."""
    step = Decimal("0.1") if miles < WHOLE_FROM else Decimal(1)
    return miles.quantize(step, ROUND_UP)


def distance(document: Document) -> tuple[Decimal, Evidence] | None:
    """The loaded miles and the words that tell them."""
    text = document.text
    for pattern in _TOLD:
        if m := pattern.search(text):
            return _number(m), Evidence.quote(document, Span(m.start(), m.end()))
    if found := _driven(document):
        return found
    alone = [m for m in _ALONE.finditer(text) if not _EMPTY.search(text[max(0, m.start() - 20) : m.start()])]
    if len({_number(m) for m in alone}) == 1:
        return _number(alone[0]), Evidence.quote(document, Span(alone[0].start(), alone[0].end()))
    return None


def _number(m: re.Match[str]) -> Decimal:
    groups = m.groupdict()
    return Decimal(groups.get("n") or groups["o"])


def _driven(document: Document) -> tuple[Decimal, Evidence] | None:
    """What the odometer showed where the patient was unloaded less what it showed where the patient was loaded."""
    if not _ODOMETER.search(document.text):
        return None
    shown = list(_readings(document.text))
    ends = [(n, m) for kind, n, m in shown if kind == "stop"]
    for low, first in [(n, m) for kind, n, m in shown if kind == "start"][::-1]:
        high = next(((n, m) for n, m in ends if n >= low and m.start() > first.start()), None)
        if high is not None and high[0] - low <= FARTHEST:
            return high[0] - low, Evidence.quote(document, Span(first.start(), high[1].end()))
    return None


def _readings(text: str) -> Iterator[tuple[str, Decimal, re.Match[str]]]:
    """What the odometer showed, with where it did, by the nearest word before it in its line or in the one above."""
    for m in _READING.finditer(text):
        low = text.rfind("\n", 0, m.start()) + 1
        before = text[low : m.start()]
        between = max((p.end() for p in _READING.finditer(before)), default=0)
        near = {name: last_of(pattern, before[between:]) for name, pattern in _KINDS}
        if max(near.values()) < 0:
            near = {name: last_of(pattern, before) for name, pattern in _KINDS}
        kind = max(near, key=lambda name: near[name])
        if near[kind] >= 0:
            yield kind, Decimal(m["n"].replace(",", "")), m


_KINDS = (("apart", _APART), ("stop", _STOP), ("start", _START))
