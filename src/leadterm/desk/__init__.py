"""The coding desk: what a person decides over what the engine suggests, as actions that are kept, undone and replayed.

    begun = Timeline.begun(coded, opened)        a chart that nobody has touched
    after = begun.then(entry, codings)           one line of its log further: an action, undo or redo
    after.work.coded                             the codes as they stand, in claim order
    obstacles(after.work, findings)              why it cannot be finished yet

Nothing here reads a clock, a file or a database: `leadterm.app.desk` does.
"""

from .actions import (
    MOST_CODINGS,
    Accept,
    Action,
    Add,
    Describe,
    EditLine,
    Finish,
    Forbid,
    Late,
    MarkPoa,
    Method,
    Move,
    Permit,
    QueryState,
    Quote,
    Reconsider,
    Reject,
    RejectReason,
    Reopen,
    Replace,
    WriteQuery,
)
from .apply import Entry
from .fixes import Offer, offers
from .log import REDO, UNDO, Timeline
from .notation import read, written
from .readiness import Obstacle, obstacles
from .recode import carried, recoded
from .statistics import Tally, tally, total
from .statistics import read as read_tally
from .statistics import written as write_tally
from .work import Work, WrittenQuery, family, is_entered, permitted, pointing

__all__ = [
    "MOST_CODINGS",
    "REDO",
    "UNDO",
    "Accept",
    "Action",
    "Add",
    "Describe",
    "EditLine",
    "Entry",
    "Finish",
    "Forbid",
    "Late",
    "MarkPoa",
    "Method",
    "Move",
    "Obstacle",
    "Offer",
    "Permit",
    "QueryState",
    "Quote",
    "Reconsider",
    "Reject",
    "RejectReason",
    "Reopen",
    "Replace",
    "Tally",
    "Timeline",
    "Work",
    "WriteQuery",
    "WrittenQuery",
    "carried",
    "family",
    "is_entered",
    "obstacles",
    "offers",
    "permitted",
    "pointing",
    "read",
    "read_tally",
    "recoded",
    "tally",
    "total",
    "write_tally",
    "written",
]
