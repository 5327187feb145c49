"""Codes: known, complete, in force, once, in order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.domain import Evidence, Finding, PathwayStep, Span, Status, Step

from .notation import coded


def found(text: str, rule: str, book: CodeBook) -> list[Finding]:
    return [f for f in edits.check(coded(text), book) if f.rule == rule]


def test_incomplete_code_names_its_children(book: CodeBook) -> None:
    (finding,) = found("outpatient F60 2026-05-14: I50.2", "ICD10CM:I.B.2/not-billable", book)
    assert finding.fix == "Use one of I50.20, I50.21, I50.22, I50.23, as the documentation supports."


def test_incomplete_code_with_many_children_names_the_first(book: CodeBook) -> None:
    (finding,) = found("outpatient F60 2026-05-14: S52.501", "ICD10CM:I.B.2/not-billable", book)
    assert finding.fix is not None
    assert "S52.501A, S52.501B" in finding.fix
    assert "and 8 more" in finding.fix


def test_incomplete_code_is_not_said_to_be_out_of_force_too(book: CodeBook) -> None:
    assert found("outpatient F60 2026-05-14: E11.2", "ICD10CM:release/not-in-force", book) == []


def test_code_before_its_first_day_names_that_day(book: CodeBook) -> None:
    (finding,) = found("outpatient F60 2024-09-30: E66.811", "ICD10CM:release/not-in-force", book)
    assert "its first day is 2024-10-01" in finding.message


def test_code_after_its_last_day_names_that_day(book: CodeBook) -> None:
    (finding,) = found("outpatient F60 2026-05-14: I60.20", "ICD10CM:release/not-in-force", book)
    assert "its last day was 2016-09-30" in finding.message


@pytest.mark.parametrize("text", ["outpatient F60 2016-09-30: I60.20", "outpatient F60 2021-09-30: M54.5"])
def test_code_of_an_earlier_year_is_good_in_that_year(text: str, book: CodeBook) -> None:
    assert edits.check(coded(text), book) == ()


def test_without_a_date_nothing_is_said_about_dates(book: CodeBook) -> None:
    assert found("outpatient F60: E66.811", "ICD10CM:release/not-in-force", book) == []


def test_one_remark_for_all_procedure_codes_without_a_file(book: CodeBook) -> None:
    text = "outpatient F60 2026-05-14: I10 line:99213 line:83036 line:G0439"
    (finding,) = found(text, "LEADTERM:procedures/code-set-missing", book)
    assert finding.codes == ("83036", "99213", "G0439")


def test_rejected_codes_are_not_checked(book: CodeBook) -> None:
    whole = coded("outpatient F60 2026-05-14: I10 E11.55")
    kept, rejected = whole.assignments
    words = {"evidence": (Evidence("d1", Span(0, 4), "gout"),), "pathway": (PathwayStep(Step.INDEX, "Gout"),)}
    without = replace(whole, assignments=(kept, replace(rejected, status=Status.REJECTED, **words)))
    assert edits.check(without, book) == ()


@pytest.mark.parametrize("text", ["I10 E11.9@1", "I10@2 E11.9@1", "I10 E11.9=first-listed"])
def test_broken_sequence_is_reported(text: str, book: CodeBook) -> None:
    assert found(f"outpatient F60 2026-05-14: {text}", "LEADTERM:sequence/one-first", book)


def test_gap_that_a_rejected_code_left_is_no_broken_sequence(book: CodeBook) -> None:
    assert found("outpatient F60 2026-05-14: I10 E11.9@4", "LEADTERM:sequence/one-first", book) == []


def test_encounter_without_codes_has_no_findings(book: CodeBook) -> None:
    assert edits.check(coded("outpatient F60 2026-05-14: "), book) == ()
