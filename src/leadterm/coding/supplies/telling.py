"""Which names of a document stand for things handed over, and which words tell of each of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from leadterm.coding.chart import Chart
from leadterm.coding.numerals import words_to
from leadterm.coding.patterns import compiled
from leadterm.coding.sentences import Place, whole_line
from leadterm.coding.statements import Told, told
from leadterm.domain import Document, Span

from .catalog import Words, words
from .dispensing import handed
from .measures import Quantity, masked, quantity
from .tickets import Entry

BESIDE = ("humidifier", "headgear")  # what has a line of its own also where it comes with another item
LEAD = 6  # words that may stand before the name of an item in its line
# What parts one item of a list from the next, and what makes a name speak of another item.
_NEXT = compiled(
    r"(?:[;+/,]|\.(?=[ ])|\b(?:and|plus|also)\b|&|\n)[ \t]*(?:an? |the |one |two |his |her |new |\d{1,3} )*\Z",
    re.IGNORECASE,
)
_WITH = compiled(
    r"\b(?:for|to|of|on|with|w/|into|from|than|same|per)\b ?(?:an? |the |same |rental |his |her |their )*\Z",
    re.IGNORECASE,
)
_STOP = compiled(r"(?<!\.)(?<!\bno)\.[ \t]+(?=[A-Z][a-z])")
_PART = compiled(r",|\.[ ]")
_SENTENCE = compiled(r"(?<=[a-z]{4})\.[ ]+(?=[a-z]{5})")
_INCLUDED = compiled(r"[ \t]*(?:is |are |comes? |\()?(?:included|incl\b|inclusive)", re.IGNORECASE)
_LEADING = compiled(rf"(?<![\w./#:-])(\d{{1,4}}|{words_to(6)})[ \t]+(?:x[ \t]+)?\Z", re.IGNORECASE)
_VERB = compiled(
    r"\b(?:is|are|was|were|has|have|had|uses?|used|using|needs?|lives?|walks?|can|cannot|will|states?|reports?"
    r"|who|because)\b",
    re.IGNORECASE,
)
_OWN_NUMBER = compiled(rf"[,;][ \t]*(?:\d{{1,3}}|{words_to(3)})[ \t]+(?:pairs?|ea|each|prs?)?[ \t]*\Z", re.IGNORECASE)


def has_code(document: Document, taken: list[Span], span: Span) -> bool:
    """Whether a name stands in a line that states its code: not where a number of its own leads to it."""
    lines = [line for line in taken if span.overlaps(line)]
    return any(not _OWN_NUMBER.search(document.text[line.start : span.start]) for line in lines)


def is_item(chart: Chart, where: Place, entry: Entry | None, another: bool) -> bool:
    """Whether a name stands for a thing handed over: an entry that says so, or a sentence that does."""
    before = where.document.text[max(0, where.span.start - 40) : where.span.start]
    if _INCLUDED.match(where.document.text[where.span.end : where.span.end + 40]):
        return False
    if another and entry and not entry.out and where.words.endswith(BESIDE) and _WITH.search(before):
        return True
    if entry is not None and entry.listed:
        if entry.out or _WITH.search(before) or told(chart, where) is Told.PAST:
            return False
        return _NEXT.search(before) is not None if another else _leads(entry, where) or bool(_OWN_NUMBER.search(before))
    if entry is not None and (entry.out or _is_title(where)):
        return False
    return handed(chart, where, entry is not None)


def _is_title(where: Place) -> bool:
    """Whether a name stands in what a paper calls itself."""
    before, line = where.document.text[: where.span.start], where.line
    first = "\n" not in before.lstrip() and ":" not in before
    return first and not _STOP.search(line) and not line.rstrip().endswith(".")


def _leads(entry: Entry, where: Place) -> bool:
    """Whether an entry begins with the name, after no more than marks, numbers and a label."""
    lead = where.document.text[entry.span.start : where.span.start]
    return not _VERB.search(lead) and len(re.findall(r"[a-z]{3,}", lead.lower())) <= LEAD


@dataclass(frozen=True, slots=True)
class Telling:
    """A name of an item, the entry and the words that tell of it, and the rest of the list."""

    where: Place
    entry: Entry | None
    said: str
    around: str

    @property
    def words(self) -> Words:
        """What they say, taken apart."""
        return words(self.said)

    @property
    def clause(self) -> str:
        """Of the words those up to a semicolon on either side of the name."""
        before, name, after = self.said.partition(self.where.span.of(self.where.document.text))
        return before.rsplit(";", 1)[-1] + name + after.split(";", 1)[0]

    @property
    def quantity(self) -> Quantity | None:
        """How many: by the list's column, the part right behind the name, all the words, what leads to the name."""
        cell = self.entry.cell if self.entry else None
        near = self.said.split(self.where.span.of(self.where.document.text))
        parts = _PART.split(near[1]) if len(near) > 1 and not cell else []
        first = quantity(f"-{parts[0]}") if len(parts) > 1 else None
        found = first or quantity(_SENTENCE.split(self.said)[0] if not cell else self.said, cell)
        line = whole_line(self.where.document.text, self.where.span.start)
        lead = _LEADING.search(masked(self.where.document.text[line.start : self.where.span.start]))
        return found or (quantity(f"qty {lead[1]}") if lead else None)


def scope(document: Document, places: list[tuple[int, Place]], i: int, entry: Entry | None) -> str:
    """The words that tell of one item: its entry or sentence, without what tells of its neighbours."""
    where, text = places[i][1], document.text
    low, high = (entry.span.start, entry.span.end) if entry else (where.sentence.start, where.sentence.end)
    low = max([low, *(m.end() for m in _STOP.finditer(text, low, where.span.start))])
    high = next((m.start() + 1 for m in _STOP.finditer(text, where.span.end, high)), high)
    own = _OWN_NUMBER.search(text[low : where.span.start])
    before = places[i - 1][1].span.end if i else 0
    cut = _parted(text, before, where.span.start) if before > low else None
    low = cut if cut is not None else low + own.start() if own else low
    for _, after in places[i + 1 :]:
        if after.span.start < high and (cut := _parted(text, where.span.end, after.span.start)) is not None:
            high = cut
            break
    return text[low:high]


def _parted(text: str, end: int, start: int) -> int | None:
    """Where one item ends and the next begins; None where the second name speaks of the first."""
    between = text[end:start]
    m = _NEXT.search(between)
    return None if m is None or _WITH.search(between) else end + m.start()
