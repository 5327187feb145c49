from __future__ import annotations

import io
from datetime import date
from itertools import permutations, product
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm.codesets.formats import Offered, Recognised, Table
from leadterm.codesets.formats import add_on as add_on_format
from leadterm.codesets.formats import mue as mue_format
from leadterm.codesets.formats import ncci as ptp_format
from leadterm.codesets.payment.ncci import (
    AddOn,
    MedicaidPractitionerPtp,
    MuePractitioner,
    OutpatientPtp,
    PractitionerPtp,
)
from leadterm.codesets.payment.ncci.packing import code_number, number_code
from leadterm.domain import DateRange, InputError

from .made import offered, read, release, store, written

HEADER = (
    "Terms of use: an invented notice of nobody.\t\t\t\t\t\t\r\n"
    "\r\n"
    "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\r\n"
    "\t\tprior to 1996\tDate\tDate\t0=not allowed\t\r\n"
    "\t\t\t\t*=no data\t1=allowed\t\r\n"
    "\t\t\t\t\t9=not applicable\t\r\n"
)
EDITS = (
    "10021\t10022\t*\t19960101\t*\t1\tInvented reason one\r\n"
    "10021\t36000\t\t20100401\t20151231\t0\tInvented reason two\r\n"
    "10021\t36000\t\t20200101\t*\t1\tInvented reason two\r\n"
    "36000\tA4550\t\t20180701\t20180701\t9\tInvented reason one\r\n"
)
MEDICAID = (
    "Column 1\tColumn 2\tEffective\tDeletion\tModifier\tPTP Edit Rationale\n"
    "\t\tDate\tDate\t0=not allowed\t\n"
    "10021\t10022\t20200101\t*\t0\tInvented reason\n"
)
DAY = date(2026, 5, 14)
PTP = ptp_format.FORMATS[0]
MUE = mue_format.FORMATS[0]
ADD_ON = add_on_format.FORMATS[0]


def part(text: str, number: int = 1, name: str = "ccipra-v321r0-f{}.TXT") -> Offered:
    return written(name.format(number), text)


def table(*files: Offered) -> tuple[Recognised, Table]:
    return read(PTP, *files)


@pytest.fixture
def ptp(tmp_path: Path) -> PractitionerPtp:
    found, made = table(part(HEADER + EDITS))
    return PractitionerPtp(store(tmp_path, made), release(found, made))


# --- what a file is ---


@pytest.mark.parametrize(
    ("name", "component", "start", "end"),
    [
        ("ccipra-v320r0-f1.TXT", "ncci:ptp-practitioner", date(2026, 1, 1), date(2026, 3, 31)),
        ("ccipra-v323r0-f4.TXT", "ncci:ptp-practitioner", date(2026, 10, 1), date(2026, 12, 31)),
        ("ccioph-v313r1-f2.txt", "ncci:ptp-outpatient", date(2025, 10, 1), date(2025, 12, 31)),
    ],
)
def test_the_version_in_the_name_tells_the_quarter(name: str, component: str, start: date, end: date) -> None:
    found = PTP.recognise(written(name, HEADER + EDITS))
    assert found is not None
    assert (found.name, found.period) == (component, DateRange(start, end))


def test_the_name_of_the_archive_tells_as_well() -> None:
    within = "medicare-ncci-2026q2-practitioner-ptp-edits-ccipra-v321r0-f1.zip/edits.txt"
    found = PTP.recognise(written(within, HEADER + EDITS))
    assert found is not None
    assert found.period.start == date(2026, 4, 1)


def test_a_medicaid_file_is_a_component_of_its_own() -> None:
    found = PTP.recognise(written("medicaid-ncci-2026-q3-ptp-edits-practitioner-services.txt", MEDICAID))
    assert found is not None
    assert (found.name, found.period.start) == ("ncci:ptp-practitioner-medicaid", date(2026, 7, 1))


