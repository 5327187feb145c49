"""I.C.10.c: influenza opens where its words say, and takes the pneumonia of another organism with it."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.coding.chart import Candidate, Chart, Opening, stated
from leadterm.coding.guidelines.chapter01_infections.organisms import finer, found_for
from leadterm.coding.rules import reason
from leadterm.domain import Fact, PathwayStep, Step

RULE = "ICD10CM:I.C.10.c/pneumonia"
INFLUENZA = ("J09", "J10", "J11")


def open_influenza(chart: Chart, fact: Fact) -> Opening | None:
    """The opening of influenza at the very code that its term names: no title below it says plain influenza."""
    if not fact.targets or not fact.targets[0].startswith(INFLUENZA):
        return None
    step = PathwayStep(Step.LEXICON, f"\u201c{fact.mention.text}\u201d: {fact.concept}, {fact.targets[0]}")
    return Opening(fact.targets[0], (step,))


def pneumonia(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with influenza and a pneumonia of another organism in two codes."""
    return [new for c in candidates for new in _parted(chart, c)]


def _parted(chart: Chart, c: Candidate) -> Iterator[Candidate]:
    if c.code not in ("J10.00", "J11.00"):
        yield c
        return
    codes = {gives: facts for o, facts in found_for(chart, c, "J18.9") if (gives := finer("J18.9", o.name))}
    yield c.stepped(reason(RULE), RULE, code=f"{c.code[:5]}8") if codes else c
    for code, facts in codes.items():
        yield stated(code, facts, f"pneumonia beside influenza. {reason(RULE)}", RULE, beside=c)
