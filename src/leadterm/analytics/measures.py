"""Prevalence and incidence with 95 % intervals: how many persons bore a condition, of how many.

The counting is SQL (`sql/*.sql`, in the order of `STEPS`); here its counts become rates and small ones are kept back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from leadterm.domain import InputError

from ._duckdb import run
from .intervals import wilson
from .mart import Mart
from .question import By, Question
from .remarks import remarks
from .suppress import NOTHING_HIDDEN, Counts, Path, hidden, with_totals

# The SQL that comes before every measure, in this order.
STEPS = ("visits", "seen", "conditions", "occurrences", "occurring")
# One answer is held in memory whole.
MOST_ROWS = 500_000
# The columns that a measure's SQL answers with, before persons, cases and earlier bearers.
COLUMNS = (By.CODE, By.CATEGORY, By.GROUPING, By.MONTH, By.AGE_BAND, By.SEX)

Group = Mapping[By, str | None]


@dataclass(frozen=True, slots=True)
class Rate:
    """One row of an answer.

    Attributes:
        group: The value of each dimension that was asked for; None stands for all of them (a total).
        cases, persons: Who bore the condition, of whom; None where suppressed.
        rate, low, high: Their proportion and its 95 % interval; None where suppressed, or where nobody was there.
        suppressed: Whether something of this row is kept back.
    """

    group: Group
    cases: int | None
    persons: int | None
    rate: float | None = None
    low: float | None = None
    high: float | None = None
    suppressed: bool = False


@dataclass(frozen=True, slots=True)
class Rates:
    """The answer to a question: its rows, sorted by their groups with totals last, and what to know about them."""

    question: Question
    rows: tuple[Rate, ...]
    notes: tuple[str, ...]


def measure(mart: Mart, question: Question) -> Rates:
    """The rates that answer a question, with a row for every group of persons, also where no one bore the condition.

    Raises InputError where that would be more than half a million rows.
    """
    values = _parameters(mart, question)
    for step in STEPS:
        run(mart.connection, step, values)
    _refuse_too_many(mart)
    counted = run(mart.connection, question.measure, values).fetchall()
    rows = [row for group, leaves in _tables(question, counted) for row in _rows(question, group, leaves)]
    rows.sort(key=lambda row: [(value is None, value or "") for value in row.group.values()])
    return Rates(question, tuple(rows), remarks(mart, question, values))


def _parameters(mart: Mart, question: Question) -> dict[str, Any]:
    """What the SQL is told. A period without a bound ends with the data; without data it ends before it begins."""
    first, last = mart.connection.execute("SELECT min(date), max(date) FROM encounters").fetchone() or (None, None)
    return {
        "first": question.first or first,
        "last": question.last or last,
        "clean_days": question.clean_days,
        "codes": list(question.codes),
        "categories": list(question.categories),
        "filtered": bool(question.codes or question.categories),
        **{f"by_{dimension.replace('-', '_')}": dimension in question.by for dimension in By},
    }


def _refuse_too_many(mart: Mart) -> None:
    strata = "SELECT count(*) FROM (SELECT DISTINCT period, age_band, sex FROM seen)"
    ((rows,),) = mart.connection.execute(f"SELECT (SELECT count(*) FROM conditions) * ({strata})").fetchall()
    if rows > MOST_ROWS:
        raise InputError(
            f"The answer would have {rows:,} rows, more than {MOST_ROWS:,}: ask for fewer dimensions at once, or for "
            "some codes or categories."
        )


def _tables(question: Question, counted: list[tuple[Any, ...]]) -> Iterator[tuple[Group, dict[Path, Counts]]]:
    """The counts in tables that add up: one for each condition and month, its cells by age band and sex."""
    strata = question.strata
    fixed = [dimension for dimension in question.by if dimension not in strata]
    tables: dict[Path, dict[Path, Counts]] = defaultdict(dict)
    for *texts, persons, cases, earlier in counted:
        value = dict(zip(COLUMNS, texts, strict=True))
        tables[tuple(value[d] for d in fixed)][tuple(value[d] for d in strata)] = Counts(persons, cases, earlier)
    for values, leaves in tables.items():
        yield dict(zip(fixed, values, strict=True)), leaves


def _rows(question: Question, group: Group, leaves: Mapping[Path, Counts]) -> Iterator[Rate]:
    """The rows of one table; suppressed as if its totals were shown, because one more call would show them."""
    strata, cells = question.strata, with_totals(leaves)
    kept_back = hidden(cells, question.least) if question.least else NOTHING_HIDDEN
    for path, counts in cells.items():
        if question.totals or len(path) == len(strata):
            place = {**group, **dict(zip(strata, (*path, *[None] * len(strata)), strict=False))}
            ordered = {dimension: place[dimension] for dimension in question.by}
            yield _rate(ordered, counts, path in kept_back.cases, path in kept_back.persons)


def _rate(group: Group, counts: Counts, no_cases: bool, no_persons: bool) -> Rate:
    cases, persons = None if no_cases else counts.cases, None if no_persons else counts.persons
    if no_cases or no_persons:
        return Rate(group, cases, persons, suppressed=True)
    if not counts.persons:
        return Rate(group, cases, persons)
    return Rate(group, cases, persons, counts.cases / counts.persons, *wilson(counts.cases, counts.persons))
