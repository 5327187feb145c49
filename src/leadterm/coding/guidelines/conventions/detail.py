"""The most detail that the chart supports (I.B.2, I.B.18): vaguer codes give way to clearer ones."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from leadterm.coding._tables import of_all_rooms
from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.rules import reason
from leadterm.domain import Alternative

RULE = "ICD10CM:I.B.2/detail"
# Diabetes without complications waits for what the chart links to it (I.C.4.a).
_PLAIN = ("E08.9", "E09.9", "E10.9", "E11.9", "E13.9")
_VAGUE = ("unspecified", "without complications", "uncomplicated", "not specified")


@cache
def _supersedes() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((row["weaker"], tuple(row["stronger"].split())) for row in of_all_rooms("supersedes"))


@cache
def _stronger(weaker: str) -> tuple[str, ...]:
    """Prefixes of all codes that say more than `weaker`."""
    return tuple(s for weak, strong in _supersedes() if weaker.startswith(weak) for s in strong)


def most_detailed(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates without those that another says better; what is left out becomes an alternative of that one."""
    left: dict[str, str] = {}
    for c in candidates:
        better = next((o.code for o in candidates if o is not c and _says_more(chart, o.code, c.code)), None)
        if better is not None:
            left[c.code] = better
    kept = []
    for c in candidates:
        if c.code in left:
            continue
        gone = [x for x in candidates if left.get(x.code) == c.code]
        for other in gone:
            c = _absorbing(c, other)
        kept.append(c)
    return kept


def _absorbing(c: Candidate, other: Candidate) -> Candidate:
    facts_too = other.code[:3] == c.code[:3]
    joined = c.joined(other) if facts_too else c
    return replace(
        joined, alternatives=(*joined.alternatives, Alternative(other.code, f"{c.code} says more ({reason(RULE)})"))
    )


def _says_more(chart: Chart, stronger: str, weaker: str) -> bool:
    strong = _stronger(weaker)
    if strong and stronger.startswith(strong) and not stronger.startswith(weaker):
        return True
    return (
        stronger[:3] == weaker[:3]
        and not weaker.startswith(_PLAIN)
        and _vague(chart, weaker)
        and (not _vague(chart, stronger) or _placeless(chart, stronger, weaker))
        and _same_place(chart, stronger, weaker)
    )


def _vague(chart: Chart, code: str) -> bool:
    node = chart.book.node(code)
    return node is not None and any(word in node.title.lower() for word in _VAGUE)


def _placeless(chart: Chart, stronger: str, weaker: str) -> bool:
    """Whether of two codes of one kind one leaves more open, site or side ("unspecified synovitis")."""
    open_ = [node.title.lower().count("unspecified") if (node := chart.book.node(c)) else 0 for c in (stronger, weaker)]
    return stronger[:5] == weaker[:5] and open_[0] < open_[1]


def _same_place(chart: Chart, stronger: str, weaker: str) -> bool:
    """Whether the vague code could mean what the clear one says: one branch, or a residual class of the category."""
    parents = [a.code for a in chart.book.ancestors(weaker)]
    stem = next((p for p in parents if "-" not in p and not p.isdigit()), weaker[:3])
    return stronger.startswith(stem) or weaker[4:5] == "9"
