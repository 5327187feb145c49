"""What a hospital must be asked of a procedure that was broken off: before anesthesia, or after."""

from __future__ import annotations

from leadterm.coding.querying._asking import query, quoted

from .judged import Judged
from .words import told

RULE = "CMS:100-04.4.20.6.4/when-discontinued"
WHEN = frozenset(("73", "74", "52", "53"))


def read(judged: Judged) -> None:
    """Ask when a procedure of a hospital was discontinued, where the record does not say."""
    if judged.about.claim != "institutional":
        return
    lines = [n for n in judged.lines if "surgery" in n.classes]
    if not lines or any(WHEN.intersection(n.service.modifiers) for n in judged.lines):
        return
    if any(f.rule.startswith("CMS:100-04.4.20.6.4/") for f in judged.findings):
        return
    words = told(judged.chart, "broken-off")
    if words is not None:
        asks = f"The record says {quoted(words)}. When was the procedure broken off?"
        options = ("before anesthesia was given", "after anesthesia was given or the procedure had begun")
        judged.queries.append(query("procedure", asks, [n.code for n in lines], options, (words,)))
