"""Age and sex against the codes."""

from __future__ import annotations

import pytest

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.codesets.relations.references import names_one
from leadterm.domain import Code, CodeSystem, Finding, Severity
from leadterm.edits._ranges import codes_of
from leadterm.edits._tables import read_table

from .notation import coded

AGE, SEX = "LEADTERM:patient/age-conflict", "LEADTERM:patient/sex-conflict"


def found(text: str, rule: str, book: CodeBook) -> list[Finding]:
    return [f for f in edits.check(coded(text), book) if f.rule == rule]


@pytest.mark.parametrize(
    ("who", "code", "conflict"),
    [
        ("M0", "P59.9", False),
        ("M0", "Z38.00", False),
        ("M1", "Z38.00", True),
        ("F64", "O80", False),
        ("F65", "O80", True),
        ("F8", "O80", True),
        ("M15", "I25.10", False),
        ("M14", "I25.10", True),
        ("M2026", "I25.10", False),
    ],
)
def test_age_against_the_marks_of_the_lists(who: str, code: str, conflict: bool, book: CodeBook) -> None:
    assert bool(found(f"outpatient {who} 2026-05-14: {code}", AGE, book)) is conflict


def test_maternity_ages_are_those_of_the_day(book: CodeBook) -> None:
    assert found("outpatient F60 2019-09-30: O80", AGE, book)
    assert not found("outpatient F60 2019-10-01: O80", AGE, book)


def test_age_conflict_is_a_warning_outside_stays(book: CodeBook) -> None:
    (finding,) = found("outpatient F70 2026-05-14: O80", AGE, book)
    assert finding.severity is Severity.WARNING


def test_age_conflict_of_a_stay_is_an_error(book: CodeBook) -> None:
    stay = edits.check(coded("inpatient F70 2026-05-14: O80 Z37.0"), book)
    assert {f.severity for f in stay if "age" in f.rule} == {Severity.ERROR}


@pytest.mark.parametrize("cleared", ["cond:45", "line:76856-KX"])
def test_sex_conflict_is_cleared(cleared: str, book: CodeBook) -> None:
    assert found("outpatient M60 2026-05-14: N92.0", SEX, book)
    assert not found(f"outpatient M60 2026-05-14: N92.0 {cleared}", SEX, book)


def test_unknown_sex_conflicts_with_nothing(book: CodeBook) -> None:
    assert not found("outpatient U60 2026-05-14: N92.0 N40.1", SEX, book)


def test_sex_table_agrees_with_the_last_official_lists(book: CodeBook) -> None:
    last = edits.rule("MCE:sex-conflict").effective.end  # type: ignore[union-attr]
    assert last is not None
    rows = [(codes_of(codes), sex) for codes, sex in read_table("codes/sexes.tsv", ("codes", "sex"))]
    other = {"F": "male", "M": "female"}
    for row in book.titles():
        if not row.billable or not row.code[1].isdigit():
            continue
        marks = book.attributes(Code(CodeSystem.ICD10CM, row.code), last)
        for references, sex in rows:
            assert not (names_one(references, row.code.replace(".", "")) and other[sex] in marks), row.code


@pytest.mark.parametrize(
    ("who", "code", "conflict"),
    [
        ("F19", "Z68.35", True),
        ("F20", "Z68.35", False),
        ("F20", "Z68.1", False),
        ("M19", "Z68.54", False),
        ("M20", "Z68.54", True),
        ("M1", "Z68.52", True),
        ("M2026", "Z68.54", False),
    ],
)
def test_body_mass_index_is_for_an_age(who: str, code: str, conflict: bool, book: CodeBook) -> None:
    assert bool(found(f"outpatient {who} 2026-05-14: E66.9 {code}", "ICD10CM:tabular/bmi-age", book)) is conflict
