"""The documents of a message: what a TXA announces, an OBR reports, what else is told in words (chapters 7, 9)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from leadterm.domain import DocumentStatus
from leadterm.records import naming
from leadterm.records.times import moment

from . import people
from .messages import Message
from .observations import LABORATORY, RESULTS, Lines
from .segments import Composite, Segment
from .tables import Row, meaning, rows

OF_RESULTS = frozenset(("ORU", "OUL"))
ORDER, OBSERVATIONS, COMMENTS = "order", "observations", "comments"
# What begins another part of a message: words behind it are no longer the report's.
ENDS = frozenset(("PID", "PV1", "FT1", "IN1", "GT1", "AIS", "AIG", "AIL", "AIP", "RGS", "SCH", "RXA", "RXE", "RXO"))


@dataclass(slots=True)
class Draft:
    """A document before it is joined with those of other messages.

    Attributes:
        id: Of the record; None where it gives none.
        status: As `Document`; None where the message does not say.
        replaces: Id of the document whose place it takes.
        appends: Id of the document that it goes on with.
        lines: Its text and what it carries within.
        announced: Whether a TXA tells of it, which may come without its text.
        file: Name of its file, where several are read together.
    """

    id: str | None
    type: str | None
    status: DocumentStatus | None = None
    replaces: str | None = None
    appends: str | None = None
    author: str | None = None
    author_role: str | None = None
    service_time: datetime | None = None
    signed_time: datetime | None = None
    lines: Lines = field(default_factory=Lines)
    announced: bool = False
    file: str | None = None


def drafts(message: Message) -> list[Draft]:
    """The documents of a message in the order of their words; NTE go with what they stand behind."""
    taker = _Taker(message)
    for segment in message.segments:
        taker.take(segment)
        segment.forget()
    for draft in taker.found:
        draft.file = message.file
    return taker.found


class _Taker:
    """Takes the segments of a message in turn: each line goes to the document that is open."""

    def __init__(self, message: Message) -> None:
        self.found: list[Draft] = []
        self._message = message
        self._beside: dict[str, Draft] = {}
        self._ids: Counter[str] = Counter()
        self._current: Draft | None = None
        self._noted = False  # whether comments belong to the open document

    def take(self, segment: Segment) -> None:
        """A segment: it opens a document, ends one, or tells a line."""
        name = segment.name
        if name == "OBX":
            self._current = self._current or self._other(OBSERVATIONS)
            self._noted = True
            self._current.lines.observe(segment)
        elif name == "ADD" and self._current:
            self._current.lines.go_on(segment)
        elif name == "NTE":
            document = self._current if self._current and self._noted else self._other(COMMENTS)
            document.lines.comment(segment)
        elif name == "TXA":
            self._open(_announced(segment, self._message))
        elif self._current and self._current.announced:
            return
        elif name == "OBR":
            self._open(self._single(_ordered(segment, self._message)))
        elif name in ENDS:
            self._current, self._noted = None, False

    def _open(self, draft: Draft) -> None:
        self._current, self._noted = draft, True
        self.found.append(draft)

    def _single(self, draft: Draft) -> Draft:
        """A report with an id of its own: some senders begin a report anew for each of its parts."""
        if draft.id:
            self._ids[draft.id] += 1
            count = self._ids[draft.id]
            draft.id += f"-{count}" if count > 1 else ""
        return draft

    def _other(self, kind: str) -> Draft:
        """What is told beside the reports of a message, kept together."""
        if kind not in self._beside:
            self._beside[kind] = Draft(None, kind, lines=Lines(heading=RESULTS))
            self.found.append(self._beside[kind])
        return self._beside[kind]


def _announced(txa: Segment, message: Message) -> Draft:
    """A document by its TXA and the event that tells of it."""
    row = _kind(txa)
    event = events().get(message.event, {})
    writer = next(iter(txa.all(9)), None) or txa.first(5)
    return Draft(
        id=txa.get(12),
        type=row.get("type") or txa.get(2, 2) or txa.get(2),
        status=_status(txa, event.get("status") or ""),
        replaces=txa.get(13) if event.get("replaces") else None,
        appends=txa.get(13) if event.get("status") == DocumentStatus.ADDENDUM else None,
        author=people.full_name(writer),
        author_role=row.get("role") or people.degree(writer),
        service_time=moment(txa.get(4)),
        signed_time=_signed(txa),
        announced=True,
    )


def _kind(txa: Segment) -> Row:
    """Its type by the words beside the code, which a person reads, where they are known; else by the code."""
    words = (txa.get(2, 2) or "").casefold()
    named = (row for (field_, _), row in _types().items() if field_ == "TXA" and row["type"] == words)
    return next(named, None) or _types().get(("TXA", (txa.get(2) or "").upper()), {})


def _status(txa: Segment, by_event: str) -> DocumentStatus | None:
    """By availability, which takes back; by the event; by completion."""
    taken_back = meaning("availability", txa.get(19))
    told = taken_back or by_event or meaning("completion", txa.get(17))
    return DocumentStatus(told) if told else None


def _signed(txa: Segment) -> datetime | None:
    """When it was authenticated; the time of it stands in the fifteenth component."""
    return next((found for one in txa.all(22) if (found := moment(one.get(15)))), None)


def _ordered(obr: Segment, message: Message) -> Draft:
    """A report by its OBR; in other messages than those of results, what is ordered."""
    row = _types().get(("OBR", (obr.get(24) or "").upper()), {})
    name = obr.get(4, 2) or obr.get(4, 5)
    number = obr.get(3) or obr.get(2)
    told = meaning("result", obr.get(25))
    is_result = message.kind in OF_RESULTS
    return Draft(
        id="/".join(filter(None, (number, obr.get(4)))) if number and is_result else None,
        type=(row.get("type") or name) if is_result else ORDER,
        status=DocumentStatus(told) if told and is_result else None,
        author=_interpreter(obr),
        author_role=_reader(row, obr),
        service_time=moment(obr.get(7)),
        signed_time=moment(obr.get(22)) if told == "final" else None,
        lines=Lines(title=name, heading=_heading(row)),
    )


def _reader(row: Row, obr: Segment) -> str | None:
    """Who reads such a report; a laboratory's that a physician has interpreted is that one's (guideline IV.K)."""
    role = row.get("role") or None
    return naming.PATHOLOGIST if role == naming.LABORATORY and _interpreter(obr) else role


def _heading(row: Row) -> str | None:
    """What results of such a report stand under; what a physician reads and reports is told by itself."""
    if row.get("role") not in (None, "", naming.LABORATORY):
        return None
    return LABORATORY if row.get("type") == "laboratory report" else RESULTS


def _interpreter(obr: Segment) -> str | None:
    """OBR-32 (NDL): number, family and given name as subcomponents of its first component, or as its components."""
    one: Composite = obr.first(32)
    inner = " ".join(filter(None, (one.get(1, 3), one.get(1, 2))))
    return inner or people.full_name(one)


@cache
def events() -> dict[str, dict[str, str]]:
    """What trigger events do, by event."""
    return {row["event"]: row for row in rows("events.tsv")}


@cache
def _types() -> dict[tuple[str, str], dict[str, str]]:
    return {(row["field"], row["code"]): row for row in rows("document_types.tsv")}
