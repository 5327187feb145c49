"""What a therapy document says was given: a service, the minutes that stand by it, and the words of both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.sentences import Place, whole_line
from leadterm.coding.statements import Told, says_done, told
from leadterm.domain import Document, Evidence, Span

from .columns import Entry, entry
from .minutes import Length, lengths

NEAR = 30  # characters between a code and its name where they are one telling
TIGHT = 14  # characters between the head of a line and its minutes
_OF = compiled(r"\s*(?:(?:of|for|on|in|was|were|spent|skilled|direct|the|performing|with|-|–|x)\s*)*\Z", re.IGNORECASE)
# A bare number behind a name: "TE: 18", "TherEx ..... 18", "MT (13)", "TA 8m", at the end of its line or item.
_BARE = compiled(
    r"(?:[^\n|]{0,40}?[:=]|[ \t]*[-–x(.]*)[ \t]*(\d{1,3})[ \t]*(?:m(?:in)?\b|['\u2019\u2032]|\))?[ \t]*"
    r"(?=$|[|,;\n]|\.(?=\s|\Z)|\(\d|\+)"
)
_LEADER = compiled(r"[^\n|]{0,160}?(?:\.{3,}|_{3,})[ \t]*(\d{1,3})(?:[ \t]*(?:m(?:in)?\b\.?|'))?[ \t]*$", re.MULTILINE)
_SAYS = compiled(
    r"\b(?:reports?|states|verbali[sz]ed (?:doing|performing)|complian\w+|adheren\w+|independent(?:ly)? with"
    r"|pt has been)\b"
    r"[^.;\n]{0,60}\Z",
    re.IGNORECASE,
)
_AT_HOME = compiled(r"\A[^.;\n]{0,40}?\b(?:at home|as (?:part of )?(?:the )?hep|for hep|daily at)\b", re.IGNORECASE)
_BRACKETS = compiled(r"\([^()\n]*\)")
_AIDE, _THERAPIST = (
    compiled(r"\b(?:L?PTA|C?OTA)\b"),
    compiled(r"(?:\||\bby|\bw/|\bwith|,|\t|  )[ \t]*(?:D?PT|OTR?)\b"),
)


@dataclass(frozen=True, slots=True)
class Given:
    """One telling of a service.

    Attributes:
        kind: Its number in the table.
        place: Where.
        minutes: That stand by it; None for none.
        surely: Whether more than its name says that it was given: minutes, its code, a finished verb, a line of a list.
        evidence: The words.
        by: `aide` or `therapist`, where the line itself names who gave it.
    """

    kind: int
    place: Place
    minutes: int | None
    surely: bool
    evidence: tuple[Evidence, ...]
    by: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """A total that the record states."""

    minutes: int
    evidence: Evidence


def read_given(
    chart: Chart, found: Sequence[tuple[int, Place]], heads: Sequence[tuple[int, Place]], document: Document
) -> list[Given]:
    """The services that a document tells as given on its day.

    `heads`: what stands for a service only as the head of a line: it counts with its minutes alone.
    """
    weak = {place.span for _, place in heads} - {place.span for _, place in found}
    said = _joined(sorted({p.span: (n, p) for n, p in (*heads, *found)}.values(), key=lambda one: one[1].span.start))
    claimed = {n: length for n, (_, place) in enumerate(said) if (length := _before(said, n, place)) is not None}
    spans = {length.span for length in claimed.values()}
    given: list[Given] = []
    rows: set[int] = set()  # lines whose column of minutes is taken by the service that they begin with
    for n, (kind, place) in enumerate(said):
        line = whole_line(document.text, place.span.start)
        row = entry(document.text, place.span.start)
        if told(chart, place) is not Told.DONE or _elsewhere(place) or (row and _empty(row)):
            continue
        within = line.start in rows
        length = (row.length if row and not within else None) or _tight(said, n, place) or claimed.get(n)
        length = length or _after(said, n, place, spans | {g.place.span for g in given}) or _bare(place)
        if place.span in weak and not _heads(place, length, row):
            continue
        if row and row.length:
            rows.add(line.start)
        surely = bool(length) or (not within and place.span not in weak and _surely(place))
        given.append(
            Given(kind, place, length.minutes if length else None, surely, _words(place, length), _by(line, document))
        )
    return [replace(g, surely=False) if _part_of_next(g, given) else g for g in given]


_JOINED = compiled(r"\b(?:and|plus)\b|[&+.]", re.IGNORECASE)


def _part_of_next(given: Given, every: Sequence[Given]) -> bool:
    """Whether a service without minutes belongs to the one behind it on its line: "massage / mobs 12"."""
    text = given.place.document.text
    for other in every if given.minutes is None else ():
        between = text[given.place.span.end : other.place.span.start]
        if other.minutes and 0 < len(between) <= NEAR and "\n" not in between and not _JOINED.search(between):
            return True
    return False


def _empty(row: Entry) -> bool:
    """Whether a row says in its column that nothing was given."""
    return row.length is None or row.length.minutes == 0


def _by(line: Span, document: Document) -> str:
    """Who gave what a line tells, where it names one of them outside of brackets."""
    words = _BRACKETS.sub(" ", line.of(document.text))
    aide, therapist = _AIDE.search(words), _THERAPIST.search(words)
    return "aide" if aide and not therapist else "therapist" if therapist and not aide else ""


def _heads(place: Place, length: Length | None, row: Entry | None) -> bool:
    """Whether the head of a line has its minutes: in their column, right behind it, or at the end of the line."""
    if length is None:
        return False
    text = place.document.text
    line = whole_line(text, place.span.start)
    if row and row.length and row.length.span == length.span:
        return True
    close = abs(length.span.start - place.span.end) <= TIGHT or length.span.end <= place.span.start
    return close or not text[length.span.end : line.end].strip(" \t.|)")


def _joined(found: Sequence[tuple[int, Place]]) -> list[tuple[int, Place]]:
    """Tellings of one service next to one another as one: its code and its name; of those over one another one."""
    kept: list[tuple[int, Place]] = []
    for kind, place in found:
        if kept and place.span.overlaps(kept[-1][1].span):
            if place.span.end > kept[-1][1].span.end:
                kept[-1] = kind, place
            continue
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
    """The time right before a name: "15 minutes of therapeutic exercise", "1300-1335. Swallow therapy"."""
    text = place.document.text
    opening = whole_line(text, place.span.start).start
    first = next(lengths(text, opening, place.span.start), None)
    if (
        first
        and not text[opening : first.span.start].strip(" \t-*•")
        and not _WORD.search(text, first.span.end, place.span.start)
    ):
        return first
    start = max(place.sentence.start, said[n - 1][1].span.end if n else 0)
    if start >= place.span.start:
        return None
    last = next(iter([*lengths(text, start, place.span.start)][-1:]), None)
    between = text[last.span.end : place.span.start] if last else ""
    names_it = re.search(r"\b(?:of|for)\b", between) and _OF.match(between)
    return last if names_it or between.strip() == "(" or _COUNTED_AS.search(between) else None


_COUNTED_AS = compiled(
    r"\b(?:as|count(?:ed)? (?:it )?as|bill(?:ed)? as|coded? as|which is|i\.e\.)[ ,(:]*\Z", re.IGNORECASE
)


_WORD = compiled(r"\w")


def _after(said: Sequence[tuple[int, Place]], n: int, place: Place, claimed: set[Span]) -> Length | None:
    """The first time behind a name, up to the next service or the end of the sentence."""
    text = place.document.text
    end = max(place.sentence.end, whole_line(text, place.span.end).end)
    if n + 1 < len(said):
        end = min(end, said[n + 1][1].span.start)
    return next((length for length in lengths(text, place.span.end, end) if length.span not in claimed), None)


def _bare(place: Place) -> Length | None:
    """A number behind a name, in a document or list that counts minutes."""
    text = place.document.text
    line = whole_line(text, place.span.start)
    above = text[: line.start].splitlines()[-12:]
    if not any("min" in up.lower() for up in above) and not _COUNTS.search(text):
        return None
    bare = _BARE.match(text, place.span.end, line.end + 1) or _LEADER.match(text, place.span.end, line.end)
    return Length(int(bare[1]), Span(bare.start(1), bare.end(1))) if bare and int(bare[1]) else None


# "for 15", and "12'" at the end of an item where a document writes its totals so.
_FOR = compiled(
    r"\)?[ \t]*for[ \t]*(\d{1,2})\b(?![ \t]*(?:reps?|x|sec|feet|ft|lbs?|sets?|steps?|%"
    r"|['\u2019/.:-]|m\b|hrs?|hours?|h\b))"
)
_PRIME = compiled(
    r"[^\n|;]{0,80}?(?<![\d.])(\d{1,2})['\u2019\u2032](?=[ \t]*(?:$|[,;|.)]|prior"
    r"|after))",
    re.MULTILINE,
)
_PRIMES = compiled(r"\b(?:total|timed|time)\b[^\n]{0,20}?\d{1,3}['\u2019\u2032]", re.IGNORECASE)


def _tight(said: Sequence[tuple[int, Place]], n: int, place: Place) -> Length | None:
    """Minutes right behind a name that are written without their unit, or with a mark for it."""
    text = place.document.text
    end = whole_line(text, place.span.end).end
    if n + 1 < len(said):
        end = min(end, said[n + 1][1].span.start)
    if (m := _FOR.match(text, place.span.end, end)) and "min" in text.lower():
        return Length(int(m[1]), Span(m.start(1), m.end(1)))
    if end > place.span.end and _PRIMES.search(text) and (m := _PRIME.match(text, place.span.end, end)):
        return Length(int(m[1]), Span(m.start(1), m.end(1) + 1))
    return None


def _surely(place: Place) -> bool:
    """Whether a telling without minutes is one: its code, a finished verb, a line that begins with it, a time."""
    line = whole_line(place.document.text, place.span.start)
    lead = place.document.text[line.start : place.span.start].strip(" \t-*•[](x)X✓☒")
    if any(c.isdigit() for c in place.words) or "complexity" in place.words or says_done(place) or not lead:
        return True
    return next(lengths(place.document.text, place.sentence.start, place.sentence.end), None) is not None


def _words(place: Place, length: Length | None) -> tuple[Evidence, ...]:
    if length is None:
        return (place.evidence,)
    start, end = min(place.span.start, length.span.start), max(place.span.end, length.span.end)
    if end - start <= 160 and "\n" not in place.document.text[start:end]:
        return (Evidence.quote(place.document, Span(start, end)),)
    return place.evidence, Evidence.quote(place.document, length.span)


_TOTAL = compiled(
    r"(?:total (?:timed|time[ -]based|direct|1:1|one-on-one)|timed[ -](?:code|minutes)"
    r"|(?<!un)timed total|(?<![nN])timed(?=:))"
    r"(?:[- ]code| codes| treatment| therapy| one-on-one| 1:1| tx| total)*"
    r"(?: time| minutes| mins?)*(?: \((?:min|minutes)\))?[ \t]*[:=|-]*[ \t]*(?P<minutes>\d{1,3})\b(?!:)",
    re.IGNORECASE,
)
_COUNTS = compiled(
    r"\b(?:timed|total|1:1|direct)\b[^\n]{0,30}\bmin|\bmin(?:ute)?s?\b[^\n]{0,20}\b(?:timed|total)", re.IGNORECASE
)


def stated_total(documents: Iterable[Document]) -> Stated | None:
    """The total of timed minutes that a document states; None where none or several differ."""
    found = [
        Stated(int(m["minutes"]), Evidence.quote(d, Span(m.start(), m.end())))
        for d in documents
        for m in _TOTAL.finditer(d.text)
    ]
    return found[0] if len({s.minutes for s in found}) == 1 else None
