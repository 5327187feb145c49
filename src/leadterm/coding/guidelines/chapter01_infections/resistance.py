"""I.C.1.c: resistance to antimicrobial drugs, beside the infection whose organism is said to be resistant."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.rules import reason

from ._growth import ROOM, grown
from .organisms import ORGANISMS, WANTING

RULE = "ICD10CM:I.C.1.c/resistance"
INFECTIONS = (
    *"A0 A1 A2 A3 A4 B95 B96 J09 J1 J20 J85 J86 J95.851 I33 G00 N10 N30 N39.0 N41 L0 O23 O85 O86".split(),
    *WANTING,
)
_DENIED = compiled(r"\b(?:no|not|non|neg|negative for|without|denies) (?:\w+ ){0,2}$")
# Codes of a methicillin resistant staphylococcus say its resistance themselves.
_TOLD = ("A41.02", "J15.212", "A49.02", "B95.62")


@cache
def _table() -> tuple[tuple[Pattern, str], ...]:
    return tuple((compiled(row["words"]), row["code"]) for row in rows(f"{ROOM}/resistance"))


def resistance(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with the resistance that the chart says of their organisms, and with none beside no infection."""
    infected = [c for c in candidates if c.code.startswith(INFECTIONS) and c.code not in _TOLD]
    kept = [
        c.stepped(reason(RULE), RULE) if c.code.startswith("Z16") else c
        for c in candidates
        if infected or not c.code.startswith("Z16")
    ]
    known = {c.code for c in kept}
    for c in infected:
        for code in _said(chart, c):
            if code not in known:
                known.add(code)
                kept.append(stated(code, c.facts[:1], f"resistance beside {c.code}. {reason(RULE)}", RULE, beside=c))
    return kept


def _said(chart: Chart, c: Candidate) -> Iterator[str]:
    """The codes of resistance in the sentences of an infection and in the results of its specimen."""
    own = [chart.sentence(f) for f in c.facts]
    told = [
        g.sentence
        for g in grown(chart)
        if g.infections is None or (g.infections and c.code.startswith((*g.infections, *ORGANISMS)))
    ]
    for text in (*own, *told):
        for pattern, code in _table():
            match = pattern.search(text)
            if match is not None and not _DENIED.search(text[: match.start()]):
                yield code
