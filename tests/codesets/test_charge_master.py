"""Charge masters as spreadsheets write them: what is read, what is told of the rest, and what is kept."""

from __future__ import annotations

import contextlib
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm.codesets.charge_master import ChargeMaster, read_master
from leadterm.codesets.charge_master.columns import mapping
from leadterm.codesets.charge_master.importing import written
from leadterm.codesets.formats.charge_master import FORMATS
from leadterm.domain import ChargeRow, InputError, Money

from . import made

HEADER = "Charge Code,Description,CPT/HCPCS,Rev Code,Price,Modifier\n"


def rows(tmp_path: Path, text: str | bytes, name: str = "cdm.csv", told: str = "") -> tuple[ChargeRow, ...]:
    return reading(tmp_path, text, name, told).rows


def reading(tmp_path: Path, text: str | bytes, name: str = "cdm.csv", told: str = ""):
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_master(path, mapping(told))


def reasons(tmp_path: Path, row: str) -> list[tuple[int, str]]:
    return [(p.line, p.column) for p in reading(tmp_path, f"{HEADER}{row}\n9,Good row,36415,300,5,\n").problems]


def test_a_row_is_read(tmp_path: Path):
    (row,) = rows(tmp_path, f'{HEADER}1001,"Film of the chest, two views",71046,320,"$1,095.50",TC\n')
    assert row == ChargeRow(2, "1001", "Film of the chest, two views", "71046", "0320", Money.parse("1095.50"), ("TC",))


@pytest.mark.parametrize(
    ("written_price", "amount"),
    [("95", "95.00"), ("$95.5", "95.50"), ("1,250.00", "1250.00"), ('"1.250,75"', "1250.75"), ("USD 12", "12.00"),
     ("12.345", "12.35"), ("  7.00 ", "7.00")],
)  # fmt: skip
def test_prices_are_read_as_they_are_written(tmp_path: Path, written_price: str, amount: str):
    quoted = written_price if written_price.startswith('"') else f'"{written_price}"'
    (row,) = rows(tmp_path, f"{HEADER}1,Thing,36415,300,{quoted},\n")
    assert str(row.price) == amount


@pytest.mark.parametrize(
    ("cell", "code", "modifiers"),
    [("100", "00100", ()), ("20610-50", "20610", ("50",)), ('"=""36415"""', "36415", ()), ("'36415", "36415", ()),
     ("j1885", "J1885", ()), ("0042T", "0042T", ()), ("87880 QW", "87880", ("QW",))],
)  # fmt: skip
def test_codes_are_what_was_meant_before_the_spreadsheet(tmp_path: Path, cell: str, code: str, modifiers: tuple):
    (row,) = rows(tmp_path, f"{HEADER}1,Thing,{cell},300,1,\n")
    assert (row.code, row.modifiers) == (code, modifiers)


@pytest.mark.parametrize(
    ("row", "column"),
    [("1,Thing,99x,300,1,", "code"), ("1,Thing,1.2E+05,300,1,", "code"), ("1,Thing,#N/A,300,1,", "code"),
     ("1,Thing,36415,300,(5.00),", "price"), ("1,Thing,36415,300,free,", "price"), ("1,Thing,36415,30x,1,", "revenue"),
     ("1,Thing,36415,300,1,RIGHT", "modifiers"), ("1,,36415,300,1,", "description"), ("1,Thing,,,1,", "code"),
     ("1,Thing,36415,300,1,RT LT 50 59 76", "modifiers")],
)  # fmt: skip
def test_a_row_that_cannot_be_used_is_told_with_its_line(tmp_path: Path, row: str, column: str):
    assert reasons(tmp_path, row) == [(2, column)]


def test_a_row_that_stands_twice_is_told(tmp_path: Path):
    assert reasons(tmp_path, "9,Good row,36415,300,5,") == [(3, "")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_of_spreadsheets(tmp_path: Path, encoding: str):
    (row,) = rows(tmp_path, f"{HEADER}1,Exzision groß,11400,361,5,\n".encode(encoding))
    assert row.description == "Exzision groß"


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_marks_between_cells(tmp_path: Path, mark: str):
    text = mark.join(("Item", "Description", "HCPCS", "Amount")) + "\n" + mark.join(("7", "Thing", "J1885", "3")) + "\n"
    (row,) = rows(tmp_path, text)
    assert (row.local, row.code, str(row.price)) == ("7", "J1885", "3.00")


def test_titles_above_the_header_and_inactive_rows_are_left(tmp_path: Path):
    text = "Clinic of Ashton\n\nCode,Description,CPT,Price,Status\n1,One,36415,5,Active\n2,Two,36416,5,Inactive\n"
    found = reading(tmp_path, text)
    assert ([r.local for r in found.rows], found.inactive) == (["1"], 1)


def test_headers_can_be_named(tmp_path: Path):
    text = "A,B,C,D\n1,Thing,36415,5\n"
    (row,) = rows(tmp_path, text, told="local=A,description=B,code=C,price=D")
    assert (row.local, row.code) == ("1", "36415")


@pytest.mark.parametrize("told", ["colour=A", "code", "code="])
def test_a_wrong_mapping_says_what_it_takes(told: str):
    with pytest.raises(InputError, match="FIELD=HEADER"):
        mapping(told)


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"%PDF-1.4 nothing", "a.csv"), (b"\xd0\xcf\x11\xe0rest", "a.xls"), (b"PK\x03\x04broken", "a.xlsx"),
     (b"", "a.csv"), (b"a,b,c\n1,2,3\n", "a.csv"), (b"\x00\x01\x02", "a.csv")],
)  # fmt: skip
def test_what_is_no_charge_master_is_refused_in_a_sentence(tmp_path: Path, content: bytes, name: str):
    with pytest.raises(InputError, match=r"\.\Z"):
        reading(tmp_path, content, name)


