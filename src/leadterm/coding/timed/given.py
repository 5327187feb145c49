"""What a therapy document says was given: a service, the minutes that stand by it, and the words of both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.statements import Place, Told, says_done, told, whole_line
from leadterm.domain import Document, Evidence, Span

from .minutes import Length, lengths

NEAR = 30  # characters between a code and its name where they are one telling
LINES_UP = 30  # a column of minutes has its header so many lines above at most
_OF = re.compile(
    r"\s*(?:(?:of|for|on|in|was|were|spent|skilled|direct|the|performing|with|-|–|x)\s*)*\Z", re.IGNORECASE
)
_CELLS = re.compile(r"\s*\|\s*|\t+|\s{2,}")
_MINUTES = re.compile(r"\s*(?:tx |treatment |timed |total )?(?:min(?:ute)?s?|time)\b", re.IGNORECASE)
_BARE = re.compile(r"[^\n|]{0,40}?[:=]\s*(\d{1,3})\s*(?:$|\||\n)")
_SAYS = compiled(
    r"\b(?:reports?|states|verbali[sz]ed (?:doing|performing)|complian\w+|adheren\w+|independent(?:ly)? with"
    r"|pt has been)\b"
    r"[^.;\n]{0,60}\Z",
    re.IGNORECASE,
)
_AT_HOME = re.compile(r"\A[^.;\n]{0,40}?\b(?:at home|as (?:part of )?(?:the )?hep|for hep|daily at)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Given:
    """One telling of a service.

    Attributes:
        kind: Its number in the table.
        place: Where.
        minutes: That stand by it; None for none.
        surely: Whether more than its name says that it was given: minutes, its code, a finished verb, a line of a list.
        evidence: The words.
    """

    kind: int
    place: Place
    minutes: int | None
    surely: bool
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """A total that the record states."""

    minutes: int
    evidence: Evidence


def read_given(chart: Chart, found: Sequence[tuple[int, Place]], document: Document) -> list[Given]:
    """The services that a document tells as given on its day."""
    said = _joined(found)
    claimed = {n: length for n, (_, place) in enumerate(said) if (length := _before(said, n, place)) is not None}
    spans = {length.span for length in claimed.values()}
    given = []
    for n, (kind, place) in enumerate(said):
        if told(chart, place) is not Told.DONE or _elsewhere(place):
            continue
        length = claimed.get(n) or _after(said, n, place, spans) or _column(place)
        evidence = _words(place, length)
        given.append(Given(kind, place, length.minutes if length else None, bool(length) or _surely(place), evidence))
    return given


def _joined(found: Sequence[tuple[int, Place]]) -> list[tuple[int, Place]]:
    """Tellings of one service next to one another as one: its code and its name."""
    kept: list[tuple[int, Place]] = []
    for kind, place in found:
        if kept and kept[-1][0] == kind:
            last = kept[-1][1]
            between = place.document.text[last.span.end : place.span.start]
            if len(between) <= NEAR and "\n" not in between and not any(c.isdigit() for c in between):
                kept[-1] = kind, Place(place.document, Span(last.span.start, place.span.end), last.sentence)
                continue
        kept.append((kind, place))
    return kept


def _elsewhere(place: Place) -> bool:
    """Whether the patient did it elsewhere."""
    return bool(_SAYS.search(place.before) or _AT_HOME.match(place.after))


def _before(said: Sequence[tuple[int, Place]], n: int, place: Place) -> Length | None:
    """The time right before a name: "15 minutes of therapeutic exercise"."""
    start = max(place.sentence.start, said[n - 1][1].span.end if n else 0)
    if start >= place.span.start:
        return None
    text = place.document.text
    last = next(iter([*lengths(text, start, place.span.start)][-1:]), None)
    between = text[last.span.end : place.span.start] if last else ""
    return last if re.search(r"\b(?:of|for)\b", between) and _OF.match(between) else None


def _after(said: Sequence[tuple[int, Place]], n: int, place: Place, claimed: set[Span]) -> Length | None:
    """The first time behind a name, up to the next service or the end of the sentence."""
    text = place.document.text
    end = max(place.sentence.end, whole_line(text, place.span.end).end)
    if n + 1 < len(said):
        end = min(end, said[n + 1][1].span.start)
    return next((length for length in lengths(text, place.span.end, end) if length.span not in claimed), None)


def _column(place: Place) -> Length | None:
    """The number in the column of minutes, of a table or of a list under a heading that says minutes."""
    text = place.document.text
    line = whole_line(text, place.span.start)
    above = text[: line.start].splitlines()[-LINES_UP:]
    header = next((cells for up in reversed(above) if (cells := _header(up)) is not None), None)
    if header is not None:
        column, count = header
        found = _cell(text, line, column, count)
        if found is not None:
            return found
    bare = _BARE.match(text, place.span.end, line.end + 1)
    if bare and any("min" in up.lower() for up in above[-12:]):
        return Length(int(bare[1]), Span(bare.start(1), bare.end(1)))
    return None


def _header(line: str) -> tuple[int, int] | None:
    """The number of the column of minutes and how many columns there are; None for no header."""
    cells = _CELLS.split(line.strip().strip("|").strip())
    if len(cells) < 2 or any(c.strip().isdigit() for c in cells):
        return None
    column = next((n for n, cell in enumerate(cells) if _MINUTES.match(cell)), None)
    return None if column is None else (column, len(cells))


def _cell(text: str, line: Span, column: int, count: int) -> Length | None:
    """The number in a column of a row that has as many cells as its header."""
    inner = re.finditer(r"(?:[^|\t\n ]| (?! ))+", text[line.start : line.end])
    cells = [m for m in inner if m[0].strip()]
    if len(cells) != count or not cells[column][0].strip().isdigit():
        return None
    cell = cells[column]
    start = line.start + cell.start() + len(cell[0]) - len(cell[0].lstrip())
    digits = cell[0].strip()
    return Length(int(digits), Span(start, start + len(digits)))


def _surely(place: Place) -> bool:
    """Whether a telling without minutes is one: its code, a finished verb, a line that begins with it, a time."""
    line = whole_line(place.document.text, place.span.start)
    lead = place.document.text[line.start : place.span.start].strip(" \t-*•[](x)X✓☒")
    if any(c.isdigit() for c in place.words) or says_done(place) or not lead:
        return True
    return next(lengths(place.document.text, place.sentence.start, place.sentence.end), None) is not None


def _words(place: Place, length: Length | None) -> tuple[Evidence, ...]:
    if length is None:
        return (place.evidence,)
    start, end = min(place.span.start, length.span.start), max(place.span.end, length.span.end)
    if end - start <= 120 and "\n" not in place.document.text[start:end]:
        return (Evidence.quote(place.document, Span(start, end)),)
    return place.evidence, Evidence.quote(place.document, length.span)


_TOTAL = compiled(
    r"(?:total (?:timed|time[ -]based|direct)|timed[ -]code)(?: code| codes| treatment| therapy| one-on-one| 1:1| tx)*"
    r"(?: time| minutes| mins?)*(?: \((?:min|minutes)\))?[ \t]*[:=|-]*[ \t]*(?P<minutes>\d{1,3})\b(?!:)",
    re.IGNORECASE,
)


def stated_total(documents: Iterable[Document]) -> Stated | None:
    """The total of timed minutes that a document states; None where none or several differ."""
    found = [
        Stated(int(m["minutes"]), Evidence.quote(d, Span(m.start(), m.end())))
        for d in documents
        for m in _TOTAL.finditer(d.text)
    ]
    return found[0] if len({s.minutes for s in found}) == 1 else None
