"""What an anesthesia record says: start and end, physical status, circumstances that make it harder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.sentences import line_end, places
from leadterm.domain import Document, Evidence, Span

from .minutes import CLOCK, Moment, lengths, moment, pairs

_NAME = r"(?:an(?:a?esthesia|es?)?\.?)"
_BETWEEN = r"[ \t]*(?:care|time|times|provider|services?)?[ \t]*"
_START = compiled(
    rf"(?<![a-z]){_NAME}{_BETWEEN}(?:start(?:ed|s|ing)?|beg[iau]n|began|induction start"
    rf"|in[ -]attendance)(?:[ \t]+time)?"
    r"[ \t]*(?:at|on|:|=|\||-|\()*",
    re.IGNORECASE,
)
_END = compiled(
    rf"(?<![a-z])(?:{_NAME}{_BETWEEN}|and[ \t]+)(?:stop(?:ped|s)?|end(?:ed|s|ing)?|finish(?:ed)?|conclud\w+"
    rf"|complete[d]?)"
    r"(?:[ \t]+time)?[ \t]*(?:at|on|:|=|\||-|\()*",
    re.IGNORECASE,
)
_SPAN = compiled(
    rf"(?<![a-z])(?:total )?{_NAME}[ \t]*(?:care )?(?:times?|start[ /-]+(?:stop|end|finish)|minutes)[ \t:=|-]*",
    re.IGNORECASE,
)
_FIRST = compiled(
    rf"^[ \t]*{CLOCK.format('a')}[ \t|:,-]*{_NAME}{_BETWEEN}(?P<what>start|stop|end|finish)",
    re.IGNORECASE | re.MULTILINE,
)
_TOTAL = compiled(
    rf"total {_NAME}[ \t]*(?:time|minutes)[ \t]*(?:\((?:min|minutes)\))?[ \t]*[:=|-]*[ \t]*(?P<n>\d{{1,3}})\b(?!:)",
    re.IGNORECASE,
)
REACH = 34


@dataclass(frozen=True, slots=True)
class Times:
    """The time of an anesthetic.

    Attributes:
        minutes: From its start to its end, breaks left out; None where an end is missing.
        whole: Whether clock times tell it.
        lacks: "started" or "ended", where that is missing.
        evidence: The words.
    """

    minutes: int | None
    whole: bool
    lacks: str
    evidence: tuple[Evidence, ...]


def times(document: Document) -> Times | None:
    """The time that a document records; None where it records no time of anesthesia."""
    text = document.text
    starts, ends = _moments(document, "start"), _moments(document, "end")
    if starts and ends and len(starts) == len(ends):
        pairs = list(zip(starts, ends, strict=True))
        return Times(sum(a.until(b) for a, b in pairs), True, "", _quoted(document, [m for p in pairs for m in p]))
    ranges = _ranges(document) or _bare(document)
    if ranges is not None:
        return ranges
    total = _TOTAL.search(text)
    if total and not (starts or ends):
        return Times(int(total["n"]), False, "", (Evidence.quote(document, Span(total.start(), total.end())),))
    if starts or ends:
        return Times(None, False, "ended" if starts else "started", _quoted(document, [*starts, *ends]))
    return None


# What an anesthetist's own sheet says without naming what started and stopped.
_SHEET = compiled(
    r"\b(?:an(?:a?esthesia|esthetic|es)\.? (?:record|report|note|sheet|summary|log|time)|mac (?:record|note|case)"
    r"|intra-?op(?:erative)? anesthesia|anesthesia|anesthesiology)\b",
    re.IGNORECASE,
)
_OPENS = compiled(
    rf"(?<![\w-])(?:start(?:ed)?|beg[ia]n|time in|begin time|in attendance)(?: time)?[ \t:=@|(-]*{CLOCK.format('a')}",
    re.IGNORECASE,
)
_CLOSES = compiled(
    rf"(?<![\w-])(?:stop(?:ped)?|end(?:ed)?|finish(?:ed)?|time out|handoff|hand-off)(?: time)?[ \t:=@"
    rf"|(-]*{CLOCK.format('a')}",
    re.IGNORECASE,
)
_OTHERS_TIME = compiled(
    r"\b(?:surg\w*|proc\w*|scope|incision|case|op|operation|operative|infusion|propofol|block|tourniquet"
    r"|surgeon|induction|room"
    r"|or|cpb|bypass|clamp|pacu)[ \t:.-]*\Z",
    re.IGNORECASE,
)
_ALONE = compiled(
    rf"(?<![a-z]){_NAME}(?: care)?[ \t]*(?:\([^)\n]{{0,20}}\))?[ \t]*[:=|-][ \t]*(?=\d{{1,2}}:?\d\d)", re.IGNORECASE
)


def _bare(document: Document) -> Times | None:
    """A start and a stop of a sheet of anesthesia that do not say of what, when they are of no operation."""
    text = document.text
    for m in _ALONE.finditer(text):
        found = [x for x in lengths(text, m.end(), line_end(text, m.end())) if x.span.start - m.end() < 2]
        if found and _clocks(found[0].span.of(text)):
            return Times(found[0].minutes, True, "", (Evidence.quote(document, Span(m.start(), found[0].span.end)),))
    if not _SHEET.search(text[:400]):
        return None
    first = next(
        (m for m in _OPENS.finditer(text) if not _OTHERS_TIME.search(text[max(0, m.start() - 20) : m.start()])), None
    )
    last = [m for m in _CLOSES.finditer(text) if not _OTHERS_TIME.search(text[max(0, m.start() - 20) : m.start()])]
    if first is None or not last or last[-1].start() < first.start():
        within = (
            x
            for x in pairs(text, 0, len(text))
            if not _OTHERS_TIME.search(text[max(0, x.span.start - 20) : x.span.start])
        )
        found = [] if first or last else list(within)
        return Times(found[0].minutes, True, "", (Evidence.quote(document, found[0].span),)) if found else None
    moments = [moment(text, m.start(), m.end()) for m in (first, last[-1])]
    if moments[0] is None or moments[1] is None:
        return None
    spans = [Span(m.start(), m.end()) for m in (first, last[-1])]
    return Times(moments[0].until(moments[1]), True, "", tuple(Evidence.quote(document, s) for s in spans))


def _moments(document: Document, which: str) -> list[Moment]:
    """The clock times of starts or of ends, each once, in order of the text."""
    text, found = document.text, []
    for m in (_START if which == "start" else _END).finditer(text):
        if (
            which == "end"
            and text[m.start() : m.start() + 3].lower() == "and"
            and "nesth" not in _before(text, m.start())
        ):
            continue
        stop = min(line_end(text, m.end()), m.end() + REACH)
        if at := moment(text, m.end(), stop):
            found.append(Moment(at.minute, Span(m.start(), at.span.end), at.day))
    for m in _FIRST.finditer(text):
        if (m["what"].lower() == "start") is (which == "start") and (at := moment(text, m.start(), m.end())):
            found.append(Moment(at.minute, Span(m.start(), m.end()), at.day))
    return list({(m.minute, m.day): m for m in reversed(found)}.values())[::-1]


def _before(text: str, at: int) -> str:
    return text[max(0, at - 80) : at].lower()


def _ranges(document: Document) -> Times | None:
    """Ranges of clock times behind "anesthesia time": several where it was broken off; none of a remark in brackets."""
    text = document.text
    for m in _SPAN.finditer(text):
        end = line_end(text, m.end())
        bracket = text.find("(", m.end(), end)
        found = [x for x in lengths(text, m.end(), bracket if bracket > 0 else end) if _clocks(x.span.of(text))]
        if found:
            span = Span(m.start(), found[-1].span.end)
            return Times(sum(x.minutes for x in found), True, "", (Evidence.quote(document, span),))
    return None


def _clocks(words: str) -> bool:
    return len(re.findall(r"\d{1,2}:?\d\d", words)) == 2


def _quoted(document: Document, moments: list[Moment]) -> tuple[Evidence, ...]:
    return tuple(Evidence.quote(document, m.span) for m in moments)


# --- physical status and circumstances ---

_STATUS = compiled(
    r"\b(?:asa|physical status)(?:[ \t]+(?:class(?:ification)?|ps|physical status|status|score|grade))*[ \t]*[:=#"
    r"|]*[ \t]*(?:class[ \t]+)?"
    r"p?(?P<grade>[1-6]|i{1,3}|iv|vi?)(?P<e>[ \t-]?e)?(?!\w|\.\d)",
    re.IGNORECASE,
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}
_EMERGENCY = compiled(
    r"\b(?:emergency[ \t]*[:=][ \t]*(?:yes|y|x)\b|emergent(?:ly)?\b"
    r"|emergency (?:surgery|case|procedure|operation|cesarean|anesthesia)\b)",
    re.IGNORECASE,
)
_COLD = compiled(r"\b(?:total[ -]body|deliberate|induced|controlled)(?:[ -]\w+)? hypothermia\b", re.IGNORECASE)
_LOW = compiled(r"\b(?:controlled|deliberate|induced) hypotension\b", re.IGNORECASE)
_NOT = compiled(r"\b(?:no|not|non|without|n't|avoid\w*)\b[^.;\n]{0,25}\Z|non-?\Z", re.IGNORECASE)
OLD = 70  # years; older is an extreme of age


@dataclass(frozen=True, slots=True)
class Status:
    """Physical status: 1 to 6, and whether the record marks an emergency with it."""

    grade: int
    emergency: bool
    evidence: Evidence


def physical_status(document: Document) -> Status | None:
    """The physical status that the record states."""
    m = _STATUS.search(document.text)
    if m is None:
        return None
    grade = m["grade"].lower()
    evidence = Evidence.quote(document, Span(m.start(), m.end()))
    return Status(int(grade) if grade.isdigit() else _ROMAN[grade], bool(m["e"]), evidence)


def circumstances(chart: Chart, document: Document) -> Iterator[tuple[str, str, tuple[Evidence, ...]]]:
    """Code, name and words of each circumstance that the record documents."""
    age, days = chart.age, chart.encounter.patient.days_on(chart.on)
    if (age is not None and age > OLD) or age == 0 or (age is None and days is not None and days < 365):
        yield "99100", "anesthesia at an extreme of age", ()
    for code, name, pattern in (
        ("99116", "anesthesia with hypothermia of the whole body", _COLD),
        ("99135", "anesthesia with controlled hypotension", _LOW),
        ("99140", "anesthesia in an emergency", _EMERGENCY),
    ):
        told = [p for p in places(pattern, document) if not _NOT.search(p.before)]
        if told:
            yield code, name, (told[0].evidence,)
        elif code == "99140" and (status := physical_status(document)) and status.emergency:
            yield code, name, (status.evidence,)