def test_edits_under_a_name_that_does_not_tell_the_setting_are_refused() -> None:
    with pytest.raises(InputError, match="setting"):
        PTP.recognise(written("edits.txt", HEADER + EDITS))


def test_a_version_of_a_fifth_quarter_is_refused() -> None:
    with pytest.raises(InputError, match="0 to 3"):
        PTP.recognise(written("ccipra-v324r0-f1.TXT", HEADER))


@pytest.mark.parametrize(
    "other",
    [
        written("readme.txt", "The modifier of column 1 and column 2 is told in the manual."),
        written("empty.TXT", ""),
        written("ccipra-v320r0-f1.pdf", b"%PDF-1.7\tcolumn 1"),
        written("table.xlsx", b"PK\x03\x04"),
    ],
)
def test_other_files_are_not_claimed(other: Offered) -> None:
    assert PTP.recognise(other) is None


# --- what is in force ---


def test_an_edit_holds_from_its_first_day(ptp: PractitionerPtp) -> None:
    assert ptp.pair("10021", "36000", date(2020, 1, 1)) is not None
    assert ptp.pair("10021", "36000", date(2019, 12, 31)) is None


def test_an_edit_holds_on_its_deletion_date_and_not_after(ptp: PractitionerPtp) -> None:
    edit = ptp.pair("10021", "36000", date(2015, 12, 31))
    assert edit is not None
    assert (edit.modifier_indicator, edit.deletion) == (0, date(2015, 12, 31))
    assert ptp.pair("10021", "36000", date(2016, 1, 1)) is None


def test_a_pair_keeps_all_its_periods(ptp: PractitionerPtp) -> None:
    assert [e.effective.year for e in ptp.periods("10021", "36000")] == [2010, 2020]


def test_an_edit_deleted_on_its_first_day_was_never_in_force(ptp: PractitionerPtp) -> None:
    assert ptp.pair("36000", "A4550", date(2018, 7, 1)) is None
    assert [e.modifier_indicator for e in ptp.periods("36000", "A4550")] == [9]


def test_an_indicator_of_9_is_no_edit_even_within_its_dates(tmp_path: Path) -> None:
    found, made = table(part(HEADER + "10021\t10022\t\t20100101\t*\t9\tInvented\r\n"))
    assert PractitionerPtp(store(tmp_path, made), release(found, made)).pair("10021", "10022", DAY) is None


def test_an_edit_says_what_the_file_says(ptp: PractitionerPtp) -> None:
    edit = ptp.pair("10021", "10022", DAY)
    assert edit is not None
    assert (edit.column1, edit.column2, edit.modifier_allowed) == ("10021", "10022", True)
    assert (edit.effective, edit.deletion, edit.before_1996) == (date(1996, 1, 1), None, True)
    assert edit.rationale == "Invented reason one"


def test_the_order_of_the_columns_counts(ptp: PractitionerPtp) -> None:
    assert ptp.pair("10022", "10021", DAY) is None
    assert ptp.either("10022", "10021", DAY) == ptp.pair("10021", "10022", DAY)


def test_a_pair_without_edit_is_none(ptp: PractitionerPtp) -> None:
    assert ptp.pair("10021", "99999", DAY) is None
    assert ptp.pair("99999", "10021", DAY) is None


def test_codes_are_taken_in_any_case(ptp: PractitionerPtp) -> None:
    assert ptp.periods("36000", "a4550") == ptp.periods("36000", "A4550")


def test_what_is_no_code_is_refused(ptp: PractitionerPtp) -> None:
    for bad in ("1002", "100211", "10 21", "1_021", "١٢٣٤٥"):
        with pytest.raises(InputError):
            ptp.pair(bad, "10021", DAY)


def test_a_code_has_the_edits_of_both_columns(ptp: PractitionerPtp) -> None:
    found = ptp.with_code("36000")
    assert [(e.column1, e.column2) for e in found] == [("36000", "A4550"), ("10021", "36000"), ("10021", "36000")]


