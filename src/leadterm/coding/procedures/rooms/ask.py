"""What a row of the lexicon must always ask: the code with its open axis, what to ask for, what may be answered."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.terms import Term

from .drawing import asked


def codes(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The question of `code:what:answer;answer`, blanks of its words as underscores."""
    code, what, answers = argument.split(":")
    yield asked(code, answers.replace("_", " ").split(";"), what.replace("_", " "))
