"""What cells of a table say, in the words of the contract."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache
from typing import NamedTuple

from leadterm.records.naming import class_of, rows

_OTHER = re.compile(r"[^a-z0-9]+")
_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ]+(\d{1,2}):?(\d\d)(?::?(\d\d))?(?:\.\d+)?(?: ?(?:Z|[+-]\d\d:?\d\d))?)?"
)
# As the United States write it: the month first.
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: +(\d{1,2}):(\d\d)(?::(\d\d))?(?: ?([AaPp])[Mm])?)?")
NOON = 12


class Meaning(NamedTuple):
    """A word of the contract, and for a setting the class of the encounter."""

    word: str
    encounter_class: str | None


def plain(text: str) -> str:
    """A header or word as it is compared: without case, other characters as single blanks."""
    return _OTHER.sub(" ", text.casefold()).strip()


def meaning(of: str, text: str) -> Meaning | None:
    """What a word means; None for an unknown one. Settings may also be codes of HL7 (`IMP`, `AMB`, `I`, `E`)."""
    if found := _words().get((of, plain(text))):
        return found
    told = (class_of("act", text) or class_of("v2", text)) if of == "setting" else None
    return Meaning(told[0].value, told[1]) if told else None


def moment(text: str) -> datetime | None:
    """A day or moment as ISO or the United States write it, midnight for a day; None for what is none."""
    told = text.strip()
    if found := _ISO.fullmatch(told):
        return _made(*(int(part or 0) for part in found.groups()))
    if found := _AMERICAN.fullmatch(told):
        month, day, year, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
        half = (found[7] or "").lower()
        if half:
            hour = hour % NOON + (NOON if half == "p" else 0)
        return _made(year, month, day, hour, minute, second)
    return None


def day_or_moment(text: str) -> date | datetime | None:
    """The moment, or a day alone where no clock time is written."""
    found = moment(text)
    return found if found is None or ":" in text else found.date()


def _made(year: int, month: int, day: int, hour: int, minute: int, second: int) -> datetime | None:
    try:
        return datetime(year, month, day, hour, minute, min(second, 59))
    except ValueError:
        return None


@cache
def _words() -> dict[tuple[str, str], Meaning]:
    return {(r["of"], r["word"]): Meaning(r["meaning"], r["class"] or None) for r in rows("table/words.tsv")}


@cache
def fields() -> dict[str, str]:
    """What each known header tells."""
    return {row["header"]: row["field"] for row in rows("table/columns.tsv")}
