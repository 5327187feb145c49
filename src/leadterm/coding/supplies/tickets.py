"""Entries of a list of items: which lines are items, whether they were handed over, what stands in their columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from leadterm.coding.patterns import compiled
from leadterm.domain import Document, Span

_BOX = compiled(
    r"(?P<yes>\[ ?(?:x|✓|✔|√|yes|y|\*) ?\]|\( ?(?:x|✓|✔|√) ?\)|☒|☑|✅|✓|✔|(?<![a-z])_x_|(?:^"
    r"|(?<=\n))[ \t]*x(?=[ \t]{1,6}[a-z]))"
    r"|(?P<no>\[[ _-]{0,3}\]|\([ _]{1,3}\)|☐|□|◻|(?:^|(?<=\n))[ \t]*_{2,}(?= ))",
    re.IGNORECASE,
)
_ITEM = compiled(r"[ \t]*(?:[-*•·>+–]|\d{1,2}[.)]|[a-z][.)])[ \t]+", re.IGNORECASE)
# What makes a line one of a list: a mark before it, a quantity, columns, dots that lead to a number.
_LISTED = compiled(
    r"\A[ \t]*(?:[-*•·>+–]|\d{1,2}[.)])[ \t]*\S|\.{3,}|\S[ ]{3,}\S|\S\t|\|"
    r"|\b(?:qty|quantity|purchas\w*|rental|rented|nu|rr|each|ea|pairs?|box(?:es)?|rolls?)\b|(?<![\w.])x ?\d{1,3}\b"
    r"|#[ ]?\d{1,3}\b"
    r"|\(\d{1,3}\)|\A[ \t]*\d{1,4}[ \t]+[a-z]|[-–:=,][ \t]*\d{1,4}[ \t]*\Z",
    re.IGNORECASE,
)
_LABELED = compiled(
    r"\A[^:\n]{0,60}\b(?:deliver|dispens|issued|provided|given|suppl|ship|refill|order|sent|furnish|received"
    r"|equipment|items?)\w*"
    r"[^:\n]{0,30}:[ \t]*\S",
    re.IGNORECASE,
)
# Words that say of an entry that it was not handed over now.
_OUT = compiled(
    r"\b(?:(?<!hand )(?<!hand-)held\b(?!-)|on hold|hold (?:for|until|per)|back[ -]?order\w*|b/o|bo\b(?=\s*\d"
    r"|\s*$)|cancel+\w*"
    r"|void(?:ed)?|declin\w+|refus\w+"
    r"|denied|rejected|n/a|none (?:sent|given|needed|today|this)|out of stock|(?:vendor|short)[- ]?(?:short"
    r"|shipped|ship)|shorted"
    r"|not (?:fit(?:ted)?|delivered|shipped|dispensed|given|provided|issued|needed|required|ordered|sent"
    r"|supplied|covered"
    r"|eligible|billed|filled"
    r"|today|this (?:month|time|visit)|yet|wanted|indicated|in stock|accepted|received|due|on (?:the )?(?:order"
    r"|ticket|rx)|left|set up"
    r"|a benefit|medically)"
    r"|(?:does|do|did|will|was|were|is|are)(?: not|n'?t) (?:\w+ ){0,2}?(?:qualif\w+|need\w*|want\w*|dispens\w+"
    r"|deliver\w*|ship\w*|accept\w*"
    r"|due|meet|send|sent|take|use|given|provided|set up|order\w*)|says? no|no longer|no (?:uti|need|order|rx"
    r"|script|longer)\b"
    r"|has (?:one|own|two|\d+|plenty|enough|his|her|already|it|them)|already (?:has|have|own\w*|at|got)|(?:pt"
    r"|patient)[- ]owned|own(?:s|ed)?"
    r"|(?:his|her|their) own\b|at home\b|in the (?:house|home|garage|closet)|from home|offered|wants?(?:ed)?"
    r"|would like|in error|wrong item"
    r"|pending|awaiting|to follow|to come|on order|next (?:month|order|visit|shipment|week|time|refill)"
    r"|last (?:month|order|visit|shipment"
    r"|refill|time)|previous(?:ly)?|prior (?:order|shipment|visit)|discontinued|d/c'?d?\b|dc'?d\b|stopped|failed"
    r"|tried|trial(?:led|ed)? and"
    r"|returned|return(?:ing)? old|picked up|pick-?up of|removed|goes to|donat\w+|discard\w*|broken|quote(?:d)?"
    r"|\beval\b|maybe|later|too soon|too (?:short|tall|small|big|large)"
    r"|not on ins|cash|self[- ]pay|private pay|ineligible|skip(?:ped)?|surplus|on hand|left over|enough"
    r"|considered|discussed|was in hospital"
    r"|has been using|loaner|sample|tbd|see next|reorder (?:in|on)|due (?:in|on|\d)|future|separately"
    r"|other (?:supplier|vendor|company)"
    r"|non-?covered|left at|missing|error|duplicate|ruled out|instead of|replaced by|substitut\w+ (?:with|by)"
    r"|exchange(?:d)? for|yet to"
    r"|\d+ left|remaining|consult|unavailable)\b|\bno\s*\Z|(?<=\s\s)-?(?:no|none|nil)(?=\s\s|\s*\Z)",
    re.IGNORECASE,
)
# Headings over entries that were not handed over now, and over those that were.
_AWAY = compiled(
    r"\b(?:back[ -]?order\w*|not (?:fit(?:ted)?|delivered|shipped|dispensed|needed|provided|sent|given|issued)"
    r"|held|hold"
    r"|cancel\w*|declined|refused"
    r"|returned|pick(?:ed)?[ -]?up|retriev\w+|last (?:month|order|shipment|visit|delivery)|previous(?:ly)?|prior"
    r"|history|owned|at home|on hand"
    r"|in (?:the )?home|pending|next|future|to follow|to be|recommended|requested|considered|ruled out|tried"
    r"|discontinued|wish ?list"
    r"|plan(?:ned)?|awaiting|not covered|denied|out of stock)\b",
    re.IGNORECASE,
)
_HEADING = compiled(r"[ \t*#=-]*(?P<words>[A-Za-z][^:\n]{1,60}?)[ \t*=-]*:?[ \t*=-]*\Z")
_INLINE = compiled(r"[ \t*-]*(?P<label>[A-Za-z][A-Za-z /'-]{2,30}?)[ \t]*:")
_NUMBERS = compiled(
    r"\b(?:(?P<sent>(?:qty |quantity |units? |no\.? )?(?:shipped|ship(?:ped)? ?qty|delivered|del(?:'d)?"
    r"|dispensed|disp(?:'d)?|issued|given"
    r"|filled|supplied|sent|provided|ship)(?: qty| quantity)?)|(?P<any>qty|quantity|quan|count|units?|#|amt"
    r"|amount|ea)"
    r"|(?P<asked>ordered|ord|order(?:ed)? qty|rx qty|prescribed|qty ord\w*|allowed|max|b/?o|back ?ordered"
    r"|on hand))(?![\w'])",
    re.IGNORECASE,
)
_HEADER = compiled(
    r"\b(?:item|description|desc|product|sku|hcpcs|code|supply|supplies|equipment|material)\b", re.IGNORECASE
)
_CELLS = compiled(r"[^\s|](?:[^|\t\n]*?[^\s|])??(?=[ ]{2,}|\t|[ ]*\||[ ]*\Z)")


KEPT = 8  # texts whose entries are remembered
SHORT = 5  # words of a sentence that is one more item after a label


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a list, or what stands between two boxes of one, with the lines that go on with it.

    Attributes:
        span: Where it stands.
        listed: Whether it has a mark of a list; otherwise it may be a sentence.
        out: Whether it says that the item was not handed over now; None where nothing is said.
        cell: What stands in the column of quantities, where the list has one.
        over: The heading over it.
    """

    span: Span
    listed: bool
    out: bool | None
    cell: str | None
    over: str

    def of(self, text: str) -> str:
        """Its words."""
        return self.span.of(text)


