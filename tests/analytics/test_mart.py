"""Coded encounters as flat tables: what stands in them, what is refused, and that Parquet gives them back."""

from __future__ import annotations

import stat
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm.analytics import Mart, blocks, gathered, is_mart, no_grouping, opened, write_parquet
from leadterm.analytics.rows import AGE_BANDS, DIAGNOSES, ENCOUNTERS, age_band
from leadterm.codesets import CodeBook
from leadterm.domain import Code, CodedEncounter, CodeSystem, DataMissing, Encounter, InputError, Patient, Setting, Sex

from .notation import coded, cohort, mart_of

TWO = "p1 F67 2026-01-05: E11.9 I10\n- M - : J45.909"


def rows(mart: Mart, table: str) -> list[tuple[Any, ...]]:
    return mart.connection.execute(f"FROM {table} ORDER BY ALL").fetchall()


# --- what stands in the tables ---


def test_an_encounter_is_a_row_with_patient_age_and_day() -> None:
    with mart_of(TWO) as mart:
        assert rows(mart, "encounters") == [
            ("e1", "p1", "F", 67, "65-74", "outpatient", date(2026, 1, 5), "2026-01"),
            ("e2", None, "M", None, None, "outpatient", None, None),
        ]


def test_a_diagnosis_is_a_row_with_its_category_and_place() -> None:
    with gathered(cohort(TWO), lambda code: "a block") as mart:
        assert rows(mart, "diagnoses") == [
            ("e1", "E11.9", "icd10cm", "E11", "a block", "first-listed", 1, "suggested"),
            ("e1", "I10", "icd10cm", "I10", "a block", "secondary", 2, "suggested"),
            ("e2", "J45.909", "icd10cm", "J45", "a block", "first-listed", 1, "suggested"),
        ]


def test_rejected_codes_and_other_roles_are_left_out() -> None:
    line = "p1 F67 2026-01-05: !E11.9 I10@admitting R05.9@reason-for-visit J18.9@principal W01.0XXA@external-cause"
    with mart_of(line) as mart:
        assert [row[1] for row in rows(mart, "diagnoses")] == ["J18.9", "W01.0XXA"]


@pytest.mark.parametrize(
    ("age", "band"), [(0, "00"), (1, "01-04"), (4, "01-04"), (5, "05-14"), (84, "75-84"), (85, "85+"), (120, "85+")]
)
def test_an_age_has_its_band(age: int, band: str) -> None:
    assert age_band(age) == band


def test_bands_sort_as_ages_do() -> None:
    bands = [*AGE_BANDS.values(), "85+"]
    assert bands == sorted(bands)
    assert [age_band(last) for last in AGE_BANDS] == bands[:-1]
    assert age_band(None) is None


def test_a_stay_counts_on_its_discharge() -> None:
    stay = Encounter("e1", Setting.INPATIENT, admission=date(2026, 1, 30), discharge=date(2026, 2, 3))
    with gathered([CodedEncounter(stay)]) as mart:
        assert rows(mart, "encounters")[0][-2:] == (date(2026, 2, 3), "2026-02")


def test_the_day_of_a_release_is_no_day_of_care() -> None:
    releases = {"icd10cm:tabular": "2026-04-01"}
    undated = CodedEncounter(Encounter("e1"), on=date(2026, 4, 1), releases=releases)
    by_flag = CodedEncounter(Encounter("e2"), on=date(2026, 5, 14), releases=releases)
    with gathered([undated, by_flag]) as mart:
        assert [row[-2] for row in rows(mart, "encounters")] == [None, date(2026, 5, 14)]


def test_a_group_is_the_block_of_the_tabular_list(book: CodeBook) -> None:
    block = blocks(book)
    cm = CodeSystem.ICD10CM
    known = {"E11.22": "E08-E13", "I10": "I10-I1A", "C50.911": "C50-C50", "S52.501A": "S50-S59"}
    assert {code: block(Code(cm, code)) for code in known} == known
    assert block(Code(cm, "E00.99")) == "E00-E07"  # a code that is none, in a category that is one
    assert block(Code(CodeSystem.ICD9CM, "250.00")) is None
    assert no_grouping(Code(cm, "I10")) is None


# --- ids ---


@settings(max_examples=8)
@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=6, unique=True))
def test_any_id_comes_through_unchanged(ids: list[str]) -> None:
    writable = [id.encode("utf-8", "backslashreplace").decode() for id in ids]
    encounters = [CodedEncounter(Encounter(id, patient=Patient(id))) for id in ids]
    with gathered(encounters) as mart, tempfile.TemporaryDirectory() as folder:
        write_parquet(mart, Path(folder))
        with opened(Path(folder)) as again:
            assert sorted(row[:2] for row in rows(again, "encounters")) == sorted((w, w) for w in set(writable))


@pytest.mark.parametrize("id", ['"', "a,b", "a\nb", "\r\n", "NULL", "\\N", "'; DROP TABLE encounters; --", "#1", "\0"])
def test_an_id_is_no_syntax(id: str) -> None:
    with gathered([CodedEncounter(Encounter(id, patient=Patient(id))), coded(TWO.splitlines()[0])]) as mart:
        assert (id, id) in [row[:2] for row in rows(mart, "encounters")]


def test_an_encounter_given_twice_is_refused_by_its_id() -> None:
    given_twice = [coded("e7=p1 F 2026-01-05: I10"), coded("e7=p1 F 2026-01-05: I10")]
    with pytest.raises(InputError, match=r"What was given holds 1 encounters? more than once, by their ids \('e7'\)"):
        gathered(given_twice).__enter__()


