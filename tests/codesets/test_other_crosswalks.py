"""Conversion tables, ICD-9-CM titles, WHO's ICD-10 and ICD-11, the Disease Ontology, and maps that a user brings."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from leadterm.codesets import CodeBook
from leadterm.codesets.crosswalks.doid import DiseaseOntology
from leadterm.codesets.crosswalks.gems import ConversionTable, Icd9ProcedureTitles, Icd9Titles, PcsConversionTable
from leadterm.codesets.crosswalks.mapped import Translation
from leadterm.codesets.crosswalks.own_map import read_own_map
from leadterm.codesets.crosswalks.translation import translate
from leadterm.codesets.crosswalks.who import Icd10Who, Icd11Who
from leadterm.codesets.formats import Format, Offered, conversion, doid, icd9, who
from leadterm.domain import CodeSystem, InputError

from .crosswalk_book import book_with
from .made import offered, read, release, store, written

CONVERSION, NINE, WHO, DOID = conversion.FORMATS[0], icd9.FORMATS[0], who.FORMATS[0], doid.FORMATS[0]
ICD9, ICD10CM, PCS = CodeSystem.ICD9CM, CodeSystem.ICD10CM, CodeSystem.ICD10PCS
ICD10, ICD11 = CodeSystem.ICD10, CodeSystem.ICD11


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def counts(form: Format, *files: Offered) -> dict[str, int]:
    return dict(read(form, *files)[1].counts)


# --- conversion tables ---

COLUMNS = ["Current code assignment", "Effective", "Previous Code(s) Assignment"]
LINES = [
    ["I48.11", "2019", "I48.1"],
    ["I48.19", "2019", "I48.1"],
    ["E66.813", "2024", "E66.01, E66.8"],
    ["M97.01XA", "2016", "T84.040A"],
    ["H02.151", "", "H02.101-H02.106; H02.109"],
    ["U07.1", "4/1/2020", "None"],
    ["Z79.85", "2022", "Codes of several categories"],
]


def table(folder: Path, file: Offered, face: type[ConversionTable] = ConversionTable) -> ConversionTable:
    found, made = read(CONVERSION, file)
    assert found.name == face.COMPONENT
    return face(store(folder, made, file.name), release(found, made))


def as_csv(lines: list[list[str]], header: list[str] = COLUMNS) -> str:
    quoted = [",".join(f'"{c}"' if "," in c else c for c in row) for row in [header, *lines]]
    return "\r\n".join(["ICD-10-CM Conversion Table FY 2026", *quoted, ""])


def as_tabs(lines: list[list[str]]) -> str:
    return "\n".join("\t".join(row) for row in [["A title"], COLUMNS, *lines])


def as_columns(lines: list[list[str]]) -> str:
    filled = [[c or "2016" for c in row] for row in lines]
    return "\n".join(f"{a:<28}{b:<14}{c}" for a, b, c in [COLUMNS, *filled])


def as_sheet(lines: list[list[str]]) -> bytes:
    typed: list[list[object]] = [[a, int(b) if b.isdecimal() else b, c] for a, b, c in lines]
    return workbook([["ICD-10-CM Conversion Table"], list(COLUMNS), *typed])


@pytest.fixture(scope="module")
def converted(book: CodeBook, tmp_path_factory: pytest.TempPathFactory) -> CodeBook:
    folder = tmp_path_factory.mktemp("book") / "codesets"
    return book_with(book, folder, (CONVERSION, [written("conversion_2026.csv", as_csv(LINES))]))


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("conversion_2026.csv", as_csv),
        ("conversion_2026.txt", as_tabs),
        ("conversion_2026.txt", as_columns),
        ("conversion-table-2026.xlsx", as_sheet),
    ],
)
def test_a_conversion_table_is_read_in_each_of_its_forms(
    tmp_path: Path, name: str, form: Callable[[list[list[str]]], str | bytes]
) -> None:
    made = table(tmp_path, written(name, form(LINES)))
    assert dict(made.release.counts)["rows"] == len(LINES)
    assert [(c.current, c.effective) for c in made.after("I48.1")] == [
        ("I48.11", date(2019, 10, 1)),
        ("I48.19", date(2019, 10, 1)),
    ]
    assert [c.previous for c in made.before("E66.813")] == ["E66.01", "E66.8"]


def test_ranges_are_spelt_out(tmp_path: Path) -> None:
    made = table(tmp_path, written("conversion_2026.csv", as_csv(LINES)))
    assert [c.previous for c in made.before("H02.151")] == [f"H02.10{n}" for n in (1, 2, 3, 4, 5, 6, 9)]
    assert made.before("H02.151")[0].effective is None


def test_ranges_may_differ_before_the_last_character(tmp_path: Path) -> None:
    made = table(tmp_path, written("conversion_2026.csv", as_csv([["M97.01XA", "2016", "T84.048A-T84.051A"]])))
    assert [c.previous for c in made.before("M97.01XA")] == ["T84.048A", "T84.049A", "T84.050A", "T84.051A"]


@pytest.mark.parametrize("cell", ["A01-C09 and more", "T84.049A-T84.040A", "F12.92-", "S00-S99.9", "see the index"])
def test_what_only_a_person_can_read_is_kept_in_its_words(tmp_path: Path, cell: str) -> None:
    (line,) = table(tmp_path, written("conversion_2026.csv", as_csv([["I48.11", "2019", cell]]))).before("I48.11")
    assert (line.previous, line.words) == (None, cell)


def test_what_was_read_is_counted() -> None:
    assert counts(CONVERSION, written("conversion_2026.csv", as_csv([*LINES, ["I48.11", "2019", "I48.1"]]))) == {
        "rows": 8,
        "pairs": 12,
        "none": 1,
        "in_words": 1,
        "undated": 1,
        "repeated": 1,
        "remarks": 0,
    }


def test_remarks_below_a_table_are_counted_and_an_empty_column_stays_empty(tmp_path: Path) -> None:
    text = f"{COLUMNS[0]}   {COLUMNS[1]}   {COLUMNS[2]}\nH02.151         H02.101\nNote: invented\n"
    made = table(tmp_path, written("conversion_2026.txt", text))
    assert [(c.previous, c.effective) for c in made.before("H02.151")] == [("H02.101", None)]
    assert dict(made.release.counts)["remarks"] == 1


@pytest.mark.parametrize(
    ("written_day", "day"),
    [
        ("2024", date(2024, 10, 1)),
        (2024.0, date(2024, 10, 1)),
        (45017, date(2023, 4, 1)),
        ("45017", date(2023, 4, 1)),
        (datetime(2023, 4, 1), date(2023, 4, 1)),
        ("04/01/23", date(2023, 4, 1)),
        ("04/01/2023", date(2023, 4, 1)),
        ("2023-04-01", date(2023, 4, 1)),
        ("April 1, 2023", date(2023, 4, 1)),
    ],
)
def test_the_effective_day_is_read_however_it_is_written(tmp_path: Path, written_day: object, day: date) -> None:
    file = written("conversion_2026.xlsx", workbook([list(COLUMNS), ["I48.11", written_day, "I48.1"]]))
    assert table(tmp_path, file).before("I48.11")[0].effective == day


PCS_HEADER = (
    "Current code(s) assignment\tCode title\tEffective year\tPrevious code(s) assignment\tPredecessor code title\t"
    "Change type\tComment\tEffective month/day [MM.DD]\n"
)
PCS_LINES = (
    "0FT44ZZ\tInvented\t2023\t0FT40ZZ\tInvented before\trevised\t\t04.01\n"
    "02703Z6\tInvented\t2016\tNoPCS\t\tnew\t\t10.01\n"
    "NoPCS\t\t2017\t0WQ6XZ2\tInvented\tdeleted\t\t10.01\n"
)


def test_the_table_of_procedures_has_the_day_in_two_columns(tmp_path: Path) -> None:
    made = table(tmp_path, written("icd10pcs_conversion_2026.txt", PCS_HEADER + PCS_LINES), PcsConversionTable)
    (line,) = made.before("0FT44ZZ")
    assert (line.previous, line.effective) == ("0FT40ZZ", date(2023, 4, 1))
    assert made.before("02703Z6")[0].previous is None
    assert dict(made.release.counts)["rows"] == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (as_csv([["I48", "2019", "I48.1"], ["cholera", "2019", "A00"]]), "line 4: the current code is no code"),
        (as_csv([["I48.11", "last year", "I48.1"]]), "line 3: the effective date"),
        (as_csv([["I48.11", "13/40/2020", "I48.1"]]), "line 3: the effective date"),
        (as_csv([]), "holds no code"),
    ],
)
def test_a_bad_conversion_table_is_refused_with_the_line(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(CONVERSION, written("conversion_2026.csv", text))


def test_a_workbook_that_names_no_columns_is_refused() -> None:
    with pytest.raises(InputError, match="no row that names its columns"):
        read(CONVERSION, written("conversion_2026.xlsx", workbook([["I48.11", 2019, "I48.1"]])))


def test_a_truncated_workbook_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read(CONVERSION, written("conversion_2026.xlsx", as_sheet(LINES)[:2000]))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I48.11,2019,I48.1\n",
        "Current code,Title\nI48.11,x\n",
        "Each line has the current code assignment, when it became effective, and the previous code(s) assignment.\n",
    ],
)
def test_no_conversion_table_is_left_to_others(text: str) -> None:
    assert CONVERSION.recognise(written("codes_2026.csv", text)) is None


def test_conversion_tables_are_compared_code_by_code(tmp_path: Path) -> None:
    _, made = read(CONVERSION, written("conversion_2026.csv", as_csv(LINES)))
    found = dict(conversion.DIFFERS["icd10cm:conversion"](store(tmp_path, made)))
    assert found["E66.813"] == {"previous": "E66.01 (2024-10-01)\nE66.8 (2024-10-01)"}
    assert found["U07.1"] == {"previous": "none (2020-04-01)"}


# --- from year to year ---


def lines(found: Translation) -> list[tuple[str | None, str]]:
    return [(m.target, m.origin.split()[0]) for m in found.maps]


def test_a_code_is_translated_to_those_of_a_later_day(converted: CodeBook) -> None:
    found = translate(converted, "I48.1", ICD10CM, ICD10CM, on=date(2024, 5, 1))
    assert lines(found) == [("I48.11", "icd10cm:conversion"), ("I48.19", "icd10cm:conversion")]
    assert all(m.valid for m in found.maps)


def test_before_its_successors_a_code_is_itself(converted: CodeBook) -> None:
    found = translate(converted, "I48.1", ICD10CM, ICD10CM, on=date(2018, 5, 1))
    assert lines(found) == [("I48.1", "icd10cm:validity")]
    assert found.maps[0].approximate is False


def test_a_code_that_stays_is_given_before_those_that_were_split_from_it(converted: CodeBook) -> None:
    found = translate(converted, "E66.01", ICD10CM, ICD10CM, on=date(2025, 5, 1))
    assert lines(found) == [("E66.01", "icd10cm:validity"), ("E66.813", "icd10cm:conversion")]


def test_a_newer_code_is_translated_to_that_of_an_earlier_day(converted: CodeBook) -> None:
    found = translate(converted, "I48.11", ICD10CM, ICD10CM, on=date(2018, 5, 1))
    assert lines(found) == [("I48.1", "icd10cm:conversion")]
    assert found.maps[0].valid is True


def test_assignments_of_before_the_day_are_not_gone_back(book: CodeBook, tmp_path: Path) -> None:
    file = written("conversion_2026.csv", as_csv([["I48.11", "2019", "I48.1"], ["I48.11", "2016", "I48.2"]]))
    two_lines = book_with(book, tmp_path / "codesets", (CONVERSION, [file]))
    found = translate(two_lines, "I48.11", ICD10CM, ICD10CM, on=date(2018, 5, 1))
    assert lines(found) == [("I48.1", "icd10cm:conversion")]


def test_going_back_gives_what_was_assigned_before(converted: CodeBook) -> None:
    found = translate(converted, "I48.11", ICD10CM, ICD10CM, backward=True)
    assert (lines(found), found.maps[0].valid) == ([("I48.1", "icd10cm:conversion")], None)


def test_what_the_table_says_in_words_is_passed_on(converted: CodeBook) -> None:
    found = translate(converted, "Z79.85", ICD10CM, ICD10CM, on=date(2020, 5, 1))
    assert (found.found, [f.rule for f in found.findings]) == (False, ["CODESETS:map/words"])
    assert "Codes of several categories" in found.findings[0].message


def test_without_a_table_the_tabular_list_tells_what_a_code_was_divided_into(book: CodeBook) -> None:
    found = translate(book, "I48.1", ICD10CM, ICD10CM)
    assert lines(found) == [("I48.11", "icd10cm:tabular"), ("I48.19", "icd10cm:tabular")]
    assert found.maps[0].path[0].effective == date(2019, 10, 1)
    assert [f.rule for f in found.findings] == ["CODESETS:map/by-heading"]


def test_a_heading_that_never_was_a_code_is_not_divided(book: CodeBook) -> None:
    found = translate(book, "E11.3", ICD10CM, ICD10CM)
    assert (found.found, [f.rule for f in found.findings]) == (False, ["CODESETS:map/incomplete"])


def test_a_code_of_no_year_is_an_error(book: CodeBook) -> None:
    for backward in (False, True):
        found = translate(book, "Z99.99", ICD10CM, ICD10CM, backward=backward)
        assert [(f.rule, f.severity) for f in found.findings] == [("CODESETS:code/unknown", "error")]


def test_a_procedure_in_force_is_itself(book: CodeBook) -> None:
    found = translate(book, "0ft44zz", PCS, PCS)
    assert lines(found) == [("0FT44ZZ", "icd10pcs:validity")]


def test_tables_that_lead_in_a_circle_end(book: CodeBook, tmp_path: Path) -> None:
    circle = [["I48.1", "2015", "I48.2"], ["I48.2", "2016", "I48.1"], ["I48.1", "2017", "I48.1"]]
    file = written("conversion_2026.csv", as_csv(circle))
    round_and_round = book_with(book, tmp_path / "codesets", (CONVERSION, [file]))
    assert lines(translate(round_and_round, "I48.1", ICD10CM, ICD10CM)) == [("I48.2", "icd10cm:conversion")]


# --- ICD-9-CM ---

LONG = "0010  Cholera of an invented kind\n38600 M\xe9ni\xe8re of an invented kind\nV9199 Invented\nE8000 Invented\n"


def nine(folder: Path, *files: Offered) -> Icd9Titles:
    found, made = read(NINE, *files)
    return Icd9Titles(store(folder, made), release(found, made))


def test_long_and_short_titles_of_a_release_are_joined(tmp_path: Path) -> None:
    files = (
        written("v32/CMS32_DESC_LONG_DX.txt", LONG.encode("cp1252")),
        written("v32/CMS32_DESC_SHORT_DX.txt", "0010  Chol inv\n0011  Short alone\n"),
    )
    made = nine(tmp_path, *files)
    assert made.title("386.00") == "Ménière of an invented kind"
    assert (made.title("001.0"), made.title("001.1")) == ("Cholera of an invented kind", "Short alone")
    assert (made.title("V91.99"), made.title("E800.0"), made.title("999")) == ("Invented", "Invented", None)
    assert dict(made.release.counts) == {"codes": 5, "long_titles": 4, "short_titles": 2}


def test_the_version_tells_the_days() -> None:
    found = NINE.recognise(written("CMS32_DESC_LONG_DX.txt", LONG))
    assert found is not None
    assert (found.name, found.period.start, found.period.end) == ("icd9cm:codes", date(2014, 10, 1), date(2015, 9, 30))


def test_procedures_are_a_component_of_their_own(tmp_path: Path) -> None:
    found, made = read(NINE, written("CMS32_DESC_LONG_SG.txt", "0001 Invented procedure\r\n"))
    assert found.name == "icd9proc:codes"
    assert Icd9ProcedureTitles(store(tmp_path, made), release(found, made)).title("00.01") == "Invented procedure"


def test_a_workbook_has_both_titles(tmp_path: Path) -> None:
    rows: list[list[object]] = [["DIAGNOSIS CODE", "LONG DESCRIPTION", "SHORT DESCRIPTION"], ["0010", "Long", "Short"]]
    made = nine(tmp_path, written("CMS32_DESC_LONG_SHORT_DX.xlsx", workbook(rows)))
    assert made.title("001.0") == "Long"


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        (
            "CMS32_DESC_LONG_SHORT_DX.xlsx",
            workbook([["DIAGNOSIS CODE", "LONG DESCRIPTION"], [10, "x"]]),
            "row 2: .*zeros",
        ),
        ("CMS32_DESC_LONG_SHORT_DX.xlsx", workbook([["A", "B"]]), "names no column"),
        ("CMS32_DESC_LONG_DX.txt", "0010  Cholera\n" * 2, "line 2: the code 001.0 stands there twice"),
        ("CMS32_DESC_LONG_DX.txt", "0010  Cholera\n" * 600 + "nonsense\n", "line 2:"),
        ("CMS32_DESC_LONG_DX.txt", "".join(f"{n:05d} x\n" for n in range(2000)) + "nonsense\n", "line 2001: a line is"),
    ],
)
def test_bad_titles_are_refused_with_the_line(name: str, data: str | bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(NINE, written(name, data))


@pytest.mark.parametrize("text", ["", "A000 Cholera\n", "<xml/>", "0010,Cholera\n"])
def test_no_titles_of_icd_9_are_left_to_others(text: str) -> None:
    assert NINE.recognise(written("CMS32_DESC_LONG_DX.txt", text)) is None


# --- WHO ---

CLAML = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE ClaML SYSTEM "ClaML.dtd">
<ClaML version="2.0.0"><Title name="ICD-10" version="2019"/>
<Modifier code="S_4"><SubClass code=".0"/><SubClass code=".1"/></Modifier>
<ModifierClass modifier="S_4" code=".0"><SuperClass code="S_4"/>
 <Rubric kind="preferred"><Label xml:lang="en">with coma</Label></Rubric></ModifierClass>
<ModifierClass modifier="S_4" code=".1"><Rubric kind="preferred"><Label>without</Label></Rubric></ModifierClass>
<ModifierClass modifier="S_5" code="2"><Rubric kind="preferred"><Label>left</Label></Rubric></ModifierClass>
<Class code="IV" kind="chapter"><SubClass code="E10-E14"/>
 <Rubric kind="preferred"><Label>Chapter</Label></Rubric></Class>
<Class code="E10-E14" kind="block"><SuperClass code="IV"/><SubClass code="E10"/>
 <Rubric kind="preferred"><Label>Block</Label></Rubric></Class>
<Class code="E10" kind="category"><SuperClass code="E10-E14"/><ModifiedBy code="S_4"/>
 <Rubric kind="preferred"><Label xml:lang="en">Type 1 <Fragment>diabetes</Fragment></Label></Rubric>
 <Rubric kind="inclusion"><Label>another name</Label></Rubric></Class>
<Class code="M00" kind="category"><SuperClass code="E10-E14"/><SubClass code="M00.0"/><SubClass code="M00.1"/>
 <ModifiedBy code="S_5"/><Rubric kind="preferred"><Label>Joint</Label></Rubric></Class>
<Class code="M00.0" kind="category"><SuperClass code="M00"/>
 <Rubric kind="preferred"><Label>Joint A</Label></Rubric></Class>
<Class code="M00.1" kind="category"><SuperClass code="M00"/><ExcludeModifier code="S_5"/>
 <Rubric kind="preferred"><Label>Joint B</Label></Rubric></Class>
</ClaML>"""
LIST = (
    "3;N;X;01;A00;A00.-;A00;A00;Invented disease;001;4-002;3-003;2-001;1-002\n"
    "4;T;X;01;A00;A00.0;A00.0;A000;Invented disease, one;001;4-002;3-003;2-001;1-002\n"
)
ELEVEN = (
    "\ufeffFoundation URI\tLinearization URI\tCode\tBlockId\tTitle\tClassKind\tDepthInKind\tIsResidual\t"
    "PrimaryLocation\tChapterNo\tBrowserLink\tisLeaf\tVersion:2025 Jan 24 - 22:30 UTC\r\n"
    "http://id/1\t\t\t\tInvented chapter\tchapter\t1\tfalse\tTrue\t01\t\tfalse\t\r\n"
    "http://id/2\t\t\tBlockL1-1A0\t- Invented block\tblock\t1\tfalse\tTrue\t01\t\tfalse\t\r\n"
    'http://id/3\t\t1A00\t\t"- - An ""invented"" disease"\tcategory\t1\tfalse\tTrue\t01\t\ttrue\t\r\n'
    "http://id/4\t\t1A0Y\t\t- - Other, specified\tcategory\t1\ttrue\tTrue\t01\t\ttrue\t\r\n"
    "http://id/4\t\t1A0Y\t\t- - Other, specified\tcategory\t1\ttrue\tFalse\t02\t\ttrue\t\r\n"
)


