"""What may come first, and what must."""

from __future__ import annotations

import pytest

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.domain import Severity

from .notation import coded


def rules(text: str, book: CodeBook) -> set[str]:
    return {f.rule for f in edits.check(coded(text), book)}


@pytest.mark.parametrize("code", ["G63", "E08.9", "D63.1", "H42", "M14.80", "J91.0", "R50.81"])
def test_manifestation_is_not_first(code: str, book: CodeBook) -> None:
    assert "ICD10CM:I.A.13/manifestation-first" in rules(f"outpatient M60 2026-05-14: {code} I10", book)


@pytest.mark.parametrize("code", ["B95.61", "R40.2130", "R65.20", "T45.515A", "T45.516A", "Z15.01", "Z37.0", "Z59.02"])
def test_additional_code_is_not_first(code: str, book: CodeBook) -> None:
    assert "ICD10CM:I.B.14/secondary-only" in rules(f"outpatient 2026-05-14: {code} I10", book)


def test_poisoning_may_be_first(book: CodeBook) -> None:
    assert edits.check(coded("outpatient F40 2026-05-14: T45.511A R04.0"), book) == ()


@pytest.mark.parametrize("codes", ["Z16.12 N39.0", "G63 E11.9", "B96.20 N39.0"])
def test_one_error_for_one_wrong_first_code(codes: str, book: CodeBook) -> None:
    found = edits.check(coded(f"outpatient F60 2026-05-14: {codes}"), book)
    assert [f.severity for f in found].count(Severity.ERROR) == 1


def test_named_underlying_condition_belongs_before(book: CodeBook) -> None:
    found = edits.check(coded("outpatient F60 2026-05-14: L97.412 E11.621"), book)
    (finding,) = [f for f in found if f.rule == "ICD10CM:I.A.13/code-first-named"]
    assert finding.codes == ("L97.412", "E11.621")


@pytest.mark.parametrize("codes", ["I50.32 E78.5", "A41.51 N39.0", "N18.30 I25.10"])
def test_note_for_some_patients_only_is_silent(codes: str, book: CodeBook) -> None:
    assert edits.check(coded(f"outpatient F60 2026-05-14: {codes}"), book) == ()


def test_obstetric_note_is_silent_without_obstetric_codes(book: CodeBook) -> None:
    assert edits.check(coded("outpatient M60 2026-05-14: E66.9 Z68.35"), book) == ()


def test_obstetric_note_speaks_with_an_obstetric_code(book: CodeBook) -> None:
    found = rules("outpatient F30 2026-05-14: E66.9 O99.212", book)
    assert "ICD10CM:I.A.13/code-first-named" in found


@pytest.mark.parametrize("code", ["Z01.818", "Z34.01", "Z38.00", "Z51.11", "Z76.2", "Z99.12"])
def test_first_only_code_is_questioned_when_secondary(code: str, book: CodeBook) -> None:
    assert "ICD10CM:I.C.21.c.16/first-only" in rules(f"outpatient 2026-05-14: I10 {code}", book)


@pytest.mark.parametrize("code", ["Z00.6", "Z52.9", "Z03.89", "Z79.4"])
def test_excepted_codes_may_be_secondary(code: str, book: CodeBook) -> None:
    assert "ICD10CM:I.C.21.c.16/first-only" not in rules(f"outpatient 2026-05-14: I10 {code}", book)


def test_unacceptable_principal_needs_no_discharge_date(book: CodeBook) -> None:
    assert "MCE:unacceptable-pdx" not in rules("inpatient M60: Z87.891 I10", book), "no date, no dated list"
    dated = coded("inpatient M60 2026-05-14: Z87.891 I10 editor:none")
    assert "MCE:unacceptable-pdx" in {f.rule for f in edits.check(dated, book)}


def test_unacceptable_list_is_for_facility_stays(book: CodeBook) -> None:
    assert "MCE:unacceptable-pdx" not in rules("inpatient/professional M60 2026-05-14: Z87.891 I10", book)