def entries(document: Document) -> tuple[Entry, ...]:
    """Every line of a document that may be an entry, in order."""
    return _entries(document.text)


@lru_cache(maxsize=KEPT)
def _entries(text: str) -> tuple[Entry, ...]:
    return tuple(_read(text))


def _read(text: str) -> Iterator[Entry]:
    """The entries of a paper, each with the heading and column over it, wrapped ones whole."""
    over, away, column, last = "", False, None, None
    for span, line in _lines(text):
        if not line.strip():
            away, over = False, ""
            if last is not None:
                yield last
                last = None
            continue
        if last is not None and _goes_on(text, last, line):
            last = _longer(text, last, span)
            continue
        if last is not None:
            yield last
            last = None
        if header := _column(line):
            column = header
            continue
        heading = _HEADING.match(line)
        if heading and (line.rstrip().endswith(":") or line.strip().isupper()) and not _LISTED.search(line):
            over, away = heading["words"], _is_away(heading["words"])
            continue
        pieces = list(_pieces(text, span))
        labeled = len(pieces) > 1 and _LABELED.search(line) is not None
        for n, (piece, ticked) in enumerate(pieces):
            entry = _entry(text, piece, ticked, away, over, column)
            if labeled and len(piece.of(text).split()) <= SHORT:
                entry = replace(entry, listed=True)
            if n < len(pieces) - 1:
                yield entry
            else:
                last = entry
    if last is not None:
        yield last


def _lines(text: str) -> Iterator[tuple[Span, str]]:
    at = 0
    for line in text.split("\n"):
        yield Span(at, at + max(len(line), 1)), line
        at += len(line) + 1


def _is_away(words: str) -> bool:
    return _AWAY.search(words) is not None and not re.search(r"\b(?:and|or) (?:deliver|dispens)", words, re.IGNORECASE)


