"""From a document to facts: layout, sections, segments, mentions, assertion, attributes, values, in that order."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import not_
from typing import NamedTuple

from leadterm._collector import held
from leadterm.domain import Assertion, Document, Evidence, Fact, FactKind, Passage, Span

from .asserting.assertion import judge
from .describing.attributes import Attribute, Describer
from .layout.fold import fold
from .layout.sections import find_sections
from .layout.segments import split
from .layout.unwrap import unwrap
from .measuring.substances import Substance, find_substances
from .measuring.values import find_values
from .naming.mentions import Dictionary, Mention, Segment
from .naming.sense import Sense
from .provenance.copies import Copy, copy_at, find_copies
from .provenance.speakers import Speakers, find_speakers

# What a drug, a procedure or a device can be said to be; severity, stage and the like are of diseases.
_OF_THINGS = frozenset("laterality site date onset duration cause manner trend intent".split())
_USES_AT_ONCE = 4  # uses of substances that words may speak of together ("no tobacco, alcohol or drugs")
_SECTION_SAYS = {"family-history": Assertion.FAMILY}


@dataclass(frozen=True, slots=True)
class Reading:
    """What the documents say, and how they are laid out (a section may say nothing that is codable).

    Attributes:
        facts: In order of the text.
        sections: The kinds of the sections that are not empty.
        passages: The sections themselves, document by document, tiling each of them.
    """

    facts: tuple[Fact, ...]
    sections: frozenset[str]
    passages: tuple[Passage, ...] = ()


def read(documents: Iterable[Document], dictionary: Dictionary) -> Reading:
    """Every fact of the documents, in order of the text, ids `f1`, `f2`, …, with the sections that there are."""
    documents = tuple(documents)
    # Nothing made here has cycles; the collector would walk over it for a fifth of the time.
    with held():
        pages = [_Page(document, dictionary) for document in documents]
        facts = tuple(_numbered(pages, find_copies(documents)))
        kinds = frozenset(kind for page in pages for kind in page.kinds)
        return Reading(facts, kinds, tuple(passage for page in pages for passage in page.passages()))


def _numbered(pages: Sequence[_Page], copies: Sequence[Copy]) -> Iterator[Fact]:
    """The facts of all pages with their numbers, and with what they are copied from."""
    documents = {page.document.id: page.document for page in pages}
    drafts = (draft for page in pages for draft in page.drafts())
    for number, draft in enumerate(drafts, 1):
        place, origin = draft.evidence[0], None
        if copies and (copy := copy_at(copies, place.document, place.span.start)):
            origin = Evidence.quote(documents[copy.of_document], Span(copy.of_start, copy.of_end))
        yield Fact(f"f{number}", *draft[:-1], origin, draft.source)


def abstract(documents: Iterable[Document], dictionary: Dictionary) -> tuple[Fact, ...]:
    """The facts alone."""
    return read(documents, dictionary).facts


def said_of(text: str, place: tuple[int, int], section: str) -> Assertion:
    """How a text that stands in a section of some kind speaks of what it names at a place (start, end)."""
    flat = unwrap(text)
    folded = fold(flat)
    for start, end in split(flat, 0, len(flat)):
        if start <= place[0] and place[1] <= end:
            return judge(folded, (start, end), [place], section)[0].assertion
    return Assertion.PRESENT


def _with_tabs(folded: str, text: str) -> str:
    """A folded text with the tabs that parted the cells of its tables: they tell a column of statuses."""
    if "\t" not in text:
        return folded
    return "".join("\t" if was == "\t" else now for now, was in zip(folded, text, strict=True))


def _pattern(use: Substance) -> dict[str, str]:
    """What is said of the use of a substance, as attributes."""
    return {"substance": use.substance, "pattern": use.pattern, **dict(use.attributes)}


class _Draft(NamedTuple):
    """A fact before its number: what `Fact` takes, in its order, but for its origin."""

    concept: str
    kind: FactKind
    assertion: Assertion
    attributes: dict[str, str]
    section: str
    evidence: tuple[Evidence, ...]
    cues: tuple[Evidence, ...]
    targets: tuple[str, ...]
    segment: Span
    speaker: str | None
    source: str | None = None


def _place(draft: _Draft) -> tuple[int, int]:
    """Where the mention of a fact stands."""
    span = draft.evidence[0].span
    return span.start, span.end


class _Page:
    """One document taken apart: its sections and segments, and the facts that stand in them."""

    def __init__(self, document: Document, dictionary: Dictionary) -> None:
        self.document, self.dictionary = document, dictionary
        self._id, self._source = document.id, document.text
        self.text = unwrap(document.text)
        self.folded = fold(self.text)
        self._tabbed = _with_tabs(self.folded, self.text)
        self.sections = find_sections(self.text, self.folded)
        self.segments: list[Segment] = [
            (a, b, s.kind) for s in self.sections for a, b in split(self.text, s.body, s.end)
        ]
        self._starts = [s[0] for s in self.segments]

    @property
    def kinds(self) -> set[str]:
        """The kinds of the sections that are not empty."""
        return {s.kind for s in self.sections if self.text[s.body : s.end].strip()}

    def passages(self) -> Iterator[Passage]:
        """Its sections with their segments."""
        at = 0
        for s in self.sections:
            first = at
            while at < len(self.segments) and self.segments[at][0] < s.end:
                at += 1
            places = tuple((start, end) for start, end, _ in self.segments[first:at])
            yield Passage(self._id, s.kind, s.start, s.body, s.end, places)

    def drafts(self) -> list[_Draft]:
        """Every fact, in order of the text."""
        speakers = find_speakers(self.document, self.folded, self.sections)
        self._substances = list(find_substances(self.folded))
        self._use_starts = [use.start for use in self._substances]
        self._told: set[int] = set()
        self._describer = Describer(self.text, self.folded)
        drafts = [
            *(draft for place, group in self._by_segment() for draft in self._of_segment(place, group, speakers)),
            *self._values(speakers),
            *self._uses(speakers),
        ]
        return sorted(drafts, key=_place)

    def _segment_at(self, start: int, end: int) -> Segment | None:
        index = bisect_right(self._starts, start) - 1
        return self.segments[index] if index >= 0 and end <= self.segments[index][1] else None

    # --- what the dictionary knows ---

    def _by_segment(self) -> Iterator[tuple[Segment, list[Mention]]]:
        groups: dict[int, list[Mention]] = {}
        for mention in self.dictionary.find(self.folded, self.text, self.segments):
            groups.setdefault(bisect_right(self._starts, mention.start) - 1, []).append(mention)
        for index, group in groups.items():
            yield self.segments[index], group

    def _of_segment(self, segment: Segment, mentions: list[Mention], speakers: Speakers) -> Iterator[_Draft]:
        start, end, section = segment
        place, span = (start, end), Span(start, end)
        senses = [self.dictionary.sense(m.terms) for m in mentions]
        judged = judge(self._tabbed, place, [(m.start, m.end) for m in mentions], section)
        attributes = self._attributes(place, mentions, senses)
        # A drug is named there because the patient does not bear it.
        allergy = section == "allergies" or self.folded.find("allerg", start, end) >= 0
        for mention, sense, judgement, own in zip(mentions, senses, judged, attributes, strict=True):
            yield _Draft(
                sense.concept,
                sense.kind,
                sense.says if judgement.assertion is Assertion.PRESENT else judgement.assertion,
                self._said(mention, sense, own, allergy=allergy),
                section,
                self._evidence(mention, own),
                tuple(map(self._quote, judgement.cues)) if judgement.cues else (),
                sense.targets,
                span,
                speakers.at(mention.start, place),
                sense.source,
            )

    def _attributes(
        self, place: tuple[int, int], mentions: list[Mention], senses: list[Sense]
    ) -> list[Sequence[Attribute]]:
        """The attributes of each mention; drugs, procedures and devices take none from a disease beside them."""
        apart = [sense.thing for sense in senses]
        if True not in apart:
            return list(self._describer.attach(place, mentions))
        groups = [list(compress(mentions, map(not_, apart))), list(compress(mentions, apart))]
        diseases, things = map(iter, self._describer.attach_each(place, groups))
        return [[a for a in next(things) if a.axis in _OF_THINGS] if thing else next(diseases) for thing in apart]

    def _said(
        self, mention: Mention, sense: Sense, attributes: Sequence[Attribute], *, allergy: bool
    ) -> dict[str, str]:
        """What the sentence says of a mention, axis by axis, with what the vocabulary knows of it."""
        said = {a.axis: a.value for a in attributes}
        if sense.class_ is not None:
            said.setdefault("class", sense.class_)
            if allergy and sense.kind is FactKind.DRUG:
                said["role"] = "allergen"
        if self._substances:
            use = self._use_of(mention)
            if use is not None and sense.of_substances:
                return _pattern(use) | said
        return said

    def _evidence(self, mention: Mention, attributes: Sequence[Attribute]) -> tuple[Evidence, ...]:
        """The words of a mention, then those of its attributes that stand outside it."""
        start, end = mention.start, mention.end
        own = self._quote((start, end))
        if not attributes and not mention.shared:
            return (own,)
        outside = [(a.start, a.end) for a in attributes if a.start < start or end < a.end]
        return (own, *map(self._quote, mention.shared), *map(self._quote, outside))

    def _quote(self, place: tuple[int, int]) -> Evidence:
        return Evidence(self._id, Span(*place), self._source[place[0] : place[1]])

    # --- measured values ---

    def _values(self, speakers: Speakers) -> Iterator[_Draft]:
        for value in find_values(self.folded, self.text):
            segment = self._segment_at(value.start, value.end)
            if segment is None:
                continue
            unit = {"unit": value.unit} if value.unit else {}
            yield _Draft(
                value.concept,
                FactKind.VALUE,
                _SECTION_SAYS.get(segment[2], Assertion.PRESENT),
                {"value": value.value, **unit, **dict(value.attributes)},
                segment[2],
                (self._quote((value.start, value.end)),),
                (),
                (),
                Span(segment[0], segment[1]),
                speakers.at(value.start, (segment[0], segment[1])),
            )

    # --- use of tobacco, alcohol, drugs ---

    def _use_of(self, mention: Mention) -> Substance | None:
        """The use of a substance that a mention speaks of; it is then no fact of its own."""
        last = bisect_left(self._use_starts, mention.end)
        met = [n for n in range(max(0, last - _USES_AT_ONCE), last) if self._substances[n].end > mention.start]
        self._told.update(met)
        return self._substances[met[-1]] if met else None

    def _uses(self, speakers: Speakers) -> Iterator[_Draft]:
        for index, use in enumerate(self._substances):
            segment = self._segment_at(use.start, use.end)
            if segment is None or index in self._told:
                continue
            yield _Draft(
                use.concept,
                FactKind.STATUS,
                _SECTION_SAYS.get(segment[2], use.assertion),
                _pattern(use),
                segment[2],
                (self._quote((use.start, use.end)),),
                (),
                (),
                Span(segment[0], segment[1]),
                speakers.at(use.start, (segment[0], segment[1])),
            )
