"""The order of codes (guidelines II, III, IV.G, I.A.13): what led to the contact first, causes before manifestations.

The chart's own order of its conclusions decides; history, status and drugs follow, external causes end the list.
"""

from __future__ import annotations

from collections.abc import Sequence

from leadterm.domain import Role

from ._tables import rows
from .chart import Candidate, Chart

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
    "Z3A",
    "Z71",
    "Z55",
    "Z56",
    "Z59",
    "Z6",
    "Z7",
)


def sequenced(chart: Chart, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates in claim order."""
    ordered = sorted(candidates, key=lambda c: (_tier(c), c.rank, c.code))
    for row in rows("sequence"):
        ordered = _after(ordered, tuple(row["follower"].split()), tuple(row["leaders"].split()))
    return ordered


def _tier(c: Candidate) -> int:
    if c.code.startswith(EXTERNAL):
        return 4
    if c.code.startswith(FIRST):
        return 0
    return 2 if c.code.startswith(ATTENDANT) else 1


def _after(ordered: list[Candidate], follower: tuple[str, ...], leaders: tuple[str, ...]) -> list[Candidate]:
    """Each follower that stands before all its leaders, moved right behind the last leader of the same rank order."""
    followers = [c for c in ordered if c.code.startswith(follower)]
    led = [c for c in ordered if c.code.startswith(leaders) and c not in followers]
    if not followers or not led:
        return ordered
    last = max(ordered.index(c) for c in led)
    early = [c for c in followers if ordered.index(c) < last]
    if not early:
        return ordered
    rest = [c for c in ordered if c not in early]
    at = max(rest.index(c) for c in led) + 1
    return [*rest[:at], *early, *rest[at:]]


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