@pytest.mark.parametrize("bad", [Encounter(""), Encounter("x" * 1001), Encounter("e1", patient=Patient("x" * 1001))])
def test_an_id_without_measure_is_refused(bad: Encounter) -> None:
    with pytest.raises(InputError, match="id has 1 to 1000 characters"):
        gathered([CodedEncounter(bad)]).__enter__()


# --- Parquet ---


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with mart_of(TWO) as mart:
        write_parquet(mart, tmp_path / "out")
    return tmp_path / "out"


def test_parquet_gives_the_tables_back(folder: Path) -> None:
    with mart_of(TWO) as before, opened(folder) as after:
        for table in ("encounters", "diagnoses"):
            assert rows(after, table) == rows(before, table)
        assert (after.encounters, after.diagnoses) == (2, 3)


def test_the_files_have_the_promised_columns_and_are_the_owners_alone(folder: Path) -> None:
    assert is_mart(folder)
    assert sorted(path.name for path in folder.iterdir()) == ["diagnoses.parquet", "encounters.parquet"]
    for name, columns in (("encounters", ENCOUNTERS), ("diagnoses", DIAGNOSES)):
        path = folder / f"{name}.parquet"
        described = duckdb.sql(f"DESCRIBE FROM '{path}'").fetchall()
        assert {row[0]: row[1] for row in described} == columns
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_order_in_which_encounters_are_given_leaves_no_trace(tmp_path: Path) -> None:
    lines = cohort("\n".join(f"p{n} F{n} 2026-01-{n:02}: E11.9 I10 J45.909" for n in range(1, 20)))
    for name, some in (("a", lines), ("b", lines[::-1])):
        with gathered(some) as mart:
            write_parquet(mart, tmp_path / name)
    for table in ("encounters", "diagnoses"):
        assert (tmp_path / "a" / f"{table}.parquet").read_bytes() == (tmp_path / "b" / f"{table}.parquet").read_bytes()


def test_a_second_export_takes_the_place_of_the_first(folder: Path) -> None:
    with mart_of("p9 M40 2026-03-01: I10") as mart:
        write_parquet(mart, folder)
    with opened(folder) as mart:
        assert (mart.encounters, mart.diagnoses) == (1, 1)


@pytest.mark.parametrize("name", ["a b", "it's", "x[1]*?", "ä"])
def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    with mart_of(TWO) as mart:
        write_parquet(mart, tmp_path / name)
    with opened(tmp_path / name) as mart:
        assert mart.encounters == 2


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with mart_of(TWO):
        (workplace,) = tmp_path.iterdir()
        assert stat.S_IMODE(workplace.stat().st_mode) == 0o700
        assert list(workplace.glob("*.csv")) == []
    assert list(tmp_path.iterdir()) == []


def test_no_encounters_make_empty_tables(tmp_path: Path) -> None:
    with gathered([]) as mart:
        write_parquet(mart, tmp_path)
    with opened(tmp_path) as mart:
        assert (mart.encounters, mart.diagnoses) == (0, 0)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with mart_of(TWO) as mart, pytest.raises(InputError, match="cannot be written"):
        write_parquet(mart, tmp_path / "file" / "out")


def test_a_file_that_is_no_parquet_is_told(folder: Path) -> None:
    (folder / "encounters.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(InputError, match=r"encounters\.parquet is not a Parquet file that can be read"):
        opened(folder).__enter__()


def test_a_table_that_lacks_a_column_is_told(folder: Path) -> None:
    duckdb.sql(f"COPY (SELECT 'e1' AS encounter) TO '{folder / 'diagnoses.parquet'}'")
    with pytest.raises(InputError, match="lacks the column code VARCHAR: write it anew"):
        opened(folder).__enter__()


def test_a_column_of_another_type_is_told(folder: Path, tmp_path: Path) -> None:
    path = folder / "encounters.parquet"
    duckdb.sql(
        f"COPY (SELECT * REPLACE (date::VARCHAR AS date) FROM '{path}') TO '{tmp_path / 'new'}' (FORMAT parquet)"
    )
    (tmp_path / "new").replace(path)
    with pytest.raises(InputError, match="lacks the column date DATE"):
        opened(folder).__enter__()


def test_tables_that_do_not_belong_together_are_told(folder: Path, tmp_path: Path) -> None:
    with mart_of("x1=p1 F 2026-01-05: I10") as mart:
        write_parquet(mart, tmp_path / "other")
    (tmp_path / "other" / "diagnoses.parquet").replace(folder / "diagnoses.parquet")
    with pytest.raises(InputError, match="holds 1 diagnoses of encounters that are not there"):
        opened(folder).__enter__()


# --- DuckDB ---


def test_without_duckdb_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(DataMissing, match="pip install leadterm"):
        gathered([]).__enter__()


def test_no_extension_is_ever_fetched() -> None:
    with mart_of(TWO) as mart:
        for setting in ("autoinstall_known_extensions", "autoload_known_extensions"):
            assert mart.connection.execute(f"SELECT current_setting('{setting}')").fetchone() == (False,)


def test_sexes_are_the_domains() -> None:
    with mart_of("\n".join(f"p{n} {sex} 2026-01-05: I10" for n, sex in enumerate(Sex))) as mart:
        assert {row[2] for row in rows(mart, "encounters")} == set(Sex)
