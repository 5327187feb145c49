"""What the clock of overpayments rests on, and since when: the standards in `clock.toml`, read strictly."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files

from leadterm.domain import InputError

FILE = "clock.toml"


@dataclass(frozen=True, slots=True)
class Standard:
    """The rule as it was in force from a day on.

    Attributes:
        start: Its first day. The standard of the day on which an overpayment was identified counts.
        words: Its name.
        days: From identification to the deadline.
        identified: What identified means under it.
        cite: Citations by what they are for.
        investigation: The most days from identification that an investigation of related overpayments suspends both
            deadlines; None where the standard knows no such suspension.
        lookback: Years from receipt within which an overpayment must have been identified; None without a limit.
        information: What credible information sets in motion; empty where the standard does not say.
        suspensions: What suspends the deadline for returning: the event that begins it, and its citation.
    """

    start: date
    id: str
    words: str
    days: int
    identified: str
    cite: Mapping[str, str]
    investigation: int | None = None
    lookback: int | None = None
    information: str = ""
    suspensions: Mapping[str, str] = field(default_factory=dict)


@cache
def standards() -> tuple[Standard, ...]:
    """Every standard, oldest first."""
    table = tomllib.loads((files(__package__) / FILE).read_text(encoding="utf-8"))
    return tuple(Standard(start=row.pop("from"), **row) for row in table["standards"])


def standard_on(identified: date) -> Standard:
    """The standard of a day. Raises InputError for a day before the statute."""
    held = [standard for standard in standards() if standard.start <= identified]
    if not held:
        raise InputError(f"Before {standards()[0].start} there was no clock of overpayments; check the date.")
    return held[-1]