def test_a_page_of_a_code_holds_what_is_in_force(ptp: PractitionerPtp) -> None:
    assert [e.column2 for e in ptp.with_code("10021", DAY)] == ["10022", "36000"]
    assert [e.column2 for e in ptp.with_code("10021", DAY, limit=1, offset=1)] == ["36000"]


def test_numbers_of_codes_keep_their_order() -> None:
    codes = ["00100", "0001U", "99999", "A0021", "Z9999", "ZZZZZ"]
    assert sorted(codes, key=code_number) == sorted(codes)
    assert [number_code(code_number(code)) for code in codes] == codes


# --- parts, duplicates, workbooks ---


def test_parts_are_one_table() -> None:
    _, made = table(part(HEADER + EDITS, 2), part(HEADER + "00100\t10021\t\t20200101\t*\t0\tInvented\r\n", 1))
    assert dict(made.counts) == {
        "edits": 5,
        "pairs": 4,
        "column 1 codes": 3,
        "column 2 codes": 4,
        "repeated lines": 0,
        "parts": 2,
    }


def test_a_missing_part_is_told() -> None:
    with pytest.raises(InputError, match="Part 2"):
        table(part(HEADER + EDITS, 1), part(HEADER + EDITS, 3))


def test_fewer_than_four_parts_are_not_whole(tmp_path: Path, ptp: PractitionerPtp) -> None:
    found, made = table(*(part(HEADER + EDITS, n) for n in (1, 2, 3, 4)))
    assert not ptp.whole
    assert PractitionerPtp(store(tmp_path, made, "all"), release(found, made)).whole


def test_lines_that_come_twice_are_counted_and_kept_once() -> None:
    _, made = table(part(HEADER + EDITS, 1), part(HEADER + EDITS, 2))
    assert (dict(made.counts)["edits"], dict(made.counts)["repeated lines"]) == (4, 4)


def test_the_text_is_read_where_the_workbook_of_a_part_lies_beside_it() -> None:
    broken = written("ccipra-v321r0-f1.xlsx", b"PK\x03\x04 no workbook")
    _, made = table(part(HEADER + EDITS), broken)
    assert dict(made.counts)["edits"] == 4


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def test_a_workbook_says_the_same(tmp_path: Path) -> None:
    rows: list[list[object]] = [line.split("\t") for line in HEADER.splitlines()]
    rows += [[100, 10022, "*", 19960101, "*", 1, "Invented"], ["10021", "A4550", None, "20200101", "*", 0, "Invented"]]
    found, made = table(written("ccioph-v321r0-f1.xlsx", workbook(rows)))
    face = OutpatientPtp(store(tmp_path, made), release(found, made))
    assert found.name == "ncci:ptp-outpatient"
    assert face.pair("00100", "10022", DAY) is not None
    assert face.pair("10021", "A4550", DAY) is not None


def test_the_medicaid_layout_lacks_the_third_column(tmp_path: Path) -> None:
    found, made = table(written("medicaid-ncci-2026-q3-ptp-edits-practitioner-services.txt", MEDICAID))
    edit = MedicaidPractitionerPtp(store(tmp_path, made), release(found, made)).pair("10021", "10022", DAY)
    assert edit is not None
    assert (edit.modifier_indicator, edit.before_1996) == (0, False)


