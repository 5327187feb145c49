"""From a document to facts: sections, segments, mentions, assertion, attributes, in that order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from leadterm.codesets.terms import Term
from leadterm.codesets.wording import normalise
from leadterm.domain import Assertion, Document, Evidence, Fact, FactKind, Span

from ._fold import fold
from .assertion import Judgement, cue_hits, judge
from .attributes import Attribute, attach
from .mentions import Dictionary, Mention
from .sections import Section, find_sections
from .segments import split
from .values import find_values

# What a term is about follows from the chapter where it opens; drugs open at their long-term use (Z79).
_KINDS = (
    ("Z79", FactKind.DRUG),
    ("Z", FactKind.STATUS),
    ("R", FactKind.FINDING),
    ("V", FactKind.CIRCUMSTANCE),
    ("W", FactKind.CIRCUMSTANCE),
    ("X", FactKind.CIRCUMSTANCE),
    ("Y", FactKind.CIRCUMSTANCE),
)


def kind_of(term: Term) -> FactKind:
    """What sort of thing a term names."""
    return next((kind for prefix, kind in _KINDS if term.code.startswith(prefix)), FactKind.CONDITION)


@dataclass(frozen=True, slots=True)
class _Segment:
    start: int
    end: int
    section: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the documents say, and the kinds of sections they have (a section may say nothing that is codable)."""

    facts: tuple[Fact, ...]
    sections: frozenset[str]


def read(documents: Iterable[Document], dictionary: Dictionary) -> Reading:
    """Every fact of the documents, in order of the text, ids `f1`, `f2`, …, with the sections that there are."""
    pages = [_document(document, dictionary) for document in documents]
    drafts = (draft for found, _ in pages for draft in found)
    facts = tuple(Fact(f"f{number}", *draft) for number, draft in enumerate(drafts, 1))
    return Reading(facts, frozenset(kind for _, kinds in pages for kind in kinds))


def abstract(documents: Iterable[Document], dictionary: Dictionary) -> tuple[Fact, ...]:
    """The facts alone."""
    return read(documents, dictionary).facts


class _Draft(NamedTuple):
    """A fact before its number: what `Fact` takes, in its order."""

    concept: str
    kind: FactKind
    assertion: Assertion
    attributes: dict[str, str]
    section: str
    evidence: tuple[Evidence, ...]
    cues: tuple[Evidence, ...]
    targets: tuple[str, ...]
    segment: Span


def _document(document: Document, dictionary: Dictionary) -> tuple[list[_Draft], set[str]]:
    text = document.text
    folded = fold(text)
    sections = find_sections(text, folded)
    segments = _segments(text, folded, sections)
    mentions = dictionary.find(normalise(folded), text, [(s.start, s.end) for s in segments])
    cues = cue_hits(folded)
    facts = [
        f for segment, group in _by_segment(segments, mentions) for f in _facts(document, folded, segment, group, cues)
    ]
    facts += _values(document, folded, segments)
    kinds = {s.kind for s in sections if text[s.body : s.end].strip()}
    return sorted(facts, key=lambda draft: draft.evidence[0].span), kinds


def _segments(text: str, folded: str, sections: Sequence[Section]) -> list[_Segment]:
    return [_Segment(a, b, s.kind) for s in sections for a, b in split(text, s.body, s.end)]


def _by_segment(segments: Sequence[_Segment], mentions: Sequence[Mention]) -> Iterator[tuple[_Segment, list[Mention]]]:
    starts = [s.start for s in segments]
    groups: dict[int, list[Mention]] = {}
    for mention in mentions:
        groups.setdefault(bisect_right(starts, mention.start) - 1, []).append(mention)
    for index, group in groups.items():
        yield segments[index], group


def _facts(
    document: Document, folded: str, segment: _Segment, mentions: list[Mention], cues: Sequence[tuple[int, int, int]]
) -> Iterator[_Draft]:
    place = (segment.start, segment.end)
    judged = judge(folded, place, [(m.start, m.end) for m in mentions], segment.section, cues)
    attributes = attach(document.text, folded, place, mentions)
    for mention, judgement, own in zip(mentions, judged, attributes, strict=True):
        yield _fact(document, segment, mention, judgement, own)


def _fact(
    document: Document, segment: _Segment, mention: Mention, judgement: Judgement, attributes: Sequence[Attribute]
) -> _Draft:
    term = mention.terms[0]
    outside = [a for a in attributes if not (mention.start <= a.start and a.end <= mention.end)]
    spans = [Span(mention.start, mention.end), *(Span(a.start, a.end) for a in outside)]
    return _Draft(
        term.concept,
        kind_of(term),
        judgement.assertion,
        {a.axis: a.value for a in attributes},
        segment.section,
        tuple(Evidence.quote(document, s) for s in spans),
        tuple(Evidence.quote(document, Span(a, b)) for a, b in judgement.cues),
        tuple(dict.fromkeys(t.code for t in mention.terms)),
        Span(segment.start, segment.end),
    )


def _values(document: Document, folded: str, segments: Sequence[_Segment]) -> Iterator[_Draft]:
    starts = [s.start for s in segments]
    for value in find_values(folded):
        index = bisect_right(starts, value.start) - 1
        if index < 0 or value.end > segments[index].end:
            continue
        segment = segments[index]
        span = Span(value.start, value.end)
        yield _Draft(
            value.concept,
            FactKind.VALUE,
            Assertion.FAMILY if segment.section == "family-history" else Assertion.PRESENT,
            {"value": value.value},
            segment.section,
            (Evidence.quote(document, span),),
            (),
            (),
            Span(segment.start, segment.end),
        )
