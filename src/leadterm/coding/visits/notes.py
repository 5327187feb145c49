"""The notes of a chart that tell of a visit: of operations, images, laboratories and nursing no level is read."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache, cached_property

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import Pattern, Table, compiled
from leadterm.domain import Assertion, Document, Evidence, Fact, Passage, Span, plain_day

from .concluding import concluded
from .outline import VAGUE, Part, outlined, parts, without_aside
from .wording import Lines, lines_of, places, worded

CONCLUDING = frozenset(
    {"assessment", "plan", "assessment-plan", "impression", "discharge-diagnosis", "hospital-course"}
)
PLANNED = frozenset({"assessment", "plan"})
TELLING = frozenset({"hpi", "chief-complaint"})
EXAMINED = frozenset({"exam", "vitals", "review-of-systems"})
# Sections of an account of what was done.
DONE = frozenset({"procedure", "findings", "operation"})
# Sections that tell of another day, or of other people.
BACKGROUND = frozenset(
    "past-medical-history past-surgical-history social-history family-history obstetric-history allergies medications "
    "immunizations problem-list review-of-systems".split()
)
STAYS = frozenset({"inpatient", "observation", "acute", "inpatient acute", "imp", "obsenc", "skilled nursing"})
LONGEST = timedelta(days=30)
HEAD = 6  # lines
WIDE, WIDEST = 100, 130  # characters of a line that may be a title, and of the first one
OF_REASON = ("preventive", "consult")  # what the reason for a visit may say of its kind
# Whose notes are no visits of a provider who may report them.
_OTHERS = worded("notes.others")
_STORY = worded("notes.story")
_REASON = worded("notes.reason")
_PRESENTS = worded("notes.presents")
_EXAMINED = worded("notes.examined")
_TIMED = worded("times.total")
_MEASURED = compiled(r"(?m)^\W*\d{2,3}/\d{2,3}\b[ ,]+(?:hr |p )?\d{2,3}\b")  # a row of vital signs without names
_AFAR = compiled(r"(?i)tele|video|virtual|audio|phone")
_SENTENCE = compiled(r"(?:[^.!?\n]|\.(?=\w)|(?<=\b[DM]r)\.|(?<=\b[Vv]s)\.|(?<=\bMrs)\.|[!?](?=\S))+[.!?]?")


@dataclass(frozen=True)
class Note:
    """One document that tells of a visit.

    Attributes:
        document: It.
        kind: What its title says (`titles.tsv`); empty where it says nothing.
        title: The words that say so.
        facts: The facts of the document, in order of the text.
        passages: Its sections, in order.
        part: The stretch of the document that is this note; None for all of it.
    """

    document: Document
    kind: str
    title: Evidence | None
    facts: tuple[Fact, ...] = field(repr=False)
    passages: tuple[Passage, ...] = field(default=(), repr=False)
    part: Part | None = None

    @property
    def key(self) -> str:
        """What tells this note from every other of its chart."""
        return f"{self.document.id}@{self.base}"

    @cached_property
    def text(self) -> str:
        """The untouched text of this note; places of its facts, sections and sentences are places in it."""
        return self.document.text[self.base : self.part.end if self.part else None]

    @property
    def base(self) -> int:
        """Where the text of this note begins in its document."""
        return self.part.start if self.part else 0

    def quote(self, start: int, end: int) -> Evidence:
        """The words between two places, blanks at the ends left out."""
        words = self.text[start:end]
        first, last = start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
        return Evidence.quote(self.document, Span(self.base + first, self.base + last))

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Where the sentences of the document stand; a line ends one."""
        return tuple((m.start(), m.end()) for m in _SENTENCE.finditer(self.text) if m.group().strip())

    def sentence(self, place: int) -> tuple[int, int]:
        """The sentence that holds a place."""
        text = self.text
        start = max(text.rfind("\n", 0, place), 0)
        for found in _SENTENCE.finditer(text, start):
            if found.end() > place:
                return found.start(), found.end()
        return place, min(place + 1, len(text))

    def said(self, pattern: Pattern) -> Iterator[tuple[re.Match[str], Evidence]]:
        """The places of a pattern in what is told of this visit, each with its sentence."""
        for found in self.find(pattern):
            if self.section(found.start()) not in BACKGROUND:
                yield found, self.quote(*self.sentence(found.start()))

    def find(self, pattern: Pattern) -> Iterator[re.Match[str]]:
        """The places of a pattern in the text, in order."""
        return places(pattern, self.text, self._lines)

    @cached_property
    def _lines(self) -> Lines | None:
        return lines_of(self.text)

    def section(self, place: int) -> str:
        """The kind of the section that holds a place; `unknown` where the document was not taken apart."""
        at = bisect_right(self._starts, place) - 1
        return self.passages[at].kind if at >= 0 else "unknown"

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(p.start for p in self.passages)


@cache
def _titles() -> tuple[tuple[str, Pattern], ...]:
    return tuple((row["kind"], compiled(f"(?i){row['pattern']}")) for row in rows("visits/titles"))


@cache
def _title_table() -> Table:
    """What tells which titles can stand in a text at all."""
    return Table(tuple(pattern for _, pattern in _titles()))


def notes(chart: Chart) -> tuple[Note, ...]:
    """The documents of a chart that tell of a visit, in order of the record."""
    return chart.once("visits.notes", lambda: tuple(_notes(chart)))


def _notes(chart: Chart) -> Iterator[Note]:
    for document in chart.encounter.standing:
        if not document.text.strip():
            continue
        several = parts(document)
        for part in several:
            if len(several) == 1 or part.day is None or _within(chart, part.day):
                yield from _note(chart, document, part, alone=len(several) == 1)


