"""One operation that several documents or passages tell counts once, as the one tells it that says most."""

from __future__ import annotations

from leadterm.coding.chart import Chart
from leadterm.coding.procedures.candidates import Procedure


def apply(chart: Chart, procedures: list[Procedure]) -> list[Procedure]:
    """The procedures without those that another tells better."""
    del chart
    return [p for p in procedures if not any(_tells(other, p) for other in procedures if other is not p)]


def _tells(better: Procedure, p: Procedure) -> bool:
    """Whether `better` tells the operation of `p` with more: of a report where `p` is of a course, whole where open."""
    if better.open:
        return False
    if p.open:
        return better.code[:3] == p.code[:3] or _same_room(better, p)
    nearer = better.act.statement.telling < p.act.statement.telling
    return nearer and better.code[:4] == p.code[:4]


def _same_room(better: Procedure, p: Procedure) -> bool:
    """Whether one room of code answered both: what it asks of one mention another told."""
    rooms = {one.act.term.codes[0].partition(":")[0] for one in (better, p)}
    return len(rooms) == 1 and rooms.pop() in ("@debridement", "@abscess")
