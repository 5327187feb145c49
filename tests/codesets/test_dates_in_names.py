from __future__ import annotations

from datetime import date

import pytest

from leadterm.codesets.formats import Offered
from leadterm.codesets.formats._dates import calendar, fiscal
from leadterm.domain import InputError


def named(path: str, *around: str) -> Offered:
    return Offered(path, b"", lambda: b"", around)


@pytest.mark.parametrize(
    ("path", "start"),
    [
        ("icd10cm_tabular_2026.xml", date(2025, 10, 1)),
        ("icd10cm-drug-April-1-2026-XML.xml", date(2026, 4, 1)),
        ("2025-04/icd-10-cm-drug-2025.xml", date(2025, 4, 1)),
        ("april-1-2026-code-tables.zip/Table and Index/icd10cm_index_2026.xml", date(2026, 4, 1)),
        ("2027-code-tables-tabular-index-updated-07-01-2026.zip/icd10cm_index_2027.xml", date(2026, 10, 1)),
        ("2025-order/icd10cm_order_2025.txt", date(2024, 10, 1)),
        ("2023/icd10pcs_tables_2023.xml", date(2022, 10, 1)),
        ("POAexemptCodesFY26.txt", date(2025, 10, 1)),
    ],
)
def test_files_of_icd_10_hold_from_october_or_from_the_april_update(path: str, start: date) -> None:
    assert fiscal(named(path)).start == start


def test_what_the_content_says_of_its_year_comes_first() -> None:
    assert fiscal(named("downloads/drug.xml"), 2025).start == date(2024, 10, 1)
    assert fiscal(named("2025-04/drug.xml"), 2025).start == date(2025, 4, 1)
    with pytest.raises(InputError, match="contradicts"):
        fiscal(named("icd10cm_drug_2024.xml"), 2025)


def test_a_folder_of_another_year_does_not_date_a_file() -> None:
    assert fiscal(named("2026-04/icd10cm_drug_2023.xml"), 2023).start == date(2022, 10, 1)


def test_a_fiscal_release_ends_on_the_eve_of_the_next_update() -> None:
    assert fiscal(named("icd10cm_order_2026.txt")).end == date(2026, 3, 31)
    assert fiscal(named("code-list-April-2026.txt")).end == date(2026, 9, 30)


@pytest.mark.parametrize(
    ("path", "start", "end"),
    [
        ("HCPC2025_OCT_ANWEB.csv", date(2025, 10, 1), date(2025, 12, 31)),
        ("2020-07/anweb.xlsx", date(2020, 7, 1), date(2020, 9, 30)),
        ("MCR_MUE_PractitionerServices_Eff_10-01-2026.csv", date(2026, 10, 1), date(2026, 12, 31)),
        ("medicare-ncci-2026q2-practitioner.txt", date(2026, 4, 1), date(2026, 6, 30)),
        ("rvu25d/GPCI.csv", date(2025, 10, 1), date(2025, 12, 31)),
        ("PPRRVU2025_Oct.csv", date(2025, 10, 1), date(2025, 12, 31)),
        ("rvu25d/ANES2025.csv", date(2025, 10, 1), date(2025, 12, 31)),
        ("2019-Alpha-Numeric-HCPCS-File.zip/HCPC2019.txt", date(2019, 1, 1), date(2019, 3, 31)),
    ],
)
def test_quarterly_files_follow_the_calendar(path: str, start: date, end: date) -> None:
    found = calendar(named(path))
    assert (found.start, found.end) == (start, end)


@pytest.mark.parametrize("period", [fiscal, calendar])
def test_a_file_without_any_date_is_refused_with_what_to_do(period: object) -> None:
    with pytest.raises(InputError, match="into its name"):
        period(named("codes.txt"))  # type: ignore[operator]


def test_the_folders_above_what_was_handed_over_count_too() -> None:
    assert calendar(named("anweb.xlsx", "2020-10", "hcpcs")).start == date(2020, 10, 1)


@pytest.mark.parametrize("path", ["icd10cm_2026-13.xml", "icd10cm-february-31-2026.xml"])
def test_a_day_that_does_not_exist_is_no_day(path: str) -> None:
    try:
        found = fiscal(named(path))
    except InputError:
        return
    assert found.start.year in (2025, 2026)


@pytest.mark.parametrize(
    ("path", "start"),
    [
        ("medicaid-ncci-q4-2026-practitioner-services-mue-edits.csv", date(2026, 10, 1)),
        ("2q2026-ptp-edits.txt", date(2026, 4, 1)),
        ("ncci_3rd_quarter_2026.csv", date(2026, 7, 1)),
        ("mue-2026q3-of-2025.csv", date(2026, 7, 1)),
        ("faq4-2026.csv", date(2026, 1, 1)),
    ],
)
def test_a_quarter_may_stand_before_its_year(path: str, start: date) -> None:
    assert calendar(named(path)).start == start