def _within(chart: Chart, day: date) -> bool:
    """Whether a day is of this encounter."""
    encounter = chart.encounter
    first, last = encounter.admission or encounter.date_of_service, encounter.discharge
    if first is None:
        return True
    if last is None and (encounter.encounter_class or "").lower() in STAYS:
        return plain_day(first) <= day <= plain_day(first) + LONGEST  # a stay whose end the record does not tell
    return plain_day(first) <= day <= plain_day(last or encounter.date_of_service or first)


def _note(chart: Chart, document: Document, part: Part, alone: bool) -> Iterator[Note]:
    """The note of a part of a document, where it tells of a visit."""
    kind, title = _kind(document, part)
    if kind == "none":
        return
    passages = outlined(document, part, [p for p in chart.passages if p.document == document.id], CONCLUDING)
    own = [f for f in chart.facts if f.mention.document == document.id]
    own = [f for f in own if part.start <= f.mention.span.start < part.end]
    if kind not in ("nurse", "preventive") and not any(p.kind in CONCLUDING for p in passages):
        unseen = title is not None and _AFAR.search(title.text) is not None
        passages = concluded(document.text, part, passages, own, unseen)
    starts = [p.start for p in passages]
    facts = tuple(
        _placed(f, passages[at].kind if (at := bisect_right(starts, f.mention.span.start) - 1) >= 0 else "", part)
        for f in own
    )
    passages = [p._replace(start=p.start - part.start, end=p.end - part.start) for p in passages]
    sections = {f.section for f in facts} | {p.kind for p in passages}
    if alone and len(chart.encounter.documents) == 1:
        sections |= chart.sections
    note = Note(document, kind, title, tuple(sorted(facts, key=lambda f: f.mention.span.start)), tuple(passages), part)
    if _tells(chart, note, sections):
        yield note


_BY_SECTION = (Assertion.HYPOTHETICAL, Assertion.HISTORICAL)


def _placed(fact: Fact, section: str, part: Part) -> Fact:
    """The fact in the section that it stands in here, its words by their place in the part."""
    if section and section not in (fact.section, *VAGUE):
        # What a section of the past alone made hypothetical or past is of now where it stands in a conclusion.
        of_now = section in CONCLUDING and not fact.cues and fact.assertion in _BY_SECTION
        fact = replace(fact, section=section, assertion=Assertion.PRESENT if of_now else fact.assertion)
    if not part.start:
        return fact
    mention = fact.mention
    span = Span(mention.span.start - part.start, mention.span.end - part.start)
    return replace(fact, evidence=(replace(mention, span=span), *fact.evidence[1:]))


def _tells(chart: Chart, note: Note, sections: set[str]) -> bool:
    """Whether a note has what a visit's note has: someone's story and what was made of it."""
    document, kind, text = note.document, note.kind, note.text
    if kind == "nurse":
        return True
    if document.author_role and _OTHERS.search(document.author_role):
        return False
    if kind in ("critical", "discharge"):
        return True
    concluded, seen = bool(sections & CONCLUDING), bool(sections & EXAMINED)
    placed = bool(chart.encounter.place_of_service or chart.encounter.encounter_class)
    if kind:
        by_time = kind not in ("preventive", "consult") and _TIMED.search(text) is not None
        return concluded or by_time or (kind == "preventive" and _EXAMINED.search(text) is not None)
    presents = _PRESENTS.search(text) is not None
    if sections & TELLING:
        planned = placed and sections >= PLANNED and not sections & DONE
        return concluded and (seen or presents or planned)
    # A story without a heading above it: who came, and how they were found on looking.
    seen = seen or _EXAMINED.search(text) is not None or _MEASURED.search(text) is not None
    return concluded and seen and (presents or placed) and not sections & DONE


def _kind(document: Document, part: Part) -> tuple[str, Evidence | None]:
    """What the type or the head of a document says that it is, with its words where they stand in the text."""
    for kind, pattern in _titles():
        if document.type and pattern.search(document.type.replace("-", " ").replace("_", " ")):
            return kind, None
    head = tuple((part.start + start, line, why) for start, line, why in _head(document.text[part.start : part.end]))
    standing = _title_table().standing("\n".join(line for _, line, _ in head).lower())
    for kind, pattern in (_titles()[n] for n in standing):
        for start, line, is_reason in head:
            if is_reason and kind not in OF_REASON:
                continue
            if found := pattern.search(line):
                return kind, Evidence.quote(document, Span(start + found.start(), start + found.end()))
    return "", None


def _head(text: str) -> Iterator[tuple[int, str, bool]]:
    """The lines before the story begins, and the line that gives the reason for the visit; whether it is that one."""
    seen, place, waiting = 0, 0, False
    for line in text.splitlines(keepends=True):
        start, place = place, place + len(line)
        bare = without_aside(line).rstrip()
        if not bare.strip():
            continue
        seen += 1
        reason = _REASON.match(bare)
        if (reason or waiting) and len(bare) <= WIDE:
            yield start, bare, True
        if waiting or seen > HEAD:
            return
        waiting = bool(reason and not reason[1].strip())
        if not waiting and _STORY.match(bare):
            return
        if not reason and len(bare) <= (WIDEST if seen == 1 else WIDE):
            yield start, bare, False


def day_of(chart: Chart, note: Note) -> date | None:
    """The day of a note's visit: its own, else the encounter's."""
    own = (note.part.day if note.part and note.part.start else None) or note.document.service_time
    encounter = chart.encounter
    return plain_day(own or encounter.date_of_service or encounter.admission or encounter.discharge or chart.on)


def facts_in(note: Note, sections: frozenset[str]) -> Sequence[Fact]:
    """The facts of a note that stand in these sections."""
    return [f for f in note.facts if f.section in sections]
