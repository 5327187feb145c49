"""The notes of a chart that tell of a visit: of operations, images, laboratories and nursing no level is read."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import Pattern, compiled
from leadterm.domain import Document, DocumentStatus, Evidence, Fact, Passage, Span

from .wording import Lines, lines_of, places, worded

CONCLUDING = frozenset(
    {"assessment", "plan", "assessment-plan", "impression", "discharge-diagnosis", "hospital-course"}
)
TELLING = frozenset({"hpi", "chief-complaint"})
EXAMINED = frozenset({"exam", "vitals", "review-of-systems"})
# Sections of an account of what was done.
DONE = frozenset({"procedure", "findings", "operation"})
# Sections that tell of another day, or of other people.
BACKGROUND = frozenset(
    "past-medical-history past-surgical-history social-history family-history obstetric-history allergies medications "
    "immunizations problem-list review-of-systems".split()
)
HEAD = 6  # lines
WIDE = 100  # characters of a line that may be a title
OF_REASON = ("preventive", "consult")  # what the reason for a visit may say of its kind
# Whose notes are no visits of a provider who may report them.
_OTHERS = worded("notes.others")
_STORY = worded("notes.story")
_REASON = worded("notes.reason")
_PRESENTS = worded("notes.presents")
_EXAMINED = worded("notes.examined")
_SENTENCE = re.compile(r"(?:[^.!?\n]|\.(?=\w)|(?<=\b[DM]r)\.|(?<=\b[Vv]s)\.|(?<=\bMrs)\.|[!?](?=\S))+[.!?]?")


@dataclass(frozen=True)
class Note:
    """One document that tells of a visit.

    Attributes:
        document: It.
        kind: What its title says (`titles.tsv`); empty where it says nothing.
        title: The words that say so.
        facts: The facts of the document, in order of the text.
        passages: Its sections, in order.
    """

    document: Document
    kind: str
    title: Evidence | None
    facts: tuple[Fact, ...] = field(repr=False)
    passages: tuple[Passage, ...] = field(default=(), repr=False)

    @property
    def text(self) -> str:
        """The untouched text."""
        return self.document.text

    def quote(self, start: int, end: int) -> Evidence:
        """The words between two places, blanks at the ends left out."""
        words = self.text[start:end]
        return Evidence.quote(
            self.document, Span(start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip()))
        )

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


def notes(chart: Chart) -> tuple[Note, ...]:
    """The documents of a chart that tell of a visit, in order of the record."""
    return chart.once("visits.notes", lambda: tuple(_notes(chart)))


def _notes(chart: Chart) -> Iterator[Note]:
    alone = len(chart.encounter.documents) == 1
    for document in chart.encounter.documents:
        if document.status is DocumentStatus.RETRACTED or not document.text.strip():
            continue
        facts = tuple(f for f in chart.facts if f.mention.document == document.id)
        passages = tuple(p for p in chart.passages if p.document == document.id)
        sections = {f.section for f in facts} | {p.kind for p in passages} | (chart.sections if alone else frozenset())
        kind, title = _kind(document)
        if kind != "none" and _tells(document, kind, sections):
            yield Note(document, kind, title, tuple(sorted(facts, key=lambda f: f.mention.span.start)), passages)


def _tells(document: Document, kind: str, sections: set[str]) -> bool:
    """Whether a document has what a visit's note has: someone's story and what was made of it."""
    if kind == "nurse":
        return True
    if document.author_role and _OTHERS.search(document.author_role):
        return False
    if kind in ("critical", "discharge"):
        return True
    concluded = bool(sections & CONCLUDING)
    if kind:
        return concluded
    presents = _PRESENTS.search(document.text) is not None
    if sections & TELLING:
        return concluded and (bool(sections & EXAMINED) or presents)
    # A story without a heading above it: who came, and how they were found on looking.
    seen = bool(sections & EXAMINED) or _EXAMINED.search(document.text) is not None
    return concluded and presents and seen and not sections & DONE


def _kind(document: Document) -> tuple[str, Evidence | None]:
    """What the type or the head of a document says that it is, with its words where they stand in the text."""
    for kind, pattern in _titles():
        if document.type and pattern.search(document.type.replace("-", " ").replace("_", " ")):
            return kind, None
    head = tuple(_head(document.text))
    for kind, pattern in _titles():
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
        bare = line.rstrip()
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
        if not reason and len(bare) <= WIDE:
            yield start, bare, False


def day_of(chart: Chart, note: Note) -> date | None:
    """The day of a note's visit: its own, else the encounter's."""
    own = note.document.service_time
    encounter = chart.encounter
    day = own or encounter.date_of_service or encounter.admission or encounter.discharge or chart.on
    return day.date() if hasattr(day, "date") else day


def facts_in(note: Note, sections: frozenset[str]) -> Sequence[Fact]:
    """The facts of a note that stand in these sections."""
    return [f for f in note.facts if f.section in sections]
