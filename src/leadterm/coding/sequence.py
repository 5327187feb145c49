"""The order of codes (guidelines II, III, IV.G, I.A.13): what led to the contact first, causes before manifestations.

The chart's own order of its conclusions decides; history, status and drugs follow, external causes end the list.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from leadterm.codesets.relations.relations import Relations
from leadterm.domain import Role

from ._tables import of_all_rooms, rows
from .chart import Candidate, Chart
from .patterns import compiled

KEPT = 100_000

# What is added to other codes and draws none of them forward: tobacco, organisms, status.
ADDED = ("F17", "B95", "B96", "B97", "Z")

# Codes that, where they are given, are the reason for the contact (I.C.21.c.16).
FIRST = (
    "Z00",
    "Z01",
    "Z02",
    "Z34",
    "Z38",
    "Z39",
    "Z51.0",
    "Z51.1",
    "Z52",
    "Z30.2",
    "Z42",
    "Z31.83",
    "Z31.84",
    "Z04",
    "Z40",
)
EXTERNAL = tuple("VWXY")
# An intoxication, a withdrawal or a disorder that a substance induced is a reason for care by itself; the notes that
# ask for the substance beside a disease of the liver, say, mean its use.
_ACUTE_USE = compiled(r"F1[0-9]\.[129][2-9]")
# Never the reason for a stay or a visit by itself where anything else stands.
ATTENDANT = (
    "Z79",
    "Z68",
    "Z8",
    "Z9",
    "Z17",
    "Z66",
    "Z72",
    "Z77",
    "Z78",
    "Z15",
    "Z16",
    "Z22.32",
    "Z3A",
    "Z71",
    "Z55",
    "Z56",
    "Z59",
    "Z6",
    "Z7",
    "Z23",
    "Z28",
)


def sequenced(chart: Chart, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates in claim order: by rank, then as the notes of the Tabular List want it."""
    ordered = sorted(candidates, key=lambda c: (_tier(c), c.rank, c.code))
    leaders = {
        c.code: {
            o.code for o in ordered if o is not c and _tier(o) <= _tier(c) and _follows(chart.relations, c.code, o.code)
        }
        for c in ordered
    }
    return _placed(ordered, leaders)


def _placed(ordered: list[Candidate], leaders: dict[str, set[str]]) -> list[Candidate]:
    """The candidates, those that must lead one drawn before it; those that wait for each other keep their order."""
    waiting, placed = list(ordered), list[Candidate]()
    while waiting:
        following = _leading(waiting, leaders)
        waiting.remove(following)
        placed.append(following)
    return placed


def _leading(waiting: list[Candidate], leaders: dict[str, set[str]]) -> Candidate:
    """The first that waits, or what must stand before it; what is only added to others lets them go first."""
    codes = {c.code for c in waiting}
    return next(
        (_drawn(c, waiting, leaders) for c in waiting if not (c.code.startswith(ADDED) and leaders[c.code] & codes)),
        waiting[0],
    )


def _drawn(first: Candidate, waiting: list[Candidate], leaders: dict[str, set[str]]) -> Candidate:
    """The candidate itself, or the one that must stand before it, or before that; itself where they turn in a ring."""
    found, passed = first, set[str]()
    while ahead := [c for c in waiting if c.code in leaders[found.code] and c.code not in passed]:
        passed.add(found.code)
        found = ahead[0]
    return found if found.code not in passed else first


@lru_cache(maxsize=KEPT)
def _follows(relations: Relations, code: str, leader: str) -> bool:
    """Whether `code` stands after `leader`: by a Code first or Use additional note, else by `sequence.tsv`."""
    if code[:1] in EXTERNAL or leader[:1] in EXTERNAL:
        return False
    if _ACUTE_USE.match(code) and not leader.startswith("O"):
        return False
    if any(relations.links(code, leader, "code_first")) or any(relations.links(leader, code, "use_additional")):
        return not any(relations.links(leader, code, "code_first"))
    return any(code.startswith(followers) and leader.startswith(led) for followers, led in _table())


@cache
def _table() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    return tuple(
        (tuple(row["follower"].split()), tuple(row["leaders"].split()))
        for row in (*rows("sequence"), *of_all_rooms("sequence"))
    )


def _tier(c: Candidate) -> int:
    """The place of a code by its kind; a rule that knows what led to the contact gave it a rank below zero."""
    if c.rank[0] < 0:
        return -1
    if c.code.startswith(EXTERNAL):
        return 4
    if c.code.startswith(FIRST):
        return 0
    return 2 if c.code.startswith(ATTENDANT) else 1


def roles(chart: Chart, ordered: Sequence[Candidate]) -> list[Role]:
    """The role of each code in claim order: one principal or first-listed, external causes, secondary."""
    first = Role.PRINCIPAL if chart.encounter.uses_section_two else Role.FIRST_LISTED
    found = []
    for c in ordered:
        if c.code.startswith(EXTERNAL):
            found.append(Role.EXTERNAL_CAUSE)
        else:
            found.append(Role.SECONDARY if first in found else first)
    return found
