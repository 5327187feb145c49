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

KEPT = 100_000

# Codes that, where they are given, are the reason for the contact (I.C.21.c.16).
FIRST = ("Z00", "Z01", "Z02", "Z34", "Z38", "Z39", "Z51.0", "Z51.1", "Z52", "Z30.2", "Z42", "Z31.83", "Z31.84")
EXTERNAL = tuple("VWXY")
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
        c.code: {o.code for o in ordered if o is not c and _follows(chart.relations, c.code, o.code)} for c in ordered
    }
    return _placed(ordered, leaders)


def _placed(ordered: list[Candidate], leaders: dict[str, set[str]]) -> list[Candidate]:
    """The candidates, each behind those that must lead it; where they wait for each other their order stays."""
    waiting, placed, done = list(ordered), [], set[str]()
    while waiting:
        free = (c for c in waiting if leaders[c.code] <= done | {c.code})
        following = next(free, waiting[0])
        waiting.remove(following)
        placed.append(following)
        done.add(following.code)
    return placed


@lru_cache(maxsize=KEPT)
def _follows(relations: Relations, code: str, leader: str) -> bool:
    """Whether `code` stands after `leader`: by a Code first or Use additional note, else by `sequence.tsv`."""
    if code[:1] in EXTERNAL or leader[:1] in EXTERNAL:
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
