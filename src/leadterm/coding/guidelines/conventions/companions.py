"""Codes that another code asks for (use additional code, I.A.13, I.B.7): the tables `companions.tsv` applied."""

from __future__ import annotations

from functools import cache

from leadterm.coding._tables import of_all_rooms
from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.navigating import navigate
from leadterm.coding.rules import reason

RULE = "ICD10CM:I.B.7/use-additional"


@cache
def _companions() -> tuple[tuple[tuple[str, ...], str], ...]:
    return tuple((tuple(row["code"].split()), row["missing"]) for row in of_all_rooms("companions"))


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
