"""Samples of airways and lungs count where their own words tell the site, not again where a list names them bare."""

from __future__ import annotations

from leadterm.coding.chart import Chart
from leadterm.coding.procedures.building import PART
from leadterm.coding.procedures.candidates import Procedure

SYSTEM = "0B"
_OWN = frozenset({"clause", "sentence"})


def apply(chart: Chart, procedures: list[Procedure]) -> list[Procedure]:
    """The procedures without those whose site was lent, where the same operation is told with its own."""
    del chart
    own = {_kind(p) for p in procedures if p.code.startswith(SYSTEM) and _by(p) in _OWN}
    return [p for p in procedures if not (p.code.startswith(SYSTEM) and _by(p) not in _OWN and _kind(p) in own)]


def _kind(p: Procedure) -> tuple[str, str]:
    """The operation whatever its site."""
    return p.code[:3], p.code[4:]


def _by(p: Procedure) -> str:
    """The words that told the site; those of a row count as its own."""
    by = next((c.by for c in p.built.choices if c.position == PART), "")
    return "clause" if by in ("term", "table") else by
