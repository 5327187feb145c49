"""Remote monitoring of a month: set-up, the device with its days of data, and management by its minutes."""

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
from leadterm.domain import Document, Evidence, Span

from .minutes import stamped_day

PARTS = "CPT:remote-monitoring/parts"
DAYS, FIRST, MORE = 16, 20, 20  # days of data; minutes of the first and of each further code of management
_THERAPEUTIC = compiled(r"remote therapeutic monitoring|\brtm\b", re.IGNORECASE)
_PHYSIOLOGIC = compiled(r"remote (?:physiologic(?:al)?|patient) monitoring|\brpm\b", re.IGNORECASE)
_GATE = compiled(r"remote therapeutic|remote physiologic|remote patient|\brtm\b|\brpm\b")
_SET_UP = compiled(
    r"\b(?:set[ -]?up|onboard(?:ed|ing)|initial (?:set[ -]?up|education|training)|enrolled|(?:device|cuff|kit"
    r"|app|scale|sensor"
    r")s? (?:\w+ ){0,3}(?:issued|delivered|given|installed|connected|paired|set up))\b",
    re.IGNORECASE,
)
_DATA = (
    compiled(r"(?<![\d/–-])\b(?P<n>\d{1,2}) ?(?:/|of|out of) ?(?:2[89]|3[01])\b", re.IGNORECASE),
    compiled(
        r"\b(?P<n>\d{1,2}) (?:unique |separate |different )?days?(?: of)? (?:data|readings?|transmi\w+|recorded"
        r"|monitored|with)",
        re.IGNORECASE,
    ),
    compiled(
        r"\b(?:days? (?:of data|with data|transmitted|recorded|of readings)|data days"
        r"|readings? on)[ :=]*(?P<n>\d{1,2})\b",
        re.IGNORECASE,
    ),
    compiled(
        r"\b(?:transmitted|recorded|data|readings) (?:on|for|from) (?P<n>\d{1,2})"
        r" (?:\w+ )?days?\b",
        re.IGNORECASE,
    ),
)
_TOTAL = (
    compiled(r"\btotal\b[^\n]{0,40}?(?P<n>\d{1,3}) ?min", re.IGNORECASE),
    compiled(r"= ?(?P<n>\d{1,3}) ?min", re.IGNORECASE),
    compiled(r"\b(?P<n>\d{1,3}) ?min(?:ute)?s?\b[^\n]{0,30}\b(?:this|for the|calendar|in the) month", re.IGNORECASE),
)
_LOGGED = compiled(r"(?m)^[ \t*•-]*\d{1,2}/\d{1,2}[^\n]{0,60}?(?P<n>\d{1,2}) ?min", re.IGNORECASE)
_LIVE = compiled(
    r"\b(?:interactive|video|phone|telephone|call(?:ed)?|spoke|live|discussed with"
    r" (?:the )?patient)\b",
    re.IGNORECASE,
)
_OFF = compiled(r"\bn/?a\b|not monitored|declined|none\b", re.IGNORECASE)
_SYSTEMS = (
    ("98977", r"\b(?:musculoskeletal|msk|knee|hip|shoulder|spine|back|flexion|rom|tka|tha|exercise|ortho\w*|gait)\b"),
    ("98976", r"\b(?:respiratory|inhaler|asthma|copd|peak flow|pulmonary|rescue)\b"),
    ("98978", r"\b(?:cognitive behavio\w+|cbt|mood|insomnia program|digital cbt)\b"),
)


def read(chart: Chart) -> Offer:
    """The lines of remote monitoring; of management only for who manages, told by a month's minutes."""
    if not _GATE.search(chart.text):
        return Offer()
    return Offer(tuple(s for document in documents(chart) for s in _in(chart, document)))


def _in(chart: Chart, document: Document) -> Iterator[Service]:
    text = document.text
    kinds = [(m.start(), n) for n, p in enumerate((_THERAPEUTIC, _PHYSIOLOGIC)) if (m := p.search(text))]
    if not kinds:
        return
    start, kind = min(kinds)
    if told(chart, place(document, start, start + 6)) is not Told.DONE:
        return
    for code, units, span in (*_set_up(chart, document, kind), *_device(document, kind), *_managed(document, kind)):
        if known(chart, code):
            words = [Evidence.quote(document, span)]
            name = "remote therapeutic monitoring" if kind == 0 else "remote physiologic monitoring"
            service = coded(chart, code, "procedure", name, words, day_of(chart, document), Decimal(units))
            yield service.stepped(reason(PARTS), PARTS)


def _set_up(chart: Chart, document: Document, kind: int) -> Iterator[tuple[str, int, Span]]:
    text, on = document.text, day_of(chart, document)
    for m in _SET_UP.finditer(text):
        line = whole_line(text, m.start())
        day = stamped_day(text, line, on) or _dated(text, m, on)
        if told(chart, place(document, m.start(), m.end())) is Told.DONE and _same_month(day, on):
            yield ("98975" if kind == 0 else "99453"), 1, Span(line.start, line.end)
            return


def _dated(text: str, m: re.Match[str], on: date | None) -> date | None:
    """The day that stands right behind the words: "set up 10/2"."""
    behind = re.match(r"[ \t]*(?:on |- ?|\()?(?=\d{1,2}/\d)", text[m.end() : m.end() + 12])
    at = m.end() + (behind.end() if behind else 0)
    return stamped_day(text, Span(at, at + 10), on) if behind else None


def _same_month(day: date | None, on: date | None) -> bool:
    return day is None or on is None or (day.year, day.month) == (on.year, on.month)


def _device(document: Document, kind: int) -> Iterator[tuple[str, int, Span]]:
    text = document.text
    found = next((m for p in _DATA for m in p.finditer(text) if _of_data(whole_line(text, m.start()).of(text))), None)
    if found is None or int(found["n"]) < DAYS:
        return
    code = "99454" if kind else _system(text)
    if code:
        yield code, 1, Span(*found.span())


def _of_data(line: str) -> bool:
    return not _OFF.search(line) and any(w in line.lower() for w in ("day", "data", "read", "transm"))


def _system(text: str) -> str:
    """The code of the device by the system that is monitored; empty where none or several could be meant."""
    lines = "\n".join(part for part in re.split(r"[\n.;]", text.lower()) if not _OFF.search(part))
    told_ = sorted(((len(compiled(p).made.findall(lines)), code) for code, p in _SYSTEMS), reverse=True)
    return told_[0][1] if told_[0][0] > told_[1][0] else ""


def _managed(document: Document, kind: int) -> Iterator[tuple[str, int, Span]]:
    text = document.text
    if not _LIVE.search(text):
        return
    total = next((m for p in _TOTAL for m in p.finditer(text)), None)
    logged = list(_LOGGED.finditer(text)) if total is None else []
    minutes = int(total["n"]) if total else sum(int(m["n"]) for m in logged)
    span = Span(*total.span()) if total else Span(logged[0].start(), logged[-1].end()) if logged else None
    if span is None or minutes < FIRST:
        return
    first, more = ("98980", "98981") if kind == 0 else ("99457", "99458")
    yield first, 1, span
    if minutes >= FIRST + MORE:
        yield more, (minutes - FIRST) // MORE, span
