"""The record behind a coded encounter: its documents, which of them stand, and the facts that each code rests on."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property

from leadterm.domain import (
    Assertion,
    Assignment,
    Document,
    Evidence,
    Fact,
    FactKind,
    Role,
    Span,
    Status,
)
from leadterm.edits._coding import Coding

MEANS = frozenset({FactKind.DRUG, FactKind.VALUE, FactKind.DEVICE})
# Codes of which what is denied, past or told of others is often the very point: statuses, histories, external causes.
BESIDE_DISEASE = frozenset("ZVWXY")
NOT_NOW = frozenset({"baseline", "previous"})
LONGEST_LINE = 400  # characters; a longer one is a paragraph, of which what stands near counts


class Record:
    """Documents and facts, looked up once.

    Attributes:
        documents: By id.
        void: Ids of those that were retracted, or that another one replaces.
        facts: Those of documents that stand, in order of the text.
    """

    def __init__(self, coding: Coding) -> None:
        coded = coding.coded
        self.documents: dict[str, Document] = {d.id: d for d in coded.encounter.documents}
        self.void = frozenset(self.documents) - {d.id for d in coded.encounter.standing}
        self._all = coded.facts
        self.facts: tuple[Fact, ...] = (
            tuple(f for f in coded.facts if f.mention.document not in self.void) if self.void else coded.facts
        )
        self._assignments = coded.assignments
        self._standing: dict[int, tuple[Fact, ...]] = {}

    @cached_property
    def told(self) -> tuple[Assignment, ...]:
        """The codes that rest on words of the record: all but charges, those that are rejected or have no evidence."""
        if not self.documents:
            return ()
        kept = (a for a in self._assignments if a.role is not Role.CHARGE and a.status is not Status.REJECTED)
        return tuple(a for a in kept if a.evidence)

    @cached_property
    def unsaid(self) -> tuple[Assignment, ...]:
        """The codes that a person added to a record with text, without words of it."""
        if not any(d.text.strip() for d in self.documents.values()):
            return ()
        return tuple(a for a in self._assignments if a.status is Status.ADDED and not a.evidence)

    @cached_property
    def now(self) -> tuple[Fact, ...]:
        """What holds for the patient in this encounter: present, not an allergen, not a value of before."""
        return tuple(f for f in self.facts if _is_now(f))

    def standing(self, assignment: Assignment) -> tuple[Fact, ...]:
        """The facts that a code rests on, by their ids, else by its words; those that name a disease, where some do."""
        known = self._standing.get(id(assignment))
        if known is None:
            known = self._standing[id(assignment)] = self._found(assignment)
        return known

    def _found(self, assignment: Assignment) -> tuple[Fact, ...]:
        found = [f for f in map(self._by_id.get, assignment.facts) if f is not None]
        found = found or list(self._touching(assignment.evidence))
        named = [f for f in found if f.kind not in MEANS]
        category = assignment.code.value[:3]
        own = [f for f in named if any(t.startswith(category) for t in f.targets)] if not assignment.facts else []
        return tuple(own or named or found)

    def line(self, evidence: Evidence) -> Span:
        """The line that words stand in; of a long one, what stands near."""
        text, span = self.documents[evidence.document].text, evidence.span
        start = max(text.rfind("\n", 0, span.start) + 1, span.start - LONGEST_LINE)
        end = text.find("\n", span.end)
        return Span(start, min(end if end >= 0 else len(text), span.end + LONGEST_LINE))

    def within(self, document: str, span: Span) -> Iterator[Fact]:
        """What is true now and named in a stretch of a document."""
        starts, facts = self._now_by_document.get(document, ([], []))
        return iter(facts[bisect_left(starts, span.start) : bisect_left(starts, span.end)])

    @cached_property
    def _by_id(self) -> dict[str, Fact]:
        return {f.id: f for f in self._all}

    @cached_property
    def _now_by_document(self) -> dict[str, tuple[list[int], list[Fact]]]:
        ordered = sorted(self.now, key=_start)
        return {document: (list(map(_start, some)), some) for document, some in _by_document(ordered).items()}

    @cached_property
    def _places(self) -> dict[str, tuple[list[int], list[Fact], int]]:
        """Of each document where its facts start, they themselves, and the length of the longest mention."""
        found = {}
        for document, some in _by_document(sorted(self._all, key=_start)).items():
            longest = max(f.mention.span.end - f.mention.span.start for f in some)
            found[document] = ([_start(f) for f in some], some, longest)
        return found

    def _touching(self, evidence: Iterable[Evidence]) -> Iterator[Fact]:
        """The facts whose mention shares a character with the words, found by place: long charts have many of both."""
        for e in evidence:
            starts, facts, longest = self._places.get(e.document, ([], [], 0))
            near = facts[bisect_left(starts, e.span.start - longest) : bisect_left(starts, e.span.end)]
            yield from (f for f in near if f.mention.span.overlaps(e.span))


def record_of(coding: Coding) -> Record:
    """The record of a coding; ask `coding.once` for it."""
    return Record(coding)


def is_disease(code: str) -> bool:
    """Whether a code is of a disease, an injury or a symptom: no status, history or external cause."""
    return code[0] not in BESIDE_DISEASE


def _start(fact: Fact) -> int:
    return fact.mention.span.start


def _is_now(fact: Fact) -> bool:
    attributes = fact.attributes
    return (
        fact.assertion is Assertion.PRESENT
        and attributes.get("role") != "allergen"
        and attributes.get("timing") not in NOT_NOW
    )


def _by_document(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        found.setdefault(fact.mention.document, []).append(fact)
    return found
