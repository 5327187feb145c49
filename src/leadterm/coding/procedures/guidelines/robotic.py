"""The help of a robot, or of a computer that leads the hand, has a code of its own beside the operation (table 8E0)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.procedures.acts import Act
from leadterm.coding.procedures.building import Built, Choice
from leadterm.coding.procedures.candidates import Procedure
from leadterm.coding.procedures.passages import Statement, Telling, statements

RULE = "ICD10PCS:8E0/robotic"
EXTERNAL = "X"
_ROBOT = compiled(r"\b(?:robot(?:ic(?:s|ally)?)?|da ?vinci|mako|ra-?tlh|ralpn?|rapn|rarp)\b")
_COMPUTER = compiled(
    r"\b(?:neuro-?navigat\w+|(?:stereotactic|computer(?:i[sz]ed)?|computer[- ]assisted|image[- ]guided|frameless"
    r"|intraoperative|surgical|o-?arm|ct|stealth(?:station)?) (?:\w+ )?navigat\w+|stealth ?station|brainlab)\b"
)
_NOT = compiled(
    r"\b(?:no|not|without|prior|previous|history of|versus|vs|or|possible|considered|unavailable|discussed)\b"
    r"[^.;]{0,40}\Z"
)


def apply(chart: Chart, procedures: list[Procedure]) -> list[Procedure]:
    """The procedures and, for each report that tells of a robot or of navigation, its code."""
    found = list(procedures)
    for help in HELPS:
        if procedures and help.words.search(chart.text):
            found += _with(chart, procedures, help)
    return found


@dataclass(frozen=True, slots=True)
class Help:
    """A help that has a code: its words, its character of table 8E0, the tellings that count, the approach if fixed."""

    words: Pattern
    method: str
    tellings: tuple[Telling, ...]
    approach: str = ""


# A screen that the hand follows is coded where it is listed as a procedure; a robot wherever it was at work.
HELPS = (
    Help(_ROBOT, "C", (Telling.NAMED, Telling.ACCOUNT)),
    Help(_COMPUTER, "B", (Telling.NAMED,), EXTERNAL),
)


def _with(chart: Chart, procedures: list[Procedure], help: Help) -> Iterator[Procedure]:
    for own in dict.fromkeys(p.act.statement.report for p in procedures):
        helped = next((p for p in procedures if p.act.statement.report == own and _region(p.code)), None)
        told = next(_told(chart, own, help), None)
        if helped is not None and told is not None and not helped.open:
            yield _helped(helped, help, *told)


def _told(chart: Chart, own: tuple[str, int], help: Help) -> Iterator[tuple[Statement, int, int]]:
    """Where a list of operations or an account of a report tells of a help."""
    return (
        (s, m.start(), m.end())
        for s in statements(chart)
        if s.report == own and s.telling in help.tellings
        for m in help.words.finditer(s.text)
        if not _NOT.search(s.text[: m.start()])
    )


def _helped(helped: Procedure, help: Help, statement: Statement, start: int, end: int) -> Procedure:
    region, approach = _region(helped.code), help.approach or helped.code[4]
    code = f"8E0{region}{approach if approach in '03478X' else '4'}{help.method}Z"
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
