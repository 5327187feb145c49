"""Prevalence and incidence: who is counted, of whom, in which group; and against a second count in plain Python."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import permutations
from random import Random

import duckdb
import pytest

from leadterm.analytics import By, Mart, Measure, Question, category_named, code_named, gathered, measure, wilson
from leadterm.analytics import measures as measures_module
from leadterm.analytics.rows import DIAGNOSES, ENCOUNTERS, diagnosis_rows, encounter_row
from leadterm.domain import Code, CodedEncounter, InputError

from .notation import ask, cohort, counts, mart_of
from .recount import recount

PREVALENCE, INCIDENCE = Measure
COHORTS = 200

YEAR = """
p1 F67 2026-01-05: E11.9 I10
p1 F67 2026-02-05: E11.9
p2 M40 2026-02-10: I10
p3 F12 2026-02-11: J45.909
p4 M70 2026-03-01: E11.22 I12.9
"""


# --- prevalence ---


def test_prevalence_is_persons_with_the_code_of_persons_seen() -> None:
    with mart_of(YEAR) as mart:
        assert counts(ask(mart, PREVALENCE, "code")) == {
            ("E11.22",): (1, 4),
            ("E11.9",): (1, 4),
            ("I10",): (2, 4),
            ("I12.9",): (1, 4),
            ("J45.909",): (1, 4),
        }


def test_a_person_counts_once_however_often_seen() -> None:
    with mart_of("p1 F67 2026-01-05: I10\np1 F67 2026-01-06: I10\np1 F67 2026-01-07:") as mart:
        assert counts(ask(mart, PREVALENCE)) == {(): (1, 1)}


def test_rate_and_interval_belong_to_the_counts() -> None:
    with mart_of(YEAR) as mart:
        (row,) = ask(mart, PREVALENCE, categories=("E11",)).rows
        assert (row.cases, row.persons, row.rate, row.suppressed) == (2, 4, 0.5, False)
        assert (row.low, row.high) == wilson(2, 4)


def test_a_category_unites_its_codes() -> None:
    with mart_of(YEAR) as mart:
        assert counts(ask(mart, PREVALENCE, "category"))[("E11",)] == (2, 4)


def test_every_month_is_a_period_of_its_own() -> None:
    with mart_of(YEAR) as mart:
        assert counts(ask(mart, PREVALENCE, "month", categories=("E11",))) == {
            ("2026-01",): (1, 1),
            ("2026-02",): (1, 3),
            ("2026-03",): (1, 1),
        }


def test_a_group_without_a_case_stands_there_with_zero() -> None:
    with mart_of(YEAR) as mart:
        assert counts(ask(mart, PREVALENCE, "sex", codes=("J45.909",))) == {("F",): (1, 2), ("M",): (0, 2)}


def test_a_code_that_no_one_bears_has_a_rate_of_zero_and_is_told() -> None:
    with mart_of(YEAR) as mart:
        answer = ask(mart, PREVALENCE, codes=("Z00.00",), categories=("A00",))
        assert counts(answer) == {(): (0, 4)}
        assert "No diagnosis in the data is Z00.00, A00." in answer.notes


def test_the_period_has_both_its_days() -> None:
    with mart_of(YEAR) as mart:
        rates = ask(mart, PREVALENCE, first=date(2026, 2, 5), last=date(2026, 2, 10))
        assert counts(rates) == {(): (2, 2)}


def test_a_period_without_encounters_is_told() -> None:
    with mart_of(YEAR) as mart:
        answer = ask(mart, PREVALENCE, "code", first=date(2030, 1, 1))
        assert (answer.rows, answer.notes) == ((), ("No encounter lies in the period.",))


def test_no_data_is_an_answer_too() -> None:
    with mart_of("") as mart:
        for what in Measure:
            assert ask(mart, what, "code month sex").notes == ("No encounter lies in the period.",)


def test_columns_come_in_the_order_of_the_question_and_rows_sorted() -> None:
    with mart_of(YEAR) as mart:
        rows = ask(mart, PREVALENCE, "sex code month").rows
        assert list(rows[0].group) == [By.SEX, By.CODE, By.MONTH]
        groups = [tuple(row.group.values()) for row in rows]
        assert groups == sorted(groups)


# --- who is a person, in which group ---


def test_an_encounter_without_a_patient_is_a_person_of_its_own_and_told() -> None:
    with mart_of("- F67 2026-01-05: I10\n- F67 2026-01-06:\np1 F67 2026-01-07:") as mart:
        answer = ask(mart, PREVALENCE)
        assert counts(answer) == {(): (1, 3)}
        assert answer.notes == ("Encounters without a patient's id, each counted as a person of its own: 2.",)


def test_ids_of_patients_and_of_encounters_do_not_mix() -> None:
    with mart_of("e1=x F 2026-01-05: I10\nx=- F 2026-01-06: I10") as mart:
        assert counts(ask(mart, PREVALENCE)) == {(): (2, 2)}


def test_an_encounter_without_a_date_is_left_out_and_told() -> None:
    with mart_of("p1 F67 2026-01-05: I10\np2 F67 -: I10") as mart:
        answer = ask(mart, PREVALENCE)
        assert counts(answer) == {(): (1, 1)}
        assert answer.notes == ("Encounters without a date, left out: 1.",)


def test_other_code_systems_are_left_out_and_told() -> None:
    with mart_of("p1 F67 2026-01-05: I10 icd9cm:250.00") as mart:
        answer = ask(mart, PREVALENCE, "code")
        assert counts(answer) == {("I10",): (1, 1)}
        assert answer.notes == ("Diagnoses of other code systems than ICD-10-CM, left out: 1.",)


def test_a_person_stands_in_one_age_band_that_of_the_first_encounter() -> None:
    with mart_of("p1 F 2026-01-01:\np1 F64 2026-01-05: I10\np1 F65 2026-12-05: I10") as mart:
        assert counts(ask(mart, PREVALENCE, "age-band")) == {("55-64",): (1, 1)}
        assert counts(ask(mart, PREVALENCE, "age-band", first=date(2026, 2, 1))) == {("65-74",): (1, 1)}


def test_a_known_sex_wins_over_an_unknown_one() -> None:
    with mart_of("p1 U 2026-01-05: I10\np1 F 2026-01-06:\np2 U 2026-01-06:") as mart:
        assert counts(ask(mart, PREVALENCE, "sex")) == {("F",): (1, 1), ("U",): (0, 1)}


def test_unknown_ages_and_groups_are_named_so() -> None:
    with mart_of("p1 F 2026-01-05: I10") as mart:
        assert counts(ask(mart, PREVALENCE, "grouping age-band")) == {("unknown", "unknown"): (1, 1)}


def test_totals_add_up_their_groups() -> None:
    with mart_of(YEAR) as mart:
        answer = ask(mart, PREVALENCE, "age-band sex", categories=("E11",), totals=True)
        assert counts(answer) == {
            ("05-14", "F"): (0, 1),
            ("05-14", None): (0, 1),
            ("35-44", "M"): (0, 1),
            ("35-44", None): (0, 1),
            ("65-74", "F"): (1, 1),
            ("65-74", "M"): (1, 1),
            ("65-74", None): (2, 2),
            (None, None): (2, 4),
        }


def test_totals_nest_in_the_order_of_the_question() -> None:
    with mart_of(YEAR) as mart:
        groups = counts(ask(mart, PREVALENCE, "sex month age-band", totals=True))
        assert ("F", "2026-01", None) in groups
        assert (None, "2026-02", None) in groups
        assert not any(sex is None and band for sex, _, band in groups)
        assert all(month for _, month, _ in groups)


# --- incidence ---

HISTORY = """
p1 F67 2025-06-01: I10
p1 F67 2026-02-01: I10
p2 M40 2025-11-01: E11.9
p2 M40 2026-02-01: I10
p3 M50 2026-03-01: E11.9
"""
IN_2026 = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}


def test_incidence_is_first_occurrences_of_those_who_were_free_of_it() -> None:
    with mart_of(HISTORY) as mart:
        assert counts(ask(mart, INCIDENCE, "code", **IN_2026)) == {("E11.9",): (1, 2), ("I10",): (1, 2)}


def test_clean_days_forget_what_lies_before_them() -> None:
    with mart_of(HISTORY) as mart:
        in_time = counts(ask(mart, INCIDENCE, codes=("I10",), clean_days=214, **IN_2026))
        forgotten = counts(ask(mart, INCIDENCE, codes=("I10",), clean_days=213, **IN_2026))
        assert (in_time, forgotten) == ({(): (1, 2)}, {(): (2, 3)})


def test_by_month_each_month_has_its_own_persons_at_risk() -> None:
    with mart_of("p1 F 2026-01-05: I10\np1 F 2026-02-05: I10\np2 F 2026-02-05:\np2 F 2026-03-05: I10") as mart:
        answer = ask(mart, INCIDENCE, "month", codes=("I10",))
        assert counts(answer) == {("2026-01",): (1, 1), ("2026-02",): (0, 1), ("2026-03",): (1, 1)}


def test_where_nobody_is_at_risk_there_is_no_rate() -> None:
    with mart_of("p1 F 2026-01-05: I10\np1 F 2026-02-05: I10") as mart:
        row = ask(mart, INCIDENCE, "month").rows[1]
        assert (row.cases, row.persons, row.rate, row.low, row.high) == (0, 0, None, None, None)


def test_incidence_says_when_there_is_no_past_to_look_at() -> None:
    with mart_of(HISTORY) as mart:
        whole = ask(mart, INCIDENCE)
        short = ask(mart, INCIDENCE, clean_days=300, **IN_2026)
        enough = ask(mart, INCIDENCE, clean_days=200, **IN_2026)
    assert [note[:39] for note in whole.notes] == ["No encounter lies before the period: wh"]
    assert [note[:39] for note in short.notes] == ["The data do not reach back over all cle"]
    assert enough.notes == ()


# --- small counts ---

MANY = "\n".join(
    f"p{n} {'FM'[n % 2]}{40 if n % 3 else 70} 2026-01-05:{' I10' if n % 4 else ''}{' E11.9' if n < 5 else ''}"
    for n in range(200)
)


def test_small_counts_and_all_that_tells_them_are_not_shown() -> None:
    with mart_of(MANY) as mart:
        rows = ask(mart, PREVALENCE, "code", least=11).rows
        few, many = rows
        assert (few.cases, few.persons, few.rate, few.low, few.high, few.suppressed) == (
            None,
            200,
            None,
            None,
            None,
            True,
        )
        assert (many.cases, many.suppressed) == (150, False)


def test_suppression_is_the_same_whether_totals_are_shown_or_not() -> None:
    text = "\n".join(f"p{n} {'F' if n < 5 else 'M'} 2026-01-05:{' I10' if n < 40 else ''}" for n in range(99))
    with mart_of(text) as mart:
        without = counts(ask(mart, PREVALENCE, "sex", least=11))
        with_totals = counts(ask(mart, PREVALENCE, "sex", least=11, totals=True))
    assert without == {("F",): (None, None), ("M",): (None, None)}
    assert with_totals == {**without, (None,): (40, 99)}


def test_incidence_does_not_tell_how_few_bore_a_condition_before() -> None:
    # Of 60 seen, 3 had I10 before: 57 at risk beside the 60 of E11.9 would say so.
    past = "\n".join(f"p{n} F 2025-01-05: I10" for n in range(3))
    now = "\n".join(f"p{n} F 2026-01-05:{' I10' if n > 29 else ' E11.9' if n > 9 else ''}" for n in range(60))
    with mart_of(f"{past}\n{now}") as mart:
        answer = counts(ask(mart, INCIDENCE, "code", first=date(2026, 1, 1), least=11))
    assert answer == {("E11.9",): (20, 60), ("I10",): (None, None)}


def test_counts_in_notes_are_suppressed_too() -> None:
    with mart_of(f"{MANY}\n- F 2026-01-05:") as mart:
        (note,) = ask(mart, PREVALENCE, least=11).notes
        assert note.endswith("a person of its own: fewer than 11.")


@pytest.mark.parametrize("least", [3, 11])
def test_nothing_below_the_threshold_is_shown(least: int) -> None:
    with mart_of(MANY) as mart:
        for by in permutations(["age-band", "sex", "code"]):
            for row in ask(mart, PREVALENCE, " ".join(by), least=least, totals=True).rows:
                for shown in (row.cases, row.persons):
                    assert shown is None or shown == 0 or shown >= least
                assert (row.rate is None) == (row.cases is None or row.persons is None)


# --- what cannot be asked ---


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"by": (By.SEX, By.SEX)}, "A dimension is named twice"),
        ({"first": date(2026, 2, 1), "last": date(2026, 1, 1)}, "cannot end"),
        ({"clean_days": 10}, "Clean days are for incidence"),
        ({"measure": INCIDENCE, "clean_days": 0}, "from 1 to 36500"),
        ({"measure": INCIDENCE, "clean_days": 36_501}, "from 1 to 36500"),
        ({"least": 2}, "must be 3 or more"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        Question(**{"measure": PREVALENCE, **wrong})  # type: ignore[arg-type]


def test_codes_and_categories_are_read_as_people_write_them() -> None:
    assert (code_named("e1122"), category_named(" e11 ")) == ("E11.22", "E11")
    with pytest.raises(InputError, match="A category has 3 characters"):
        category_named("E11.9")
    with pytest.raises(InputError, match="does not have the shape"):
        code_named("'; DROP TABLE encounters")


def test_an_answer_too_large_is_refused_before_it_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures_module, "MOST_ROWS", 14)
    with mart_of(YEAR) as mart:
        assert len(ask(mart, PREVALENCE, "code sex").rows) == 10
        with pytest.raises(InputError, match="The answer would have 15 rows, more than 14: ask for fewer dimensions"):
            ask(mart, PREVALENCE, "code month")


# --- a second count ---


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as one:
        yield one


def tables(connection: duckdb.DuckDBPyConnection, coded: list[CodedEncounter]) -> Mart:
    """The tables of `gathered`, filled row by row in a connection that all cohorts share."""

    def fill(table: str, columns: dict[str, str], rows: list[tuple[object, ...]]) -> int:
        kinds = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        connection.execute(f"CREATE OR REPLACE TABLE {table} ({kinds})")
        if rows:
            places = ", ".join([f"({', '.join('?' * len(columns))})"] * len(rows))
            connection.execute(f"INSERT INTO {table} VALUES {places}", [value for row in rows for value in row])
        return len(rows)

    def block(code: Code) -> str:
        return f"{code.value[:1]}-block"

    encounters = fill("encounters", ENCOUNTERS, [encounter_row(c) for c in coded])
    diagnoses = fill("diagnoses", DIAGNOSES, [row for c in coded for row in diagnosis_rows(c, block)])
    return Mart(connection, encounters, diagnoses)


def random_cohort(draw: Random) -> list[CodedEncounter]:
    lines = []
    for _ in range(draw.randint(1, 30)):
        person = draw.choice(["-", *(f"p{n}" for n in range(draw.choice([3, 9])))])
        day = date(2026, 1, 1) + timedelta(draw.randint(0, 150))
        who = f"{draw.choice('FFMMU')}{draw.choice(['', '0', '4', '64', '65', '90'])}"
        codes = draw.sample(
            ["E11.9", "E11.22", "I10", "!J45.909", "J45.909", "I10@admitting", "icd9cm:250.00"], draw.randint(0, 4)
        )
        lines.append(f"{person} {who} {day if draw.random() < 0.95 else '-'}: {' '.join(codes)}")
    return cohort("\n".join(lines))


def random_question(draw: Random) -> Question:
    what = draw.choice(list(Measure))
    day = date(2026, 1, 1) + timedelta(draw.randint(0, 120))
    return Question(
        what,
        tuple(draw.sample(list(By), draw.randint(0, 4))),
        tuple(draw.choice([(), (), ("E11.9",), ("I10", "J45.909")])),
        tuple(draw.choice([(), (), ("E11",)])),
        draw.choice([None, day]),
        draw.choice([None, day + timedelta(draw.randint(0, 90))]),
        draw.choice([None, 20, 60]) if what is INCIDENCE else None,
    )


@pytest.mark.parametrize("part", range(4))
def test_measures_equal_a_second_count_of_random_cohorts(connection: duckdb.DuckDBPyConnection, part: int) -> None:
    for seed in range(part * COHORTS // 4, (part + 1) * COHORTS // 4):
        draw = Random(seed)
        coded, question = random_cohort(draw), random_question(draw)
        assert counts(measure(tables(connection, coded), question)) == recount(coded, question), (seed, question)


def test_the_order_of_the_encounters_is_irrelevant() -> None:
    draw = Random(7)
    coded = random_cohort(draw)
    question = Question(INCIDENCE, (By.CODE, By.MONTH, By.SEX), least=3, totals=True)
    answers = []
    for _ in range(5):
        draw.shuffle(coded)
        with gathered(coded) as mart:
            answers.append(measure(mart, question))
    assert answers == answers[:1] * 5
