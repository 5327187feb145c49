"""Evidence that says where its words stand in the record that a document was read from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from .coded import CodedEncounter
from .facts import Fact
from .text import Evidence

Place = Callable[[Evidence], str | None]


def sourced(coded: CodedEncounter, before: CodedEncounter | None = None) -> CodedEncounter:
    """The coded encounter with the source of each evidence; itself where its documents are their own record.

    Of a document that came without its origin, words that an earlier coding quoted (`before`) have the source that
    they had there.
    """
    place = _places(coded, before)
    if place is None:
        return coded

    def told(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        return tuple(e if e.source is not None else replace(e, source=place(e)) for e in evidence)

    return replace(
        coded,
        assignments=tuple(replace(a, evidence=told(a.evidence)) for a in coded.assignments),
        findings=tuple(replace(f, evidence=told(f.evidence)) for f in coded.findings),
        queries=tuple(replace(q, evidence=told(q.evidence)) for q in coded.queries),
        facts=tuple(_fact(f, told) for f in coded.facts),
    )


def _fact(fact: Fact, told: Callable[[tuple[Evidence, ...]], tuple[Evidence, ...]]) -> Fact:
    return replace(fact, evidence=told(fact.evidence), cues=told(fact.cues))


def _places(coded: CodedEncounter, before: CodedEncounter | None) -> Place | None:
    """What tells where words stood; None where nothing does."""
    origins = {d.id: d.origin for d in coded.encounter.documents if d.origin}
    known = _known(before) if before else {}
    if not (origins or known):
        return None
    texts = {d.id: d.sha256 for d in coded.encounter.documents}

    def place(words: Evidence) -> str | None:
        origin = origins.get(words.document)
        if origin is not None:
            return origin.place(words.span)
        return known.get((texts.get(words.document, ""), words.span.start, words.span.end))

    return place


def _known(before: CodedEncounter) -> Mapping[tuple[str, int, int], str]:
    """The sources that a coding tells, by text and place."""
    texts = {d.id: d.sha256 for d in before.encounter.documents}
    return {
        (texts[e.document], e.span.start, e.span.end): e.source
        for e in _quoted(before)
        if e.source is not None and e.document in texts
    }


def _quoted(coded: CodedEncounter) -> Iterator[Evidence]:
    for assignment in coded.assignments:
        yield from assignment.evidence
    for finding in coded.findings:
        yield from finding.evidence
    for query in coded.queries:
        yield from query.evidence
    for fact in coded.facts:
        yield from (*fact.evidence, *fact.cues)
