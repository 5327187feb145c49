from __future__ import annotations

from datetime import date

import pytest

from leadterm.codesets import CodeBook
from leadterm.codesets.releases import choose, in_force, remark
from leadterm.codesets.sources import fiscal_year, period_in_name
from leadterm.domain import DataMissing, DateRange, Release, Severity


def tabular(start: date, end: date, partial: bool = False) -> Release:
    return Release("icd10cm", "tabular", DateRange(start, end), "s", "c", (), "l", "p", partial)


FY2025 = tabular(date(2024, 10, 1), date(2025, 9, 30))
APRIL_2026 = tabular(date(2026, 4, 1), date(2026, 9, 30))


def test_within_a_release_nothing_is_said(book: CodeBook) -> None:
    found = book.in_force(date(2026, 5, 14))
    assert found.findings == ()
    assert {r.name: r.period.start for r in found.releases}["icd10cm:tabular"] == date(2026, 4, 1)


def test_without_a_date_the_newest_answers(book: CodeBook) -> None:
    found = book.in_force(None)
    assert (found.on, found.findings) == (date(2026, 4, 1), ())


def test_after_the_end_the_newest_answers_with_a_warning_that_names_what_is_missing(book: CodeBook) -> None:
    (finding,) = book.in_force(date(2026, 11, 21)).findings
    assert (finding.rule, finding.severity) == ("CODESETS:release/missing", Severity.WARNING)
    assert "fiscal year 2027" in finding.message
    assert finding.fix is not None
    assert "leadterm codes update icd10cm:tabular" in finding.fix


def test_before_the_first_the_earliest_answers_with_a_warning(book: CodeBook) -> None:
    (finding,) = book.in_force(date(2019, 3, 1)).findings
    assert finding.rule == "CODESETS:release/before-first"


def test_before_the_first_a_date_given_by_flag_is_refused(book: CodeBook) -> None:
    with pytest.raises(DataMissing, match="codes update icd10cm:tabular"):
        book.in_force(date(2019, 3, 1), given_by_flag=True)


def test_a_lookup_carries_the_warning(book: CodeBook) -> None:
    entry = book.lookup("E11.9", on=date(2026, 11, 21))
    assert entry is not None
    assert entry.valid
    assert [f.rule for f in entry.findings] == ["CODESETS:release/missing"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (None, APRIL_2026),
        (date(2025, 1, 1), FY2025),
        (date(2025, 12, 1), FY2025),
        (date(2026, 4, 1), APRIL_2026),
        (date(2020, 1, 1), FY2025),
    ],
)
def test_between_two_releases_the_earlier_answers(day: date | None, expected: Release) -> None:
    assert choose([APRIL_2026, FY2025], day) is expected


def test_between_two_releases_the_warning_is_the_same() -> None:
    (finding,) = in_force((APRIL_2026, FY2025), date(2025, 12, 1), given_by_flag=True).findings
    assert finding.rule == "CODESETS:release/missing"


def test_a_partial_release_is_never_a_fallback() -> None:
    part = tabular(date(2026, 10, 1), date(2027, 3, 31), partial=True)
    assert choose([APRIL_2026, part], date(2026, 12, 1)) is APRIL_2026


def test_without_a_tabular_list_nothing_is_in_force() -> None:
    with pytest.raises(DataMissing):
        in_force((), date(2026, 5, 1), given_by_flag=False)


def test_a_covered_day_needs_no_remark() -> None:
    assert remark(APRIL_2026, date(2026, 9, 30)) is None


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("icd10c-tabular-April-1-2026.xml", date(2026, 4, 1), date(2026, 9, 30)),
        ("icd10c-tabular-October-1-2026.xml", date(2026, 10, 1), date(2027, 3, 31)),
    ],
)
def test_a_file_name_tells_its_period(name: str, start: date, end: date) -> None:
    assert period_in_name(name) == DateRange(start, end)


def test_a_file_name_without_date_tells_nothing() -> None:
    assert period_in_name("tabular.xml") is None


@pytest.mark.parametrize(("day", "year"), [(date(2026, 9, 30), 2026), (date(2026, 10, 1), 2027)])
def test_the_fiscal_year_begins_in_october(day: date, year: int) -> None:
    assert fiscal_year(day) == year
