"""I.C.10.b: respiratory failure by its acuity and by what the gases show, wherever the chart says each."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.passages import holds
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason

RULE = "ICD10CM:I.C.10.b/failure"
FAILURE = "J96"
_NAME = compiled(
    r"(?:\b(?P<acuity>acute[- ]on[- ]chronic|acute (?:and|/) ?chronic|acute|chronic|a/c)\W+)?"
    r"(?P<gas>(?:(?:hypox\w+|hypercap\w+|hypercarb\w+|and|with|mixed|combined|normocapnic|type|i{1,2}|[12])\b[\s/&,+-]*)*)"
    r"(?:respiratory|resp|ventilatory)\.? (?:failure|insufficiency)(?P<after>[^.;\n]{0,60})"
)
_GASES = ((compiled(r"hypox"), "1"), (compiled(r"hypercap|hypercarb|co2 retention"), "2"))
_TYPES = {"0": "acute", "1": "chronic", "2": "acute on chronic"}


def failure(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with respiratory failure at the codes that say its acuity and its gases, one code a gas."""
    own = [c for c in candidates if c.code.startswith(FAILURE)]
    if not own:
        return candidates
    acuity = _acuity(chart, own)
    new = [n for c in own for n in _said(chart, c, acuity)]
    at = candidates.index(own[0])
    before = [c for c in candidates[:at] if c not in own]
    return [*before, *new, *(c for c in candidates[at:] if c not in own)]


def _acuity(chart: Chart, own: list[Candidate]) -> str | None:
    """The acuity of the chart as a whole where it says both that it is acute and that it is on top of chronic."""
    said = {c.code[4] for c in own} | {digit for c in own for digit, _ in _named(chart, c) if digit}
    return "2" if "2" in said or {"0", "1"} <= said else None


def _said(chart: Chart, c: Candidate, whole: str | None) -> Iterator[Candidate]:
    named = list(_named(chart, c))
    first = next((digit for digit, _ in named if digit), c.code[4])
    acuity = whole if whole and first in "019" else first
    gases = sorted({gas for _, found in named for gas in found} | ({c.code[5:6]} & {"1", "2"}))
    for gas in gases or ["0"]:
        code = f"{FAILURE}.{acuity}{gas}"
        told = f"{_TYPES.get(acuity, 'not said to be acute or chronic')}: {code}. {reason(RULE)}"
        yield c if code == c.code else c.stepped(told, RULE, code=code)


def _named(chart: Chart, c: Candidate) -> Iterator[tuple[str | None, frozenset[str]]]:
    """Acuity and gases of every mention in the sentences of a candidate, None where one says no acuity."""
    for fact in c.facts:
        for match in _NAME.finditer(chart.sentence(fact)):
            said = match["gas"] if "unspecified whether" in match["after"] else f"{match['gas']} {match['after']}"
            yield _digit(match["acuity"]), frozenset(digit for gas, digit in _GASES if holds(gas, said))


def _digit(acuity: str | None) -> str | None:
    if not acuity:
        return None
    return "0" if acuity == "acute" else "1" if acuity == "chronic" else "2"