def workbook(cells: list[list[object]]) -> bytes:
    """A small workbook, numbers as numbers."""

    def cell(at: str, value: object) -> str:
        if isinstance(value, str):
            return f'<c r="{at}" t="inlineStr"><is><t>{value}</t></is></c>'
        return f'<c r="{at}"><v>{value}</v></c>'

    body = "".join(
        f'<row r="{n}">{"".join(cell(f"{chr(65 + c)}{n}", v) for c, v in enumerate(line))}</row>'
        for n, line in enumerate(cells, 1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            'spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType='
            '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        )
        file.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        file.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets>'
            '<sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        file.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship '
            f'Id="r1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        file.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'
        )
    return out.getvalue()  # fmt: skip


def test_a_workbook_that_made_numbers_of_codes(tmp_path: Path):
    cells = [["Item", "Description", "CPT", "Rev", "Price"], [1001, "Drawing blood", 36415, 300, 12.5],
             [1002, "Anesthesia of the ear", 120.0, 370, 400]]  # fmt: skip
    found = rows(tmp_path, workbook(cells), "cdm.xlsx")
    assert [(r.local, r.code, r.revenue, str(r.price)) for r in found] == [
        ("1001", "36415", "0300", "12.50"),
        ("1002", "00120", "0370", "400.00"),
    ]


def test_ten_thousand_rows(tmp_path: Path):
    body = "".join(f"{n},Thing number {n} of many,{10000 + n % 60000:05d},361,{n}.25,\n" for n in range(10_000))
    assert len(rows(tmp_path, HEADER + body)) == 10_000


WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="\t\r\n\x1c\x1d\x1e\x85\u2028\u2029\x0b\x0c"), max_size=40
)
PLAIN = WORDS.map(lambda t: " ".join(t.split()))
ROW = st.builds(
    ChargeRow,
    st.just(0),
    PLAIN,
    PLAIN.filter(bool),
    st.sampled_from(["", "36415", "J1885", "0042T"]),
    st.sampled_from(["", "0300"]),
    st.one_of(st.none(), st.integers(0, 10**9).map(lambda n: Money.parse(str(n)))),
    st.sampled_from([(), ("RT",), ("26", "59")]),
)


@given(st.lists(ROW, min_size=1, max_size=8))
def test_what_is_kept_comes_back(tmp_path_factory: pytest.TempPathFactory, found: list[ChargeRow]):
    numbered = [ChargeRow(n, *(getattr(r, f) for f in ChargeRow.__slots__[1:])) for n, r in enumerate(found, 2)]
    recognised, table = made.read(FORMATS[0], made.written("x.charges.tsv", written(numbered)))
    store = made.store(tmp_path_factory.mktemp("kept"), table)
    assert ChargeMaster(store, made.release(recognised, table)).rows == tuple(numbered)


@settings(max_examples=150)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda t: (HEADER + t).encode("utf-8", "replace"))))
def test_whatever_a_file_holds_is_read_or_refused_in_a_sentence(tmp_path: Path, content: bytes):
    with contextlib.suppress(InputError):
        found = reading(tmp_path, content)
        assert all(row.description and (row.code or row.revenue) for row in found.rows)


@pytest.mark.parametrize("line", ["2", "12345678901234567890", "x"])
def test_a_kept_master_whose_lines_are_not_its_own_is_refused(line: str):
    first = "# leadterm charge master 1\tfrom=2026-01-01\nline\tlocal\tdescription\tcode\trevenue\tprice\tmodifiers"
    text = f"{first}\n2\tA\tThing\t36415\t0300\t5.00\t\n{line}\tB\tOther\t36416\t0300\t5.00\t\n"
    with pytest.raises(InputError, match="import the charge master again"):
        made.read(FORMATS[0], made.written("charge-master.tsv", text))
