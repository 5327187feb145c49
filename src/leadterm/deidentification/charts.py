"""A whole chart without its identifiers: the texts of its documents, and what of its own fields may stand."""

from __future__ import annotations

import hashlib
import hmac
from datetime import date, timedelta

from leadterm.domain import Encounter

from . import finding, known, tables
from .dating import Calendar
from .fields import Fields
from .naming import folded
from .values import LONGEST_SHIFT, Dates, Deidentified, Kind, Options, Text
from .writing import Scribe

TOOL = (
    "This is a tool, not a determination: rules miss identifiers. Review what it wrote, or have an expert determine "
    "the risk (45 CFR 164.514(b)(1)), before you share it."
)
SHIFTED = (
    "Dates are shifted by a secret number of days: that is not Safe Harbor by its letter, which keeps years alone."
)
SURROGATES = "Names and numbers were replaced by invented ones: an identifier that was missed cannot be told from them."
OTHER_RELEASE = (
    "By its shifted day the encounter lies in another half of a code year (they begin on April 1 and October 1): other "
    "releases of the code sets may be in force then, and other codes."
)
NO_DAY = "No day of the encounter is left, so that it is coded by the releases of the day on which it is coded."
NOBODY = "The record names no patient: its dates were shifted by an offset of this chart alone."
_STRICT = Options()
_PHOTOS = "Photographs and other images are not read: leave them out."


def deidentify(encounter: Encounter, options: Options = _STRICT, name: str = "chart-1") -> Deidentified:
    """The chart without the identifiers that the rules find.

    Args:
        encounter: As it was read.
        options: Dates, surrogates, key.
        name: The new id of the chart: the old one may tell who it is.
    """
    year = _year(encounter, options)
    calendar = Calendar(options.dates, year, _offset(encounter, options))
    told = known.of_encounter(encounter)
    first = {d.id: finding.by_rules(d.text, calendar) for d in encounter.documents}
    alone = {d.id: finding.settled(d.text, first[d.id]) for d in encounter.documents}
    for document in encounter.documents:  # what is named in one document is known in the others
        told = known.with_names(told, document.text, alone[document.id])
    scribe = Scribe(options, _patient(encounter))
    found = {d.id: finding.with_known(d.text, first[d.id], alone[d.id], told) for d in encounter.documents}
    texts = {d.id: scribe.write(d.text, found[d.id]) for d in encounter.documents}
    ids = {d.id: f"d{n}" for n, d in enumerate(encounter.documents, 1)}
    fields = Fields(calendar, lambda words: scribe.write(words, finding.find(words, calendar, told)).text)
    return Deidentified(fields.encounter(encounter, texts, ids, name), texts, ids, _notes(encounter, options, texts))


def _notes(encounter: Encounter, options: Options, texts: dict[str, Text]) -> tuple[str, ...]:
    notes = [TOOL]
    day = encounter.controlling_date
    if options.dates is Dates.SHIFT:
        notes.append(SHIFTED)
        notes += [NOBODY] if not _named(encounter) else []
        shifted = day - timedelta(_offset(encounter, options)) if day and day.year > 1 else day
        notes += [OTHER_RELEASE] if day and shifted and _half(day) != _half(shifted) else []
    elif day:
        notes.append(NO_DAY)
    if options.surrogates:
        notes.append(SURROGATES)
    if any(r.kind is Kind.PHOTO for text in texts.values() for r in text.replaced):
        notes.append(_PHOTOS)
    return tuple(notes)


def _half(day: date) -> tuple[int, bool]:
    """The half of a code year: from October 1, or from April 1."""
    return day.year - (day.month < 4), 4 <= day.month < 10


def _year(encounter: Encounter, options: Options) -> int:
    """The year of the chart: of its controlling date, else of the last of its documents, else of the run."""
    days: list[date] = [d for d in (encounter.controlling_date, *(x.service_time for x in encounter.documents)) if d]
    return max((d.year for d in days), default=options.year)


def _offset(encounter: Encounter, options: Options) -> int:
    """Days by which the patient's dates are shifted back: the same for each of their charts under one key."""
    if options.dates is not Dates.SHIFT:
        return 0
    drawn = hmac.digest(options.key, f"offset\0{_patient(encounter)}".encode(), hashlib.sha256)
    number = int.from_bytes(drawn[:8])
    if options.weekdays:
        return 7 * (1 + number % (LONGEST_SHIFT // 7))
    return 1 + number % LONGEST_SHIFT


def _patient(encounter: Encounter) -> str:
    """What tells the patient within the caller's own records: name and birth date, else the record's id."""
    return _named(encounter) or f"chart\0{encounter.id}"


def _named(encounter: Encounter) -> str:
    """Files of one person often bear different ids and seldom another name; empty where nobody is told."""
    p = encounter.patient
    names = "\0".join(folded(n or "") for n in (p.first_name, p.last_name))
    if p.birth_date and names.strip("\0"):
        return f"name\0{names}\0{p.birth_date}"
    if p.id:
        return f"id\0{p.id}"
    return f"name\0{names}\0" if names.strip("\0") else ""


def kinds() -> dict[Kind, tuple[str, str]]:
    """The letter and the title of each kind."""
    return dict(tables.titles())
