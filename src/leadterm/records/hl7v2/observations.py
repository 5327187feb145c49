"""Lines of a report: the values of OBX and the words of NTE, each with the place where it stands (chapter 7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from leadterm.domain import ReadingNote, RecordedCode, RecordedKind
from leadterm.records.scribe import Scribe
from leadterm.records.times import day

from .coded import coded
from .embedded import Carried, carried, disguised
from .segments import Piece, Segment
from .tables import meaning, rows

LABORATORY, RESULTS = "Laboratory results", "Results"
TEXTS = frozenset(("TX", "FT"))
_ELSEWHERE = ReadingNote("LEADTERM:records/elsewhere", "A result is kept in another place, which is not opened.")
_WITHDRAWN = ReadingNote(
    "LEADTERM:records/hl7-withdrawn", "A result was withdrawn by its sender (OBX-11) and left out."
)


@dataclass(frozen=True, slots=True)
class Found:
    """A code of a line: the words of the line that it is said of are its evidence."""

    lead: RecordedCode
    start: int
    end: int


@dataclass(slots=True)
class Lines:
    """The text of a report as it grows.

    Attributes:
        scribe: What is written.
        title: What the report is called: no line repeats it.
        heading: What results stand under, so that none is taken for a provider's words; None for a provider's report.
        found: Codes of its lines.
        attachments: What it carries within.
        notes: What is to be told of it.
        told, withdrawn: What is observed (OBX-3, OBX-4) and stands, or was taken back.
    """

    scribe: Scribe = field(default_factory=Scribe)
    title: str | None = None
    heading: str | None = None
    found: list[Found] = field(default_factory=list)
    attachments: list[Carried] = field(default_factory=list)
    notes: list[ReadingNote] = field(default_factory=list)
    told: set[tuple[str, str]] = field(default_factory=set)
    withdrawn: set[tuple[str, str]] = field(default_factory=set)
    _last: tuple[str, str] | None = None
    _headed: bool = False

    def comment(self, nte: Segment) -> None:
        """The words of a NTE, every repetition a line."""
        if self.heading == LABORATORY and nte.raw(3).strip():
            self._head()
        self._texts(nte.pieces(3))

    def go_on(self, add: Segment) -> None:
        """What an ADD adds to the text before it, without a break."""
        self._texts(add.pieces(1), inline=True)

    def observe(self, obx: Segment) -> None:
        """The value of an OBX."""
        observation = obx.raw(3), obx.raw(4)
        if meaning("withdrawn", obx.get(11)):
            self.withdrawn.add(observation)
            self.notes.append(_WITHDRAWN)
            return
        self.told.add(observation)
        kind = (obx.get(2) or "").upper()
        told = _told().get(kind, "text")
        if told == "embedded":
            self._attach(obx)
        elif told == "pointer":
            self.notes.append(_ELSEWHERE)
        elif told != "silent" and not (told == "text" and self._carries(obx)):
            self._tell(obx, kind, told)

    def _attach(self, obx: Segment) -> None:
        if any(piece.text for piece in obx.pieces(5)):
            self._carry(carried(obx))

    def _carries(self, obx: Segment) -> bool:
        """Whether a text was taken as what it carries."""
        last = self.attachments[-1] if self.attachments else None
        if last and last.lacks(obx):
            last.go_on(obx)
        elif found := disguised(obx):
            self._carry(found)
        else:
            return False
        return True

    def _carry(self, found: Carried) -> None:
        """A new one, or what goes on with the one before."""
        if self.attachments and self.attachments[-1].takes(found):
            self.attachments[-1].add(found.data[0])
        else:
            self.attachments.append(found)

    def _tell(self, obx: Segment, kind: str, told: str) -> None:
        """A line, behind its name where another begins; an empty line of a text parts its paragraphs."""
        # Of a field with very many repetitions only one is held at a time.
        if not any(piece.text.strip() for piece in _said(obx)):
            if kind in TEXTS and len(self.scribe):
                self.scribe.put("\n")
            return
        if told != "text" or self._is_result(obx, kind):
            self._head()
        begun = len(self.scribe)
        inline = self._name(obx, kind)
        if told == "text":
            self._texts(_said(obx), inline)
            if kind == "ST" and self._is_result(obx, kind):
                self._asides(obx)
        else:
            self._values(obx, told, inline)
        self._keep(obx, told, begun)

    def _head(self) -> None:
        """Puts the heading, once."""
        if self.heading and not self._headed:
            self._break()
            self.scribe.put(f"{self.heading}:")
            self._headed = True

    def _is_result(self, obx: Segment, kind: str) -> bool:
        """Whether a text is a result: any of a laboratory, else a single one whose name is a code of a system."""
        return self.heading == LABORATORY or (kind == "ST" and obx.get(3, 3) is not None)

    def _texts(self, pieces: Iterator[Piece], inline: bool = False) -> None:
        for piece in pieces:
            if not inline and (piece.text or len(self.scribe)):
                self._break()
            inline = False
            piece.write(self.scribe)

    def _name(self, obx: Segment, kind: str) -> bool:
        """Writes the name of what is observed, unless it goes on; whether the value stands in the same line."""
        code, suffix = obx.get(3) or "", obx.get(3, 1, 2) or ""
        if self._last == (code, suffix) and kind != "NM":
            return False
        self._last = (code, suffix)
        heading = meaning("suffix", suffix) or meaning("suffix", code)
        name = obx.piece(3).component(2).stripped()
        if heading:
            self._break()
            self.scribe.put(f"{heading}:")
        elif name.text and name.text != self.title:
            self._break()
            name.write(self.scribe)
            self.scribe.put(":")
        else:
            return False
        if kind in TEXTS:
            return False
        self.scribe.put(" ")
        return True

    def _values(self, obx: Segment, told: str, inline: bool) -> None:
        for piece in _said(obx):
            if not inline:
                self._break()
            inline = False
            for part in _words(piece) if told == "coded" else _parts(piece):
                part.write(self.scribe)
        if told == "value":
            self._asides(obx)

    def _asides(self, obx: Segment) -> None:
        self._aside(obx.piece(6), 2)
        self._aside(obx.piece(8), 1, "(", ")")

    def _aside(self, piece: Piece, component: int, before: str = "", behind: str = "") -> None:
        """Units, by their words or their code; flags, in parentheses."""
        words = piece.component(component).stripped()
        words = words if words.text else piece.component(1).stripped()
        if words.text and words.text != '""':
            self.scribe.put(" " + before)
            words.write(self.scribe)
            self.scribe.put(behind)

    def _break(self) -> None:
        if len(self.scribe):
            self.scribe.put("\n")

    def _keep(self, obx: Segment, told: str, begun: int) -> None:
        """The codes of the line: of what is observed, and of what was found."""
        end = len(self.scribe)
        when = day(obx.get(14))
        for field_, only in ((3, ""), (5, "coded")):
            if only not in ("", told):
                continue
            for number, one in enumerate(obx.all(field_), 1):
                for code, system, text in coded(one):
                    if one.get(3) or one.get(6):
                        source = f"{obx.place}-{field_}[{number}]"
                        lead = RecordedCode(code, system, None, text, RecordedKind.RESULT, when, None, source)
                        self.found.append(Found(lead, begun, end))


def _said(obx: Segment) -> Iterator[Piece]:
    """The repetitions of a value that are not null."""
    return (piece for piece in obx.pieces(5) if piece.text != '""')


def _words(piece: Piece) -> list[Piece]:
    """The words of a coded value: the original ones, those of the code, of the alternate code; else the code."""
    for component in (9, 2, 5, 1):
        words = piece.component(component).stripped()
        if words.text:
            return [words]
    return []


def _parts(piece: Piece) -> Iterator[Piece]:
    """The components of a value: a comparator, a number, a separator, a number."""
    separator = piece.segment.writing.delimiters.component
    if not separator or separator not in piece.text:
        yield piece.stripped()
        return
    for number in range(1, min(piece.text.count(separator) + 2, 8)):
        yield piece.component(number).stripped()


@cache
def _told() -> dict[str, str]:
    return {row["type"]: row["told"] for row in rows("values.tsv")}
