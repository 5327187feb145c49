"""Wounds cleaned or put under negative pressure: by the deepest tissue removed, the kind of pump and the area."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from math import ceil

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.querying._asking import query
from leadterm.coding.rules import reason
from leadterm.coding.sentences import places, whole_line
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.service import Offer, Service
from leadterm.coding.statements import Told, day_of, documents, told
from leadterm.domain import Document, Evidence, Query, Span

from .once import affirmed

DEPTH, PUMP = "CPT:debridement/area-depth", "CPT:97605/area"
STEP = 20  # square centimeters that the first code and each further one stand for
LARGE = 50  # square centimeters from which negative pressure has its higher code
# What was removed, the deepest first, with the codes of the first 20 square centimeters and of 20 more.
LEVELS = (
    (r"\bbones?\b", "11044", "11047", "bone"),
    (r"\bmuscles?\b|\bfascia\b|\btendons?\b", "11043", "11046", "muscle or fascia"),
    (r"\bsub-?(?:cutaneous|cut|q)\b|\badipose\b|\bfat\b|\bsubcu\b", "11042", "11045", "tissue under the skin"),
    (
        r"\b(?:epi)?dermis\b|\bslough\b|\bfibrin\w*|\bbiofilm\b|\bdevitali[sz]ed\b|\beschar\b|\bnecrotic\b"
        r"|\bnon-?viable\b"
        r"|\bskin\b",
        "97597",
        "97598",
        "skin and what lies on it",
    ),
)
_GATE = compiled(r"debrid|npwt|negative pressure|wound vac|vac dressing|vac change|v\.a\.c")
_DEBRIDED = compiled(r"\bdebrid(?:ed|ement)\b", re.IGNORECASE)
_REMOVED = compiled(
    r"\b(?:deepest (?:tissue|level|depth|layer)(?: removed| debrided)?|depth(?: removed| debrided| of debridement)?"
    r"|tissues? (?:removed|debrided)|debrided?(?:ment)? (?:was )?(?:carried |taken |performed "
    r"|done )?(?:down )?(?:to|through|of|into)"
    r"|level of debridement|(?:selective|sharp|excisional) debridement(?: with [^\n.;]{0,50}?)? of"
    r"|(?:removed|excised|debrided)(?= (?:all )?(?:the )?\w+)"
    r"|(?:removal|excision) of|down to|through|including)\b(?P<what>[^\n.;]{0,110})",
    re.IGNORECASE,
)
_SPARED = compiled(
    r"\b(?:no|not|without|visible|exposed|intact|spared|healthy|viable|bleeding"
    r"|to healthy)\b[^.;,\n]{0,25}\Z",
    re.IGNORECASE,
)
_SQUARE = compiled(r"(?P<n>\d+(?:\.\d+)?)[ \t]*(?:sq\.?[ -]?cm|sqcm|cm ?(?:2|²|\^2|sq)|square cent\w+)", re.IGNORECASE)
_SIDES = compiled(
    r"(?<![\d.])(?P<a>\d{1,2}(?:\.\d+)?)[ \t]*(?:cm)?[ \t]*[x×][ \t]*(?P<b>\d{1,2}(?:\.\d+)?)[ \t]*(?:cm)?"
    r"(?:[ \t]*[x×][ \t]*\d{1,2}(?:\.\d+)?)?(?![\d.]*[ \t]*(?:in\b|inch|gauze|foam|week|wk|/))",
    re.IGNORECASE,
)
_LINE = compiled(r"\b(?:debrid\w*|area (?:removed|treated)|post[- ]?op(?:erative)? size)\b", re.IGNORECASE)
_LEFT_OUT = compiled(
    r"\b(?:healed|closed|no dressing|no vac|not debrided|last|prior|previous|resolved)\b", re.IGNORECASE
)
_FOAM = compiled(
    r"\b(?:(?:black |white |new |granu\w* )*foam|npwt|negative pressure(?: wound therapy)?|wound vac|vac"
    r"|v\.a\.c\.?)\b[^\n]{0,70}?"
    r"\b(?:applied|placed|in\b|changed?|replaced|reapplied|seal\w*|initiated|packed|resumed)",
    re.IGNORECASE,
)
_DISPOSABLE = r"disposable|single[- ]use|pico\b|snap\b|prevena|mechanical(?:ly)? powered"


def read(chart: Chart) -> Offer:
    """Debridements and negative pressure of the chart."""
    if not _GATE.search(chart.text):
        return Offer()
    found = [
        one for document in documents(chart) for one in (*_debrided(chart, document), *_under_pressure(chart, document))
    ]
    services = tuple(one for one in found if isinstance(one, Service))
    return Offer(services, (), tuple(one for one in found if isinstance(one, Query))[:1])


# --- debridement ---


def _debrided(chart: Chart, document: Document) -> Iterator[Service | Query]:
    """The lines of what was cleaned, by the deepest tissue and the area; a question where the area is not told."""
    done = [p for p in places(_DEBRIDED, document) if told(chart, p) is Told.DONE]
    level = _level(document.text) if done else None
    if not done or level is None:
        return
    first, more, name = LEVELS[level][1:]
    area, words = _area(document)
    if area is None:
        question = f"The record tells a debridement of {name} without the area debrided. How large was it?"
        yield query("procedure", question, (first,), ("square centimeters: ____",), [done[0].evidence])
        return
    further = ceil(max(Decimal(0), area - STEP) / STEP)
    for code, units in ((first, 1), (more, further)):
        if units and known(chart, code):
            yield _line(
                chart, document, code, units, f"debridement of {name}", words or [done[0].evidence], area, DEPTH
            )


def _level(text: str) -> int | None:
    """The deepest tissue that the words say was removed, by its place in the table; None where they name none."""
    found = None
    for m in _REMOVED.finditer(text):
        if _SPARED.search(text[max(0, m.start() - 30) : m.start()]) or not _counts(text, m.start()):
            continue
        for n, (pattern, *_) in enumerate(LEVELS):
            words = m["what"].lower()
            if any(not _SPARED.search(words[: x.start()]) for x in compiled(pattern).finditer(words)):
                found = n if found is None else min(found, n)
                break
    return found


def _area(document: Document) -> tuple[Decimal | None, list[Evidence]]:
    """The square centimeters debrided, of all wounds together, with their words; None where the record tells none."""
    text = document.text
    squares = [m for m in _SQUARE.finditer(text) if _counts(text, m.start())]
    said = [m for m in squares if _LINE.search(_line_of(text, m.start()))] or squares
    total = [m for m in said if "total" in text[max(0, m.start() - 40) : m.start()].lower()]
    if kept := (total[-1:] or said):
        return sum((Decimal(m["n"]) for m in kept), Decimal(0)), [_quote(document, m) for m in kept]
    sides = [m for m in _SIDES.finditer(text) if _counts(text, m.start())]
    said = [m for m in sides if _LINE.search(_line_of(text, m.start()))] or (sides if len(sides) == 1 else [])
    if not said:
        return None, []
    return sum((Decimal(m["a"]) * Decimal(m["b"]) for m in said), Decimal(0)), [_quote(document, m) for m in said]


_CLAUSE = compiled(r"[.;](?=\s)|\n")


def _counts(text: str, at: int) -> bool:
    """Whether the clause of a measure does not tell of another day or of a wound that needed nothing."""
    low = max((m.end() for m in _CLAUSE.finditer(text, max(0, at - 160), at)), default=max(0, at - 160))
    end = _CLAUSE.search(text, at)
    return not _LEFT_OUT.search(text[low : end.start() if end else len(text)])


def _line_of(text: str, at: int) -> str:
    return whole_line(text, at).of(text)


def _quote(document: Document, m: re.Match[str]) -> Evidence:
    return Evidence.quote(document, Span(m.start(), m.end()))


# --- negative pressure ---


def _under_pressure(chart: Chart, document: Document) -> Iterator[Service]:
    text = document.text
    done = [p for p in places(_FOAM, document) if told(chart, p) is Told.DONE]
    sides = [m for m in _SIDES.finditer(text) if _counts(text, m.start())] if done else []
    squares = [m for m in _SQUARE.finditer(text) if _counts(text, m.start())] if done and not sides else []
    if not (sides or squares):
        return
    area = sum((Decimal(m["a"]) * Decimal(m["b"]) for m in sides), Decimal(0)) or max(Decimal(m["n"]) for m in squares)
    disposable = affirmed(_DISPOSABLE, text.lower())
    codes = ("97607", "97608") if disposable else ("97605", "97606")
    code = codes[area > LARGE]
    name = f"negative pressure by a {'disposable' if disposable else 'durable'} pump"
    if known(chart, code):
        words = [done[0].evidence, *(_quote(document, m) for m in (sides or squares))]
        yield _line(chart, document, code, 1, name, words, area, PUMP)


def _line(
    chart: Chart, document: Document, code: str, units: int, name: str, words: list[Evidence], area: Decimal, rule: str
) -> Service:
    service = coded(chart, code, "procedure", name, words, day_of(chart, document), Decimal(units))
    return service.stepped(f"{area.normalize():f} square centimeters. {reason(rule)}", rule)