# --- files that do not fit ---


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("10021\t10022\t\t20200199\t*\t1\tInvented\r\n", "date"),
        ("10021\t10022\t\t2020010\t*\t1\tInvented\r\n", "date"),
        ("10021\t10022\t\t20200101\t*\t2\tInvented\r\n", "indicator"),
        ("10021\t10022\tx\t20200101\t*\t1\tInvented\r\n", "third column"),
        ("10021\t1002\t\t20200101\t*\t1\tInvented\r\n", "five letters"),
        ("1002\t10022\t\t20200101\t*\t1\tInvented\r\n", "five letters"),
        ("10021\t10022\t\t20200101\r\n", "columns"),
        ("10021\t10022\t\t20200101\t*\t1\tInvented\tmore\r\n", "columns"),
        ("10021 10022\r\n", "columns"),
    ],
)
def test_a_line_that_does_not_fit_is_told_with_its_number(line: str, why: str) -> None:
    with pytest.raises(InputError, match=f"Line 8 of ccipra-v321r0-f1.TXT .*{why}"):
        table(part(HEADER + EDITS[: EDITS.index("\n") + 1] + line + EDITS))


def test_a_part_that_was_published_again_stands_for_the_first(tmp_path: Path) -> None:
    again = EDITS.replace("\t*\t1\tInvented reason one", "\t*\t0\tInvented reason one")
    for files in permutations((part(HEADER + EDITS), part(HEADER + again, name="ccipra-v321r1-f{}.TXT"))):
        found, made = table(*files)
        folder = tmp_path / files[0].name
        folder.mkdir()
        edit = PractitionerPtp(store(folder, made), release(found, made)).pair("10021", "10022", DAY)
        assert edit is not None
        assert edit.modifier_indicator == 0


def test_a_truncated_last_line_is_told() -> None:
    with pytest.raises(InputError, match="Line 10"):
        table(part(HEADER + EDITS[:-40]))


@pytest.mark.parametrize("text", [HEADER, HEADER.replace("Column 2", "Column two") + EDITS])
def test_a_file_without_edits_or_header_is_told(text: str) -> None:
    with pytest.raises(InputError, match="no NCCI edits"):
        PTP.read([part(text)], Recognised("ncci:ptp-practitioner", DateRange(DAY), ""))


def test_blank_lines_at_the_end_are_passed_over() -> None:
    _, made = table(part(HEADER + EDITS + "\r\n\r\n"))
    assert dict(made.counts)["edits"] == 4


def test_windows_1252_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    text = b"\xef\xbb\xbf" + (HEADER + EDITS).replace("Invented reason one", "Invented – reason").encode("cp1252")
    found, made = table(written("ccipra-v321r0-f1.TXT", text.replace(b"\r\n", b"\n")))
    edit = PractitionerPtp(store(tmp_path, made), release(found, made)).pair("10021", "10022", DAY)
    assert edit is not None
    assert edit.rationale == "Invented – reason"


def test_two_releases_differ_by_pair_and_first_day(tmp_path: Path) -> None:
    _, made = table(part(HEADER + EDITS))
    entries = dict(ptp_format.DIFFERS["ncci:ptp-practitioner"](store(tmp_path, made)))
    assert entries["10021 36000 2010-04-01"] == {
        "indicator": "0",
        "deletion": "2015-12-31",
        "rationale": "Invented reason two",
    }
    assert list(entries) == sorted(entries)
    assert len(entries) == 4


# --- medically unlikely edits ---

UNITS = (
    '"Terms of use: an invented notice,\nover two lines.",,,\n'
    '"HCPCS/\nCPT Code",Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n'
    "10021,4,3 Date of Service Edit: Clinical,Invented: Data\n"
    "A4550,0,1 Line Edit,Invented\n"
    "36000,2,2 Date of Service Edit: Policy,Invented\n"
)
UNITS_NAME = "MCR_MUE_PractitionerServices_Eff_10-01-2026.csv"


def test_the_units_of_a_code_tell_what_they_are_counted_over(tmp_path: Path) -> None:
    found, made = read(MUE, written(UNITS_NAME, UNITS))
    face = MuePractitioner(store(tmp_path, made), release(found, made))
    assert (found.name, found.period.start) == ("ncci:mue-practitioner", date(2026, 10, 1))
    edits = [face.edit(code) for code in ("10021", "a4550", "36000")]
    assert [(e.value, e.mai, e.basis) for e in edits if e] == [(4, 3, "date"), (0, 1, "line"), (2, 2, "date")]
    assert face.edit("99999") is None


