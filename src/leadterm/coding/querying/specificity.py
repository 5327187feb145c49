"""Questions to the provider where the chart says less than it could: never leading, never about money (I.B.18)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leadterm.codesets.axes import axes_of
from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.domain import Assignment, Query

from ._asking import named, query, quoted, showing

SIDES = ("right", "left", "bilateral")
SIDE_OF = "Which side of the body does the documented {} concern?"
_NO_OPTION = ("unspecified", "other")
MOST_OPTIONS = 8


def ask(chart: Chart, assignments: Sequence[Assignment]) -> Iterator[Query]:
    """The questions that vague codes raise, one a code."""
    for a in assignments:
        yield from _ask(chart, a)


def _ask(chart: Chart, a: Assignment) -> Iterator[Query]:
    code, words = a.code.value, named(chart, a)
    row = next((r for r in rows("querying/specificity") if r["code"] == code), None)
    if row is not None:
        evidence = (words, *a.evidence, *showing(chart, row["shown"]))
        question = f"{row['what']} the documented {quoted(words)}?"
        yield query("specificity", question, (code,), _options(chart, row), evidence)
    elif sides := _sides_unsaid(chart, code):
        yield query("specificity", SIDE_OF.format(quoted(words)), (code,), sides, (words, *a.evidence))


def _sides_unsaid(chart: Chart, code: str) -> tuple[str, ...]:
    """The sides that the code's siblings name and it leaves open; of an injury, those of the code without its episode.

    A family that knows no right and left knows no sides: "both" may be of twins, or of bleeding and perforation.
    """
    node = chart.book.node(code)
    while node is not None and node.parent is not None and "-" not in node.parent:
        family = chart.book.node(node.parent)
        siblings = [chart.book.node(c) for c in family.children] if family else []
        sides = {axes_of(s.title).get("laterality") for s in siblings if s is not None} - {None}
        if {"right", "left"} <= sides:
            open_ = "unspecified" in node.title.lower() and not axes_of(node.title).get("laterality")
            return tuple(s for s in SIDES if s in sides) if open_ else ()
        node = family if node.extension is not None else None
    return ()


def _options(chart: Chart, row: dict[str, str]) -> tuple[str, ...]:
    """The titles below a node that say something; none where they are fewer than two: then the question is open."""
    node = chart.book.node(row["below"]) if row["below"] else None
    children = [chart.book.node(c) for c in node.children] if node else []
    titles = [c.title for c in children if c is not None and not any(w in c.title.lower() for w in _NO_OPTION)]
    kept = [title for title in titles if row["having"] in title]
    return tuple(kept[:MOST_OPTIONS]) if len(kept) > 1 else ()
