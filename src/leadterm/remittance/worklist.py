"""The order in which denials are worked: what can still be saved and expires first, then what is worth most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .denials import Denial

WEEK = 7
# Urgency is told apart week by week for four weeks; beyond that, value alone decides.
URGENT_WEEKS = 4
LATER = URGENT_WEEKS
OVERDUE = URGENT_WEEKS + 1


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A denial with its urgency on a day.

    Attributes:
        days_left: To the deadline; negative once it has passed, None where no date is known.
        overdue: Whether the deadline has passed.
    """

    denial: Denial
    days_left: int | None
    overdue: bool


def worklist(denials: Iterable[Denial], on: date) -> list[WorkItem]:
    """The denials in the order to work them on that day.

    First those whose deadline falls within seven days, then within 14, 21 and 28; then all that have more time or no
    known date; last, flagged, those whose deadline has passed. Within each, the greatest amount first, then the
    earlier deadline, then the older remittance. What is past its limit comes last because only good cause can save it.
    """
    items = [_item(denial, on) for denial in denials]
    return sorted(items, key=_place)


def _item(denial: Denial, on: date) -> WorkItem:
    left = (denial.deadline - on).days if denial.deadline else None
    return WorkItem(denial, left, left is not None and left < 0)


def _place(item: WorkItem) -> tuple[int, Decimal, date, date, str]:
    denial, left = item.denial, item.days_left
    bucket = OVERDUE if item.overdue else LATER if left is None else min(left // WEEK, LATER)
    return bucket, -denial.amount.amount, denial.deadline or date.max, denial.remittance_date or date.max, denial.id
