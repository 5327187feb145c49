"""What the coding stage works on: one encounter with its facts, the code book of the day, and candidates for codes."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from leadterm.codesets import CodeBook
from leadterm.codesets.alphabetic.columns import DrugTable, NeoplasmTable
from leadterm.codesets.alphabetic.index import AlphabeticIndex, ExternalCauseIndex
from leadterm.codesets.relations.relations import Relations
from leadterm.codesets.wording import words
from leadterm.domain import Alternative, Assertion, Encounter, Fact, Passage, PathwayStep, Span, Step

from .affirming import affirmed, implied
from .gestation import trimester_of, weeks_now
from .linking import link, ties
from .patterns import Pattern, compiled

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Opening:
    """Where a fact opens in the Tabular List, and how that was found.

    Attributes:
        node: A code of the list, perhaps not billable: the chart's attributes lead further down.
        steps: What was looked up: Index, table, dictionary.
        manifestations: Codes that the Index prints in brackets after it (I.A.13).
        settled: Whether the node is the answer and the Tabular List is only asked for what must follow it.
        use: Use of the words where the rule knows better than the section that they stand in; empty: the section's.
        current: Whether the thing is of now though a cue makes it past ("previous cesarean" of a pregnant patient).
    """

    node: str
    steps: tuple[PathwayStep, ...]
    manifestations: tuple[str, ...] = ()
    settled: bool = False
    use: str = ""
    current: bool = False


# What an opener says of a fact that opens nowhere in this chart, whatever dictionary and Index say.
NOWHERE = Opening("", ())


@dataclass(frozen=True, slots=True)
class Candidate:
    """A code on its way: what it stands on and how it came here.

    Attributes:
        code: With its dot; billable once `navigate` is done with it.
        facts: What the chart says for it, strongest first; never empty.
        pathway: The steps so far.
        alternatives: What was considered and left.
        rank: Place in the chart's own order of importance; lower comes first.
        confidence: From 0 to 1, by features (see `confidence`).
    """

    code: str
    facts: tuple[Fact, ...]
    pathway: tuple[PathwayStep, ...]
    alternatives: tuple[Alternative, ...] = ()
    rank: tuple[int, ...] = (9,)
    confidence: float = 0.5

    def stepped(
        self, text: str, rule: str | None = None, step: Step = Step.GUIDELINE, code: str | None = None
    ) -> Candidate:
        """This candidate one step further, perhaps at another code."""
        return replace(self, code=code or self.code, pathway=(*self.pathway, PathwayStep(step, text, rule)))

    def joined(self, *others: Candidate) -> Candidate:
        """This candidate with the evidence of others that came to the same code."""
        every = (self, *others)
        return replace(
            self,
            facts=tuple({f.id: f for c in every for f in c.facts}.values()),
            rank=min(c.rank for c in every),
            confidence=max(c.confidence for c in every),
            alternatives=tuple({a.code: a for c in every for a in c.alternatives}.values()),
        )


@dataclass(frozen=True)
class Chart:
    """One encounter as the rules see it.

    Attributes:
        encounter: With its documents.
        facts: All facts, whatever their assertion.
        book: The code sets.
        on: The controlling date.
        sections: Kinds of sections that the documents have, with facts or without.
        passages: The sections themselves, document by document, with their sentences.
    """

    encounter: Encounter
    facts: tuple[Fact, ...]
    book: CodeBook
    on: date
    sections: frozenset[str] = frozenset()
    passages: tuple[Passage, ...] = ()
    _words: dict[tuple[str, Span], frozenset[str]] = field(default_factory=dict, repr=False)
    _sentences: dict[tuple[str, Span], str] = field(default_factory=dict, repr=False)
    _near: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)
    _once: dict[str, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def present(self) -> tuple[Fact, ...]:
        """The facts that hold for the patient now."""
        return tuple(f for f in self.facts if f.assertion is Assertion.PRESENT)

    def place(self, fact: Fact) -> int:
        """The place of a fact in the order of the text."""
        return self._places[fact.id]

    def near(self, document: str, start: int, end: int) -> list[Fact]:
        """The facts whose mention touches a stretch of a document, in the chart's order.

        Of a long chart only these are looked at: whoever asks for every fact's neighbours among all facts needs the
        square of the time.
        """
        begins, facts, longest = self._by_place.get(document, ([], [], 0))
        found = facts[bisect_left(begins, start - longest) : bisect_right(begins, end)]
        return sorted((f for f in found if f.mention.span.end >= start), key=self.place)

    @cached_property
    def _by_place(self) -> dict[str, tuple[list[int], list[Fact], int]]:
        """The facts of each document by where their mention begins, with the length of the longest mention."""
        places: dict[str, list[Fact]] = {}
        for fact in sorted(self.facts, key=lambda f: f.mention.span.start):
            places.setdefault(fact.mention.document, []).append(fact)
        return {
            document: (
                [f.mention.span.start for f in facts],
                facts,
                max(f.mention.span.end - f.mention.span.start for f in facts),
            )
            for document, facts in places.items()
        }

    @cached_property
    def _places(self) -> dict[str, int]:
        return {f.id: n for n, f in enumerate(self.facts)}

    def once(self, name: str, read: Callable[[], T]) -> T:
        """What `read` gives, read once for this chart; `name` is of whoever asks."""
        if name not in self._once:
            self._once[name] = read()
        found: T = self._once[name]
        return found

    # --- the code sets of the day; None where a component is not installed ---

    @cached_property
    def index(self) -> AlphabeticIndex | None:
        """The Alphabetic Index."""
        return self.book.find(AlphabeticIndex, self.on)

    @cached_property
    def drug_table(self) -> DrugTable | None:
        """The Table of Drugs and Chemicals."""
        return self.book.find(DrugTable, self.on)

    @cached_property
    def neoplasm_table(self) -> NeoplasmTable | None:
        """The Neoplasm Table."""
        return self.book.find(NeoplasmTable, self.on)

    @cached_property
    def causes_index(self) -> ExternalCauseIndex | None:
        """The External Cause of Injuries Index."""
        return self.book.find(ExternalCauseIndex, self.on)

    @cached_property
    def relations(self) -> Relations:
        """The notes of the Tabular List as relations."""
        return self.book.component(Relations, self.on)

    # --- the patient and the contact ---

    @cached_property
    def age(self) -> int | None:
        """Whole years on the controlling date."""
        return self.encounter.patient.age_on(self.on)

    @cached_property
    def stay(self) -> bool:
        """Whether sections II and III select the codes (an institutional stay), not section IV."""
        return self.encounter.uses_section_two

    # --- what the facts say ---

    def said(self, *concepts: str) -> tuple[Fact, ...]:
        """The present facts of these concepts, in order of the text."""
        return tuple(f for f in self.present if f.concept in concepts)

    def last(self, concept: str) -> Fact | None:
        """The last present fact of a concept: of a value the newest, as charts are written."""
        return next((f for f in reversed(self.present) if f.concept == concept), None)

    def classed(self, *classes: str) -> tuple[Fact, ...]:
        """The present facts of the vocabulary's classes (`oral hypoglycemic`, `operation`)."""
        return tuple(f for f in self.present if f.attributes.get("class") in classes)

    def linked(self, one: Candidate, other: Candidate) -> bool | None:
        """What the chart says about two things belonging together; None where it is silent. One denial settles it."""
        ones, others = ({ties(f, self.sentence(f)) for f in c.facts} for c in (one, other))
        said = {said for f in ones for g in others if (said := link(f, g)) is not None}
        return None if not said else False not in said

    @cached_property
    def weeks(self) -> Fact | None:
        """The value that tells the weeks of gestation on admission, or of today at a visit."""
        return weeks_now(self.present, self.sentence, self.line)

    @cached_property
    def trimester(self) -> str | None:
        """The trimester of the stay's first day or of the visit (I.C.15.a.3, I.C.15.a.4)."""
        return trimester_of(self.weeks.attributes["value"]) if self.weeks else None

    # --- what stands in the text, whether a fact or not ---

    @cached_property
    def text(self) -> str:
        """All documents in lower case, spaces single."""
        return " \n ".join(re.sub(r"[ \t]+", " ", d.text.lower()) for d in self.encounter.documents)

    def tells(self, pattern: Pattern) -> re.Match[str] | None:
        """The first place that says it and does not deny it."""
        found = pattern.finditer(self.text)
        return next(
            (m for m in found if not _DENIED_BEFORE.search(self.text[max(0, m.start() - 60) : m.start()])), None
        )

    @cached_property
    def _segments(self) -> dict[tuple[str, Span | None], list[Fact]]:
        found: dict[tuple[str, Span | None], list[Fact]] = {}
        for f in self.facts:
            found.setdefault((f.mention.document, f.segment), []).append(f)
        return found

    def in_segment(self, fact: Fact) -> list[Fact]:
        """The facts of the fact's sentence or list item, itself among them, whatever their assertion."""
        return self._segments[fact.mention.document, fact.segment] if fact.segment else [fact]

    def sentence(self, fact: Fact) -> str:
        """The sentence or list item that the fact stands in, in lower case, spaces single."""
        place = _place(fact)
        if place not in self._sentences:
            _, span = place
            text = self.encounter.document(fact.mention.document).text
            self._sentences[place] = " ".join(text[span.start : span.end].lower().split())
        return self._sentences[place]

    def line(self, fact: Fact) -> str:
        """The line of the document that the mention starts in, in lower case: a list of drugs has one a line."""
        text = self.encounter.document(fact.mention.document).text
        start = text.rfind("\n", 0, fact.mention.span.start) + 1
        end = text.find("\n", fact.mention.span.end)
        return text[start : end if end >= 0 else len(text)].lower()

    def words_around(self, fact: Fact) -> frozenset[str]:
        """The words of the fact's sentence in normal form, those of what it denies left out."""
        place = _place(fact)
        if place not in self._words:
            _, span = place
            text = self.encounter.document(fact.mention.document).text
            self._words[place] = implied(words(affirmed(text[span.start : span.end])))
        return self._words[place]

    def words_near(self, fact: Fact) -> frozenset[str]:
        """The words of the fact's clause, no further than NEAR characters away."""
        if fact.id not in self._near:
            self._near[fact.id] = self._clause_words(fact)
        return self._near[fact.id]

    def _clause_words(self, fact: Fact) -> frozenset[str]:
        text = self.encounter.document(fact.mention.document).text
        span, whole = fact.mention.span, fact.segment or fact.mention.span
        start, end = max(whole.start, span.start - NEAR), min(whole.end, span.end + NEAR)
        before = _CLAUSE.split(text[start : span.start])[-1]
        after = _CLAUSE.split(text[span.end : end])[0]
        return implied(words(affirmed(f"{before}{span.of(text)}{after}")))


