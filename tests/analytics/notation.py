"""Invented coded encounters, one a line: `PERSON SEXAGE DATE: CODES`, for example

    p1 F67 2026-01-05: E11.9 I10
    -  M   -         : J45.909

A `-` stands for no patient id, and for no date; the age may be missing. `!I10` was rejected, `I10@admitting` has that
role, `icd9cm:250.00` is of that system. Encounters are numbered e1, e2, … unless `e7=p1` names one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from leadterm.analytics import By, Mart, Measure, Question, Rates, gathered, measure
from leadterm.domain import (
    Assignment,
    Code,
    CodedEncounter,
    CodeSystem,
    Encounter,
    Evidence,
    PathwayStep,
    Patient,
    Role,
    Sex,
    Span,
    Status,
    Step,
)

LINE = re.compile(r"(?:(?P<id>\w+)=)?(?P<person>\S+) +(?P<sex>[FMU])(?P<age>\d*) +(?P<on>[\d-]+) *:(?P<codes>.*)")
EVIDENCE = (Evidence("d1", Span(0, 4), "word"),)
PATHWAY = (PathwayStep(Step.LEXICON, "word"),)


def coded(line: str, default_id: str = "e1") -> CodedEncounter:
    """The coded encounter of one line."""
    found = LINE.fullmatch(line.strip())
    assert found, line
    on = None if found["on"] == "-" else date.fromisoformat(found["on"])
    person = None if found["person"] == "-" else found["person"]
    who = Patient(person, Sex(found["sex"]), age=int(found["age"]) if found["age"] else None)
    encounter = Encounter(found["id"] or default_id, date_of_service=on, patient=who)
    codes = enumerate(found["codes"].split(), 1)
    return CodedEncounter(encounter, tuple(_assignment(text, place) for place, text in codes), on=on)


def _assignment(text: str, place: int) -> Assignment:
    text, _, role = text.partition("@")
    system, _, code = text.removeprefix("!").rpartition(":")
    return Assignment(
        f"a{place}",
        Code(CodeSystem(system or "icd10cm"), code),
        None,
        Role(role) if role else Role.FIRST_LISTED if place == 1 else Role.SECONDARY,
        place,
        0.9,
        EVIDENCE,
        PATHWAY,
        status=Status.REJECTED if text.startswith("!") else Status.SUGGESTED,
    )


def cohort(text: str) -> list[CodedEncounter]:
    """The coded encounters of the lines that are not empty."""
    lines = [line for line in text.splitlines() if line.strip()]
    return [coded(line, f"e{number}") for number, line in enumerate(lines, 1)]


@contextmanager
def mart_of(text: str) -> Iterator[Mart]:
    """The tables of some lines."""
    with gathered(cohort(text)) as mart:
        yield mart


def ask(mart: Mart, what: Measure, by: str = "", **rest: object) -> Rates:
    """The answer to a question; `by` holds words with blanks between them."""
    return measure(mart, Question(what, tuple(By(word) for word in by.split()), **rest))  # type: ignore[arg-type]


def counts(rates: Rates) -> dict[tuple[str | None, ...], tuple[int | None, int | None]]:
    """Cases and persons of every row, by the values of its group."""
    return {tuple(row.group.values()): (row.cases, row.persons) for row in rates.rows}
