"""Second codes that the words of one disease ask for (I.A.13, I.B.7): the tables `beside.tsv` of all rooms."""

from __future__ import annotations

from functools import cache

from leadterm.coding._tables import of_all_rooms
from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.navigating import navigate
from leadterm.coding.passages import clause
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.rules import reason

RULE = "ICD10CM:I.B.7/also-said"


@cache
def _rows() -> tuple[tuple[tuple[str, ...], Pattern, str], ...]:
    return tuple(
        (tuple(r["codes"].split()), compiled(rf"\b(?:{r['words']})\b"), r["adds"]) for r in of_all_rooms("beside")
    )


def beside(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with the second codes whose words stand beside them."""
    added: list[Candidate] = []
    for codes, words, adds in _rows():
        for c in (c for c in candidates if c.code.startswith(codes)):
            fact = next((f for f in c.facts if words.search(clause(chart, f, (*codes, adds[:3])))), None)
            arrival = navigate(chart, fact, adds) if fact else None
            if fact is None or arrival is None or any(o.code.startswith(adds) for o in (*candidates, *added)):
                continue
            new = Candidate(arrival.code, (fact,), arrival.steps, (), (*c.rank, 1), c.confidence)
            added.append(new.stepped(f"said with {c.code}. {reason(RULE)}", RULE))
    return [*candidates, *added]
