"""Addenda B and A of the outpatient prospective payment system, as CMS writes them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.codesets import CodeBook, open_book
from leadterm.codesets.formats import addenda
from leadterm.codesets.formats.addenda import _money
from leadterm.codesets.installing.changing import install
from leadterm.codesets.payment.opps import AddendumA, AddendumB, OppsRow, status_indicators
from leadterm.domain import CodeSystem, DateRange, InputError

from .hostile import OPPS_GROUPS, OPPS_ROWS, linked, quoted, workbook
from .made import read, recognised_by, release, store, written

B, A = addenda.FORMATS
NAME = "2031_October_Web_Addendum_B.09.25.31.csv"
HEADER = OPPS_ROWS[2]


def face(folder: Path, rows: Sequence[Sequence[str]], name: str = NAME) -> AddendumB:
    found, made = read(B, written(name, quoted(rows)))
    return AddendumB(store(folder, made), release(found, made))


def row(folder: Path, *cells: str) -> OppsRow:
    """What a row of the file becomes."""
    found = face(folder, [HEADER, (*cells, *[""] * (len(HEADER) - len(cells)))]).row(cells[0])
    assert found is not None
    return found


def test_a_code_has_its_indicator_its_apc_and_its_amounts(tmp_path: Path) -> None:
    found = face(tmp_path, OPPS_ROWS).row("27447")
    assert found is not None
    assert (found.indicator, found.apc, found.weight) == ("J1", "5115", Decimal("145.1201"))
    assert (found.rate, found.minimum, found.adjusted) == tuple(map(Decimal, ("13048.08", "2609.62", "1736")))


def test_a_full_stop_is_no_amount_and_zero_is_one(tmp_path: Path) -> None:
    free = row(tmp_path, "77080", "", "S", "5522", "1.0", "$105.33", ".", "$0.00")
    assert (free.copayment, free.minimum) == (None, Decimal(0))


def test_a_drug_has_three_decimals_and_an_adjusted_coinsurance(tmp_path: Path) -> None:
    drug = face(tmp_path, OPPS_ROWS).row("j0881")
    assert drug is not None
    assert (drug.rate, drug.weight, drug.coinsurance, drug.adjusted) == (
        Decimal("3.117"),
        None,
        Decimal("0.164"),
        Decimal("0.52"),
    )


def test_what_the_addendum_does_not_have_is_none(tmp_path: Path) -> None:
    assert face(tmp_path, OPPS_ROWS).row("99999") is None


def test_the_workbook_says_the_same_and_comes_second(tmp_path: Path) -> None:
    found, made = read(B, written(NAME.replace("csv", "xlsx"), workbook(*OPPS_ROWS)))
    book = AddendumB(store(tmp_path, made, "book"), release(found, made))
    text = face(tmp_path, OPPS_ROWS)
    assert found.rank > 0
    assert [book.row(c) for c in ("00100", "27447", "J0881")] == [text.row(c) for c in ("00100", "27447", "J0881")]


def test_numbers_of_a_workbook_are_read_as_written(tmp_path: Path) -> None:
    rows = (HEADER, (100, "", "N"), (27447, "", "J1", 5115, 145.1201, 13048.08, "", 2609.62, 0.164, 1736))
    found, made = read(B, written(NAME.replace("csv", "xlsx"), workbook(*rows)))
    book = AddendumB(store(tmp_path, made), release(found, made))
    assert book.row("00100") is not None
    knee = book.row("27447")
    assert knee is not None
    assert (knee.apc, knee.rate, knee.coinsurance) == ("5115", Decimal("13048.08"), Decimal("0.164"))


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("2026_January_Web_Addendum_B.12.29.25.csv", date(2026, 1, 1)),
        ("2026 April Web Addendum B.03.23.26.csv", date(2026, 4, 1)),
        ("january-2025-opps-addendum-b.zip/January_2025_Web_Addendum_B_12202024.csv", date(2025, 1, 1)),
        ("january 2020 addendum b correction.02042020.csv", date(2020, 1, 1)),
        ("2026 NFRM Addendum B.11.21.25.csv", date(2026, 1, 1)),
        ("july-2026-opps-addendum-b.zip/Addendum_B.csv", date(2026, 7, 1)),
    ],
)
def test_a_release_holds_for_the_quarter_of_its_name(name: str, start: date) -> None:
    found = B.recognise(written(name, quoted(OPPS_ROWS)))
    assert found is not None
    assert found.period == DateRange(start, date(start.year, start.month + 2, 31 if start.month in (1, 10) else 30))


def test_a_name_without_a_date_is_asked_for_one() -> None:
    with pytest.raises(InputError, match="year and month"):
        B.recognise(written("Addendum_B.csv", quoted(OPPS_ROWS)))


def test_no_descriptor_is_kept(tmp_path: Path) -> None:
    face(tmp_path, OPPS_ROWS)
    assert b"Zyx" not in (tmp_path / "made.sqlite").read_bytes()


def test_columns_that_come_and_go_are_found_by_their_words(tmp_path: Path) -> None:
    order = (7, 6, 5, 4, 3, 2, 1, 0)
    moved = [[line[i] for i in order] for line in OPPS_ROWS[2:]]
    moved = [[("CH", "CI")[n == 0], *line] for n, line in enumerate(moved)]
    text = quoted(moved).replace("HCPCS Code", "HCPCS\nCode").replace("HCPCS\nCode", '"HCPCS\nCode"')
    found, made = read(B, written(NAME, quoted(OPPS_ROWS[2:])))
    table = B.read([written(NAME, text)], found)
    knee = AddendumB(store(tmp_path, table), release(found, made)).row("27447")
    assert knee is not None
    assert (knee.comment, knee.indicator, knee.apc, knee.adjusted) == ("CH", "J1", "5115", None)


@pytest.mark.parametrize("nothing", ["", ".", "-", "N/A", "$ -", "*"])
def test_there_are_many_ways_to_say_that_there_is_no_value(tmp_path: Path, nothing: str) -> None:
    found = row(tmp_path, "27447", "", "J1", nothing.replace("$ ", ""), nothing, nothing, nothing, nothing)
    assert (found.apc, found.weight, found.rate, found.copayment, found.minimum) == ("", None, None, None, None)


def test_a_code_of_which_nothing_is_said_is_left_out(tmp_path: Path) -> None:
    assert face(tmp_path, [*OPPS_ROWS, ("99999", "", "", "", "", "", "", "")]).row("99999") is None


def test_bytes_behind_a_code_are_no_part_of_it(tmp_path: Path) -> None:
    text = quoted(OPPS_ROWS).encode().replace(b"J0881,", b"J0881\xff,")
    found, made = read(B, written(NAME, text))
    assert AddendumB(store(tmp_path, made), release(found, made)).row("J0881") is not None


def test_a_line_of_words_below_the_table_is_no_row(tmp_path: Path) -> None:
    assert face(tmp_path, [*OPPS_ROWS, ("Rates hold from October.",)]).row("27447") is not None


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("27447,", "2744,", "five letters"),
        ("J1,", "Joint,", "status indicator"),
        ("5115", "51l5", "four digits"),
        ('"$13,048.08"', "$13k", "no amount"),
        ('"$13,048.08"', '"$13,04.08"', "no amount"),
        ("16.4%", "164%", "hundred percent"),
        ("16.4%", "many", "percentage"),
        ("J0881", "27447", "second time"),
    ],
)
def test_a_row_that_does_not_fit_is_told(old: str, new: str, why: str) -> None:
    text = quoted(OPPS_ROWS)
    assert old in text
    with pytest.raises(InputError, match=f"Row [56] of {NAME} .*{why}"):
        read(B, written(NAME, text.replace(old, new)))


def test_a_file_that_was_cut_is_told() -> None:
    text = quoted(OPPS_ROWS)
    with pytest.raises(InputError, match=r"Row 6 .* shorter"):
        read(B, written(NAME, text[: text.index("J0881") + 5]))
    with pytest.raises(InputError, match="no rows"):
        read(B, written(NAME, quoted(OPPS_ROWS[:3])))


def test_addendum_c_and_those_of_surgical_centers_are_left_alone() -> None:
    other = quoted(OPPS_ROWS).replace("Addendum B", "Addendum C")
    assert recognised_by(addenda.FORMATS, written("2031 Addendum C.csv", other)) == []
    for name in ("Oct 2031 ASC Addendum BB.xlsx", "Oct 2031 ASC Addendum AA.xlsx"):
        assert recognised_by(addenda.FORMATS, written(name, b"PK")) == []


def test_an_apc_has_its_title_and_its_rate(tmp_path: Path) -> None:
    found, made = read(A, written("2031_October_Web_Addendum_A.csv", quoted(OPPS_GROUPS)))
    groups = AddendumA(store(tmp_path, made), release(found, made))
    watching = groups.group("8011")
    assert watching is not None
    assert (watching.title, watching.indicator, watching.rate) == ("Watching leaves", "J2", Decimal("2706.35"))
    assert groups.group("11") is None


def test_releases_differ_by_code(tmp_path: Path) -> None:
    _, made = read(B, written(NAME, quoted(OPPS_ROWS)))
    entries = dict(addenda.DIFFERS["opps:addendum-b"](store(tmp_path, made)))
    assert (entries["27447"]["indicator"], entries["27447"]["rate"]) == ("J1", "13048.08")


def test_every_indicator_of_the_samples_has_a_meaning_with_its_source() -> None:
    known = status_indicators()
    assert {"A", "B", "C", "E1", "E2", "J1", "J2", "N", "Q1", "Q4", "S", "T", "V"} <= known.keys()
    for one in known.values():
        assert one.kind in ("paid", "conditional", "packaged", "elsewhere", "other-code", "inpatient", "not-paid")
        assert one.meaning
        assert one.source


@given(st.decimals(min_value=0, max_value=9_999_999, places=3))
def test_an_amount_is_read_back_however_it_is_written(amount: Decimal) -> None:
    assert Decimal(_money(f"${amount:,}")) == Decimal(_money(f"{amount}")) == amount


def test_lookup_tells_status_apc_and_rate(book: CodeBook, tmp_path: Path) -> None:
    place, file = tmp_path / "home", tmp_path / "2026_April_Web_Addendum_B.csv"
    shutil.copytree(book.folder, place / book.folder.name, copy_function=linked)
    file.write_text(quoted(OPPS_ROWS), newline="")
    assert install([file], place).refused == ()
    entry = open_book(place).full_entry("27447", CodeSystem.CPT, date(2026, 5, 15))
    assert entry is not None
    (told,) = [one.text for one in entry.related if one.component == "opps:addendum-b"]
    assert told.startswith("status J1 (comprehensive service")
    assert told.endswith("APC 5115, national rate $13,048.08")
