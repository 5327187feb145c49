"""What to know about an answer: who was left out, who counts as a person, how far back the data reach."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from .mart import Mart
from .question import Measure, Question

# SQL that counts rows → what is said of their number. Each is said where the number is not 0.
COUNTED = {
    "encounters WHERE date IS NULL": "Encounters without a date, left out: {}.",
    "encounters WHERE patient_id IS NULL AND date BETWEEN $first AND $last": (
        "Encounters without a patient's id, each counted as a person of its own: {}."
    ),
    "diagnoses WHERE system <> 'icd10cm'": "Diagnoses of other code systems than ICD-10-CM, left out: {}.",
}
NOBODY = "No encounter lies in the period."
NO_PAST = "No encounter lies before the period: what began earlier and is seen again counts as new."
SHORT_PAST = "The data do not reach back over all clean days before the period: old conditions may count as new."


def remarks(mart: Mart, question: Question, values: Mapping[str, Any]) -> tuple[str, ...]:
    """The sentences that belong to an answer; counts in them are suppressed as those of the answer."""
    said = []
    for rows, sentence in COUNTED.items():
        if count := _count(mart, rows, values):
            few = question.least is not None and count < question.least
            said.append(sentence.format(f"fewer than {question.least}" if few else f"{count:,}"))
    if not _count(mart, "seen", values):
        return (*said, NOBODY)
    if question.measure is Measure.INCIDENCE and (remark := _past(mart, question, values)):
        said.append(remark)
    absent = [code for kind in ("code", "category") for code in _absent(mart, kind, values)]
    if absent:
        said.append(f"No diagnosis in the data is {', '.join(absent)}.")
    return tuple(said)


def _absent(mart: Mart, kind: str, values: Mapping[str, Any]) -> list[str]:
    """What was asked for that no diagnosis has; `kind` is a column."""
    asked = values["codes" if kind == "code" else "categories"]
    query = f"SELECT unnest($asked::VARCHAR[]) EXCEPT SELECT {kind} FROM diagnoses ORDER BY 1"
    return [code for (code,) in mart.connection.execute(query, {"asked": asked}).fetchall()]


def _past(mart: Mart, question: Question, values: Mapping[str, Any]) -> str | None:
    first = values["first"]
    if not _count(mart, "encounters WHERE date < $first", values):
        return NO_PAST
    if question.clean_days is None:
        return None
    clean_from = first - timedelta(days=question.clean_days)
    reached = _count(mart, "encounters WHERE date <= $clean_from", {**values, "clean_from": clean_from})
    return None if reached else SHORT_PAST


def _count(mart: Mart, rows: str, values: Mapping[str, Any]) -> int:
    named = {key: value for key, value in values.items() if f"${key}" in rows}
    found = mart.connection.execute(f"SELECT count(*) FROM {rows}", named).fetchone()
    return int(found[0]) if found else 0
