"""Weakness of one side or limb that a stroke left or brought is its hemiparesis or monoparesis."""

from __future__ import annotations

from dataclasses import replace

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.guidelines.chapter06_nervous.dominance import side_of
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact

RULE = "ICD10CM:I.C.9.d/weakness"
STROKE = ("I60", "I61", "I63", "I97.81", "I97.82")
_WEAK = ("R53.1", "R29.898", "M62.81")
_LIMBS = (
    ("arm", compiled(r"\barm|upper (?:extremity|limb)|\b[rl]ue\b")),
    ("leg", compiled(r"\bleg|lower|\b[rl]le\b")),
)
_NODES = {"arm": "G83.2", "leg": "G83.1"}


def is_weakness(fact: Fact) -> bool:
    """Whether the fact is weakness of a named side."""
    return fact.targets[:1] != () and fact.targets[0].startswith(_WEAK) and "laterality" in fact.attributes


def limb(fact: Fact) -> str:
    """`arm` or `leg` where the weakness is of that limb; else nothing: of the side."""
    said = f"{fact.mention.text} {fact.attributes.get('site', '')}".lower()
    found = [name for name, words in _LIMBS if words.search(said)]
    return found[0] if len(found) == 1 else ""


def paralysis(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The weakness of one side or limb beside a stroke, at the paralysis that it is."""
    if not any(c.code.startswith(STROKE) for c in candidates):
        return candidates
    return [_told(chart, c) for c in candidates]


def _told(chart: Chart, c: Candidate) -> Candidate:
    fact = next((f for f in c.facts if is_weakness(f)), None) if c.code.startswith(_WEAK) else None
    side = side_of(chart, fact) if fact else None
    if fact is None or side is None:
        return c
    code = f"{_NODES.get(limb(fact), 'G81.9')}{side}"
    facts = (fact, *(f for f in c.facts if f is not fact))
    return replace(c, facts=facts).stepped(f"with a stroke: {code}. {reason(RULE)}", RULE, code=code)
