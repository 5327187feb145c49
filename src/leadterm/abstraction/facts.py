"""From a document to facts: layout, sections, segments, mentions, assertion, attributes, values, in that order."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import not_
from typing import NamedTuple

from leadterm._collector import held
from leadterm.domain import Assertion, Document, Evidence, Fact, FactKind, Span, kind_of_target

from .asserting.assertion import Judgement, judge
from .describing.attributes import Attribute, attach, attach_each
from .layout.fold import fold
from .layout.sections import find_sections
from .layout.segments import split
from .layout.unwrap import unwrap
from .measuring.substances import Substance, find_substances
from .measuring.values import find_values
from .naming.mentions import Dictionary, Mention, Segment
from .provenance.copies import Copy, copy_at, find_copies
from .provenance.speakers import Speakers, find_speakers

# Codes whose terms name the use of a substance: what the chart says of the pattern belongs to their fact.
_OF_SUBSTANCES = ("F1", "Z72.0", "Z87.891", "Z87.898", "Z77.22", "Z71.4", "Z71.5", "Z71.6", "O99.3")
# What a drug, a procedure or a device can be said to be; severity, stage and the like are of diseases.
_OF_THINGS = frozenset("laterality site date onset duration cause manner trend intent".split())
_USES_AT_ONCE = 4  # uses of substances that words may speak of together ("no tobacco, alcohol or drugs")
_SECTION_SAYS = {"family-history": Assertion.FAMILY}
# Codes that are a history: what opens at them is of the family, or past, whatever else the sentence leaves open.
_CODE_SAYS = {
    **dict.fromkeys(("Z80", "Z81", "Z82", "Z83", "Z84"), Assertion.FAMILY),
    **dict.fromkeys(("Z85", "Z86", "Z87"), Assertion.HISTORICAL),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What the documents say, and the kinds of sections they have (a section may say nothing that is codable)."""

    facts: tuple[Fact, ...]
    sections: frozenset[str]


def read(documents: Iterable[Document], dictionary: Dictionary) -> Reading:
    """Every fact of the documents, in order of the text, ids `f1`, `f2`, …, with the sections that there are."""
    documents = tuple(documents)
    # Nothing made here has cycles; the collector would walk over it for a fifth of the time.
    with held():
        pages = [_Page(document, dictionary) for document in documents]
        facts = tuple(_numbered(pages, find_copies(documents)))
        return Reading(facts, frozenset(kind for page in pages for kind in page.kinds))


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


class _Page:
    """One document taken apart: its sections and segments, and the facts that stand in them."""

    def __init__(self, document: Document, dictionary: Dictionary) -> None:
        self.document, self.dictionary = document, dictionary
        self.text = unwrap(document.text)
        self.folded = fold(self.text)
        self.sections = find_sections(self.text, self.folded)
        self.segments: list[Segment] = [
            (a, b, s.kind) for s in self.sections for a, b in split(self.text, s.body, s.end)
        ]
        self._starts = [s[0] for s in self.segments]

    @property
    def kinds(self) -> set[str]:
        """The kinds of the sections that are not empty."""
        return {s.kind for s in self.sections if self.text[s.body : s.end].strip()}

    def drafts(self) -> list[_Draft]:
        """Every fact, in order of the text."""
        speakers = find_speakers(self.document, self.folded, self.sections)
        self._substances = list(find_substances(self.folded))
        self._use_starts = [use.start for use in self._substances]
        self._told: set[int] = set()
        drafts = [
            *(draft for place, group in self._by_segment() for draft in self._of_segment(place, group, speakers)),
            *self._values(speakers),
            *self._uses(speakers),
        ]
        return sorted(drafts, key=lambda draft: draft.evidence[0].span)

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
        judged = judge(self.folded, (start, end), [(m.start, m.end) for m in mentions], section)
        attributes = self._attributes((start, end), mentions)
        # A drug is named there because the patient does not bear it.
        allergy = section == "allergies" or self.folded.find("allerg", start, end) >= 0
        for mention, judgement, own in zip(mentions, judged, attributes, strict=True):
            speaker = speakers.at(mention.start, (start, end))
            yield self._fact(segment, mention, judgement, own, speaker, allergy=allergy)

    def _attributes(self, place: tuple[int, int], mentions: list[Mention]) -> list[Sequence[Attribute]]:
        """The attributes of each mention; drugs, procedures and devices take none from a disease beside them."""
        apart = [self._is_thing(m) for m in mentions]
        if not any(apart):
            return list(attach(self.text, self.folded, place, mentions))
        groups = [list(compress(mentions, map(not_, apart))), list(compress(mentions, apart))]
        diseases, things = map(iter, attach_each(self.text, self.folded, place, groups))
        return [[a for a in next(things) if a.axis in _OF_THINGS] if thing else next(diseases) for thing in apart]

    def _is_thing(self, mention: Mention) -> bool:
        entry = None if mention.terms[0].code else self.dictionary.entry(mention)
        return entry is not None and entry.kind in (FactKind.DRUG, FactKind.PROCEDURE, FactKind.DEVICE)

    def _fact(
        self,
        segment: Segment,
        mention: Mention,
        judgement: Judgement,
        attributes: Sequence[Attribute],
        speaker: str | None,
        *,
        allergy: bool,
    ) -> _Draft:
        term, entry = mention.terms[0], self.dictionary.entry(mention)
        said = {a.axis: a.value for a in attributes}
        if entry is not None:
            said.setdefault("class", entry.class_)
            if allergy and entry.kind is FactKind.DRUG:
                said["role"] = "allergen"
        use = self._use_of(mention) if self._substances else None
        if use is not None and (not term.code or term.code.startswith(_OF_SUBSTANCES)):
            said = _pattern(use) | said
        outside = [(a.start, a.end) for a in attributes if not (mention.start <= a.start and a.end <= mention.end)]
        return _Draft(
            entry.concept if entry else term.concept,
            entry.kind if entry else kind_of_target(term.code),
            self._assertion(judgement, term.code),
            said,
            segment[2],
            tuple(map(self._quote, ((mention.start, mention.end), *mention.shared, *outside))),
            tuple(map(self._quote, judgement.cues)),
            tuple(dict.fromkeys(t.code for t in mention.terms if t.code)),
            Span(segment[0], segment[1]),
            speaker,
            term.source.value if term.code else None,
        )

    def _assertion(self, judgement: Judgement, code: str) -> Assertion:
        if judgement.assertion is not Assertion.PRESENT:
            return judgement.assertion
        return _CODE_SAYS.get(code[:3], Assertion.PRESENT)

    def _quote(self, place: tuple[int, int]) -> Evidence:
        return Evidence.quote(self.document, Span(*place))

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
