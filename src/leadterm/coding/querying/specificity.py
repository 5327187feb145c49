"""Questions to the provider where the chart says less than it could: never leading, never about money (I.B.18)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leadterm.codesets.axes import axes_of
from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.domain import Assignment, Query

from ._options import ALWAYS

SIDES = ("right", "left", "bilateral")
_NO_OPTION = ("unspecified", "other")
MOST_OPTIONS = 8


def ask(chart: Chart, assignments: Sequence[Assignment]) -> Iterator[Query]:
    """The questions that vague codes raise, one a code."""
    for a in assignments:
        yield from _ask(chart, a)


def _ask(chart: Chart, a: Assignment) -> Iterator[Query]:
    for row in rows("querying/specificity"):
        if a.code.value == row["code"]:
            yield Query(
                "q0", "specificity", row["question"], (a.code.value,), _options(chart, row["below"]), (), a.evidence
            )
            return
    if sides := _sides_unsaid(chart, a.code.value):
        options = (*sides, *ALWAYS)
        yield Query("q0", "specificity", "Which side is affected?", (a.code.value,), options, (), a.evidence)


def _sides_unsaid(chart: Chart, code: str) -> tuple[str, ...]:
    """The sides that the code's siblings name and it does not; of an injury, those of the code without its episode."""
    node = chart.book.node(code)
    while node is not None and node.parent is not None and "-" not in node.parent:
        family = chart.book.node(node.parent)
        siblings = [chart.book.node(c) for c in family.children] if family else []
        sides = {axes_of(s.title).get("laterality") for s in siblings if s is not None} - {None}
        if sides:
            said = axes_of(node.title).get("laterality")
            return () if said else tuple(s for s in SIDES if s in sides)
        node = family if node.extension is not None else None
    return ()


def _options(chart: Chart, below: str) -> tuple[str, ...]:
    node = chart.book.node(below)
    children = [chart.book.node(c) for c in node.children] if node else []
    titles = [c.title for c in children if c is not None and not any(w in c.title.lower() for w in _NO_OPTION)]
    return (*titles[:MOST_OPTIONS], *ALWAYS)
