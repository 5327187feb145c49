"""HCPCS Level II: the three shapes of CMS's file, and what a code is on a day."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from leadterm.codesets.formats import Offered, hcpcs, hcpcs_fixed, hcpcs_notes, hcpcs_record, hcpcs_sheet
from leadterm.codesets.lists.hcpcs import Hcpcs, ProcessingNotes
from leadterm.domain import InputError

from .made import offered, read, recognised_by, release, store, written

TEXT, WORKBOOK, DESCRIPTIONS, NOTES = hcpcs.FORMATS
TEXT_NAME = "hcpcs/2026-10/HCPC2026_OCT_ANWEB.txt"
SHEET_NAME = "hcpcs/2026-10/HCPC2026_OCT_ANWEB.xlsx"


# --- files that a test writes down ---


def record(code: str, long: str = "Invented item", kind: str = "3", sequence: int = 10, **fields: str) -> str:
    """A record of 320 columns; `fields` by the names of the workbook, with `_` for blanks."""
    said = {
        "HCPC": code.rjust(5),
        "SEQNUM": f"{sequence:05d}",
        "RECID": kind,
        "LONG DESCRIPTION": long,
        "ADD DT": "20200101",
        "ACT EFF DT": "20200101",
        "ACTION CD": "N",
        "COV": "C",
        **{name.replace("_DT", " DT").replace("ASC DT", "ASC_DT"): value for name, value in fields.items()},
    }
    line = [" "] * hcpcs_fixed.WIDTH
    for name, value in said.items():
        first, last = hcpcs_fixed.LAYOUT[name]
        assert len(value) <= last - first + 1
        line[first - 1 : first - 1 + len(value)] = value
    return "".join(line)


def continued(code: str, long: str, kind: str = "4") -> str:
    """A record that goes on with a description."""
    return f"{code:>5}00200{kind}{long}".ljust(hcpcs_fixed.WIDTH)


WHOLE = ("A0001", "E0002", "V9999")


def text(*records: str) -> Offered:
    """The text of CMS, with words above the records."""
    return written(TEXT_NAME, "\r\n".join(("***Disclaimers", "", *records, "")))


def sheet(*rows: list[Any], header: list[str] | None = None, above: int = 0, name: str = SHEET_NAME) -> Offered:
    """A workbook with words above its header."""
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    assert page is not None
    for _ in range(above):
        page.append(["Note about coverage"])
    page.append(header or list(hcpcs_fixed.LAYOUT))
    for row in rows:
        page.append(row)
    made = io.BytesIO()
    book.save(made)
    return written(name, made.getvalue())


def row(code: str, **fields: Any) -> list[Any]:
    """A row of the workbook."""
    said = {"HCPC": code, "SEQNUM": "0010", "RECID": "3", "LONG DESCRIPTION": "Invented item", "ADD DT": "20200101"}
    said |= {"RECID": "7"} if len(code.strip()) == 2 else {}
    said |= {name.replace("_DT", " DT").replace("LONG", "LONG DESCRIPTION"): v for name, v in fields.items()}
    return [said.get(name, "") for name in hcpcs_fixed.LAYOUT]


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[Offered], Hcpcs]:
    """The face over a file."""

    def opener(one: Offered) -> Hcpcs:
        form = next(f for f in hcpcs.FORMATS if f.recognise(one))
        found, table = read(form, one)
        return Hcpcs(store(tmp_path, table), release(found, table))

    return opener


# --- the text ---


def test_text_is_recognised_below_its_words() -> None:
    found = TEXT.recognise(text(record("A0001")))
    assert found
    assert (found.name, found.period.start) == ("hcpcs:codes", date(2026, 10, 1))
    assert found.period.end == date(2026, 12, 31)


def test_a_name_with_a_year_alone_covers_the_year() -> None:
    found = TEXT.recognise(written("2019/HCPC2019_CONTR_ANWEB.txt", record("A0001")))
    assert found
    assert (found.period.start, found.period.end) == (date(2019, 1, 1), date(2019, 12, 31))


def test_text_survives_a_name_that_says_only_the_date() -> None:
    assert TEXT.recognise(written("2026-10/list.txt", record("A0001")))


def test_a_text_without_any_date_is_refused() -> None:
    with pytest.raises(InputError, match="put the year and month"):
        TEXT.recognise(written("list.txt", record("A0001")))


def test_continuations_join_the_description() -> None:
    _, table = read(
        TEXT, text(record("A0001", "A long"), continued("A0001", "description of"), continued("A0001", "it"))
    )
    (only,) = table.parts[0].rows
    assert only[3] == "A long description of it"


def test_modifiers_are_counted_apart() -> None:
    parts = (record(c) for c in WHOLE)
    _, table = read(TEXT, text(record("ZZ", kind="7"), continued("ZZ", "more", "8"), *parts))
    assert dict(table.counts) == {"codes": 3, "modifiers": 1, "with a last day": 0}
    assert not table.partial


def test_a_text_cut_at_the_end_of_a_line_is_partial() -> None:
    _, table = read(TEXT, text(record("ZZ", kind="7"), *(record(c) for c in WHOLE[:2])))
    assert table.partial


def test_lost_trailing_blanks_do_no_harm() -> None:
    _, table = read(TEXT, text(*(record(c).rstrip() for c in WHOLE)))
    assert dict(table.counts)["codes"] == 3


def test_dental_codes_are_left_out_and_counted() -> None:
    _, table = read(TEXT, text(record("A0001"), record("D0120")))
    assert dict(table.counts)["dental codes left out"] == 1
    assert [r[0] for r in table.parts[0].rows] == ["A0001"]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([record("A0001")[:200]], "has 200 columns in place of 320"),
        ([record("A0001"), record("A0002")[:57]], "line 4: the record has 57 columns"),
        ([record("A0001") + "  "], "has 322 columns"),
        ([record("A0001"), "E11.9 something else"], "line 4: this is no HCPCS record"),
        ([record("A0001"), record("A0001")], "A0001 stands in the file twice"),
        ([record("A0001", ADD_DT="199")], "is no date"),
        ([record("A0001", TERM_DT="20260231")], "TERM DT: '20260231' is no date"),
        ([continued("A0001", "of nothing")], "continues A0001"),
        ([record("A0001"), continued("A0002", "of another")], "continues A0002"),
        ([record("A0001", kind="7")], "record type '7' with code 'A0001'"),
        ([record("A0001", long="")], "A0001 has no description"),
        ([record("D0120")], "holds no HCPCS Level II code"),
    ],
)
def test_a_text_that_does_not_fit_is_refused(lines: list[str], sentence: str) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        read(TEXT, text(*lines))


@pytest.mark.parametrize(
    "content",
    [
        "",
        "code,description\nA0001,Invented",
        "00001 A00     0 Cholera                                                      Cholera",
        "A000    0010  10000\nA001    0011  00000",
        "00100 INVENTED TEXT",
        "A0001\tInvented",
        "<?xml version='1.0'?><ICD10CM.index/>",
    ],
)
def test_files_of_other_formats_are_not_claimed(content: str) -> None:
    assert recognised_by(hcpcs.FORMATS, written(TEXT_NAME, content)) == []


def test_windows_characters_are_read(opened: Callable[[Offered], Hcpcs]) -> None:
    line = record("A0001", "Patient’s item – each").encode("cp1252")
    entry = opened(written(TEXT_NAME, line)).code("A0001")
    assert entry
    assert entry.long == "Patient’s item – each"


# --- the workbook ---


@pytest.mark.parametrize("above", [0, 7, 10])
def test_the_header_is_found_wherever_it_stands(above: int) -> None:
    _, table = read(WORKBOOK, sheet(row("A0001"), row("   ZZ"), row("V0001"), above=above))
    assert dict(table.counts)["codes"] == 2
    assert dict(table.counts)["modifiers"] == 1


def test_numbers_in_cells_get_their_zeros_back(opened: Callable[[Offered], Hcpcs]) -> None:
    entry = opened(sheet(row("A0001", RECID=3, PRICE1=0, PROCNOTE=88, TERM_DT=20261231))).code("A0001")
    assert entry
    assert entry.pricing[0].value == "00"
    assert (entry.note, entry.terminated) == ("0088", date(2026, 12, 31))


def test_dates_in_cells_are_dates(opened: Callable[[Offered], Hcpcs]) -> None:
    entry = opened(sheet(row("A0001", ADD_DT=date(2026, 4, 1)))).code("A0001")
    assert entry
    assert entry.added == date(2026, 4, 1)


def test_names_of_columns_may_be_written_otherwise() -> None:
    header = [f" {name.title()} " for name in hcpcs_fixed.LAYOUT]
    _, table = read(WORKBOOK, sheet(row("A0001"), header=header))
    assert dict(table.counts)["codes"] == 1


@pytest.mark.parametrize("name", ["HCPC2026_OCT_Transaction Report.xlsx", "NOC codes_OCT 2026.xlsx", "GPCI2026.xlsx"])
def test_other_workbooks_of_cms_are_not_claimed(name: str) -> None:
    assert WORKBOOK.recognise(sheet(["A0001", "ADD"], header=["HCPCS/MOD", "TYPE OF CHANGE"], name=name)) is None


def test_a_workbook_without_the_header_is_refused() -> None:
    with pytest.raises(InputError, match="has no row with the names HCPC, RECID"):
        read(WORKBOOK, sheet(["A0001", "ADD"], header=["HCPCS/MOD", "TYPE OF CHANGE"]))


def test_a_workbook_without_a_column_is_refused() -> None:
    header = [name if name != "TERM DT" else "REMARK" for name in hcpcs_fixed.LAYOUT]
    with pytest.raises(InputError, match="lacks the column TERM DT"):
        read(WORKBOOK, sheet(row("A0001"), header=header))


def test_a_cell_of_another_kind_is_refused() -> None:
    with pytest.raises(InputError, match="row 2: the cell in PRICE1"):
        read(WORKBOOK, sheet(row("A0001", PRICE1=True)))


def test_what_is_no_workbook_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read(WORKBOOK, written(SHEET_NAME, b"PK\x03\x04 and nothing more"))


# --- descriptions alone ---

CSV = "code,kind,long_description,short_description\r\n"


def test_descriptions_hold_no_dates(opened: Callable[[Offered], Hcpcs]) -> None:
    entry = opened(written("HCPC2026_OCT.csv", f"\ufeff{CSV}A0001,code,Invented  item,Item\r\n")).code("A0001")
    assert entry
    assert (entry.long, entry.short) == ("Invented item", "Item")
    assert (entry.in_force, entry.ended, entry.coverage, entry.period) == (None, False, None, None)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("A0001,code,Item", "row 2: it has 3 columns"),
        ("A0001,thing,Item,Item", "neither code nor modifier"),
        ("A001,code,Item,Item", "is not of HCPCS Level II"),
        ('A0001,code,"' + "x" * 140_000, "a quote stays open"),
    ],
)
def test_descriptions_that_do_not_fit_are_refused(line: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        read(DESCRIPTIONS, written("HCPC2026_OCT.csv", f"{CSV}{line}\n"))


# --- what a code is on a day ---


@pytest.fixture
def invented(opened: Callable[[Offered], Hcpcs]) -> Hcpcs:
    return opened(
        text(
            record("RT", kind="7"),
            record("A0001", TERM_DT="20261115", XREF1="A0002", XREF2="CPT"),
            record("A0002", COV="D", PRICE1="51", TOS1="1", TOS2="P", BETOS="O1E", XREF1="A0001"),
            record("A0010", COV="I", XREF1="V0001"),
            record("V0001", COV="Q", ADD_DT="20261101"),
        )
    )


@pytest.mark.parametrize(
    ("code", "on", "in_force", "ended"),
    [
        ("A0001", date(2026, 11, 15), True, False),
        ("A0001", date(2026, 11, 16), False, True),
        ("V0001", date(2026, 10, 31), False, False),
        ("V0001", date(2026, 11, 1), True, False),
        ("V0001", None, False, False),  # asked for the first day of the release
    ],
)
def test_in_force_is_told_for_the_day(invented: Hcpcs, code: str, on: date | None, in_force: bool, ended: bool) -> None:
    entry = invented.code(code, on)
    assert entry
    assert (entry.in_force, entry.ended) == (in_force, ended)


@pytest.mark.parametrize(
    ("code", "on", "replaced"),
    [
        ("A0001", date(2026, 12, 1), ("A0002",)),  # "CPT" is no code
        ("A0001", date(2026, 11, 1), ()),  # still in force
        ("A0002", date(2026, 12, 1), ()),  # the reference of a living code points backwards
        ("A0010", date(2026, 12, 1), ("V0001",)),  # not payable by Medicare
    ],
)
def test_replaced_is_the_crosswalk_of_what_is_gone(invented: Hcpcs, code: str, on: date, replaced: object) -> None:
    entry = invented.code(code, on)
    assert entry
    assert entry.replaced == replaced


def test_indicators_come_with_their_meaning(invented: Hcpcs) -> None:
    entry = invented.code(" a0002 ")
    assert entry
    assert entry.coverage
    assert entry.coverage.meaning == "covered under special instructions"
    assert [i.meaning for i in entry.services] == ["medical care", "purchase of equipment, prosthetics or orthotics"]


def test_an_indicator_that_is_not_known_has_no_meaning(invented: Hcpcs) -> None:
    entry = invented.code("V0001")
    assert entry
    assert entry.coverage
    assert (entry.coverage.value, entry.coverage.meaning) == ("Q", "")


def test_codes_and_modifiers_are_asked_for_apart(invented: Hcpcs) -> None:
    assert invented.modifier("rt")
    assert invented.code("RT") is None
    assert invented.modifier("A0001") is None
    assert [t.code for t in invented.modifiers()] == ["RT"]


def test_starting_gives_so_many(invented: Hcpcs) -> None:
    assert [t.code for t in invented.starting("a00", 2)] == ["A0001", "A0002"]
    assert [t.code for t in invented.titles()] == ["A0001", "A0002", "A0010", "V0001"]


def test_dental_codes_are_told_to_be_absent(invented: Hcpcs) -> None:
    assert invented.code("D0120") is None
    assert "American Dental Association" in Hcpcs.absent("d0120")
    assert Hcpcs.absent("A0001") == ""


# --- processing notes ---


def test_notes_are_read_out_of_their_box(tmp_path: Path) -> None:
    lines = (
        "   PROCESSING NOTES",
        " ____",
        "   0001--FIRST NOTE   *",
        "      GOES ON.  *",
        "   *",
        "   0088--SECOND.  *",
    )
    found, table = read(NOTES, written("2026/proc_notes.txt", "\r\n".join(lines)))
    notes = ProcessingNotes(store(tmp_path, table), release(found, table))
    assert (notes.text("1"), notes.text("0088"), notes.text("9")) == ("FIRST NOTE GOES ON.", "SECOND.", None)


def test_a_note_that_stands_twice_is_refused() -> None:
    content = "PROCESSING NOTES\n0001--FIRST\n0001--SECOND\n"
    with pytest.raises(InputError, match="note 0001 stands twice"):
        read(NOTES, written("2026/proc_notes.txt", content))


# --- the files of CMS ---


def members(shared: Path) -> Iterator[Offered]:
    """The members of the archive of 2019."""
    path = next((shared / "releases/hcpcs/2019").glob("*.zip"))
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            yield written(f"hcpcs/2019/{path.name}/{name}", archive.read(name))


def test_each_member_of_the_archive_is_what_it_is(shared: Path) -> None:
    claimed = {one.name: recognised_by(hcpcs.FORMATS, one) for one in members(shared)}
    assert {name: found for name, found in claimed.items() if found} == {
        "HCPC2019_CONTR_ANWEB.txt": ["hcpcs:codes"],
        "HCPC2019_CONTR_ANWEB.xlsx": ["hcpcs:codes"],
        "proc_notes_2019.txt": ["hcpcs:notes"],
    }


def test_the_text_is_read_before_the_workbook(shared: Path) -> None:
    one = {Path(m.name).suffix: m for m in members(shared) if "ANWEB" in m.name}
    ranked = TEXT.recognise(one[".txt"]), WORKBOOK.recognise(one[".xlsx"])
    assert ranked[0]
    assert ranked[1]
    assert ranked[0].rank < ranked[1].rank
    assert ranked[0].period == ranked[1].period


def test_both_readings_of_2019_agree_on_every_field(shared: Path) -> None:
    one = {Path(m.name).suffix: m for m in members(shared) if "ANWEB" in m.name}
    text_rows = {r[0]: r for r in read(TEXT, one[".txt"])[1].parts[0].rows}
    sheet_rows = {r[0]: r for r in read(WORKBOOK, one[".xlsx"])[1].parts[0].rows}
    assert len(text_rows) == len(sheet_rows) == 6_800
    names = ("code", "kind", *hcpcs_record.COLUMNS)
    apart = [
        (name, code, was, now)
        for code, first in text_rows.items()
        for name, was, now in zip(names, first, sheet_rows[code], strict=True)
        if was != now
    ]
    # What CMS itself wrote in two ways: the workbook leaves out 115 dates, the text two types of service.
    assert {(name, now) for name, _, _, now in apart if name == "effective"} == {("effective", "")}
    assert sum(name == "effective" for name, *_ in apart) == 115
    assert [(name, code) for name, code, *_ in apart if name != "effective"] == [
        ("services", "E0210"),
        ("services", "E0776"),
    ]


@pytest.mark.parametrize(
    ("path", "codes", "modifiers", "ending"),
    [
        ("2020-07/anweb.xlsx", 6_789, 369, 625),
        ("2020-10/anweb.xlsx", 6_825, 371, 629),
        ("2025-10/derived-HCPC2025_OCT_ANWEB.csv", 8_463, 383, 0),
    ],
)
def test_counts_of_the_releases(shared: Path, path: str, codes: int, modifiers: int, ending: int) -> None:
    root = shared / "releases/hcpcs"
    one = offered(root / path, root)
    form = next(f for f in hcpcs.FORMATS if f.recognise(one))
    found, table = read(form, one)
    assert dict(table.counts) == {"codes": codes, "modifiers": modifiers, "with a last day": ending}
    assert found.period.start == date.fromisoformat(f"{path[:7]}-01")
    assert not table.partial


def test_the_workbooks_are_known_under_any_name(shared: Path) -> None:
    for path in (shared / "releases/hcpcs").glob("2020-*/*.xlsx"):
        assert WORKBOOK.recognise(written("2020-07/list.xlsx", path.read_bytes()))


def test_what_changed_in_october_2020(shared: Path, tmp_path: Path) -> None:
    before, after = (shared / f"releases/hcpcs/2020-{month}/anweb.xlsx" for month in ("07", "10"))
    stores = []
    for path in (before, after):
        _, table = read(WORKBOOK, offered(path, shared / "releases"))
        stores.append(dict(hcpcs.differs(store(tmp_path, table, path.parent.name))))
    old, new = stores
    changed = {c for c in old.keys() & new.keys() if old[c] != new[c]}
    independent = [_plainly(path) for path in (before, after)]
    assert new.keys() - old.keys() == independent[1].keys() - independent[0].keys()
    assert changed == {c for c, said in independent[0].items() if independent[1].get(c) != said}
    assert (len(new.keys() - old.keys()), len(old.keys() - new.keys()), len(changed)) == (38, 0, 13)
    ended = {c for c in changed if new[c]["terminated"] and not old[c]["terminated"]}
    assert ended == {"C9055", "C9059", "C9061", "C9063"}
    assert {c: new[c]["crosswalk"] for c in ended} == {c: independent[1][c][25] for c in ended}


def _plainly(path: Path) -> dict[str, list[str]]:
    """Rows of a workbook by code, read without our reader: all cells but sequence and action."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    found: dict[str, list[str]] = {}
    for cells in rows:
        said = [" ".join(str(int(c) if isinstance(c, float) else c).split()) for c in cells]
        if said[2] in ("3", "7"):
            found[said[0]] = ["", *said[1:-1]]
        elif said[2] == "4":
            found[said[0]][3] += f" {said[3]}"
    return found


