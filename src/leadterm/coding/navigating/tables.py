"""What the installed tables say of where a fact opens, quoted in the pathway (I.B.1).

A neoplasm by row and column of the Neoplasm Table (I.C.2), a cause by its path in the Index to External Causes.
"""

from __future__ import annotations

from dataclasses import replace

from leadterm.coding._tables import longest
from leadterm.coding.chart import Chart, Opening
from leadterm.coding.rules import reason
from leadterm.domain import Fact, PathwayStep, Step

from . import cause_index
from .neoplasm_table import leading, row, spoken

RULE = "ICD10CM:I.C.2/table"
CAUSES = ("V", "W", "X", "Y0", "Y1", "Y2", "Y3", "Y92", "Y93", "Y99")
# The column of the table that a code stands in. What has a code by its kind and not by its site stands in none.
_COLUMNS = {
    "C": "primary",
    **dict.fromkeys(("C77", "C78", "C79"), "secondary"),
    "D0": "in_situ",
    **dict.fromkeys(("D1", "D2", "D30", "D31", "D32", "D33", "D34", "D35", "D36"), "benign"),
    **dict.fromkeys(("D37", "D38", "D39", "D4"), "uncertain"),
    "D49": "unspecified",
    **dict.fromkeys(("C7A", "C7B", "C4A", "C43", "C8", "C9", "D03", "D17", "D18", "D22", "D45", "D46", "D47"), ""),
}


def looked_up(chart: Chart, fact: Fact, opening: Opening) -> Opening:
    """The opening with the row of the table that leads to its node; as it is where none does, or one is quoted."""
    if any(s.step is Step.TABLE for s in opening.steps):
        return opening
    if opening.node.startswith(CAUSES):
        path = cause_quoted(chart, opening.node, fact.mention.text, fact.concept)
        step = PathwayStep(Step.INDEX, f"\u201c{fact.mention.text}\u201d: {path}")
        return replace(opening, steps=(*opening.steps, step)) if path else opening
    quote = quoted(chart, opening.node, "", fact.mention.text, fact.concept, fact.attributes.get("site", ""))
    return replace(opening, steps=(*opening.steps, _step(quote))) if quote else opening


def quoted(chart: Chart, node: str, path: str, *said: str) -> str | None:
    """Row and column of the table that lead to a node: by what is said, else of `path`, else by the title too."""
    table, column = chart.neoplasm_table, longest(_COLUMNS, node)
    if table is None or not column:
        return None
    words, title = spoken(*said), chart.book.node(node)
    site = leading(table, node, column, words) or (row(table, path) if path else None)
    if (site is None or site.node(column) != node) and title is not None:
        site = leading(table, node, column, words | spoken(title.title))
    return site.quoted(column) if site else None


def cause_quoted(chart: Chart, node: str, *said: str) -> str | None:
    """The path of the index that leads to a cause or a circumstance, by what is said and by the title of the node."""
    index, title = chart.causes_index, chart.book.node(node)
    if index is None:
        return None
    known = cause_index.spoken(title.title) if title else frozenset()
    way = cause_index.leading(cause_index.listed(index), node, cause_index.spoken(*said), known)
    return way.quoted if way else None


def _step(text: str) -> PathwayStep:
    return PathwayStep(Step.TABLE, f"{text}. {reason(RULE)}", RULE)
