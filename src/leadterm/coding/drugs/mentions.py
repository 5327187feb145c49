"""Where a chart names drugs that can be billed, and which words around a name belong to it.

The words of a name run from the end of what belongs to the name before it to the name after it; lines that follow and
only tell more of a dose ("Start: 0905", "NDC …", "Site: L AC") belong to the name above them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.domain import Document, Evidence, Passage, Span

from .amounts import AMOUNT, NUMBER, UNIT
from .formulary import Formulary, Product
from .tables import Row, rows_of

FULL = 60  # characters of a line that was wrapped
MOST_ROWS = 30  # between a row and the line over its list
MOST_LINES = 8  # that tell more of one dose
_CLOCK = r"(?:(?:[01]?\d|2[0-3]):[0-5]\d|(?:[01]\d|2[0-3])[0-5]\d(?! ?(?:mg|mcg|ml|units?|cc|mg/)))(?=[\s|,:;-])"
_DAY = r"\d{1,2}/\d{1,2}(?:/\d{2,4})?\b|\d{4}-\d\d-\d\d\b"
_ROW = compiled(rf"[ \t]*(?:[-*•·|]|\d{{1,2}}[.)][ \t]|{_CLOCK}|{_DAY})")
_LABELLED = (
    r"(?:drug|medication|vaccine|med|dose|route|site|time|start|stop|end|rate|given|not given|held|wasted?|ndc|lot)"
    r"(?: name| time| given)?[ \t]*[:#]|(?:not )?given\b|new bag\b|wast(?:e|ed|age)\b"
)
_ROW_AFTER = compiled(rf"(?<=\n)[ \t]*(?:[-*•·|][ \t]|\d{{1,2}}[.)][ \t]|{_CLOCK}|{_DAY}|{_LABELLED})")
_JOINS = compiled(
    r"(?: (?:sod(?:ium)?|succ(?:inate)?|acetate|hcl|phos(?:phate)?|sulfate))*"
    r"[ \t(/,=\[®™-]*(?:aka |brand |generic )?[ \t(]*"
)
_MORE = compiled(
    rf"^[\s|*•·-]*(?:{_CLOCK} ?(?:-+>?|–|→|to|until) ?\d|(?:on|up|off|down|in|out)[ :]+{_CLOCK}|{NUMBER} ?(?:{UNIT})\b"
    r"|(?:both|one|two|whole|entire|full|all of|all in|nothing|none|no|each|divided|split|injected|used|left over)\b"
    r"|#?\d+ vials?\b|(?:r|l|right|left)\b[ .:-]*"
    r"(?:deltoid|delt|glut\w*|ventro\w*|dorso\w*|thigh|buttock|arm|abd\w*|ac|hand|forearm|fa)\b"
    r"|(?:iv |not |infusion |actual |dose |drug )?(?:start|stop|held|new bag|end|begin"
    r"|began|time|route|dose|amount|strength|site|access|lot"
    r"|exp|ndc|waste|wasted|discard|unused|remain|vial|container|infus|given|administ"
    r"|complet|conclud|finish|rate|method"
    r"|rn\b|nurse|manufactur|volume|concentration|quantity|qty|via\b|over\b|by\b"
    r"|it (?:was )?(?:given|started|stopped|infused)"
    r"|duration|single|multi|total|witness|status|note|reason|indication|tolerat|titrat"
    r"|pt tol|no (?:drug )?wast|the remain|\d+ ?(?:mg|ml|mcg|units?) (?:was |were )?(?:wast"
    r"|disc)))"
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
_LEFT_OVER = compiled(r"\b(?:vials?|ampules?|syringes?)\b|\bdiscard\w*|\bwast(?:ed|e|age)\b|\bunused\b|\bndc\b")
_DOSE_BEFORE = compiled(
    rf"{AMOUNT}(?:[\s(]*(?:of|iv|im|sq|sc|subq|ivp|iv push|po|dose of|intramuscular"
    rf"|total|intravenous|subcutaneous|\)|[\d.]+ ?%))*\s*$"
)
_CLASS = compiled(r":[ \t]*")
_LABEL = compiled(
    r"\n[ \t]*(?:waste\w*|discard\w*|drug|medications?|meds?|given|held|name|order|not given)(?: name)?:?[ \t]*$"
)
_DOSE_AFTER = compiled(rf"^[\s:(|,-]*(?:[a-z/.-]+ ){{0,2}}{AMOUNT}")


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
            if line.rstrip().endswith(":") and len(line.strip()) <= FULL:
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
    rows: dict[tuple[int, int], list[_Hit]] = {}
    units = _with_rows(_units(passage, lower), [r for r in table if passage.body <= r.start < passage.end])
    units = _by_names(
        units, [h.start for h in hits if not lower[lower.rfind("\n", 0, h.start) + 1 : h.start].strip()], lower
    )
    tabled = {(row.start, row.end): row for row in table}
    for hit in hits:
        rows.setdefault(_sentence(units, lower, passage, hit), []).append(hit)
    begins = [start for start, _ in rows]
    for sentence, found in rows.items():
        limit = min((b for b in begins if b > sentence[0]), default=passage.end)
        end = _with_lines(units, lower, sentence, limit)
        ends = [found[0].start, *(hit.end for hit in found)]
        for hit, (low, high), last in zip(found, _shares(lower, sentence[0], end, found), ends, strict=False):
            place = (hit.start, hit.end, low, high, sentence, found[0].start, last)
            yield Mention(document, passage, lower, hit.names, hit.products, *place, tabled.get(sentence))


def _sentence(units: list[tuple[int, int]], lower: str, passage: Passage, hit: _Hit) -> tuple[int, int]:
    """The sentence, list item or row that a name stands in; its line where none is known."""
    place = bisect_right(units, (hit.start, len(lower))) - 1
    if place >= 0 and units[place][0] <= hit.start < units[place][1]:
        return units[place]
    end = lower.find("\n", hit.end)
    return max(passage.body, lower.rfind("\n", 0, hit.start) + 1), end if end >= 0 else passage.end


def _units(passage: Passage, lower: str) -> list[tuple[int, int]]:
    """The sentences and rows of a section: a sentence wrapped before a number is one, rows are several."""
    joined: list[tuple[int, int]] = []
    for start, end in passage.segments:
        if joined and _goes_on(lower, joined[-1], start):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [row for start, end in joined for row in _split(lower, start, end)]


def _goes_on(lower: str, last: tuple[int, int], start: int) -> bool:
    """Whether a segment only goes on with the one before it: the line was full, and no sentence ended."""
    line = lower[lower.rfind("\n", 0, last[1]) + 1 : last[1]]
    wrapped = lower[last[1] : start].strip(" ") == "\n" and len(line) > FULL and line[-1] not in ".;:!?|"
    return wrapped and not _ROW.match(lower, start)


def _with_rows(units: list[tuple[int, int]], table: list[Row]) -> list[tuple[int, int]]:
    """The sentences and rows, those in tables cut where the tables' rows begin and end."""
    if not table:
        return units
    cuts = sorted({place for row in table for place in (row.start, row.end)})
    found: set[tuple[int, int]] = {(row.start, row.end) for row in table}
    for start, end in units:
        inner = [start, *(c for c in cuts if start < c < end), end]
        found |= {(a, b) for a, b in pairwise(inner) if not any(r.start <= a and b <= r.end for r in table)}
    return sorted(found)


