"""Questions to the provider where the chart says less than it could: never leading, never about money (I.B.18)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leadterm.domain import Assignment, Query

from ._tables import rows
from .chart import Chart

ALWAYS = ("other (please specify)", "unable to determine")
_SIDES = (
    "unspecified side",
    "unspecified knee",
    "unspecified hip",
    "unspecified shoulder",
    "unspecified eye",
    "unspecified ear",
)
_NO_OPTION = ("unspecified", "other")
MOST_OPTIONS = 8


def queries(chart: Chart, assignments: Sequence[Assignment]) -> tuple[Query, ...]:
    """The questions that the assignments raise, ids `q1`, `q2`, …"""
    found = [q for a in assignments for q in _ask(chart, a)]
    return tuple(_numbered(q, n) for n, q in enumerate(found, 1))


def _numbered(q: Query, n: int) -> Query:
    return Query(f"q{n}", q.reason, q.question, q.codes, q.options, q.indicators, q.evidence)


def _ask(chart: Chart, a: Assignment) -> Iterator[Query]:
    for row in rows("queries"):
        if a.code.value == row["code"]:
            yield Query(
                "q0", "specificity", row["question"], (a.code.value,), _options(chart, row["below"]), (), a.evidence
            )
            return
    if _side_is_missing(a):
        options = ("right", "left", "bilateral", *ALWAYS)
        yield Query("q0", "specificity", "Which side is affected?", (a.code.value,), options, (), a.evidence)


def _side_is_missing(a: Assignment) -> bool:
    title = (a.description or "").lower()
    return any(side in title for side in _SIDES) or ("unspecified" in title and title.endswith("unspecified lower leg"))


def _options(chart: Chart, below: str) -> tuple[str, ...]:
    node = chart.book.node(below)
    children = [chart.book.node(c) for c in node.children] if node else []
    titles = [c.title for c in children if c is not None and not any(w in c.title.lower() for w in _NO_OPTION)]
    return (*titles[:MOST_OPTIONS], *ALWAYS)