def stated(
    code: str, facts: Iterable[Fact], text: str, rule: str, beside: Candidate | None = None, step: Step = Step.GUIDELINE
) -> Candidate:
    """A candidate that facts say without a term that opens at it; it ranks right after `beside`."""
    kept = tuple(facts)
    rank = (*beside.rank, 1) if beside else (5, kept[0].mention.span.start)
    return Candidate(code, kept, (PathwayStep(step, text, rule),), (), rank, beside.confidence if beside else 0.7)


def sentence_span(fact: Fact) -> Span:
    """Where the sentence of a fact stands; of text without any end of a sentence, what stands near."""
    span, whole = fact.mention.span, fact.segment or fact.mention.span
    if whole.end - whole.start <= LONGEST_SENTENCE:
        return whole
    return Span(max(whole.start, span.start - LONGEST_SENTENCE), min(whole.end, span.end + LONGEST_SENTENCE))


def _place(fact: Fact) -> tuple[str, Span]:
    """The document and the sentence of a fact: many facts share one."""
    return fact.mention.document, sentence_span(fact)


# A denial in the same clause, a few words before.
_DENIED_BEFORE = compiled(
    r"\b(?:no|not|without|denies|denied|never|neither|nor|w/o|negative for|r/o|rule out|ruled out)\b[^.;:\n,]{0,30}\Z"
)
LONGEST_SENTENCE = 1_000
NEAR = 60
_CLAUSE = compiled(r"[;.:\n]|, (?=[a-z]+ (?:with|and|is|was)\b)|\band\b")
