"""The help of a robot has a code of its own beside the operation (section 8, table 8E0), by the region operated."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.procedures.acts import Act
from leadterm.coding.procedures.building import Built, Choice
from leadterm.coding.procedures.candidates import Procedure
from leadterm.coding.procedures.passages import Statement, Telling, statements

RULE = "ICD10PCS:8E0/robotic"
_ROBOT = compiled(r"\b(?:robot(?:ic(?:s|ally)?)?|da ?vinci|mako|ra-?tlh|ralpn?|rapn|rarp)\b")
_NOT = compiled(
    r"\b(?:no|not|without|prior|previous|history of|versus|vs|or|possible|considered|unavailable|discussed)\b"
    r"[^.;]{0,40}\Z"
)


def apply(chart: Chart, procedures: list[Procedure]) -> list[Procedure]:
    """The procedures and, for each report that tells of a robot, its code."""
    if not procedures or not _ROBOT.search(chart.text):
        return procedures
    found = list(procedures)
    for own in dict.fromkeys(p.act.statement.report for p in procedures):
        helped = next((p for p in procedures if p.act.statement.report == own and _region(p.code)), None)
        told = next((t for t in _told(chart, own)), None)
        if helped is not None and told is not None and not helped.open:
            found.append(_helped(helped, *told))
    return found


def _told(chart: Chart, own: tuple[str, int]) -> list[tuple[Statement, int, int]]:
    """Where a list of operations or an account of a report tells of a robot."""
    return [
        (s, m.start(), m.end())
        for s in statements(chart)
        if s.report == own and s.telling in (Telling.NAMED, Telling.ACCOUNT)
        for m in _ROBOT.finditer(s.text)
        if not _NOT.search(s.text[: m.start()])
    ]


def _helped(helped: Procedure, statement: Statement, start: int, end: int) -> Procedure:
    region, approach = _region(helped.code), helped.code[4]
    code = f"8E0{region}{approach if approach in '03478' else '4'}CZ"
    act = Act(helped.act.term, statement, start, end, (start, end))
    choices = (Choice(4, region, _regions()[region], "names"), Choice(5, code[4], "", "names"))
    one = replace(helped, code=code, acts=(act,), built=Built(code, choices), steps=(), place=helped.place + 1000)
    return one.stepped(RULE)


def _region(code: str) -> str:
    """The body region of a code, as table 8E0 names it; empty where no robot works."""
    return next((region for pattern, region in _table() if pattern.match(code)), "")


@cache
def _table() -> tuple[tuple[Pattern, str], ...]:
    return tuple((compiled(row["code"]), row["region"]) for row in rows("procedures/guidelines/robotic"))


@cache
def _regions() -> dict[str, str]:
    return {row["region"]: row["label"] for row in rows("procedures/guidelines/robotic")}