def ten(folder: Path, file: Offered) -> Icd10Who:
    found, made = read(WHO, file)
    assert found.name == "icd10:codes"
    return Icd10Who(store(folder, made), release(found, made))


def test_claml_gives_codes_with_titles_and_places(tmp_path: Path) -> None:
    made = ten(tmp_path, written("icd102019en.xml", CLAML))
    entry = made.entry("E10")
    assert entry is not None
    assert (entry.title, entry.kind, entry.parent, entry.terminal) == ("Type 1 diabetes", "category", "E10-E14", False)
    assert made.release.period.start == date(2019, 1, 1)
    assert dict(made.release.counts)["chapter"] == 1


def test_modifiers_give_the_fourth_and_fifth_character_where_they_hold(tmp_path: Path) -> None:
    made = ten(tmp_path, written("icd102019en.xml", CLAML))
    assert made.title("E10.1") == "Type 1 diabetes: without"
    assert made.title("M00.02") == "Joint A: left"
    assert (made.title("M00.12"), made.title("M00.2")) == (None, None)


def test_an_entity_that_a_document_type_defines_is_refused() -> None:
    bomb = CLAML.replace('SYSTEM "ClaML.dtd"', '[<!ENTITY a "aaaa">]')
    with pytest.raises(InputError, match="document type"):
        read(WHO, written("icd102019en.xml", bomb))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (CLAML[:-30], "not well-formed"),
        (CLAML.replace('code="M00.1" kind', 'code="M00.0" kind'), "twice"),
        (CLAML.replace('code="M00.1" kind', 'code="nonsense" kind'), "no code of ICD-10"),
    ],
)
def test_bad_claml_is_refused(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(WHO, written("icd102019en.xml", text))


def test_the_list_of_codes_is_read(tmp_path: Path) -> None:
    made = ten(tmp_path, written("icd102019syst_codes.txt", LIST))
    entry = made.entry("A00.0")
    assert entry is not None
    assert (entry.title, entry.parent, entry.terminal) == ("Invented disease, one", "A00", True)


@pytest.mark.parametrize(
    ("line", "says"), [("4;T;X\n", "line 3"), ("4;T;X;01;A00;A;??;A;x\n", "line 3"), (LIST, "twice")]
)
def test_a_bad_list_of_codes_is_refused(line: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(WHO, written("icd102019syst_codes.txt", LIST + line))


def test_icd_11_is_read_with_the_headings_above(tmp_path: Path) -> None:
    found, table_ = read(WHO, written("LinearizationMiniOutput-MMS-en.txt", ELEVEN))
    made = Icd11Who(store(tmp_path, table_), release(found, table_))
    entry = made.entry("1A00")
    assert entry is not None
    assert (entry.title, entry.parent, entry.uri) == ('An "invented" disease', "BlockL1-1A0", "http://id/3")
    assert found.period.start == date(2025, 1, 1)
    assert dict(table_.counts) == {"block": 1, "category": 2, "chapter": 1, "terminal": 2, "listed_again": 0}


def test_a_category_that_icd_11_lists_again_is_kept_once() -> None:
    again = ELEVEN.replace("\tFalse\t02", "\tTrue\t02")
    assert counts(WHO, written("LinearizationMiniOutput-MMS-en.txt", again))["listed_again"] == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("1A00", "x!"), "line 4: a category has no code"),
        (("- - Other, specified\tcategory\t1\ttrue\tFalse", "- - Another\tcategory\t1\ttrue\tTrue"), "twice"),
        (("category", "heading"), "no category"),
    ],
)
def test_a_bad_tabulation_is_refused(change: tuple[str, str], says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(WHO, written("LinearizationMiniOutput-MMS-en.txt", ELEVEN.replace(*change)))


@pytest.mark.parametrize("text", ["", "<ICD10CM.tabular>", "code;title\n", "Code\tTitle\n", "4;T;X;01\n"])
def test_no_file_of_who_is_left_to_others(text: str) -> None:
    assert WHO.recognise(written("icd102019.txt", text)) is None


def test_editions_of_who_are_compared_code_by_code(tmp_path: Path) -> None:
    _, made = read(WHO, written("icd102019syst_codes.txt", LIST))
    found = dict(who.DIFFERS["icd10:codes"](store(tmp_path, made)))
    assert found["A00.0"] == {"title": "Invented disease, one", "kind": "category", "parent": "A00"}


# --- the Disease Ontology ---

NAMES = 'id\tlabel\tsubClassOf\n"DOID:1"\t"one"\t"above"\n"DOID:1"\t"one"\t"beside"\n'
REFERENCES = (
    'id\tlabel\txref\n"DOID:1"\t"one"\t"ICD10CM:E11.9"\n"DOID:1"\t"one"\t"MESH:D1"\n'
    '"DOID:2"\t"two"\t"ICD10CM:E08-E13"\n'
)
DERIVED = (
    '{"doid_to_icd10cm": {"DOID:1": ["E11.9"], "DOID:3": ["J45"]}, "synonym_to_icd10cm": {"another name": "E11.9"}}'
)


def diseases(folder: Path, *files: Offered) -> DiseaseOntology:
    found, made = read(DOID, *files)
    return DiseaseOntology(store(folder, made), release(found, made))


def test_the_files_of_the_ontology_are_joined(tmp_path: Path) -> None:
    made = diseases(
        tmp_path,
        written("HumanDO.tsv", NAMES),
        written("allXREFinDO.tsv", REFERENCES),
        written("doid_icd10cm.json", DERIVED),
    )
    one = made.disease("DOID:1")
    assert one is not None
    assert (one.label, one.parents, one.codes) == ("one", ("above", "beside"), ("E11.9",))
    assert [d.id for d in made.of("E08-E13")] == ["DOID:2"]
    assert made.names("E11.9") == ("another name",)
    assert dict(made.release.counts) == {
        "diseases": 3,
        "references": 2,
        "derived_references_beside": 1,
        "derived_diseases": 2,
        "synonyms": 1,
    }


@pytest.mark.shared
def test_the_ontology_has_the_counts_of_its_owner(shared: Path, tmp_path: Path) -> None:
    folder = shared / "releases" / "doid"
    if not folder.exists():
        pytest.skip("the Disease Ontology is absent")
    files = [offered(folder / n, shared) for n in ("HumanDO.tsv", "allXREFinDO.tsv", "doid_icd10cm.json")]
    made = diseases(tmp_path, *files)
    found = dict(made.release.counts)
    assert (found["derived_diseases"], found["synonyms"], found["references"]) == (3_555, 11_267, 3_687)
    assert [d.label for d in made.of("E11")] == ["type 2 diabetes mellitus"]
    assert len(list(made.synonyms())) == 11_267


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("allXREFinDO.tsv", REFERENCES + '"DOID:2"\t"two"\t"ICD10CM:nonsense"\n', "line 5: a reference is no code"),
        ("allXREFinDO.tsv", REFERENCES + '"DOID:2"\t"two"\n', "line 5: a line is a disease"),
        ("doid_icd10cm.json", DERIVED[:-1], "cannot be read as JSON"),
        ("doid_icd10cm.json", DERIVED.replace("DOID:3", "nobody"), "names a disease that is none"),
        (
            "doid_icd10cm.json",
            DERIVED.replace('{"DOID:1": ["E11.9"], "DOID:3": ["J45"]}', "[]"),
            "cannot be read as JSON",
        ),
    ],
)
def test_bad_files_of_the_ontology_are_refused(name: str, text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(DOID, written(name, text))


@pytest.mark.parametrize("text", ["", "id\tlabel\txref\n", "{}", "id,label,xref\nDOID:1,a,b\n"])
def test_no_file_of_the_ontology_is_left_to_others(text: str) -> None:
    assert DOID.recognise(written("allXREFinDO.tsv", text)) is None


# --- maps that a user brings ---


def own(folder: Path, text: str | bytes, name: str = "mine.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_map_of_ones_own_answers_with_its_name(book: CodeBook, tmp_path: Path) -> None:
    mine = read_own_map(own(tmp_path, "From,To,Approximate\nJ459,CA23,true\nJ45.0,,\nA00,1A00\n"))
    found = translate(book, "J45.9", ICD10, ICD11, own=mine)
    assert [(m.target, m.approximate, m.origin) for m in found.maps] == [("CA23", True, "mine.csv")]
    assert translate(book, "J45.0", ICD10, ICD11, own=mine).maps[0].no_map
    assert translate(book, "A00", ICD10, ICD11, own=mine).maps[0].approximate is None
    assert not translate(book, "J46", ICD10, ICD11, own=mine).found
    back = translate(book, "CA23", ICD11, ICD10, own=mine, backward=True)
    assert [(m.target, m.origin) for m in back.maps] == [("J45.9", "mine.csv, read backward")]


def test_targets_of_who_have_their_titles(book: CodeBook, tmp_path: Path) -> None:
    eleven = written("LinearizationMiniOutput-MMS-en.txt", ELEVEN)
    list_ = written("icd102019syst_codes.txt", LIST)
    with_who = book_with(book, tmp_path / "codesets", (WHO, [eleven]), (WHO, [list_]))
    mine = read_own_map(own(tmp_path, "from\tto\nA00.0\t1A00\n", "mine.tsv"))
    (line,) = translate(with_who, "A000", ICD10, ICD11, own=mine).maps
    assert (line.source_title, line.target_title) == ("Invented disease, one", 'An "invented" disease')


@pytest.mark.parametrize(
    "text",
    ["\ufefffrom,to\r\nA00,1A00\r\n", "to,note,from\n1A00,\xe9,A00\n".encode("cp1252"), "from,to\n\n A00 , 1a00 \n"],
)
def test_a_map_is_read_in_whatever_dress(book: CodeBook, tmp_path: Path, text: str | bytes) -> None:
    found = translate(book, "A00", ICD10, ICD11, own=read_own_map(own(tmp_path, text)))
    assert [m.target for m in found.maps] == ["1A00"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "from,to,approximate"),
        ("A00,1A00\n", "from,to,approximate"),
        ("from,to\n,1A00\n", "line 2: the column from is empty"),
        ("from,to,approximate\nA00,1A00,maybe\n", "line 2: approximate is"),
    ],
)
def test_a_bad_map_is_refused_with_the_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_own_map(own(tmp_path, text))


def test_a_map_with_a_code_of_another_system_is_refused_with_the_line(book: CodeBook, tmp_path: Path) -> None:
    mine = read_own_map(own(tmp_path, "from,to\nA00,1A00\n12345678,1A00\n"))
    with pytest.raises(InputError, match=r"mine.csv, line 3: .*shape of a code of icd10"):
        translate(book, "A00", ICD10, ICD11, own=mine)


def test_a_map_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_own_map(tmp_path / "nowhere.csv")
