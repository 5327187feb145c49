"""The tables that a check of this claim asked for and did not find, and those whose days have ended before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

from leadterm.codesets.faces import Face, brought_by
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Check, Draft
from leadterm.edits._ports import Book

CLAIM = "CLM"
UNCHECKED, OUTDATED = "LEADTERM:unchecked/tables", "LEADTERM:unchecked/outdated"
# What is the same for many claims of a stream, and is said once.
TOLD_ONCE = frozenset({UNCHECKED, OUTDATED})


def _tables(b: Billing) -> Iterator[Draft]:
    if b.missing:
        what = "; ".join(face.WHAT for face in b.missing)
        yield Draft(
            f"Not checked, because not installed: {what}.",
            fix=f"To have it checked, {brought_by(*b.missing)}.",
            location=b.at(CLAIM),
        )


def _ended(b: Billing) -> Iterator[Draft]:
    day = b.controlling_day
    found = [(face, ended) for face in b.asked if day is not None and (ended := _end_before(b.book, face, day))]
    if found:
        found.sort(key=lambda each: each[0].COMPONENT)
        what = "; ".join(f"{face.WHAT} (to {ended})" for face, ended in found)
        yield Draft(
            f"Checked with tables that ended before the services: {what}.",
            fix=f"For those of the day, {brought_by(*(face for face, _ in found))}.",
            location=b.at(CLAIM),
        )


@lru_cache(1 << 12)
def _end_before(book: Book, face: type[Face], day: date) -> date | None:
    """The last day of the release that answers for a day, where that lies before it."""
    release = book.release_for(face.COMPONENT, day)
    end = release.period.end if release is not None else None
    return end if end is not None and end < day else None


CHECKS: Mapping[str, Check[Billing]] = {UNCHECKED: _tables, OUTDATED: _ended}
