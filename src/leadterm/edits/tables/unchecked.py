"""The tables that a check of this claim asked for and did not find, and those that answer without being whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

from leadterm.codesets.faces import Face, brought_by
from leadterm.codesets.payment.ncci import PractitionerPtp
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Check, Draft
from leadterm.edits._ports import Book

CLAIM = "CLM"
UNCHECKED, IN_PART = "LEADTERM:unchecked/tables", "LEADTERM:unchecked/in-part"
# What is the same for many claims of a stream, and is said once.
TOLD_ONCE = frozenset({UNCHECKED, IN_PART})


def _tables(b: Billing) -> Iterator[Draft]:
    if b.missing:
        what = "; ".join(face.WHAT for face in b.missing)
        yield Draft(
            f"Not checked, because not installed: {what}.",
            fix=f"To have it checked, {brought_by(*b.missing)}.",
            location=b.at(CLAIM),
        )


def _in_part(b: Billing) -> Iterator[Draft]:
    day = b.controlling_day
    found = [(face, why) for face in b.asked if day is not None and (why := _lacks(b.book, face, day))]
    if found:
        found.sort(key=lambda each: each[0].COMPONENT)
        what = "; ".join(f"{face.WHAT} ({why})" for face, why in found)
        yield Draft(
            f"Checked in part only, by what is installed: {what}.",
            fix=f"For the whole tables of the day, {brought_by(*(face for face, _ in found))}.",
            location=b.at(CLAIM),
        )


@lru_cache(1 << 12)
def _lacks(book: Book, face: type[Face], day: date) -> str:
    """What the table that answers for a day lacks: the day, or some of its parts; empty for a whole one."""
    release, table = book.release_for(face.COMPONENT, day), book.find(face, day)
    end = release.period.end if release is not None else None
    said = [f"it ended on {end}"] if end is not None and end < day else []
    if isinstance(table, PractitionerPtp) and not table.whole:
        said.append("not all of its parts are here")
    return ", and ".join(said)


CHECKS: Mapping[str, Check[Billing]] = {UNCHECKED: _tables, IN_PART: _in_part}