def _goes_on(text: str, last: Entry, line: str) -> bool:
    """Whether a line goes on with the entry above: further in than it, and with no mark of its own."""
    deep = len(line) - len(line.lstrip())
    start = text.rfind("\n", 0, last.span.start) + 1
    above = text[start : last.span.end]
    return (
        last.listed
        and deep > len(above) - len(above.lstrip()) + 1
        and not _ITEM.match(line)
        and not _BOX.search(line)
        and not re.search(r"\.{3,}|\S[ ]{3,}\S|\b(?:qty|quantity)\b|\bx ?\d", line, re.IGNORECASE)
    )


def _longer(text: str, last: Entry, span: Span) -> Entry:
    whole = Span(last.span.start, span.end)
    return replace(last, span=whole)


def _pieces(text: str, span: Span) -> Iterator[tuple[Span, bool | None]]:
    """A line at its boxes, each with whether it is ticked; the whole line where it has none."""
    boxes = list(_BOX.finditer(text, span.start, min(span.end, len(text))))
    if not boxes or text[span.start : boxes[0].start()].strip(" \t-*•0123456789.)"):
        yield from ((sentence, None) for sentence in _sentences(text, span))
        return
    for n, box in enumerate(boxes):
        end = boxes[n + 1].start() if n + 1 < len(boxes) else span.end
        yield Span(box.end(), max(end, box.end() + 1)), box["yes"] is not None


# Where a sentence ends within a line, unless the next one only says what became of the item.
_STOP = compiled(
    r"(?<!\.)(?<!\bno)\.[ \t]+(?=[A-Z][A-Za-z]*)(?!(?:Not|Held|Declined|Refused|Back|Cancel|On hold|Delivered"
    r"|Dispensed|Fits? (?:is|was|good|ok|well)|New|Purchase"
    r"|Rental|Used|Qty|Size|Right|Left|Off|Custom|With|For|To be|Pending)\w*\b)"
)


def _sentences(text: str, span: Span) -> Iterator[Span]:
    at = span.start
    for stop in _STOP.finditer(text, span.start, min(span.end, len(text))):
        yield Span(at, stop.end())
        at = stop.end()
    yield Span(at, max(span.end, at + 1))


def _entry(text: str, span: Span, ticked: bool | None, away: bool, over: str, column: Span | None) -> Entry:
    said = span.of(text)
    cell = _cell(text, span, column) if column else None
    label = _INLINE.match(said)
    out: bool | None = None
    if ticked is False or away or (label and _is_away(label["label"])) or _none(said, cell) or _answered_no(text, said):
        out = True
    elif ticked:
        out = False
    listed = ticked is not None or bool(cell) or any(p.search(said) for p in (_LISTED, _LABELED))
    return Entry(span, listed, out, cell, over)


_NO = compiled(r"(?<=[ ]{2})N(?:O|o)?(?=[ ]{2}|\s*\Z)")
_YES = compiled(r"(?<=[ ]{2})Y(?:ES|es)?(?=[ ]{2}|[ ]*(?:\n|\Z))")


def _answered_no(text: str, said: str) -> bool:
    """Whether a column of yes and no says no."""
    return _NO.search(said) is not None and _YES.search(text) is not None


def says_out(said: str) -> bool:
    """Whether words say of an item that it was not handed over now."""
    return _OUT.search(said) is not None


_ZERO = compiled(
    r"(?:\b(?:qty|quantity|disp\w*|shipped|delivered|issued|x)[ \t:=#]*|\.{3,}[ \t]*|[ ]{2,}|\t|\|[ \t]*"
    r"|[-–][ \t]+)-?0-?"
    r"(?:[ ]*(?:ea|each|bx|box(?:es)?|rolls?|pairs?|units?))?(?=[ \t]{2}|\t|[ \t]*\||[ \t]*\Z|[ \t]*\n)",
    re.IGNORECASE,
)


def _none(said: str, cell: str | None) -> bool:
    """Whether the quantity is zero."""
    if cell is not None:
        return re.fullmatch(r"-?0?-?|none|no|nil|n", cell.strip(), re.IGNORECASE) is not None
    return _ZERO.search(said) is not None


def _column(line: str) -> Span | None:
    """Where the column of quantities stands, if a line is the head of a table: of what was sent before any other."""
    if not _HEADER.search(line) or re.search(r"\d", line) or len(_cells(line)) < 2:
        return None
    found = [(m, kind) for m in _NUMBERS.finditer(line) for kind in ("sent", "any") if m[kind]]
    found.sort(key=lambda f: (f[1] != "sent", -f[0].start()))
    return Span(found[0][0].start(), found[0][0].end()) if found else None


def _cells(line: str) -> list[Span]:
    return [Span(m.start(), m.end()) for m in _CELLS.finditer(line)]


def _cell(text: str, span: Span, column: Span) -> str | None:
    """What stands under the column; None where nothing does."""
    start = text.rfind("\n", 0, span.start) + 1
    line = text[start : text.find("\n", span.start) if "\n" in text[span.start :] else len(text)]
    low, high = column.start - 3, column.end + 3
    under = [c for c in _cells(line) if c.start < high and c.end > low and c.start >= low - 2]
    return next((c.of(line) for c in under if re.match(r"-?\d|none|no\b|-", c.of(line), re.IGNORECASE)), None)
