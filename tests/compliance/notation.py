"""Case files in one line: `assign A. Chen; date identified 2026-03-01; close refund 120.00 paid twice`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from leadterm.compliance import Event
from leadterm.compliance.casefile import (
    Action,
    Assign,
    Attach,
    CaseFile,
    Close,
    Concern,
    Date,
    Disposition,
    Entry,
    Evidence,
    EvidenceKind,
    Move,
    Note,
    Open,
    Reopen,
    Status,
    Undo,
)
from leadterm.domain import Money

NOON = datetime(2026, 5, 14, 12, 0, tzinfo=UTC)
OFFICER = "J. Rivera"


def _close(rest: str) -> Close:
    disposition, _, reason = rest.partition(" ")
    if disposition == "refund":
        amount, _, reason = reason.partition(" ")
        return Close(Disposition(disposition), reason, Money.parse(amount))
    return Close(Disposition(disposition), reason)


def _evidence(rest: str) -> Attach:
    kind, name, *digest = rest.split()
    return Attach(Evidence(EvidenceKind(kind), name, *digest))


def _date(rest: str) -> Date:
    event, day = rest.split()
    return Date(Event(event), date.fromisoformat(day))


WORDS: dict[str, Callable[[str], Action]] = {
    "open": lambda _: Open(),
    "assign": lambda rest: Assign(rest or None),
    "status": lambda rest: Move(Status(rest)),
    "note": Note,
    "evidence": _evidence,
    "date": _date,
    "concern": Concern,
    "close": _close,
    "reopen": Reopen,
    "undo": lambda rest: Undo(int(rest)),
}


def action(written: str) -> Action:
    """`assign A. Chen` as an action."""
    word, _, rest = written.strip().partition(" ")
    return WORDS[word](rest)


def entry(number: int, written: Action, by: str = OFFICER) -> Entry:
    return Entry(number, written.kind, written, by, NOON + timedelta(minutes=number))


def done(written: str, file: CaseFile | None = None) -> CaseFile:
    """The file after these actions, the first of which is number 2."""
    file = file or CaseFile().then(entry(1, Open()))
    for part in filter(str.strip, written.split(";")):
        file = file.then(entry(file.number + 1, action(part)))
    return file


def told(file: CaseFile) -> str:
    """`investigating A. Chen · 2 evidence · identified 2026-03-01 · about X`."""
    parts = [f"{file.status} {file.assigned or '-'}"]
    parts += [f"{len(file.evidence)} evidence"] if file.evidence else []
    parts += [f"{h.event} {h.day}" for h in file.dates]
    parts += [f"about {name}" for name in file.concerned]
    parts += [str(file.closed.disposition)] if file.closed else []
    return " · ".join(parts)