@pytest.mark.parametrize(
    ("header", "name", "component"),
    [
        ("Outpatient Hospital Services MUE Values", "x-2026-10-01.csv", "ncci:mue-outpatient"),
        ("DME Supplier Services MUE Values", "x-2026-10-01.csv", "ncci:mue-dme"),
        ("Practitioner Services MUE Values", "medicaid-ncci-2026q4-mue.csv", "ncci:mue-practitioner-medicaid"),
    ],
)
def test_the_header_tells_the_setting(header: str, name: str, component: str) -> None:
    found = MUE.recognise(written(name, UNITS.replace("Practitioner Services MUE Values", header)))
    assert found is not None
    assert found.name == component


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("10021,4", "10021,four", "whole number"),
        ("10021,4", "10021,-4", "whole number"),
        ("10021,4", ",4", "five letters"),
        ("3 Date", "7 Date", "indicator"),
        ("A4550,0", "10021,9", "second value"),
    ],
)
def test_units_that_do_not_fit_are_told(old: str, new: str, why: str) -> None:
    with pytest.raises(InputError, match=f"Row \\d of {UNITS_NAME} .*{why}"):
        read(MUE, written(UNITS_NAME, UNITS.replace(old, new)))


def test_units_without_a_header_or_rows_are_told() -> None:
    whole = Recognised("ncci:mue-practitioner", DateRange(DAY), "")
    for text in ("", "a,b\n1,2\n", UNITS[: UNITS.index("10021")]):
        with pytest.raises(InputError):
            MUE.read([written(UNITS_NAME, text)], whole)


def test_the_derived_list_does_not_tell_2_from_3(shared: Path, tmp_path: Path) -> None:
    found, made = read(MUE, offered(shared / "releases/ncci/derived-mue-practitioner-2026Q2.csv"))
    face = MuePractitioner(store(tmp_path, made), release(found, made))
    assert (found.period.start, dict(made.counts)["codes"]) == (date(2026, 4, 1), 9_637)
    edit = face.edit("0009U")
    assert edit is not None
    assert (edit.value, edit.mai, edit.basis) == (2, None, "date")


# --- add-on codes ---

ADD_ONS = (
    "Terms of use: an invented notice\n"
    "AOC_Edit_Type\tAdd-On_Code\tAOC_DelDT\tPrimary_Code\tPrimary_Code_DelDT\tAOC_Edit_EffDT\tAOC_Edit_DelDT\t"
    "Special_Instruction_Notes\n"
    "1\t10036\t\t10035\t\t2016001\t\t\n"
    "1\t10036\t\t10030\t\t2016001\t2020366\t\n"
    "2\tA9999\t\tCCCCC\t\t2013091\t\tThe contractor tells\n"
    "3\t36000\t2019365\t10021\t\t2013091\t\t\n"
)
ADD_ON_NAME = "AOC_V2026Q4-MCR.txt"


def add_ons(folder: Path, text: str = ADD_ONS, name: str = ADD_ON_NAME) -> AddOn:
    found, made = read(ADD_ON, written(name, text))
    assert (found.name, found.period.start) == ("ncci:add-on", date(2026, 10, 1))
    return AddOn(store(folder, made), release(found, made))


def test_an_add_on_code_names_its_primaries(tmp_path: Path) -> None:
    face = add_ons(tmp_path)
    assert [(e.primary, e.type, e.effective) for e in face.edits("10036", DAY)] == [("10035", 1, date(2016, 1, 1))]
    assert [e.primary for e in face.edits("10036", date(2020, 12, 31))] == ["10030", "10035"]
    assert [e.add_on for e in face.add_ons("10035", DAY)] == ["10036"]
    assert face.edits("10035") == ()


