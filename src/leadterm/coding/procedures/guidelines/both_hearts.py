"""Both sides of the heart catheterized at one sitting are one code: sampling and pressure, bilateral (4A02)."""

from __future__ import annotations

from dataclasses import replace

from leadterm.coding.chart import Chart
from leadterm.coding.procedures.candidates import Procedure

RIGHT, LEFT, BOTH = "4A023N6", "4A023N7", "4A023N8"
RULE = "ICD10PCS:4A/bilateral"


def apply(chart: Chart, procedures: list[Procedure]) -> list[Procedure]:
    """The procedures with one code for both sides in the place of two of the same document."""
    del chart
    by_code = {p.code: p for p in procedures}
    right, left = by_code.get(RIGHT), by_code.get(LEFT)
    if right is None or left is None or right.act.statement.document != left.act.statement.document:
        return procedures
    both = replace(left.stepped(RULE, BOTH), acts=(*left.acts, *right.acts))
    return [both if p is left else p for p in procedures if p is not right]
