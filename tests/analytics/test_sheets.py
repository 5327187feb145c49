"""Coded encounters as one table: its rows, its three forms, and that no cell of it is ever a formula."""

from __future__ import annotations

import csv
import stat
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadterm.analytics.sheets import COLUMNS, FORMS, form_of, workbook, write_table
from leadterm.analytics.sheets.cells import is_formula, neutral
from leadterm.analytics.sheets.columns import rows_of
from leadterm.domain import CodedEncounter, Evidence, Finding, InputError, Money, Severity, Span

from .notation import coded, cohort

ONE = "p1 F67 2026-01-05: E11.9 !I10"
WRONG = Finding("f1", "ICD10CM:excludes1", Severity.ERROR, "Not together.", assignments=("a1",))
GENERAL = Finding("f2", "LEADTERM:records/no-text", Severity.WARNING, "No words.")
DANGEROUS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "\ufeff=1")


def table(answer: CodedEncounter) -> list[dict[str, Any]]:
    """Its rows, by column."""
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows_of(answer)]


def written(answers: Iterable[CodedEncounter], form: str, folder: Path) -> list[list[Any]]:
    """The table as another program reads it."""
    path = folder / f"table.{form}"
    write_table(answers, path, form)
    if form == "csv":
        with path.open(encoding="utf-8", newline="") as file:
            return [list(row) for row in csv.reader(file)]
    if form == "xlsx":
        book = openpyxl.load_workbook(path)
        return [list(row) for sheet in book for row in sheet.iter_rows(values_only=True)]
    found = duckdb.sql(f"FROM '{path}'")
    return [found.columns, *map(list, found.fetchall())]


def said(words: str) -> CodedEncounter:
    """A coding whose first code rests on these words."""
    answer = coded(ONE)
    first, *others = answer.assignments
    quote = Evidence("d1", Span(0, len(words)), words)
    return replace(answer, assignments=(replace(first, evidence=(quote,)), *others))


def test_each_code_is_a_row_with_its_proof_whatever_its_status() -> None:
    first, second = table(coded(ONE))
    assert (first["encounter"], first["code"], first["role"], first["status"]) == (
        "e1",
        "E11.9",
        "first-listed",
        "suggested",
    )
    assert (first["document"], first["start"], first["end"], first["words"]) == ("d1", 0, 4, "word")
    assert (first["date"], second["status"]) == (date(2026, 1, 5), "rejected")


def test_further_words_are_told_by_their_places() -> None:
    answer = coded(ONE)
    quotes = tuple(Evidence("d1", Span(n, n + 2), "ab") for n in (0, 5, 9))
    (row, _) = table(
        replace(answer, assignments=(replace(answer.assignments[0], evidence=quotes), coded(ONE).assignments[1]))
    )
    assert (row["start"], row["further_evidence"]) == (0, "d1:5-7 d1:9-11")


def test_a_finding_stands_with_its_code_and_one_of_no_code_in_a_row_of_its_own() -> None:
    rows = table(replace(coded(ONE), findings=(WRONG, GENERAL)))
    assert [row["findings"] for row in rows] == ["error:ICD10CM:excludes1", None, "warning:LEADTERM:records/no-text"]
    assert (rows[2]["code"], rows[2]["messages"]) == (None, "No words.")


def test_an_encounter_without_codes_is_not_lost() -> None:
    assert [row["encounter"] for row in table(coded("p1 F67 2026-01-05:"))] == ["e1"]


def test_a_service_has_units_price_and_modifiers() -> None:
    answer = coded("p1 F67 2026-01-05: hcpcs:J1885@charge")
    charge = replace(
        answer.assignments[0], units=Decimal("2.5"), charge=Money.parse("20"), modifiers=("JZ", "59"), pointers=(1, 2)
    )
    (row,) = table(replace(answer, assignments=(charge,)))
    assert (row["units"], row["charge"], row["modifiers"], row["pointers"]) == (
        Decimal("2.5"),
        Decimal("20.00"),
        "JZ 59",
        "1 2",
    )


@pytest.mark.parametrize("form", FORMS)
def test_a_table_is_read_by_other_programs(form: str, tmp_path: Path) -> None:
    header, first, *_ = written(cohort(f"{ONE}\n{ONE}"), form, tmp_path)
    assert header == list(COLUMNS)
    read = dict(zip(header, first, strict=True))
    assert (read["code"], read["words"], int(read["end"])) == ("E11.9", "word", 4)
    assert str(read["date"])[:10] == "2026-01-05"
    assert stat.S_IMODE((tmp_path / f"table.{form}").stat().st_mode) == 0o600


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_a_spreadsheet_would_calculate_is_text(text: str, tmp_path: Path) -> None:
    in_csv = written([said(text)], "csv", tmp_path)
    assert in_csv[1][in_csv[0].index("words")] == f"'{text}"
    written([said(text)], "xlsx", tmp_path)
    cell = openpyxl.load_workbook(tmp_path / "table.xlsx").worksheets[0].cell(2, 1 + list(COLUMNS).index("words"))
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_plain_words_are_left_as_they_are() -> None:
    assert neutral("BP 120/80 = high, -3 kg") == "BP 120/80 = high, -3 kg"
    assert not is_formula("")


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(
        st.characters(exclude_categories=("Cs",)) | st.sampled_from("\0\x0b\r\n\t_x<&>\"'"), min_size=1, max_size=40
    )
)
def test_any_words_come_back(words: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for form in FORMS:
            header, first, *_ = written([said(words)], form, Path(folder))
            found = dict(zip(header, first, strict=True))["words"] or ""
            wanted = words.replace("\0", "\ufffd") if form == "csv" else words
            assert _unescaped(found) == (neutral(wanted) if form == "csv" else wanted)


def _unescaped(text: str) -> str:
    return openpyxl.utils.escape.unescape(text)


def test_a_long_text_is_cut_where_a_cell_ends(tmp_path: Path) -> None:
    rows = written([said("x" * 40_000)], "xlsx", tmp_path)
    assert rows[1][rows[0].index("words")].endswith("x…")


def test_rows_beyond_a_sheet_stand_on_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    rows = written(cohort("\n".join([ONE] * 3)), "xlsx", tmp_path)
    assert [row[0] for row in rows] == ["encounter", "e1", "e1", "encounter", "e2", "e2", "encounter", "e3", "e3"]


def test_the_same_table_is_the_same_workbook(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_table(cohort(ONE), tmp_path / name, "xlsx")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_the_name_tells_the_form_or_it_is_given() -> None:
    assert form_of(Path("codes.XLSX")) == "xlsx"
    assert form_of(Path("codes"), "csv") == "csv"
    with pytest.raises(InputError, match=r"csv, xlsx, parquet"):
        form_of(Path("codes.ods"))


def test_a_table_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Iterable[CodedEncounter]:
        yield coded(ONE)
        raise InputError("The second is broken.")

    (tmp_path / "t.csv").write_text("before")
    with pytest.raises(InputError, match="broken"):
        write_table(broken(), tmp_path / "t.csv", "csv")
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("t.csv", "before")]


def test_where_nothing_can_be_written_a_sentence_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        write_table([coded(ONE)], tmp_path / "file" / "t.csv", "csv")
