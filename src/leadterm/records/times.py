"""Points in time as HL7 writes them (`20141028122215.5-0500`, as short as a year), in C-CDA and in version 2."""

from __future__ import annotations

import re
from datetime import date, datetime

_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)?(\d\d)?(?:\.\d+)?)?(?:[+-]\d{4})?")


def moment(text: str | None) -> datetime | None:
    """The moment by the clock of the place that wrote it, which is the one that counts; midnight for a day.

    None for what is shorter than a day or is none; what lies between time zones is not asked of a chart.
    """
    found = _TIME.match((text or "").strip())
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute, min(second, 59))
    except ValueError:
        return None


def day(text: str | None) -> date | None:
    """The day of such a moment."""
    found = moment(text)
    return found.date() if found else None


def day_or_moment(text: str | None) -> date | datetime | None:
    """The moment, or a day alone where no clock time is written."""
    found = moment(text)
    return found.date() if found and len((text or "").strip()) <= len("20141028") else found
