"""What became of the codes of charts: acceptance by method, reasons of rejection, time. Precision and recall apart.

There is no single "accuracy": precision is what of the suggestions was right (noise to clear), recall what of the final
codes was suggested.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any

from leadterm.domain import Assignment, Role, Status

from .actions import Method, RejectReason
from .log import Timeline
from .work import Work, is_entered

# A code that was replaced by another of its category was near; its replacement counts as an edited suggestion.
REPLACED = ": replaced by "


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over one chart or many.

    Attributes:
        suggested: Codes that the engine suggested, charges of the record left out.
        accepted, rejected, open: What became of them.
        replaced: Those among the rejected in whose place another code was entered.
        entered: Final codes that a person entered, by method.
        reasons: Reasons of rejection.
        seconds: Time at work, pauses left out.
        charts, finished: How many charts, and how many of them are finished.
    """

    suggested: int = 0
    accepted: int = 0
    rejected: int = 0
    open: int = 0
    replaced: int = 0
    entered: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    charts: int = 0
    finished: int = 0

    @property
    def precision(self) -> Fraction | None:
        """Accepted suggestions among the decided ones; None where none is decided."""
        decided = self.accepted + self.rejected
        return Fraction(self.accepted, decided) if decided else None

    @property
    def recall(self) -> Fraction | None:
        """Accepted suggestions among the final codes; None where there is no final code."""
        final = self.accepted + sum(self.entered.values())
        return Fraction(self.accepted, final) if final else None

    def __add__(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(
            self.suggested + other.suggested,
            self.accepted + other.accepted,
            self.rejected + other.rejected,
            self.open + other.open,
            self.replaced + other.replaced,
            Counter(self.entered) + Counter(other.entered),
            Counter(self.reasons) + Counter(other.reasons),
            self.seconds + other.seconds,
            self.charts + other.charts,
            self.finished + other.finished,
        )


def tally(timeline: Timeline) -> Tally:
    """The counts of one chart."""
    work = timeline.work
    suggestions = [a for a in work.coded.assignments if not is_entered(a) and a.role is not Role.CHARGE]
    by_status = Counter(a.status for a in suggestions)
    rejected = [a for a in suggestions if a.status is Status.REJECTED]
    return Tally(
        suggested=len(suggestions),
        accepted=by_status[Status.ACCEPTED],
        rejected=len(rejected),
        open=by_status[Status.SUGGESTED],
        replaced=sum(REPLACED in _reason(a) for a in rejected),
        entered=Counter(_method(a) for a in _entered(work)),
        reasons=Counter(_kind(_reason(a)) for a in rejected),
        seconds=timeline.seconds,
        charts=1,
        finished=int(work.finished is not None),
    )


def total(tallies: Iterable[Tally]) -> Tally:
    """All of them together."""
    return sum(tallies, Tally())


def written(value: Tally) -> dict[str, Any]:
    """The counts as JSON."""
    names = ("suggested", "accepted", "rejected", "open", "replaced", "seconds", "charts", "finished")
    return {name: getattr(value, name) for name in names} | {
        "entered": dict(value.entered),
        "reasons": dict(value.reasons),
    }


def read(value: Mapping[str, Any]) -> Tally:
    """The counts that `written` wrote; what another version counted besides is left out."""
    return Tally(**{f.name: value[f.name] for f in fields(Tally) if f.name in value})


def _entered(work: Work) -> list[Assignment]:
    standing = (a for a in work.coded.assignments if a.status is not Status.REJECTED)
    return [a for a in standing if is_entered(a) and a.role is not Role.CHARGE]


def _method(assignment: Assignment) -> str:
    return assignment.decision.method if assignment.decision else Method.SEARCH.value


def _reason(assignment: Assignment) -> str:
    return (assignment.decision.reason if assignment.decision else None) or ""


def _kind(reason: str) -> str:
    return next((r.value for r in RejectReason if reason.startswith(r.value)), RejectReason.OTHER.value)
