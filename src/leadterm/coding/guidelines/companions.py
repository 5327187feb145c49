"""Codes that another code asks for (use additional code, I.A.13, I.B.7): the table `companions.tsv` applied."""

from __future__ import annotations

from functools import cache

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.navigate import navigate
from leadterm.coding.rules import reason

from ._pairs import table

RULE = "ICD10CM:I.B.7/use-additional"


@cache
def _companions() -> tuple[tuple[tuple[str, ...], str], ...]:
    return tuple((tuple(codes.split()), missing) for codes, missing in table("companions"))


def companions(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with the stage or type that their notes ask for, at the detail that the same words support."""
    added: list[Candidate] = []
    for codes, missing in _companions():
        leader = next((c for c in candidates if c.code.startswith(codes)), None)
        if leader is None or any(c.code.startswith(missing) for c in (*candidates, *added)):
            continue
        arrival = navigate(chart, leader.facts[0], missing)
        if arrival is not None:
            companion = Candidate(arrival.code, leader.facts, arrival.steps, (), (*leader.rank, 1), leader.confidence)
            added.append(companion.stepped(f"asked for by {leader.code}. {reason(RULE)}", RULE))
    return [*candidates, *added]
