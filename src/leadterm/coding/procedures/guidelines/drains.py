"""The tube that drains the chest at the end of an operation on it is part of that operation (B6.1b)."""

from __future__ import annotations

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.procedures.candidates import Procedure

_TUBE = compiled(r"0W9[9BCD].0")
_OPERATION = compiled(
    r"0B[5BNQSTUY][C-TK][04]|0W[3BCJ][9BCD][04]|07[BT][7M][04]|0P[BRSTU][012]0|02[^HJ]...[^X]|0DT5|3E0L4"
)
# "Placed in our ED on 11/18" was not at the end of it.
_BEFORE = compiled(
    r"\b(?:in|by|at) (?:the |our )?(?:ed|er|ir|icu|micu|emergency|radiology|bedside|ward|(?:trauma |resus\w* )?bay)\b"
    r"|\bon (?:admission|arrival|\d{1,2}/\d{1,2})|\b(?:placed|inserted) \d{1,2}/\d{1,2}|\byesterday\b|\bpre-?op"
)


def apply(chart: Chart, procedures: list[Procedure]) -> list[Procedure]:
    """The procedures without the drains that operations of the same report left behind."""
    del chart
    reports = {p.act.statement.document for p in procedures if _OPERATION.match(p.code)}
    return [p for p in procedures if not (_TUBE.match(p.code) and _at_end(p, reports))]


def _at_end(p: Procedure, reports: set[str]) -> bool:
    """Whether every mention of a drain stands in a report of an operation and tells no other day or place."""
    return all(a.statement.document in reports and not _BEFORE.search(a.statement.text) for a in p.acts)