def test_a_type_2_add_on_leaves_the_primary_to_the_contractor(tmp_path: Path) -> None:
    (edit,) = add_ons(tmp_path).edits("a9999", DAY)
    assert (edit.type, edit.primary, edit.note) == (2, "CCCCC", "The contractor tells")


def test_a_deleted_add_on_code_ends_its_edits(tmp_path: Path) -> None:
    (edit,) = add_ons(tmp_path).edits("36000")
    assert edit.deletion == date(2019, 12, 31)
    assert not edit.in_force(DAY)


def test_the_flat_text_says_the_same(tmp_path: Path) -> None:
    flat = (
        f"110036{'':7}10035{'':7}2016001{'':7}{'':20}\r\n"
        f"110036{'':7}10030{'':7}20160012020366\r\n"
        f"2A9999{'':7}CCCCC{'':7}2013091{'':7}The contractor tells\r\n"
        f"336000201936510021{'':7}2013091{'':7}\r\n"
    )
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    faces = add_ons(one), add_ons(other, flat, "AOC_V2026Q4-F-MCR.txt")
    for code in ("10036", "A9999", "36000"):
        assert faces[0].edits(code) == faces[1].edits(code)


def test_add_on_codes_are_counted_by_type() -> None:
    _, made = read(ADD_ON, written(ADD_ON_NAME, ADD_ONS))
    assert dict(made.counts) == {"edits": 4, "add-on codes": 3, "type 1": 2, "type 2": 1, "type 3": 1}


@pytest.mark.parametrize(
    ("old", "new"),
    [("2\tA9999", "4\tA9999"), ("2013091\t\tThe", "2013999\t\tThe"), ("\t10035\t", "\t1003\t"), ("\t10035\t", "\t\t")],
)
def test_add_on_edits_that_do_not_fit_are_told(old: str, new: str) -> None:
    with pytest.raises(InputError, match="Row"):
        read(ADD_ON, written(ADD_ON_NAME, ADD_ONS.replace(old, new)))


def test_no_format_claims_the_files_of_another() -> None:
    files = (part(HEADER + EDITS), written(UNITS_NAME, UNITS), written(ADD_ON_NAME, ADD_ONS))
    for at, one in enumerate(files):
        assert [bool(f.recognise(one)) for f in (PTP, MUE, ADD_ON)] == [n == at for n in range(3)]


# --- against a plain search through the lines ---

CODES = ("00100", "10021", "36000", "A4550")
DAYS = ("20200101", "20200630", "20210101", "20211231")
LINES = st.tuples(
    st.sampled_from(CODES),
    st.sampled_from(CODES),
    st.sampled_from(DAYS),
    st.sampled_from(("*", *DAYS)),
    st.sampled_from("019"),
)


@settings(max_examples=40)
@given(st.lists(LINES, min_size=1, max_size=30), st.dates(date(2019, 12, 1), date(2022, 2, 1)))
def test_a_pair_answers_as_a_search_through_the_lines_does(lines: list[tuple[str, ...]], on: date) -> None:
    text = HEADER + "".join(f"{a}\t{b}\t\t{start}\t{end}\t{mark}\tInvented\r\n" for a, b, start, end, mark in lines)
    found, made = table(part(text))
    with TemporaryDirectory() as folder:
        ptp = PractitionerPtp(store(Path(folder), made), release(found, made))
        day = f"{on:%Y%m%d}"
        for one, other in product(CODES, CODES):
            expected = {
                (start, end)
                for a, b, start, end, mark in lines
                if (a, b) == (one, other)
                and mark != "9"
                and start != end
                and start <= day <= end.replace("*", "99991231")
            }
            edit = ptp.pair(one, other, on)
            assert (edit is None) == (not expected)
            if edit:
                ends = f"{edit.deletion:%Y%m%d}" if edit.deletion else "*"
                assert (f"{edit.effective:%Y%m%d}", ends) in expected
                assert f"{edit.effective:%Y%m%d}" == max(start for start, _ in expected)