def test_ketorolac_in_2019(shared: Path, opened: Callable[[Offered], Hcpcs]) -> None:
    list_2019 = opened(next(m for m in members(shared) if m.name.endswith("ANWEB.txt")))
    entry = list_2019.code("J1885", date(2019, 5, 1))
    assert entry
    assert entry.long == "Injection, ketorolac tromethamine, per 15 mg"
    assert (entry.added, entry.terminated, entry.in_force) == (date(1993, 1, 1), None, True)
    assert entry.mcm == ("2049",)
    gone = list_2019.code("C9024")
    assert gone
    assert gone.ended
    assert gone.replaced == ("J9153",)
    right = list_2019.modifier("RT")
    assert right
    assert right.short == "Right side"


def test_every_indicator_of_2019_has_a_meaning(shared: Path, opened: Callable[[Offered], Hcpcs]) -> None:
    list_2019 = opened(next(m for m in members(shared) if m.name.endswith("ANWEB.txt")))
    entries = [entry for t in list_2019.titles() if (entry := list_2019.code(t.code))]
    said = {i for e in entries for i in (e.coverage, e.multiple, e.betos, e.action, *e.pricing, *e.services) if i}
    assert len(said) > 100
    assert [i.value for i in said if not i.meaning] == []


def test_notes_of_2019(shared: Path, tmp_path: Path) -> None:
    one = next(m for m in members(shared) if m.name.startswith("proc_notes"))
    found, table = read(NOTES, one)
    assert found.name == hcpcs_notes.NAME
    assert dict(table.counts) == {"notes": 218}


def test_no_other_file_at_hand_is_claimed(shared: Path) -> None:
    root = shared / "releases"
    others = [p for p in root.rglob("*") if p.is_file() and "hcpcs" not in p.parts and p.suffix != ".zip"]
    claimed = []
    for path in others:
        with path.open("rb") as file:
            head = file.read(8_192)
        claimed += recognised_by(hcpcs.FORMATS, Offered(path.relative_to(root).as_posix(), head, bytes))
    assert len(others) > 40
    assert claimed == []


def test_the_head_of_a_hostile_archive_is_read_no_further_than_it_goes() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", "<t>HCPC</t>" + " " * 10_000_000)
    assert hcpcs_sheet.shows_names(packed.getvalue()[:8_192]) is False
    assert len(hcpcs_sheet._strings(packed.getvalue()[:8_192])) <= hcpcs_sheet.MOST_TEXT
