"""I08: disease of two or three valves of a cause that the chart does not state, in one code."""

from __future__ import annotations

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.passages import clause
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason

RULE = "ICD10CM:I.B.9/valves"
_VALVES = {
    "mitral": ("I34.0", "I34.2", "I05"),
    "aortic": ("I35.0", "I35.1", "I35.2", "I06"),
    "tricuspid": ("I36.0", "I36.1", "I36.2", "I07"),
}
_TOGETHER = {
    frozenset({"mitral", "aortic"}): "I08.0",
    frozenset({"mitral", "tricuspid"}): "I08.1",
    frozenset({"aortic", "tricuspid"}): "I08.2",
    frozenset({"mitral", "aortic", "tricuspid"}): "I08.3",
}
# A valve whose disease is said to be of another cause keeps its own code (note at I08).
_NONRHEUMATIC = compiled(
    r"\b(?:non-?rheumatic|degenerative|calcific|calcified|senile|functional|ischemic|bicuspid|congenital|myxomatous"
    r"|prosthetic|secondary|endocarditis)\b"
)


def several_valves(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with the diseases of two or three valves in one."""
    found = {valve: _of(chart, candidates, codes) for valve, codes in _VALVES.items()}
    code = _TOGETHER.get(frozenset(valve for valve, those in found.items() if those))
    if code is None:
        return candidates
    parts = [c for those in found.values() for c in those]
    first = min(parts, key=lambda c: c.rank)
    text = f"{', '.join(c.code for c in parts)}: {code}. {reason(RULE)}"
    whole = first.joined(*(c for c in parts if c is not first)).stepped(text, RULE, code=code)
    return [new for c in candidates for new in ([whole] if c is first else [] if c in parts else [c])]


def _of(chart: Chart, candidates: list[Candidate], codes: tuple[str, ...]) -> list[Candidate]:
    return [
        c
        for c in candidates
        if c.code.startswith(codes) and not any(_NONRHEUMATIC.search(clause(chart, f, codes)) for f in c.facts)
    ]
