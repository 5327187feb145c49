"""Whether codes fit the patient: age by the marks of the official dated lists, sex by a short table of our own.

The Medicare Code Editor's sex edit ended on 2024-09-30; what is left is a question to a person, and it is not asked
where condition code 45 or modifier KX says that the sex on file and the service differ with reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, lru_cache

from leadterm.codesets.relations.references import Reference, names_one
from leadterm.domain import DateRange, Sex
from leadterm.edits._coding import Coding, Entry, named
from leadterm.edits._findings import Check, Draft
from leadterm.edits._ranges import codes_of
from leadterm.edits._tables import read_table

AMBIGUOUS_GENDER = "45"
BODY_MASS = "Z68"
REQUIREMENTS_MET = "KX"


@cache
def _ages() -> tuple[tuple[str, range, DateRange], ...]:
    rows = read_table("codes/ages.tsv", ("mark", "youngest", "oldest", "from", "to"))
    return tuple((mark, range(int(low), int(high) + 1), _period(start, end)) for mark, low, high, start, end in rows)


@cache
def _aged() -> frozenset[str]:
    return frozenset(mark for mark, _, _ in _ages())


def _period(start: str, end: str) -> DateRange:
    return DateRange(date.fromisoformat(start), date.fromisoformat(end) if end else None)


def _age_conflict(coding: Coding) -> Iterator[Draft]:
    age, on = coding.age, coding.on
    if age is None or on is None or coding.all_marks.isdisjoint(_aged()):
        return
    for d in coding.diagnoses:
        marks = coding.marks(d)
        broken = [(mark, ages) for mark, ages, period in _ages() if mark in marks and on in period and age not in ages]
        if broken:
            mark, ages = broken[0]
            message = f"{named(d)} is kept for {mark} patients, {ages.start} to {ages.stop - 1} years, not {age}."
            yield Draft(message, (d.code,), (d.assignment.id,))


@cache
def _sizes() -> tuple[tuple[tuple[Reference, ...], range], ...]:
    rows = read_table("codes/bmi_ages.tsv", ("codes", "youngest", "oldest"))
    return tuple((codes_of(codes), range(int(low), int(high) + 1)) for codes, low, high in rows)


@lru_cache(maxsize=20_000)
def _ages_of_size(entry: Entry) -> range | None:
    return next((ages for codes, ages in _sizes() if names_one(codes, entry.bare)), None)


def _bmi_age(coding: Coding) -> Iterator[Draft]:
    measured = [d for d in coding.diagnoses if d.code.startswith(BODY_MASS)]
    if not measured or coding.age is None:
        return
    for d in measured:
        if (ages := _ages_of_size(d.entry)) and coding.age not in ages:
            message = f"{named(d)} is for patients of {ages.start} to {ages.stop - 1} years, not {coding.age}."
            yield Draft(message, (d.code,), (d.assignment.id,))


@cache
def _sexes() -> tuple[tuple[tuple[Reference, ...], Sex], ...]:
    return tuple((codes_of(codes), Sex(sex)) for codes, sex in read_table("codes/sexes.tsv", ("codes", "sex")))


@lru_cache(maxsize=20_000)
def _sex_of(entry: Entry) -> Sex | None:
    return next((sex for codes, sex in _sexes() if names_one(codes, entry.bare)), None)


def _sex_conflict(coding: Coding) -> Iterator[Draft]:
    sex = coding.encounter.patient.sex
    if sex is Sex.UNKNOWN or _permitted(coding):
        return
    for d in coding.diagnoses:
        expected = _sex_of(d.entry)
        if expected and expected is not sex:
            word = {Sex.FEMALE: "female", Sex.MALE: "male"}[expected]
            yield Draft(f"{named(d)} is of {word} organs, and the record says {sex}.", (d.code,), (d.assignment.id,))


def _permitted(coding: Coding) -> bool:
    conditions = coding.encounter.condition_codes
    return AMBIGUOUS_GENDER in conditions or REQUIREMENTS_MET in coding.modifiers


CHECKS: Mapping[str, Check[Coding]] = {
    "LEADTERM:patient/age-conflict": _age_conflict,
    "LEADTERM:patient/sex-conflict": _sex_conflict,
    "ICD10CM:tabular/bmi-age": _bmi_age,
}
