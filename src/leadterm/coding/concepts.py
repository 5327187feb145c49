"""The profile `concepts`: every mention as the code that it names, whatever the chart says of it (for evaluation).

Public evaluation sets reward mapping of concepts: what is denied, of the past or of the family counts too, and no
guideline is applied. Nothing of this profile may ever go on a claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log2

from leadterm.domain import Assertion, Assignment, Code, CodeSystem, Fact, FactKind, PathwayStep, Role, Step

from .chart import Chart, Opening
from .navigating import navigate, open_fact

# How likely an annotator marked a mention: a thing said to be there, said often, said with many words.
_BY_ASSERTION = {Assertion.PRESENT: 0.6, Assertion.UNCERTAIN: 0.5, Assertion.HISTORICAL: 0.5, Assertion.ABSENT: 0.25}
_OTHER = 0.35
_BY_KIND = {FactKind.CONDITION: 0.1, FactKind.FINDING: 0.0}
OFTEN, LONG = 0.08, 0.05
LEAST, MOST = 0.01, 0.99


def concepts(chart: Chart) -> tuple[Assignment, ...]:
    """Every code that a mention names, most often and most plainly named first; roles and order mean nothing."""
    named: dict[str, list[tuple[Fact, tuple[PathwayStep, ...]]]] = {}
    for fact, code, steps in _named(chart):
        named.setdefault(code, []).append((fact, steps))
    ranked = sorted(named, key=lambda code: (-_score([f for f, _ in named[code]]), named[code][0][0].mention.span))
    return tuple(_assignment(chart, code, n, named[code]) for n, code in enumerate(ranked, 1))


def _named(chart: Chart) -> Iterator[tuple[Fact, str, tuple[PathwayStep, ...]]]:
    for fact in chart.facts:
        opening = open_fact(chart, fact) if fact.kind is not FactKind.VALUE else None
        if opening is None:
            continue
        code, steps = _reached(chart, fact, opening)
        yield fact, code, (*opening.steps, *steps)


def _reached(chart: Chart, fact: Fact, opening: Opening) -> tuple[str, tuple[PathwayStep, ...]]:
    """The billable code, or where the list wants more than the chart says, the node itself."""
    arrival = navigate(chart, fact, opening.node)
    return (arrival.code, arrival.steps) if arrival else (opening.node, ())


def _score(facts: list[Fact]) -> float:
    best = max(_BY_ASSERTION.get(f.assertion, _OTHER) + _BY_KIND.get(f.target_kind, -0.1) for f in facts)
    words = max(len(f.mention.text.split()) for f in facts)
    return min(MOST, max(LEAST, best + OFTEN * log2(len(facts)) + LONG * min(words - 1, 3)))


def _assignment(
    chart: Chart, code: str, sequence: int, named: list[tuple[Fact, tuple[PathwayStep, ...]]]
) -> Assignment:
    node = chart.book.node(code)
    facts = [fact for fact, _ in named]
    steps = named[0][1] or (PathwayStep(Step.LEXICON, f"{facts[0].concept}: {code}"),)
    return Assignment(
        f"a{sequence}",
        Code(CodeSystem.ICD10CM, code),
        node.title if node else None,
        Role.FIRST_LISTED if sequence == 1 else Role.SECONDARY,
        sequence,
        round(_score(facts), 3),
        tuple(e for fact in facts for e in fact.evidence),
        steps,
        facts=tuple(f.id for f in facts),
    )
