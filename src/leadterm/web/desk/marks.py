"""A chart's text as blocks of marked runs: the words of codes, and what is denied, historical or another's.

Offsets are code points, as everywhere on this side. A browser counts in UTF-16 and changes line ends when it reads a
page, so each block says where it begins, carriage returns are written as references, and scripts count code points.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter

from leadterm.desk import Work
from leadterm.domain import Assertion, Assignment, Document, Fact, Status
from leadterm.records import in_words

from .remembered import remembered

# A block ends with the first line that fills it: small enough to be sent again, large enough to be few.
BLOCK = 600
LONGEST_BLOCK = 4_000
# The weightiest of the codes on the same words gives the look.
WEIGHT = (Status.SUGGESTED, Status.ADDED, Status.ACCEPTED, Status.AUTO_ACCEPTED, Status.REJECTED)
SAID = {
    Assertion.ABSENT: "negated",
    Assertion.UNCERTAIN: "uncertain",
    Assertion.HISTORICAL: "history",
    Assertion.FAMILY: "family",
    Assertion.HYPOTHETICAL: "hypothetical",
    Assertion.PLANNED: "planned",
    Assertion.RESOLVED: "resolved",
}
_PLACE = attrgetter("document", "start", "end", "code", "fact")
_LINE = re.compile(r"[^\n]*\n?")
_ESCAPED = str.maketrans({"\r": "&#13;", "\0": "\ufffd"})


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of one code (`code` set) or of one fact that is not plainly present (`fact` set).

    `place`: where they stand in the original, in words.
    """

    document: str
    start: int
    end: int
    code: str = ""
    fact: str = ""
    look: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a document that is sent as one element; `number` is the document's place in the encounter."""

    number: int
    document: str
    start: int
    end: int

    @property
    def id(self) -> str:
        """What addresses it in the page: an id of the record's own may hold anything."""
        return f"t-{self.number}-{self.start}"


@lru_cache(maxsize=256)
def blocks(document: Document, number: int) -> tuple[Block, ...]:
    """The blocks of a document, in order and without a gap; none for a document without text."""
    text, found, begin, at = document.text, [], 0, 0
    while at < len(text):
        line = _LINE.match(text, at)
        assert line is not None
        at = line.end()
        while at - begin > LONGEST_BLOCK:  # a line without end: cut where nothing is lost by it
            found.append(Block(number, document.id, begin, begin + LONGEST_BLOCK))
            begin += LONGEST_BLOCK
        if at - begin >= BLOCK:
            found.append(Block(number, document.id, begin, at))
            begin = at
    if begin < len(text):
        found.append(Block(number, document.id, begin, len(text)))
    return tuple(found)


@remembered(4096)
def words(assignment: Assignment) -> tuple[Mark, ...]:
    """The words of a code."""
    look = assignment.status.value
    return tuple(
        Mark(e.document, e.span.start, e.span.end, assignment.id, "", look, in_words(e.source or ""))
        for e in assignment.evidence
    )


@remembered(32)
def told(found: tuple[Fact, ...]) -> Marked:
    """The words of facts that are not plainly present."""
    return Marked(
        Mark(
            f.mention.document,
            f.mention.span.start,
            f.mention.span.end,
            "",
            f.id,
            SAID[f.assertion],
            in_words(f.mention.source or ""),
        )
        for f in found
        if f.assertion in SAID
    )


def marked(work: Work) -> Callable[[Block], list[Mark]]:
    """Gives the marks that touch a block of a chart."""
    codes = Marked(mark for a in work.coded.assignments for mark in words(a))
    facts = told(work.coded.facts)
    return lambda block: [*codes.within(block), *facts.within(block)]


def changed(before: Work, after: Work) -> set[Mark]:
    """The marks of codes that came, went or look otherwise; what an action left as it was is not looked at."""
    was, now = ({id(a): a for a in work.coded.assignments} for work in (before, after))
    gone = {mark for key, a in was.items() if key not in now for mark in words(a)}
    come = {mark for key, a in now.items() if key not in was for mark in words(a)}
    return gone ^ come


class Marked:
    """Marks, ready to be asked for by block."""

    def __init__(self, found: Iterable[Mark]) -> None:
        by_document: dict[str, list[Mark]] = defaultdict(list)
        for mark in sorted(found, key=_PLACE):
            by_document[mark.document].append(mark)
        self._marks: Mapping[str, list[Mark]] = by_document
        self._starts = {name: [m.start for m in found] for name, found in by_document.items()}
        self._longest = {name: max(m.end - m.start for m in found) for name, found in by_document.items()}

    def within(self, block: Block) -> list[Mark]:
        """The marks that touch a block, by their beginnings."""
        found = self._marks.get(block.document)
        if not found:
            return []
        starts = self._starts[block.document]
        first = bisect_left(starts, block.start - self._longest[block.document])
        return [m for m in found[first : bisect_right(starts, block.end - 1)] if m.end > block.start]


def touched(document: Document, number: int, changed: Iterable[Mark]) -> list[Block]:
    """The blocks of a document that these marks touch."""
    every = blocks(document, number)
    ends = [block.end for block in every]
    places: set[int] = set()
    for mark in changed:
        if mark.document == document.id:
            places.update(range(bisect_right(ends, mark.start), bisect_left(ends, mark.end) + 1))
    return [every[at] for at in sorted(places) if at < len(every)]


def block_html(block: Block, text: str, found: Iterable[Mark], *, swap: bool = False) -> str:
    """A block as HTML; `swap`: to take the place of the one that the page has."""
    runs = "".join(_run(text[start:end], over) for start, end, over in _runs(block, list(found)))
    oob = ' hx-swap-oob="true"' if swap else ""
    return f'<p class="block" id="{block.id}" data-start="{block.start}"{oob}>{runs}</p>'


def _runs(block: Block, found: list[Mark]) -> Iterator[tuple[int, int, list[Mark]]]:
    """The block cut wherever a mark begins or ends, each run with the marks over it."""
    cuts = {block.start, block.end}
    for mark in found:
        cuts.add(max(mark.start, block.start))
        cuts.add(min(mark.end, block.end))
    places = sorted(cuts)
    for start, end in pairwise(places):
        yield start, end, [m for m in found if m.start < end and m.end > start]


def _run(words: str, over: list[Mark]) -> str:
    shown = escaped(words)
    if not over:
        return shown
    codes = sorted({m.code for m in over if m.code})
    said = sorted({m.look for m in over if m.fact})
    facts_over = " ".join(sorted({m.fact for m in over if m.fact}))
    told = f' data-facts="{facts_over}" data-say="{", ".join(said)}"' if said else ""
    # Of words over words, the place of any holds for what they share.
    place = next((m.place for m in over if m.place), "")
    stood = f' title="{escaped(place)}"' if place else ""
    if codes:
        look = min((m.look for m in over if m.code), key=[s.value for s in WEIGHT].index)
        return f'<mark class="{look}" data-codes="{" ".join(codes)}"{told}{stood}>{shown}</mark>'
    return f'<span class="said {" ".join(said)}"{told}{stood}>{shown}</span>'


def escaped(text: str) -> str:
    """A text as HTML whose characters are the text's own: line ends stay, and NUL, which HTML cannot hold, is shown."""
    return html.escape(text).translate(_ESCAPED)
