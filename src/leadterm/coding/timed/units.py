"""Billing units from minutes: the two ways in which payers count timed services.

Medicare counts the minutes of a day together: one unit for 8 to 22 minutes, two for 23 to 37, and so on; the
units go to the services with the most time (Medicare Claims Processing Manual, chapter 5, 20.2). Others count every
service by itself, a unit when more than half of 15 minutes has passed.
"""

from __future__ import annotations

from collections.abc import Sequence

UNIT = 15
LEAST = 8


def of_total(minutes: int) -> int:
    """The units that so many timed minutes of one day allow; 0 for less than 8."""
    return max(0, minutes + UNIT - LEAST) // UNIT


def together(minutes: Sequence[int]) -> tuple[int, ...]:
    """The units of each service, in the order given, by the total of their minutes.

    Each has its whole quarters of an hour; what the total allows beyond goes one by one to those with the most minutes
    left over, of equals to the longer service, then to the earlier.
    """
    units = [m // UNIT for m in minutes]
    over = of_total(sum(minutes)) - sum(units)
    order = sorted(range(len(minutes)), key=lambda n: (-(minutes[n] % UNIT), -minutes[n], n))
    for n in order[: max(0, over)]:
        units[n] += 1
    return tuple(units)


def each(minutes: Sequence[int]) -> tuple[int, ...]:
    """The units of each service by its own minutes: a quarter of an hour counts from its eighth minute."""
    return tuple(of_total(m) for m in minutes)
