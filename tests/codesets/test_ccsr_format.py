from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from leadterm.codesets.formats import Format, Offered, ccsr
from leadterm.codesets.payment.ccsr import DxCategories, PrCategories, PrCategoryNames
from leadterm.domain import DateRange, InputError

from .made import offered, read, recognised_by, release, store, written

DX, PR, NAMES = ccsr.FORMATS
WORKBOOK = "releases/ccsr/DXCCSR-Reference-File-v2023-1.xlsx"
HEADER = (
    "'ICD-10-CM CODE','ICD-10-CM CODE DESCRIPTION','Default CCSR CATEGORY IP','Default CCSR CATEGORY DESCRIPTION IP',"
    "'Default CCSR CATEGORY OP','Default CCSR CATEGORY DESCRIPTION OP',"
    + ",".join(f"'CCSR CATEGORY {n}','CCSR CATEGORY {n} DESCRIPTION'" for n in range(1, 7))
    + ",'Rationale for Default Assignment'\r\n"
)
BLANKS = ",' ',' '"
ROWS = (
    "'A000',\"Cholera, invented words\",'DIG001','Intestinal infection','DIG001','Intestinal infection',"
    f"'DIG001','Intestinal infection','INF003','Bacterial infections'{BLANKS * 4},'06 Infections'\r\n"
    "'Z993','Words',XXX000,'Not principal','FAC025','Other status','FAC025','Other status'" + BLANKS * 5 + ",''\r\n"
)
PROCEDURES = (
    "'ICD-10-PCS','ICD-10-PCS DESCRIPTION','PRCCSR','PRCCSR DESCRIPTION','CLINICAL DOMAIN'\r\n"
    "'0016070',\"Invented, words\",'CNS010','Invented category','Central Nervous System Procedures'\r\n"
    "'0016071','Words','CNS010','Invented category','Central Nervous System Procedures'\r\n"
)


def text(rows: str = ROWS, name: str = "DXCCSR_v2026-1.CSV") -> Offered:
    return written(name, HEADER + rows)


@pytest.fixture(scope="module")
def sheet(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> DxCategories:
    found, made = read(DX, offered(shared / WORKBOOK))
    return DxCategories(store(tmp_path_factory.mktemp("ccsr"), made), release(found, made))


@pytest.fixture
def made_up(tmp_path: Path) -> DxCategories:
    found, made = read(DX, text())
    return DxCategories(store(tmp_path, made), release(found, made))


# --- the workbook ---


def test_every_assignment_of_the_workbook_is_read(shared: Path) -> None:
    rows = CalamineWorkbook.from_path(shared / WORKBOOK).get_sheet_by_name("DX_to_CCSR_Mapping").to_python()[2:]
    by_code = defaultdict(list)
    for row in rows:
        by_code[row[0]].append(row)
    found, made = read(DX, offered(shared / WORKBOOK))
    assert (found.name, found.period) == ("ccsr:dx", DateRange(date(2022, 10, 1), date(2023, 9, 30)))
    assert dict(made.counts) == {
        "codes": len(by_code),
        "categories": len({row[2] for row in rows}),
        "assignments": len(rows),
        "not principal": sum(all(row[4] == "X" for row in group) for group in by_code.values()),
    }


def test_a_diagnosis_has_its_categories_and_defaults(sheet: DxCategories) -> None:
    found = sheet.of("A00.0")
    assert [c.category for c in found.categories] == ["DIG001", "INF003"]
    assert found.inpatient == found.outpatient == sheet.category("DIG001")
    assert found.categories[0].name == "Intestinal infection"


def test_a_code_that_may_not_be_principal_has_no_inpatient_default(sheet: DxCategories) -> None:
    found = sheet.of("Z99.3")
    assert found.mapped
    assert found.inpatient is None
    assert found.outpatient is not None


def test_a_code_that_is_newer_than_the_version_is_reported(sheet: DxCategories) -> None:
    assert not sheet.of("E11.A").mapped  # new in fiscal year 2025
    assert sheet.unmapped(["E11.22", "E11.A", "I10"]) == ("E11.A",)


# --- the text ---


def test_the_text_says_the_same_between_apostrophes(made_up: DxCategories) -> None:
    found = made_up.of("a000")
    assert [c.category for c in found.categories] == ["DIG001", "INF003"]
    assert (found.inpatient, found.outpatient) == (made_up.category("DIG001"), made_up.category("DIG001"))
    unacceptable = made_up.of("Z99.3")
    assert (unacceptable.inpatient, unacceptable.outpatient) == (None, made_up.category("FAC025"))


def test_a_version_is_of_its_fiscal_year_and_the_last_of_a_year_is_read() -> None:
    first, second = DX.recognise(text()), DX.recognise(text(name="DXCCSR_v2026-2.CSV"))
    assert first is not None
    assert second is not None
    assert first.period == second.period == DateRange(date(2025, 10, 1), date(2026, 9, 30))
    assert second.rank < first.rank


def test_a_file_without_its_version_is_refused() -> None:
    with pytest.raises(InputError, match="version"):
        DX.recognise(text(name="mapping.csv"))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("'A000'", "'A0'", "no ICD-10-CM code"),
        ("'DIG001','Intestinal infection','INF003'", "'DIG1','Intestinal infection','INF003'", "three digits"),
        (",'06 Infections'", "", "as many cells"),
        ("'Z993'", "'A000'", "second time"),
        ("'INF003'", "'DIG001'", "one to six"),
    ],
)
def test_a_row_that_does_not_fit_is_told(old: str, new: str, why: str) -> None:
    with pytest.raises(InputError, match=f"Row [23] of DXCCSR_v2026-1.CSV .*{why}"):
        read(DX, text(ROWS.replace(old, new)))


