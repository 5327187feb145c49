"""Where a chart tells its diagnoses, and which of them stand beside a service."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.domain import Assignment, Evidence, Passage

# Sections that say what the procedures of their document were done for, best first.
INDICATIONS = ("indication", "postoperative-diagnosis", "preoperative-diagnosis")
# Sections in which a procedure is told, so that the indication of the document is its own.
TELLING = frozenset("procedure operative-findings anesthesia findings technique unknown".split())
ASSESSED = frozenset(("assessment", "plan", "assessment-plan", "impression", "problem-list", "discharge-diagnosis"))
_NUMBER = compiled(r"\s*(?:#\s*\d*|\d{1,2}\s*[.):])\s*")
_FOR = compiled(
    r"\b(?:for|due to|because of|secondary to|indications?|in view of|given|to (?:evaluate|treat|rule out|assess))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a document where a diagnosis is told, and the number of that diagnosis on the claim."""

    document: str
    start: int
    end: int
    number: int


class Told:
    """The places of the diagnoses that a line may point to.

    Attributes:
        order: Their numbers on the claim, in order.
    """

    def __init__(self, chart: Chart, diagnoses: Sequence[Assignment]) -> None:
        self._chart = chart
        self._diagnoses = diagnoses
        self.order = tuple(d.sequence for d in diagnoses)

    @cached_property
    def _places(self) -> tuple[Place, ...]:
        """Where each diagnosis is told; also where the same disease is told in a section that gives no codes."""
        named = {d.sequence: self._named(d) for d in self._diagnoses}
        return tuple(Place(e.document, e.span.start, e.span.end, n) for n, several in named.items() for e in several)

    def _named(self, d: Assignment) -> Iterator[Evidence]:
        category = d.code.value[:3]
        for fact in self._chart.present:
            if fact.id in d.facts or (fact.targets and fact.targets[0][:3] == category):
                yield fact.mention
        yield from d.evidence[:1]

    def beside(self, words: Evidence) -> tuple[int, ...]:
        """The diagnoses in the same sentence, those first that it names as the reason; else those of the problem."""
        passage = self._passage(words)
        if passage is None:
            return ()
        sentence = _around(passage.segments, words.span.start)
        return self._within(words, *sentence) or self._within(words, *self._item(passage, words.span.start))

    def indicated(self, words: Evidence) -> tuple[int, ...]:
        """The diagnoses of the document's indication, where the words tell of a procedure."""
        passage = self._passage(words)
        if passage is None or passage.kind not in TELLING:
            return ()
        for kind in INDICATIONS:
            there = [p for p in self._chart.passages if p.document == words.document and p.kind == kind]
            if found := self._in(there):
                return found
        return ()

    def assessed(self) -> tuple[int, ...]:
        """The diagnoses that stand in an assessment or plan."""
        return self._in([p for p in self._chart.passages if p.kind in ASSESSED])

    def _in(self, passages: Iterable[Passage]) -> tuple[int, ...]:
        spans = [(p.document, p.start, p.end) for p in passages]
        there = {x.number for x in self._places for d, a, b in spans if x.document == d and a <= x.start < b}
        return tuple(n for n in self.order if n in there)

    def _within(self, words: Evidence, start: int, end: int) -> tuple[int, ...]:
        """The diagnoses of a stretch: those behind a "for", then those before the words, then any, in their order."""
        near = [p for p in self._places if p.document == words.document and start <= p.start < end]
        if not near:
            return ()
        text = self._chart.encounter.document(words.document).text
        reason = _FOR.search(text, words.span.end, end)
        at = reason.start() if reason else end

        def rank(p: Place) -> tuple[bool, int]:
            return p.start < at, p.start

        return tuple(dict.fromkeys(p.number for p in sorted(near, key=rank)))

    def _item(self, passage: Passage, at: int) -> tuple[int, int]:
        """The problem with all that is written under its number, up to the next number."""
        text = self._chart.encounter.document(passage.document).text
        begins = [a for a, b in passage.segments if _numbered(text, a, b)]
        before = [a for a in begins if a <= at]
        if not before:
            return at, at
        return before[-1], min((a for a in begins if a > at), default=passage.end)

    def _passage(self, words: Evidence) -> Passage | None:
        at = words.span.start
        return next((p for p in self._chart.passages if p.document == words.document and p.start <= at < p.end), None)


def _numbered(text: str, start: int, end: int) -> bool:
    """Whether a sentence is the first of a numbered problem."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    return bool(_NUMBER.fullmatch(before) if before.strip() else _NUMBER.match(text, start, end))


def _around(segments: Sequence[tuple[int, int]], at: int) -> tuple[int, int]:
    return next(((a, b) for a, b in segments if a <= at < b), (at, at))
