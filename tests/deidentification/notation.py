"""Short ways to de-identify a text and to read what came of it."""

from __future__ import annotations

from datetime import date

from leadterm.deidentification import Calendar, Dates, Kind, Options, Text, deidentify, find
from leadterm.domain import Document, Encounter

YEAR = 2026
KEY = b"not so secret: tests"
SHIFT = Options(Dates.SHIFT, key=KEY, year=YEAR)


def done(text: str, options: Options | None = None, **rest: object) -> Text:
    """The text of a chart without a header (or with what `rest` gives it), de-identified."""
    encounter = Encounter("chart", documents=(Document("d1", text),), **rest)  # type: ignore[arg-type]
    return deidentify(encounter, options or Options(year=YEAR)).texts["d1"]


def kinds(text: str) -> list[tuple[Kind, str]]:
    """What is found in a text: kind and words."""
    return [(f.kind, text[f.start : f.end]) for f in find(text, Calendar(Dates.YEAR, YEAR))]


def shifted(text: str, days: int) -> str:
    """The text with its dates shifted by so many days, nothing else replaced."""
    out = text
    for f in reversed(find(text, Calendar(Dates.SHIFT, YEAR, days))):
        if f.kind is Kind.DATE:
            out = out[: f.start] + (f.written or "[DATE]") + out[f.end :]
    return out


def day(text: str) -> date:
    return date.fromisoformat(text)
