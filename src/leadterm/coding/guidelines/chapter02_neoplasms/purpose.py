"""What the contact is for (I.C.2.e.2, I.C.21.c.7): chemotherapy, immunotherapy or radiation given now leads.

A treatment is given now where its own sentence says so: today, a cycle and day, an infusion, a fraction of a series, an
admission for it. What is planned, held, over or only talked of is no purpose.
"""

from __future__ import annotations

from functools import cache

from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact, FactKind, Setting

from .cues import cue, words

RULE = "ICD10CM:I.C.2.e.2/treatment"
_CHEMOTHERAPY = (
    "alkylating agent",
    "antimetabolite",
    "antitumor antibiotic",
    "mitotic inhibitor",
    "topoisomerase inhibitor",
    "chemotherapy",
)
_IMMUNOTHERAPY = ("immune checkpoint inhibitor",)
# Small molecules that are swallowed are no treatment of a contact; these stand in one class with them and are infused.
_INFUSED = ("bortezomib", "carfilzomib", "azacitidine", "decitabine")


def purposes(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the treatment that the contact is for, where a cancer is treated at it."""
    if not any(c.code.startswith(("C", "D0", "D3", "D4")) for c in candidates):
        return candidates
    given: dict[str, list[Fact]] = {}
    for fact in chart.facts:
        code = _code(fact)
        if code and _given_now(chart, fact):
            given.setdefault(code, []).append(fact)
    known = {c.code for c in candidates}
    added = [
        stated(
            code, facts, f"\u201c{facts[0].mention.text}\u201d is given at this contact: {code}. {reason(RULE)}", RULE
        )
        for code, facts in given.items()
        if code not in known
    ]
    return [*candidates, *added]


def _code(fact: Fact) -> str | None:
    """The code of the treatment that a fact is; None for what is none."""
    kind = fact.attributes.get("class", "")
    if fact.kind is FactKind.PROCEDURE:
        return {"chemotherapy": "Z51.11", "immunotherapy": "Z51.12", "radiation therapy": "Z51.0"}.get(fact.concept)
    if fact.kind is not FactKind.DRUG:
        return None
    if kind in _IMMUNOTHERAPY or (kind == "targeted cancer therapy" and _antibody(fact.concept)):
        return "Z51.12"
    return "Z51.11" if kind in _CHEMOTHERAPY or fact.concept in _INFUSED else None


def _antibody(name: str) -> bool:
    return name.split()[0].endswith("mab")


def _given_now(chart: Chart, fact: Fact) -> bool:
    """Whether the fact's clause, or the reason of the stay, says that it is given at this contact."""
    if fact.assertion in (Assertion.ABSENT, Assertion.FAMILY, Assertion.HYPOTHETICAL):
        return False
    if fact.section in ("medications", "allergies", "past-medical-history", "family-history", "instructions"):
        return False
    if chart.encounter.setting is Setting.EMERGENCY:
        return False
    if chart.stay:
        m = _admitted().search(chart.sentence(fact))
        return (m is not None and not cue("illness").search(m.group())) or _for_a_cycle(chart)
    clause = _clause(chart, fact)
    return bool(cue("now").search(clause)) and not cue("not now").search(clause)


_ENDS = compiled(r"[.;\n](?!\d)|, (?:then|will|next|after)\b")


def _clause(chart: Chart, fact: Fact) -> str:
    """The fact's clause: up to a full stop, a semicolon or the end of the line."""
    text = chart.encounter.document(fact.mention.document).text.lower()
    whole = fact.segment or fact.mention.span
    start, end = fact.mention.span.start, fact.mention.span.end
    before = _ENDS.split(text[whole.start : start])[-1]
    after = _ENDS.split(text[end : whole.end])[0]
    return f"{before}{text[start:end]}{after}"


def _for_a_cycle(chart: Chart) -> bool:
    """Whether the record names a cycle of treatment as the reason of the stay."""
    return chart.once("admitted for a cycle", lambda: _names_a_cycle(chart))


def _names_a_cycle(chart: Chart) -> bool:
    m = chart.tells(_CYCLE)
    return m is not None and not cue("illness").search(m.group())


_CYCLE = compiled(
    r"\b(?:reason for admission|admission diagnosis|admit(?:ting)? dx|admitted|admission|readmitted|here)\b"
    r"[^.;]{0,40}?\b(?:for|:|to receive)[^.;]{0,60}?\b(?:cycle (?:#? ?\d+|one|two|three|four|five|six)"
    r"|c\d+ ?(?:d\d+)?|chemotherapy|chemo|chemoimmunotherapy|induction|consolidation)\b"
)


@cache
def _admitted() -> Pattern:
    """A stay whose reason is the treatment itself."""
    came = r"\b(?:admit\w*|admission|came in|presents?|here|stay|hospitali[sz]ed)\b"
    return compiled(rf"{came}[^.;]{{0,60}}\b(?:for|to receive|to undergo|:)\s[^.;]{{0,60}}\b(?:{words('treatment')})\b")
