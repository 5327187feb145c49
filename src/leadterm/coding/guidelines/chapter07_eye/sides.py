"""Which eye a fact is of: its own side, else the eye that heads its line or stands last before it."""

from __future__ import annotations

from leadterm.coding.chart import Chart
from leadterm.coding.passages import line_after, line_before
from leadterm.coding.patterns import compiled
from leadterm.domain import Fact

EYES = compiled(
    r"\b(?P<right>o\.?d\.?(?!\w)|right(?: eye)?|r(?= eye\b))|\b(?P<left>o\.?s\.?(?!\w)|left(?: eye)?|l(?= eye\b))"
    r"|\b(?P<bilateral>o\.?u\.?(?!\w)|both(?: eyes)?|bilateral(?:ly)?|each eye|either eye|b/l)"
)
# The last character of most codes of the eye.
NUMBER = {"right": "1", "left": "2", "bilateral": "3"}


def eye(chart: Chart, fact: Fact) -> str | None:
    """`right`, `left`, `bilateral`; None where the chart does not say."""
    said = fact.attributes.get("laterality")
    if said in NUMBER:
        return said
    before = [m.lastgroup for m in EYES.finditer(line_before(chart, fact))]
    after = [m.lastgroup for m in EYES.finditer(line_after(chart, fact))]
    if before:
        return before[-1]
    return after[0] if after else None
