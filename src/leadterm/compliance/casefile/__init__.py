"""Case files: what a compliance officer does on a signal, as events that are kept, replayed and undone.

    replayed(entries)          the file as its events leave it
    file.then(entry)           one event further
    file.clock(on)             the overpayment clock of its dates

Nothing here reads a clock, a file or a database: `leadterm.app.compliance` does.
"""

from .actions import (
    Action,
    Assign,
    Attach,
    Close,
    Concern,
    Date,
    Disposition,
    Evidence,
    EvidenceKind,
    Move,
    Note,
    Open,
    Reopen,
    Status,
    Undo,
)
from .file import CaseFile, Entry, is_about, replayed
from .notation import read, written
from .words import DISPOSITIONS, EVENTS, STATUSES, said

__all__ = [
    "DISPOSITIONS",
    "EVENTS",
    "STATUSES",
    "Action",
    "Assign",
    "Attach",
    "CaseFile",
    "Close",
    "Concern",
    "Date",
    "Disposition",
    "Entry",
    "Evidence",
    "EvidenceKind",
    "Move",
    "Note",
    "Open",
    "Reopen",
    "Status",
    "Undo",
    "is_about",
    "read",
    "replayed",
    "said",
    "written",
]