def _by_names(units: list[tuple[int, int]], begins: list[int], lower: str) -> list[tuple[int, int]]:
    """The sentences and rows, those cut where two lines, one after the other, each begin with a drug's name."""
    cuts = [b for a, b in pairwise(begins) if lower.count("\n", a, b) == 1]
    if not cuts:
        return units
    return [pair for start, end in units for pair in pairwise([start, *(c for c in cuts if start < c < end), end])]


def _split(lower: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A segment by its rows, where its lines begin as rows do."""
    if lower.find("\n", start, end) < 0:
        yield start, end
        return
    cuts = [start, *(m.start() for m in _ROW_AFTER.finditer(lower, start, end)), end]
    yield from ((a, b) for a, b in pairwise(cuts) if a < b)


def _with_lines(units: list[tuple[int, int]], lower: str, sentence: tuple[int, int], limit: int) -> int:
    """The end of what belongs to the drugs of a sentence: the lines after it that only tell more of them."""
    end = sentence[1]
    following = [s for s in units if sentence[1] <= s[0] < limit][:MOST_LINES]
    for start, stop in following:
        if "\n\n" in lower[end:start].replace(" ", "") or not _tells_more(lower[start:stop]):
            break
        end = stop
    return end


def _tells_more(line: str) -> bool:
    return bool(_MORE.search(line) or _LEFT_OVER.search(line))


def _shares(lower: str, start: int, end: int, hits: Iterable[_Hit]) -> list[tuple[int, int]]:
    """What belongs to each of the drugs of a sentence."""
    found = list(hits)
    cuts = [start, *(_cut(lower, one, other) for one, other in pairwise(found)), end]
    return list(pairwise(cuts))


def _cut(lower: str, one: _Hit, other: _Hit) -> int:
    """Where the words of one drug end: a dose right before the next name is of that, unless a dose follows that too."""
    between = lower[one.end : other.start]
    if label := _LABEL.search(between):
        return one.end + label.start()
    dose = _DOSE_BEFORE.search(between)
    if dose is None:
        return other.start
    only = not list(re.finditer(AMOUNT, between[: dose.start()]))
    if only and _DOSE_AFTER.search(lower[other.end : other.end + 40]):
        return other.start
    return one.end + dose.start()
