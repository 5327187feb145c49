"""Procedures on their way: an operation, the code that was built for it, its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from leadterm.coding.chart import Chart
from leadterm.coding.rules import reason
from leadterm.coding.services.service import Service
from leadterm.domain import Code, CodeSystem, Evidence, PathwayStep, Step

from .acts import Act
from .building import AXES, Built, Choice
from .legal import Legal
from .passages import Telling

MOST_EVIDENCE = 4
CONFIDENCE = {Telling.NAMED: 0.85, Telling.ACCOUNT: 0.7, Telling.COURSE: 0.7}


@dataclass(frozen=True, slots=True)
class Procedure:
    """One procedure.

    Attributes:
        code: Seven characters, legal; `_` where the chart leaves an axis open.
        acts: The mentions that it stands on, best first.
        built: How the code came to be.
        steps: What guidelines added to its way.
        place: Its place in the chart.
    """

    code: str
    acts: tuple[Act, ...]
    built: Built
    steps: tuple[PathwayStep, ...] = ()
    place: int = 0

    @property
    def act(self) -> Act:
        """The mention that tells it best."""
        return self.acts[0]

    @property
    def open(self) -> bool:
        """Whether the chart leaves an axis open."""
        return "_" in self.code

    def stepped(self, rule: str, code: str | None = None) -> Procedure:
        """This one with a guideline more on its way, perhaps at another code."""
        step = PathwayStep(Step.GUIDELINE, reason(rule), rule)
        return replace(self, code=code or self.code, steps=(*self.steps, step))


def joined(several: Iterable[Procedure]) -> list[Procedure]:
    """One procedure a code, with the mentions of all, in the order of first appearance."""
    by_code: dict[str, Procedure] = {}
    for one in several:
        seen = by_code.get(one.code)
        by_code[one.code] = one if seen is None else _with(seen, one)
    return list(by_code.values())


def _with(one: Procedure, other: Procedure) -> Procedure:
    ranked = sorted((*one.acts, *other.acts), key=lambda act: act.statement.telling)
    return replace(one, acts=tuple(ranked), steps=tuple(dict.fromkeys((*one.steps, *other.steps))))


def service(chart: Chart, legal: Legal, procedure: Procedure, place: int) -> Service:
    """A procedure as a service, with its words and its way."""
    told = [
        PathwayStep(Step.LEXICON, f"“{_plain(procedure.act.quoted(chart))}”: {_table_words(legal, procedure.code)}"),
        *(PathwayStep(Step.TABLE, _axis(choice)) for choice in procedure.built.choices),
        *procedure.steps,
        PathwayStep(Step.TABLE, f"{procedure.code} {legal.title(procedure.code)}: legal by the tables and in force"),
    ]
    term = procedure.act.term
    if term.rule:
        told.insert(1, PathwayStep(Step.GUIDELINE, reason(term.rule), term.rule))
    return Service(
        Code(CodeSystem.ICD10PCS, procedure.code),
        "procedure",
        tuple(dict.fromkeys(act.quoted(chart) for act in procedure.acts))[:MOST_EVIDENCE],
        tuple(told),
        confidence=CONFIDENCE.get(procedure.act.statement.telling, 0.6),
        rank=(place,),
        description=legal.title(procedure.code),
    )


_SAID = {
    "term": "as the operation says",
    "table": "the only one that the table has",
    "meant": "as nothing else is told",
}
_WHERE = {
    "clause": "by its own words",
    "sentence": "by its sentence",
    "beside": "by the sentences beside it",
    "names": "by the list of operations",
    "aims": "by the diagnoses and findings of the report",
    "account": "by the account of the operation",
}


def _axis(choice: Choice) -> str:
    by = _SAID.get(choice.by) or _WHERE.get(choice.by, "")
    return f"{AXES[choice.position]} {choice.character} {choice.label}: {by}"


def _table_words(legal: Legal, code: str) -> str:
    table = legal.table(code[:3])
    return f"table {code[:3]}, {', '.join(axis.values[0].label for axis in table.axes)}" if table else code[:3]


def _plain(evidence: Evidence) -> str:
    return " ".join(evidence.text.split())
