"""Numbers and dates out of elements: exact, or an error with its place; nothing is guessed."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from .errors import X12Error
from .segment import Segment

# A decimal number of X12: digits with a point anywhere, a leading minus, no exponent, no blanks, ASCII only.
NUMBER = re.compile(r"-?(?:[0-9]{1,18}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})")
# Money has whole cents; zeros after them say nothing and are let pass.
AMOUNT = re.compile(r"-?(?:[0-9]{1,12}(?:\.[0-9]{0,2}0*)?|\.[0-9]{1,2}0*)")
DAY = re.compile(r"[0-9]{8}")


def decimal(segment: Segment, number: int) -> Decimal | None:
    """The number in element `number`; None where it is empty. Raises X12Error when it is no decimal number."""
    text = segment[number]
    if not text:
        return None
    if not NUMBER.fullmatch(text):
        raise _wrong(segment, number, "a decimal number")
    return Decimal(text)


def amount(segment: Segment, number: int) -> Decimal | None:
    """The dollars in element `number`, at most two places; None where it is empty. Raises X12Error likewise."""
    text = segment[number]
    if not text:
        return None
    if not AMOUNT.fullmatch(text):
        raise _wrong(segment, number, "an amount in dollars and cents")
    return Decimal(text)


def day(segment: Segment, number: int) -> date | None:
    """The day (CCYYMMDD) in element `number`; None where it is empty. Raises X12Error when there is no such day."""
    text = segment[number]
    if not text:
        return None
    found = _day(text)
    if found is None:
        raise _wrong(segment, number, "a day of the calendar written CCYYMMDD")
    return found


@lru_cache(maxsize=4096)  # a file has few days
def _day(text: str) -> date | None:
    if not DAY.fullmatch(text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def _wrong(segment: Segment, number: int, what: str) -> X12Error:
    place = f"segment {segment.position} at byte {segment.offset}"
    return X12Error(
        f"{segment.id}{number:02} of {place} is not {what}; ask the sender for a correct file.",
        segment.position,
        segment.offset,
    )