def test_a_text_without_rows_or_a_column_is_told() -> None:
    with pytest.raises(InputError, match="no diagnosis"):
        read(DX, text(""))
    with pytest.raises(InputError, match="lacks a column"):
        read(DX, written("DXCCSR_v2026-1.CSV", HEADER.replace("'CCSR CATEGORY 6'", "'other'") + ROWS))


def test_a_workbook_of_another_kind_is_told() -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read(DX, written("DXCCSR-Reference-File-v2023-1.xlsx", b"PK\x03\x04 no workbook"))


# --- procedures ---


def test_a_procedure_has_one_category(tmp_path: Path) -> None:
    found, made = read(PR, written("PRCCSR_v2026-1.CSV", PROCEDURES))
    face = PrCategories(store(tmp_path, made), release(found, made))
    category = face.of("0016070")
    assert category is not None
    assert (category.category, category.domain) == ("CNS010", "Central Nervous System Procedures")
    assert face.of("0016072") is None
    assert dict(made.counts) == {"codes": 2, "categories": 1}


@pytest.mark.parametrize(
    ("old", "new"), [("'0016071'", "'001607'"), ("'0016071','Words','CNS010'", "'0016070','W','CNS011'")]
)
def test_a_procedure_that_does_not_fit_is_told(old: str, new: str) -> None:
    with pytest.raises(InputError, match="Row 3"):
        read(PR, written("PRCCSR_v2026-1.CSV", PROCEDURES.replace(old, new)))


def test_names_of_categories_are_read_without_codes(shared: Path, tmp_path: Path) -> None:
    found, made = read(NAMES, offered(shared / "releases/ccsr/CCSR_PR_categories.csv"))
    face = PrCategoryNames(store(tmp_path, made), release(found, made))
    assert dict(made.counts) == {"categories": 327}
    category = face.category("ADM002")
    assert category is not None
    assert (category.name, category.domain) == ("Transfusion of plasma", "Administration of Therapeutic Substances")


@pytest.mark.parametrize("form", ccsr.FORMATS)
def test_other_files_are_not_claimed(form: Format) -> None:
    for one in (written("DXCCSR-notes.txt", "v2026-1"), written("a.csv", ""), written("b.xlsx", b"PK\x03\x04")):
        assert form.recognise(one) is None


def test_a_file_is_claimed_by_one_format() -> None:
    assert recognised_by(ccsr.FORMATS, text()) == ["ccsr:dx"]
    assert recognised_by(ccsr.FORMATS, written("PRCCSR_v2026-1.CSV", PROCEDURES)) == ["ccsr:pr"]


def test_releases_differ_by_code(tmp_path: Path) -> None:
    _, made = read(DX, text())
    entries = dict(ccsr.DIFFERS["ccsr:dx"](store(tmp_path, made)))
    assert entries["A00.0"] == {"categories": "DIG001 INF003", "inpatient": "DIG001", "outpatient": "DIG001"}
