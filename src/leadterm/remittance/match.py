"""Which line of our claim a remitted line answers: by our own line number, else by procedure, day, modifiers, charge.

Payers leave modifiers out, split a line in two, and pay another code than the one billed. The tiers below go from what
is certain to what is likely; a line that fits none stays unmatched and is told, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from leadterm.domain import RemittedLine


class SentLine(Protocol):
    """A line of the claim that was sent, as far as matching needs it."""

    @property
    def number(self) -> int: ...  # noqa: D102
    @property
    def code(self) -> str | None: ...  # noqa: D102
    @property
    def modifiers(self) -> frozenset[str]: ...  # noqa: D102
    @property
    def charge(self) -> Decimal: ...  # noqa: D102
    @property
    def start(self) -> date: ...  # noqa: D102
    @property
    def end(self) -> date: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Match:
    """A remitted line (by its number), the sent line that it answers, and how that was seen."""

    remitted: int
    line: int
    how: str


Fits = Callable[[SentLine, RemittedLine], bool]


def _numbered(sent: SentLine, got: RemittedLine) -> bool:
    told = (got.control_number or "").lstrip("0")
    return told == str(sent.number)


def _same_code(sent: SentLine, got: RemittedLine) -> bool:
    """What was billed (SVC06) goes before what was judged (SVC01)."""
    return bool(sent.code) and sent.code == (got.submitted_code or got.code)


def _same_modifiers(sent: SentLine, got: RemittedLine) -> bool:
    told = got.submitted_modifiers if got.submitted_code else got.modifiers
    return sent.modifiers == frozenset(told)


def _same_days(sent: SentLine, got: RemittedLine) -> bool:
    """A payer that names no day names no other one; a split line names a part of the days."""
    if got.start is None:
        return True
    return sent.start <= got.start and (got.end or got.start) <= sent.end


def _exact_days(sent: SentLine, got: RemittedLine) -> bool:
    return (sent.start, sent.end) == (got.start, got.end or got.start)


def _whole(sent: SentLine, got: RemittedLine) -> bool:
    return sent.charge == abs(got.charge.amount)


# Name of the tier, and all that must hold in it.
TIERS: tuple[tuple[str, tuple[Fits, ...]], ...] = (
    ("line-number", (_numbered, _same_days)),
    ("procedure", (_same_code, _same_modifiers, _same_days, _whole)),
    ("no-modifier", (_same_code, _same_days, _whole)),
    ("split", (_same_code, _same_modifiers, _same_days)),
    ("split-no-modifier", (_same_code, _same_days)),
)


def match_lines(sent: Sequence[SentLine], remitted: Sequence[RemittedLine]) -> tuple[Match, ...]:
    """The matches of a claim's remitted lines, in their order. Lines that fit nothing are not in it.

    What is matched to a line never comes to more than its charge, except by our own line number, which the payer
    repeats. Reversed lines match like the ones that they take back. Of two sent lines that fit, the one with
    exactly the days is taken, else the first.
    """
    left = {line.number: line.charge for line in sent}
    found: dict[int, Match] = {}
    for how, conditions in TIERS:
        for got in remitted:
            if got.number in found:
                continue
            charge = abs(got.charge.amount)
            fitting = [
                line
                for line in sent
                if (left[line.number] >= charge or how == "line-number") and all(fits(line, got) for fits in conditions)
            ]
            if fitting:
                line = min(fitting, key=lambda line: not _exact_days(line, got))
                left[line.number] -= charge
                found[got.number] = Match(got.number, line.number, how)
    return tuple(found[got.number] for got in remitted if got.number in found)
