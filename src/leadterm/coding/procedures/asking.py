"""Questions about an operation whose record leaves an axis open: what the tables still offer (A8, A11)."""

from __future__ import annotations

from leadterm.coding.chart import Chart
from leadterm.coding.querying._asking import query, quoted
from leadterm.domain import Query

from .acts import Act
from .building import Built

REASON = "procedure"
QUESTION = "The record of {} does not tell the {}. Which was it?"
MOST = 8


def ask(chart: Chart, act: Act, built: Built) -> Query:
    """The question; options are left out where there are too many to read."""
    choice = built.open
    assert choice is not None
    words = act.quoted(chart)
    options = choice.options if len(choice.options) <= MOST else ()
    return query(REASON, QUESTION.format(quoted(words), choice.what), (), options, (words,))
