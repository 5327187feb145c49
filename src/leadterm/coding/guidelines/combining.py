"""Two conditions, one code (I.A.15, I.B.9): the table `combinations.tsv` applied to a chart."""

from __future__ import annotations

from functools import cache

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.rules import reason

from ._pairs import Pair, pairs


@cache
def _table() -> tuple[Pair, ...]:
    return pairs("combinations")


def combine(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with every pair of the table replaced by the code that says both."""
    for pair in _table():
        candidates = _applied(chart, pair, candidates)
    return candidates


def _applied(chart: Chart, pair: Pair, candidates: list[Candidate]) -> list[Candidate]:
    firsts = [c for c in candidates if c.code.startswith(pair.first)]
    seconds = [c for c in candidates if c.code.startswith(pair.second)]
    if not firsts or not seconds or _unlinked(chart, firsts[0], seconds[0], pair):
        return candidates
    a, b = firsts[0], seconds[0]
    code = pair.gives.replace("{}", a.code[:3])
    if not chart.book.is_billable(code) or any(c.code == code for c in candidates):
        return _without(candidates, pair, firsts, seconds) if any(c.code == code for c in candidates) else candidates
    both = a.joined(b).stepped(f"{a.code} and {b.code} together: {code}. {reason(pair.rule)}", pair.rule, code=code)
    at = candidates.index(a)
    kept = _without(candidates, pair, firsts, seconds)
    return [*kept[:at], both, *kept[at:]]


def _without(candidates: list[Candidate], pair: Pair, a: list[Candidate], b: list[Candidate]) -> list[Candidate]:
    gone = {
        c.code
        for c in (*(a if pair.drops in ("first", "both") else ()), *(b if pair.drops in ("second", "both") else ()))
    }
    return [c for c in candidates if c.code not in gone]


def _unlinked(chart: Chart, a: Candidate, b: Candidate, pair: Pair) -> bool:
    """Whether the chart parts the two ("CKD not due to diabetes"), which the presumption respects.

    Anaemia is linked to a neoplasm only where the chart does it (I.C.2.c.1).
    """
    sentences = [chart.sentence(f) for f in (*a.facts, *b.facts)]
    if pair.rule == "ICD10CM:I.C.2.c/anemia":
        linked = ("due to malig", "due to cancer", "neoplastic disease", "due to the cancer", "secondary to malig")
        return not any(any(w in s for w in linked) for s in sentences)
    parted = (
        "not due to",
        "unrelated to",
        "not related to",
        "not from",
        "not caused by",
        "nondiabetic",
        "non-diabetic",
    )
    return any(any(w in s for w in parted) for s in sentences)
