"""Two conditions, one code (I.A.15, I.B.9): the tables `combinations.tsv` of all rooms applied to a chart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, lru_cache

from leadterm.coding._tables import of_all_rooms
from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.rules import reason

PLAIN = ".9"


@dataclass(frozen=True, slots=True)
class Pair:
    """One row: prefixes of the two, the code that says both, which of them it replaces, and what links them.

    Attributes:
        rule: Its paragraph.
        first, second: Prefixes of codes.
        gives: The code for both; `{}` in it is the category of the first, `{code}` the first code itself.
        drops: `first`, `second`, `both` or nothing: what the new code replaces.
        documented: Whether the chart must link the two; otherwise the link is presumed unless the chart parts them.
    """

    rule: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    gives: str
    drops: str
    documented: bool


@cache
def _table() -> tuple[Pair, ...]:
    return tuple(
        Pair(
            row["rule"],
            tuple(row["first"].split()),
            tuple(row["second"].split()),
            row["gives"],
            row["drops"],
            row["link"] == "documented",
        )
        for row in of_all_rooms("combinations")
    )


def combine(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with every pair of the tables replaced by the code that says both."""
    for n, pair in enumerate(_table()):
        if any(n in _firsts(c.code) for c in candidates):
            candidates = _applied(chart, pair, candidates)
    return candidates


@lru_cache(maxsize=4096)
def _firsts(code: str) -> frozenset[int]:
    """The numbers of the pairs of which a code may be the first: most are of none."""
    return frozenset(n for n, pair in enumerate(_table()) if code.startswith(pair.first))


def _applied(chart: Chart, pair: Pair, candidates: list[Candidate]) -> list[Candidate]:
    firsts = [c for c in candidates if c.code.startswith(pair.first)]
    if not firsts:
        return candidates
    seconds = [c for c in candidates if c.code.startswith(pair.second) and c not in firsts]
    joined = [(a, b) for a in firsts for b in seconds if _linked(chart, a, b, pair)]
    if not joined:
        return candidates
    # The plain code stands for the disease; one that an earlier row gave says something else of it.
    a, b = min(joined, key=lambda two: not two[0].code.endswith(PLAIN))
    code = pair.gives.replace("{}", a.code[:3])
    gone = _gone(pair, [b for _, b in joined], a)
    known = any(c.code == code for c in candidates)
    if not known and not chart.book.is_billable(code):
        return candidates
    # Of several complications of one disease the chart's order stays: the place of the pair, then of what came later.
    ranked = replace(a.joined(b), rank=(*min(a.rank, b.rank), *max(a.rank, b.rank)))
    both = ranked.stepped(f"{a.code} and {b.code} together: {code}. {reason(pair.rule)}", pair.rule, code=code)
    return [new for c in candidates for new in (*((both,) if c is a else ()), *(() if c.code in gone else (c,)))]


def _gone(pair: Pair, seconds: list[Candidate], first: Candidate) -> set[str]:
    """Codes that the new one replaces."""
    gone = {first.code} if pair.drops in ("first", "both") else set()
    return gone | ({c.code for c in seconds} if pair.drops in ("second", "both") else set())


def _linked(chart: Chart, a: Candidate, b: Candidate, pair: Pair) -> bool:
    """Whether the two belong together: the chart's own words win over any presumption (I.A.15)."""
    said = chart.linked(a, b)
    return said if said is not None else not pair.documented
