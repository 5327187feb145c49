"""Both sides: modifier 50, LT and RT on one line or on two, two units (MCPM 12.40.7; MPFSDB bilateral indicator)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from leadterm.domain import Money

from ._tables import policies
from .parts import REDUCED
from .work import ONE, Work, percent, share_of_sides

CITATION = "MCPM 12.40.7"
BOTH, LEFT, RIGHT = "50", "LT", "RT"
# Of these indicators two units are both sides; 1: not more than 150 %, 2: the amount is for both.
BY_UNITS = frozenset("12")
SIDED = frozenset("0123")
TWO = Decimal(2)
EACH = "3"
# Units with these are no sides: a side, an eyelid, a digit, a repeat, a separate service.
TELLING = frozenset(
    "LT RT 50 76 77 59 XE XS XP XU E1 E2 E3 E4 FA F1 F2 F3 F4 F5 F6 F7 F8 F9 TA T1 T2 T3 T4 T5 T6 T7 T8 T9".split()
)


def judge_sides(works: Sequence[Work]) -> None:
    """Sets of each line what its unit is with both sides."""
    paired: dict[tuple[object, ...], dict[str, list[Work]]] = {}
    for work in works:
        given = work.line.modifiers
        if work.is_complication:
            continue
        if BOTH in given or (LEFT in given and RIGHT in given):
            _both(work)
        elif work.count == TWO and work.fee.row.bilateral in BY_UNITS and TELLING.isdisjoint(given):
            _two_units(work)
        elif (LEFT in given or RIGHT in given) and work.fee.row.bilateral in SIDED:
            _side_of(work, paired)
    for sides in paired.values():
        for lead, second in zip(sides.get(LEFT, ()), sides.get(RIGHT, ()), strict=False):
            _pair(lead, second)


def _side_of(work: Work, paired: dict[tuple[object, ...], dict[str, list[Work]]]) -> None:
    line, given = work.line, work.line.modifiers
    others = tuple(sorted(m for m in given if m not in (LEFT, RIGHT)))
    key = (line.code, others, line.day, line.provider, line.units, work.facility, work.locality)
    paired.setdefault(key, {}).setdefault(LEFT if LEFT in given else RIGHT, []).append(work)


def _both(work: Work) -> None:
    if work.count > ONE:
        work.remarks.append(
            "Both sides stand on the line with one unit: further units are not priced (NCCI manual 1.V)."
        )
    work.count = ONE
    if work.fee.row.bilateral == EACH and work.fee.row.multiple in REDUCED:
        work.count = TWO  # the second side is a further test, as it would be on a line of its own
        work.step("Both sides of a test: two units (indicator 3)", work.unit, None, CITATION)
    else:
        _set(work, "both")


def _two_units(work: Work) -> None:
    work.count = ONE
    _set(work, "both", "two units are both sides: ")


def _pair(lead: Work, second: Work) -> None:
    lead.side = "lead"
    _set(second, "second", "second side: ")


def _set(work: Work, side: str, words: str = "") -> None:
    indicator = work.fee.row.bilateral
    share = share_of_sides(indicator, side)
    work.side, work.sides = side, share
    work.unit = Money.rounded(work.fee.unit.amount * share)
    policy = policies().get(("bilateral", indicator))
    told = f"{words}{policy.words if policy else 'both sides'}"
    told = told[0].upper() + told[1:]
    work.step(f"{told}, here {percent(share)} of one" if words else told, work.unit, share, CITATION)
