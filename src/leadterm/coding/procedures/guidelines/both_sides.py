"""The same done on the right and on the left is one code where the table has a value for both (B4.3)."""

from __future__ import annotations

from dataclasses import replace

from leadterm.coding.chart import Chart
from leadterm.coding.procedures.building import PART, Built, Choice
from leadterm.coding.procedures.candidates import Procedure
from leadterm.coding.procedures.labels import parted
from leadterm.coding.procedures.legal import Legal, legal_on, values

RULE = "ICD10PCS:B4.3/bilateral"


def apply(chart: Chart, procedures: list[Procedure]) -> list[Procedure]:
    """The procedures with the value of both sides in the place of one each of the same report."""
    sided = [p for p in procedures if not p.open and _side(p) in ("right", "left")]
    if len(sided) < 2:
        return procedures
    legal = legal_on(chart.book, chart.on)
    found = list(procedures)
    for p in sided:
        other = next((q for q in sided if _pair(p, q)), None)
        both = _both(legal, p) if other is not None else None
        if other is not None and both is not None and p in found and other in found:
            found[found.index(p)] = _joined(p, other, both)
            found.remove(other)
    return found


def _choice(p: Procedure) -> Choice | None:
    return next((c for c in p.built.choices if c.position == PART), None)


def _side(p: Procedure) -> str:
    choice = _choice(p)
    return parted(choice.label)[1] if choice else ""


def _pair(p: Procedure, q: Procedure) -> bool:
    """Whether one is of the left what the other is of the right."""
    one, other = _choice(p), _choice(q)
    if one is None or other is None or (p.code[:3], p.code[4:]) != (q.code[:3], q.code[4:]):
        return False
    same = parted(one.label)[0] == parted(other.label)[0] and p.act.statement.report == q.act.statement.report
    return same and (_side(p), _side(q)) == ("right", "left")


def _both(legal: Legal, p: Procedure) -> tuple[str, str] | None:
    """The character and label of both sides of the same part; None where the table has none for this operation."""
    choice = _choice(p)
    what = parted(choice.label)[0].split()[0][:5] if choice else ""
    for character, label in values(legal.rows(p.code[:3]), PART).items():
        name, side = parted(label)
        code = f"{p.code[:3]}{character}{p.code[4:]}"
        if side == "bilateral" and name.startswith(what[:4]) and legal.title(code):
            return character, label
    return None


def _joined(p: Procedure, other: Procedure, both: tuple[str, str]) -> Procedure:
    character, label = both
    code = f"{p.code[:3]}{character}{p.code[4:]}"
    choices = tuple(Choice(PART, character, label, c.by) if c.position == PART else c for c in p.built.choices)
    return replace(p, built=Built(code, choices), acts=(*p.acts, *other.acts)).stepped(RULE, code)
