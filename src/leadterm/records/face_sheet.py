"""The head of a note: who it is about, when, and by which number, where its file says so in no other way.

Only what stands behind a label at the head, and is said there in one way, is taken; a number that is told twice
differently is none. It dates the chart, tells age and sex, and joins a note with the other records of its visit.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from itertools import pairwise

from leadterm.domain import (
    Document,
    Encounter,
    Identifier,
    IdentifierKind,
    InputError,
    Patient,
    ReadingNote,
    Sex,
)

from .naming import rows
from .withdrawn import without_withdrawn

MOST_LINES = 40
LONGEST_HEAD = 3000
LONGEST_VALUE = 40
FIRST_YEAR = 1900
CENTURY = 2000
DAYS = ("birth", "admission", "discharge", "service", "date")
STAY = ReadingNote(
    "LEADTERM:records/stay",
    "The note tells of a stay of several days, and no setting was given: it is coded as an outpatient's.",
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = (
    (re.compile(r"(\d{4})-(\d\d)-(\d\d)"), "ymd"),
    (re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d\d)(?!\d)"), "mdy"),
    (re.compile(r"([a-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.IGNORECASE), "mdy"),
    (re.compile(r"(\d{1,2})[ -]([a-z]{3})[a-z]*[ -](\d{4})", re.IGNORECASE), "dmy"),
)
_NUMBER = re.compile(r"(?=[A-Z-]*\d)[A-Z0-9][A-Z0-9-]{3,30}(?![A-Za-z0-9/.])")
_AGE = re.compile(r"(\d{1,3})(?:\b(?! ?(?:d|w|m|hour|/))|(?= ?y))", re.IGNORECASE)
_SEX = re.compile(r"(female|male|f|m)\b", re.IGNORECASE)
# Whose number or birth it is, where it is not the patient's.
_OTHERS = re.compile(
    r"(?i)\b(?:mother|father|spouse|parent|guarantor|subscriber|insured|guardian|contact|partner|baby|infant|provider"
    r"|physician|donor|maternal)(?:['’]s)?\W{0,3}$"
)
# The beginning of a line or of a cell of it, or behind a value.
_CELL = re.compile(r"(?:^|[|;,(/\t]|  )[ \t*_#>-]*$|(?:[\d.)]|\b[MFU]|\b(?:fem|m)ale) $", re.IGNORECASE)
_MARK = re.compile(r"(?i)#|n(?:o|um)")
_PARTED = re.compile(r" \| |\t")
# What may stand in another line than its label, as where a narrow column breaks.
_NEXT_LINE = frozenset(("birth", "patient", "visit", "account"))


def with_face_sheet(encounter: Encounter) -> Encounter:
    """The encounter of a mere text with what its head tells of the patient, days and numbers; its document dated.

    A stay of several days is noted, since its setting is not told. The text stays as it is; what the head tells
    contradictorily, or in no shape that is one thing, is left out.
    """
    if not encounter.documents:
        return encounter
    encounter = without_withdrawn(encounter)
    told = _told(encounter.documents[0].text)
    try:
        return _filled(encounter, told) if told else encounter
    except InputError:  # discharged before admitted, an age of 200: a slip of the pen tells nothing
        return encounter


def _filled(encounter: Encounter, told: Mapping[str, str]) -> Encounter:
    days = {field: date.fromisoformat(told[field]) for field in DAYS if field in told}
    service = days.get("service") or (None if "admission" in days else days.get("date"))
    patient = Patient(
        told.get("patient"),
        Sex(told.get("sex", Sex.UNKNOWN)),
        days.get("birth"),
        None if "birth" in days or "age" not in told else int(told["age"]),
    )
    numbers = tuple(Identifier(kind, told[kind.value]) for kind in IdentifierKind if kind.value in told)
    admission, discharge = days.get("admission"), days.get("discharge")
    return replace(
        encounter,
        patient=patient,
        date_of_service=service,
        admission=admission,
        discharge=discharge,
        identifiers=numbers,
        notes=(*encounter.notes, STAY) if admission and discharge and admission < discharge else encounter.notes,
        documents=(_dated(encounter.documents[0], service), *encounter.documents[1:]),
    )


def _dated(document: Document, service: date | None) -> Document:
    return replace(document, service_time=datetime(service.year, service.month, service.day)) if service else document


def _told(text: str) -> dict[str, str]:
    """What stands behind labels at the head, by field: what is told in one way alone."""
    lines = text[:LONGEST_HEAD].splitlines()[:MOST_LINES]
    head = "\n".join((*lines, *_of_columns(lines)))
    found: defaultdict[str, set[str]] = defaultdict(set)
    for label in _labels().finditer(head):
        row = _rows()[_plain(label["label"])]
        before = head[: label.start()].rsplit("\n", 1)[-1]
        if "\n" in label["sign"] and row["field"] not in _NEXT_LINE:
            continue
        if _stands(row["place"], before) and _announced(row["shape"], label["sign"]):
            found[row["field"]].update(_values(row, head[label.end() : label.end() + LONGEST_VALUE]))
    return {field: values.pop() for field, values in found.items() if len(values) == 1}


def _of_columns(lines: Sequence[str]) -> Iterator[str]:
    """What a row of labels says of the row below it, as lines of a label and its value."""
    for above, below in pairwise(lines):
        labels, values = _PARTED.split(above), _PARTED.split(below)
        if len(labels) == len(values) > 1:
            for label, value in zip(labels, values, strict=True):
                named = label.strip(" \t*:#").removesuffix(" No.").removesuffix(" Number")
                if _plain(named) in _rows():
                    yield f"{named} #: {value.strip()}"


def _stands(place: str, before: str) -> bool:
    """Whether a label may stand behind these words of its line."""
    return not _OTHERS.search(before) and (place == "any" or bool(_CELL.search(before)))


def _announced(shape: str, sign: str) -> bool:
    """Whether what parts a label from its value is enough: a blank is for numbers of their own and for days."""
    match shape:
        case "marked":
            return bool(_MARK.search(sign))
        case "age" | "sex":
            return any(mark in sign for mark in ":|\t")
        case _:
            return True


def _values(row: Mapping[str, str], text: str) -> Iterator[str]:
    day = _moment(text, row["field"] == "birth")
    match row["shape"]:
        case "day":
            yield from (day.isoformat(),) if day else ()
        case "age":
            yield from (found[1] for found in [_AGE.match(text)] if found)
        case "sex":
            yield from (found[1][0].upper() for found in [_SEX.match(text)] if found)
        case _:  # a number; `Visit # 03-02-2026` dates a visit and numbers none
            yield from (found[0] for found in [_NUMBER.match(text)] if found and day is None)


def _moment(text: str, of_birth: bool = False) -> date | None:
    """A day at the beginning of a text: as ISO or the United States write it, or by a month's name.

    A year of two digits is one of this century, and none of a birth.
    """
    for shape, order in _DAYS:
        if found := shape.match(text):
            year, month, day = (found[order.index(part) + 1] for part in "ymd")
            whole = len(year) > len("26")
            return _made(int(year) + (0 if whole else CENTURY), month, int(day)) if whole or not of_birth else None
    return None


def _made(year: int, month: str, day: int) -> date | None:
    named = month.lower() in _MONTHS
    number = _MONTHS.index(month.lower()) + 1 if named else int(month) if month.isdecimal() else 0
    try:
        return date(year, number, day) if year >= FIRST_YEAR else None
    except ValueError:
        return None


def _plain(label: str) -> str:
    return " ".join(label.casefold().split())


@cache
def _rows() -> dict[str, dict[str, str]]:
    return {row["label"]: row for row in rows("face_sheet.tsv")}


@cache
def _labels() -> re.Pattern[str]:
    """All labels, each with what parts it from its value: blanks, a colon, a number sign."""
    words = sorted(_rows(), key=len, reverse=True)
    named = "|".join(r"[ \t]+".join(map(re.escape, label.split())) for label in words)
    sign = (
        r"(?:[ \t]*(?:number|num\.?|no\.?))?[ \t*_]*(?:#?:(?:[ \t*_]*\n)?|#|=|(?<=[ \t])|(?=\|))[ \t*_]*(?:\|[ \t*_]*)?"
    )
    return re.compile(rf"(?i)(?<![^\W_])(?P<label>{named})(?P<sign>{sign})(?=\w)")
