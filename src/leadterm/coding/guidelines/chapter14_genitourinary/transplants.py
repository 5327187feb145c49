"""What who lives with a transplanted organ takes against rejection, told by its level in the blood (I.C.21.c.3)."""

from __future__ import annotations

from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.rules import reason

RULE = "ICD10CM:I.C.21.c.3/level"
GRAFTS = ("Z94", "T86")


def monitored(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the long-term use of a drug of which a transplanted patient's chart gives the level (`levels.tsv`)."""
    graft = next((c for c in candidates if c.code.startswith(GRAFTS)), None)
    if graft is None:
        return candidates
    there = {c.code for c in candidates}
    added = []
    for row in rows("guidelines/chapter14_genitourinary/levels"):
        levels = chart.said(row["level"])
        if levels and row["code"] not in there:
            there.add(row["code"])
            added.append(stated(row["code"], levels[:1], f"{row['code']}: {reason(RULE)}", RULE, graft))
    return [*candidates, *added]
