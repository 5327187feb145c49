"""What is not coded beside an injury: superficial injuries of its site, vaguer words for it (I.C.19.b)."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, lru_cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Alternative

SUPERFICIAL = "ICD10CM:I.C.19.b/superficial"
VAGUE = "ICD10CM:I.C.19.b/unspecified"
# Injuries of no named site, which any named injury makes empty.
NO_SITE = ("T14", "T07")
NAMED = ("S", "T2", "T30", "M80", "M84", "M97", "T33", "T34")


_BARE = compiled(r"(?:(?:closed|open|acute|traumatic|other|the|no|any) )*(?:injur(?:y|ies)|trauma)(?:\W.*)?")


@cache
def _sites() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    table = rows("guidelines/chapter19_injury/same_site")
    return tuple((tuple(row["superficial"].split()), tuple(row["severe"].split())) for row in table)


def spare(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates without injuries that another of the same site makes redundant, named there as alternatives."""
    left: dict[str, tuple[Candidate, str]] = {}
    for c in candidates:
        others = [o for o in candidates if o is not c]
        if better := next((o for o in others if _more_severe(chart, o, c)), None):
            left[c.code] = (better, SUPERFICIAL)
        elif better := next((o for o in others if _less_vague(chart, o, c)), None):
            left[c.code] = (better, VAGUE)
    return [_told(c, left) for c in candidates if c.code not in left]


def _told(c: Candidate, left: dict[str, tuple[Candidate, str]]) -> Candidate:
    mine = tuple(Alternative(code, reason(rule)) for code, (by, rule) in left.items() if by.code == c.code)
    return replace(c, alternatives=(*c.alternatives, *mine)) if mine else c


def _more_severe(chart: Chart, other: Candidate, c: Candidate) -> bool:
    severe = _severe(c.code)
    return bool(severe) and other.code.startswith(severe) and _same_side(chart, other, c)


@lru_cache(maxsize=4096)
def _severe(code: str) -> tuple[str, ...]:
    """What at the same site makes a code redundant."""
    return next((more for less, more in _sites() if code.startswith(less)), ())


def _less_vague(chart: Chart, other: Candidate, c: Candidate) -> bool:
    if c.code.startswith(NO_SITE):
        return other.code.startswith(NAMED)
    if _title(chart, c).startswith("unspecified injury"):
        return other.code.startswith(NAMED) and not _title(chart, other).startswith("unspecified injury") and _bare(c)
    if not c.code.startswith("S") or other.code[:3] != c.code[:3] or not _same_side(chart, other, c):
        return False
    return _title(chart, c).startswith("unspecified open wound") and "open wound" not in _title(chart, other)


def _bare(c: Candidate) -> bool:
    """Whether the chart says "injury" and no more: the site was taken from words near it."""
    return all(_BARE.fullmatch(f.mention.text.lower()) for f in c.facts)


def _title(chart: Chart, c: Candidate) -> str:
    node = chart.book.node(c.code)
    return node.title.lower() if node else ""


def _same_side(chart: Chart, one: Candidate, other: Candidate) -> bool:
    """Whether no title says the other side."""
    sides = [{s for s in ("right", "left") if f"{s} " in f"{_title(chart, c)} "} for c in (one, other)]
    return not all(sides) or sides[0] == sides[1]
