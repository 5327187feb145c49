"""Where a chart names drugs that can be billed, each with the words around its name that belong to it (`extents`).

The words of a name run from the end of what belongs to the name before it to the name after it; lines that follow and
only tell more of a dose ("Start: 0905", "NDC …", "Site: L AC") belong to the name above them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.domain import Document, Evidence, Passage, Span

from .amounts import NUMBER
from .extents import sentence_of, shares, units_of, with_lines
from .formulary import Formulary, Product
from .tables import Row, rows_of

LONGEST = 60  # characters of a line with a colon that heads a list
MOST_ROWS = 30  # between a row and the line over its list
_JOINS = compiled(
    r"(?: (?:sod(?:ium)?|succ(?:inate)?|acetate|hcl|phos(?:phate)?|sulfate))*"
    r"[ \t(/,=\[®™-]*(?:aka |brand |generic )?[ \t(]*"
)
_CLAUSE = compiled(r"[,;|\n]|\band\b|\bthen\b|\bbut\b")
_CARRIER = compiled(
    rf"(?:\b(?:in|with|w/|into|using|per|by|via|and|flush(?:ed)?(?: with)?)|\+"
    rf"|/|\bivpb)\s*(?:an? )?(?:(?:{NUMBER})[\s-]*(?:ml|cc|l)?\s*(?:bag )?(?:of\s*)?)?$"
    r"|[,;] ?(?:50|100|150|250) ?(?:ml|cc) ?(?:of )?$"
)
_FLUSH = compiled(r"\s*(?:iv )?(?:flush\w*|lock\w*|kvo|tko|at kvo|at tko|carrier|to keep|gauze|soaked|irrigat\w*|wash)")
_DISSOLVES = compiled(
    r"\b(?:reconst\w*|dilut\w*|mixed|dissolved|diluent)(?: \w+)? ?(?:with|w/|in|:)? ?(?:[\d.]+ ?(?:ml|cc) )?"
    r"(?:of )?(?:[\d.]+ ?% )?$"
)
_LITER = compiled(r"(?<!half )\ba(?= lit(?:er|re)\b)")  # as long as the number that it stands for
# "1035 Mg done" tells of magnesium; no amount of 1,035 mg.
_MAGNESIUM = compiled(
    r"(?m)^([ \t]*(?:[01]\d|2[0-3])[0-5]\d[ \t]+m)g"
    r"(?=[ \t]+(?:done|compl|off|finish|stop|infus|in\b|sulf|rider|bag|down|up|hung))"
)
# What goes on of a header in its line: "ED MEDICATION | ADMINISTRATION".
_REST = compiled(r"[ \t]*[a-z][a-z /()&-]{2,40}(?=\n)")
_CLASS = compiled(r":[ \t]*")


@dataclass(frozen=True, slots=True)
class Mention:
    """A drug named in a chart.

    Attributes:
        document: Where.
        passage: The section.
        lower: The document's text in small letters, as long as the text.
        names: How it is called there, a brand beside its generic name among them.
        products: What the names may mean.
        start, end: Of the names.
        low, high: Of the words that belong to it.
        sentence: (start, end) of the sentence, list item or row.
        first: Where the first drug of the sentence begins: what stands before it is said of all.
        last: Where the name before it ends; its own start where it is the first.
        row: The row of a table that it stands in.
    """

    document: Document
    passage: Passage
    lower: str
    names: tuple[str, ...]
    products: tuple[Product, ...]
    start: int
    end: int
    low: int
    high: int
    sentence: tuple[int, int]
    first: int
    last: int
    row: Row | None = None

    @property
    def before(self) -> str:
        """What stands before the name and belongs to it."""
        return self.lower[self.low : self.start]

    @property
    def after(self) -> str:
        """What stands after it."""
        return self.lower[self.end : self.high]

    @property
    def whole(self) -> str:
        """The sentence with the lines that follow."""
        return self.lower[self.sentence[0] : max(self.high, self.sentence[1])]

    @property
    def own(self) -> str:
        """All that belongs to it."""
        return self.lower[self.low : self.high]

    @property
    def lead(self) -> str:
        """What the sentence says before its first drug, and the clause before this one; empty for the first drug."""
        if self.low <= self.sentence[0]:
            return ""
        clause = _CLAUSE.split(self.lower[self.last : self.low])[-1]
        return f"{self.lower[self.sentence[0] : self.first]} {clause}"

    @property
    def heading(self) -> str:
        """The line with a colon over the list or rows that it stands in; empty where there is none in the section."""
        above = self.lower[self.passage.body : self.sentence[0]].split("\n")
        for line in reversed(above[-MOST_ROWS:-1]):
            if not line.strip():
                return ""
            if line.rstrip().endswith(":") and len(line.strip()) <= LONGEST:
                return line
        return ""

    @property
    def ahead(self) -> int:
        """How far the sentence begins before what belongs to the name."""
        return self.low - self.sentence[0]

    @property
    def header(self) -> str:
        """The header of its section."""
        line = _REST.match(self.lower, self.passage.body)
        colon = self.lower[self.passage.start : self.passage.body].rstrip().endswith(":")
        return self.lower[self.passage.start : line.end() if line and not colon else self.passage.body]

    def quote(self, start: int, end: int) -> Evidence:
        """Words of the document."""
        return Evidence.quote(self.document, Span(start, end))


@dataclass(frozen=True, slots=True)
class _Hit:
    names: tuple[str, ...]
    products: tuple[Product, ...]
    start: int
    end: int


def mentions(chart: Chart, drugs: Formulary) -> Iterator[Mention]:
    """Every drug that the chart names, in order of the text."""
    for document in chart.encounter.documents:
        lower = document.text.lower()
        if len(lower) != len(document.text):
            continue
        hits = _joined(lower, [_hit(name, at, end, drugs) for name, at, end in drugs.names.places(lower)])
        lower = _LITER.sub("1", lower) if hits and " a lit" in lower else lower
        lower = _MAGNESIUM.sub(r"\1a", lower) if hits else lower
        table = rows_of(lower) if hits else ()
        for passage in chart.passages if hits else ():
            if passage.document == document.id:
                inside = [h for h in hits if passage.body <= h.start < passage.end and not _carries(lower, h)]
                if inside:
                    yield from _in_passage(document, passage, lower, inside, table)


def _carries(lower: str, hit: _Hit) -> bool:
    """Whether a fluid is only what another drug is dissolved in, or keeps a line open."""
    kinds = {p.kind for p in hit.products}
    if kinds <= {"anesthetic", "none"} and _DISSOLVES.search(lower[max(0, hit.start - 40) : hit.start]):
        return True
    if kinds - {"hydration", "none"}:
        return False
    return bool(
        _CARRIER.search(lower[max(0, hit.start - 40) : hit.start]) or _FLUSH.match(lower[hit.end : hit.end + 40])
    )


def _hit(name: str, start: int, end: int, drugs: Formulary) -> _Hit:
    return _Hit((name,), drugs.products[name], start, end)


def _joined(lower: str, hits: list[_Hit]) -> list[_Hit]:
    """A brand beside its generic name is one mention: it means what both may mean."""
    joined: list[_Hit] = []
    for hit in hits:
        last = joined[-1] if joined else None
        both = _both(last, hit) if last and _JOINS.fullmatch(lower[last.end : hit.start]) else ()
        if last and both:
            closing = lower[hit.end : hit.end + 1] == ")" and "(" in lower[last.end : hit.start]
            joined[-1] = _Hit((*last.names, *hit.names), both, last.start, hit.end + closing)
        elif last and _CLASS.fullmatch(lower[last.end : hit.start]):
            joined[-1] = hit  # "tPA: tenecteplase" names the group, then the drug
        else:
            joined.append(hit)
    return joined


def _both(one: _Hit, other: _Hit) -> tuple[Product, ...]:
    codes = {p.code for p in other.products}
    return tuple(p for p in one.products if p.code in codes)


def _in_passage(
    document: Document, passage: Passage, lower: str, hits: list[_Hit], table: tuple[Row, ...]
) -> Iterator[Mention]:
    """The mentions of a section, sentence by sentence."""
    rows: dict[tuple[int, int], list[_Hit]] = {}
    units = units_of(passage, lower, table, [hit.start for hit in hits])
    tabled = {(row.start, row.end): row for row in table}
    for hit in hits:
        rows.setdefault(sentence_of(units, lower, passage, (hit.start, hit.end)), []).append(hit)
    begins = [start for start, _ in rows]
    for sentence, found in rows.items():
        limit = min((b for b in begins if b > sentence[0]), default=passage.end)
        end = with_lines(units, lower, sentence, limit)
        ends = [found[0].start, *(hit.end for hit in found)]
        for hit, (low, high), last in zip(
            found, shares(lower, sentence[0], end, [(hit.start, hit.end) for hit in found]), ends, strict=False
        ):
            place = (hit.start, hit.end, low, high, sentence, found[0].start, last)
            yield Mention(document, passage, lower, hit.names, hit.products, *place, tabled.get(sentence))
