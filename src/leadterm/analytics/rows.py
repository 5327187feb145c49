"""Coded encounters as flat rows: the columns of the two tables, and what stands in them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from datetime import date

from leadterm.codesets import CodeBook
from leadterm.domain import Code, CodedEncounter, CodeSystem, InputError

# Column → DuckDB type. The order is that of the rows and of the exported files.
ENCOUNTERS = {
    "id": "VARCHAR",
    "patient_id": "VARCHAR",
    "sex": "VARCHAR",
    "age": "INTEGER",
    "age_band": "VARCHAR",
    "setting": "VARCHAR",
    "date": "DATE",
    "month": "VARCHAR",
}
DIAGNOSES = {
    "encounter": "VARCHAR",
    "code": "VARCHAR",
    "system": "VARCHAR",
    "category": "VARCHAR",
    "grouping": "VARCHAR",
    "role": "VARCHAR",
    "sequence": "INTEGER",
    "status": "VARCHAR",
}
# The age groups of the National Center for Health Statistics, by their last year; written so that they sort.
AGE_BANDS = {
    0: "00",
    4: "01-04",
    14: "05-14",
    24: "15-24",
    34: "25-34",
    44: "35-44",
    54: "45-54",
    64: "55-64",
    74: "65-74",
    84: "75-84",
}
OLDEST_BAND = "85+"
LONGEST_ID = 1_000

Row = tuple[str | int | date | None, ...]
Grouping = Callable[[Code], str | None]


def age_band(age: int | None) -> str | None:
    """The age group of whole years (`00`, `01-04`, `05-14`, … `85+`); None of an unknown age."""
    if age is None:
        return None
    place = bisect_left(list(AGE_BANDS), age)
    return list(AGE_BANDS.values())[place] if place < len(AGE_BANDS) else OLDEST_BAND


def date_of(coded: CodedEncounter) -> date | None:
    """The day that an encounter counts for: its controlling date (discharge of a stay), else the day it was coded for.

    An encounter without a date is coded in the newest release, and that one's first day is no date of care: None.
    """
    release = (coded.releases or {}).get("icd10cm:tabular")
    coded_for = None if coded.on is None or coded.on.isoformat() == release else coded.on
    return coded.encounter.controlling_date or coded_for


def encounter_row(coded: CodedEncounter) -> Row:
    """The row of `encounters`. Raises InputError for an id that is empty or no id at all."""
    encounter, day = coded.encounter, date_of(coded)
    patient = encounter.patient
    for id, whose in ((encounter.id, "An encounter's"), (patient.id or "-", "A patient's")):
        if not 0 < len(id) <= LONGEST_ID:
            raise InputError(f"{whose} id has 1 to {LONGEST_ID} characters; one here has {len(id)}.")
    age = patient.age_on(day)
    month = None if day is None else day.isoformat()[: len("2026-05")]
    band = age_band(age)
    return (encounter.id, patient.id or None, patient.sex.value, age, band, encounter.setting.value, day, month)


def diagnosis_rows(coded: CodedEncounter, grouping: Grouping) -> Iterator[Row]:
    """The rows of `diagnoses`: what a claim would carry, in order; rejected codes left out."""
    for a in coded.diagnoses:
        category = a.code.value.partition(".")[0]
        of = (coded.encounter.id, a.code.value, a.code.system.value, category)
        yield (*of, grouping(a.code), a.role.value, a.sequence, a.status.value)


def blocks(book: CodeBook) -> Grouping:
    """The grouping by blocks of the Tabular List (`E08-E13`), remembered by category; None for the unknown."""
    known: dict[str, str | None] = {}

    def block(code: Code) -> str | None:
        if code.system is not CodeSystem.ICD10CM:
            return None
        category = code.value.partition(".")[0]
        if category not in known:
            above = (node.code for node in book.ancestors(category) if node.kind == "block")
            known[category] = next(above, None)
        return known[category]

    return block


def no_grouping(code: Code) -> str | None:
    """None, for counts that are not asked for by group: the code sets need not be opened."""
    return None
