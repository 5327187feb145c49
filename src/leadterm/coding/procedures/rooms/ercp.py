"""What was done to bile and pancreatic ducts through a duodenoscope, as the account tells it (B3.1b, B3.11)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.passages import Telling, statements
from leadterm.coding.procedures.terms import Term

from .drawing import fixed

LOOKED = "0FJB8ZZ"
_AHEAD = compiled(
    r"\b(?:plan|repeat|recommend\w*|consider\w*|if (?:needed|necessary)|will (?:need|be)|in \d+(?:-\d+)? weeks)\b"
)


def codes(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The codes of what was done in the ducts; of a look alone where nothing was."""
    del term, argument
    done: list[str] = []
    alone: list[str] = []
    for code, words, unless, only in _table():
        for text in _account(context):
            if words.search(text) and not (unless and unless.search(text)) and not _AHEAD.search(text):
                (alone if only else done).append(code)
    for code in dict.fromkeys(done or alone or [LOOKED]):
        yield from fixed(legal, code)


def _account(context: Context) -> Iterator[str]:
    """The sentences of the same document that tell of hands at work, and those of a list."""
    mine = context.act.statement
    for s in statements(context.chart):
        if s.report == mine.report and s.telling in (Telling.NAMED, Telling.ACCOUNT):
            yield s.text


@cache
def _table() -> tuple[tuple[str, Pattern, Pattern | None, str], ...]:
    return tuple(
        (row["code"], compiled(row["words"]), compiled(row["unless"]) if row["unless"] else None, row["alone"])
        for row in rows("procedures/rooms/ercp_deeds")
    )
