from __future__ import annotations

import csv
import json
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from leadterm.codesets.formats import Offered, Table, _coverage_database, coverage
from leadterm.codesets.payment.coverage import ArticleCoverage, Coverage, CoverageDocuments
from leadterm.domain import DateRange, InputError

from .made import offered, read, recognised_by, release, store, written

DERIVED, DATABASE, CATALOGUE = coverage.FORMATS
# The tables of the database with the columns that matter and some that do not; descriptions are invented.
TABLES = {
    "article": (
        "article_id,article_version,article_type,title,status,article_eff_date,article_end_date,description",
        '50001,3,1,Billing of an invented test,A,2024-10-01 00:00:00.000,,"A long text, with ""quotes""\nand lines"',
        "50002,1,1,Another invented article,A,2020-01-01 00:00:00.000,2025-12-31 00:00:00.000,",
    ),
    "article_x_hcpc_code": (
        "article_id,article_version,hcpc_code_id,hcpc_code_version,hcpc_code_group,range,long_description",
        "50001,3,81161,1,1,N,never read",
        "50001,3,g0105,1,1,N,never read",
        "50002,1,81161,1,1,N,never read",
        "59999,1,81161,1,1,N,of an article that is not there",
    ),
    "article_x_icd10_covered": (
        "article_id,article_version,icd10_code_id,icd10_code_version,icd10_covered_group,range,description",
        "50001,3,E11.22,1,1,N,never read",
        "50001,3,E1165,1,1,N,never read",
        "50001,3,E11.22,1,2,N,never read",
        "50002,1,I10,1,1,N,never read",
        "50002,1,XX000,1,1,N,Not applicable",
    ),
    "article_x_icd10_noncovered": (
        "article_id,article_version,icd10_code_id,icd10_code_version,icd10_noncovered_group,range",
        "50001,3,Z00.00,1,1,N",
    ),
    "article_related_documents": (
        "article_id,article_version,related_num,r_article_id,r_article_version,r_lcd_id,r_lcd_version",
        "50001,3,1,,,33333,5",
    ),
    "lcd": ("lcd_id,lcd_version,title,status,rev_eff_date,date_retired", "33333,5,An invented determination,A,,"),
    "lcd_x_hcpc_code": ("lcd_id,lcd_version,hcpc_code_id,hcpc_code_group", "33333,5,93000,1"),
}


def tables(*names: str, **changed: Sequence[str]) -> list[Offered]:
    chosen = {name: changed.get(name, TABLES[name]) for name in names or TABLES}
    return [
        written(f"current_article.zip/{name}.csv", "\ufeff" + "\r\n".join(rows) + "\r\n")
        for name, rows in chosen.items()
    ]


@pytest.fixture
def articles(tmp_path: Path) -> ArticleCoverage:
    found, made = read(DATABASE, *tables())
    return ArticleCoverage(store(tmp_path, made), release(found, made))


# --- the derived list ---


@pytest.fixture(scope="module")
def derived(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Coverage:
    found, made = read(DERIVED, offered(shared / "releases/lcd/derived-lcd_coverage.json"))
    return Coverage(store(tmp_path_factory.mktemp("lcd"), made), release(found, made))


def test_every_procedure_of_the_list_is_read(shared: Path) -> None:
    path = shared / "releases/lcd/derived-lcd_coverage.json"
    given = json.loads(path.read_bytes())
    found, made = read(DERIVED, offered(path))
    assert found.name == "coverage:lcd"
    assert dict(made.counts) == {
        "procedures": 500,
        "supporting diagnoses": sum(len(entry["covered"]) for entry in given.values()),
        "diagnoses that do not support": sum(len(entry["notCovered"]) for entry in given.values()),
        "documents": len({document for entry in given.values() for document in entry["lcdIds"]}),
    }


def test_a_procedure_has_its_diagnoses_and_documents(derived: Coverage) -> None:
    found = derived.covered("27096")
    assert found is not None
    assert found.covered == ("M43.28", "M46.1", "M47.818", "M53.3")
    assert found.documents == ("L39383", "L39462", "L39464")


def test_a_diagnosis_supports_or_does_not(derived: Coverage) -> None:
    found = derived.covered("27096")
    assert found is not None
    assert (found.supports("M461"), found.supports("I10")) == (True, False)


def test_a_procedure_without_a_policy_is_none(derived: Coverage) -> None:
    assert derived.covered("99213") is None


@pytest.mark.parametrize("bad", ['{"27096": {"covered": [', '{"27096": {"covered": ["M43.28"], "lcdIds": []}}'])
def test_a_list_that_is_not_whole_is_told(bad: str) -> None:
    with pytest.raises(InputError, match="fetch it again"):
        read(DERIVED, written("lcd.json", bad))


def test_a_diagnosis_that_is_none_is_told() -> None:
    with pytest.raises(InputError, match="no ICD-10-CM code"):
        read(DERIVED, written("lcd.json", '{"27096": {"covered": ["not one"], "notCovered": [], "lcdIds": []}}'))


# --- the tables of the database ---


def test_an_article_says_what_it_covers(articles: ArticleCoverage) -> None:
    found = articles.covered("G0105")
    assert found is not None
    assert (found.covered, found.not_covered) == (("E11.22", "E11.65"), ("Z00.00",))
    assert found.documents == ("A50001", "L33333")
    (policy,) = found.policies
    assert (policy.title, policy.starts, policy.ends) == ("Billing of an invented test", date(2024, 10, 1), None)


def test_articles_of_one_procedure_stay_apart(articles: ArticleCoverage) -> None:
    found = articles.covered("81161")
    assert found is not None
    assert [policy.document for policy in found.policies] == ["A50001", "A50002"]
    assert found.covered == ("E11.22", "E11.65", "I10")


def test_an_article_that_has_ended_does_not_answer(articles: ArticleCoverage) -> None:
    found = articles.covered("81161", date(2026, 5, 14))
    assert found is not None
    assert found.supports("I10") is False
    before = articles.covered("81161", date(2025, 5, 14))
    assert before is not None
    assert before.supports("I10") is True


def test_a_determination_without_lists_does_not_decide(articles: ArticleCoverage) -> None:
    found = articles.covered("93000")
    assert found is not None
    assert (found.documents, found.supports("I10")) == (("L33333",), None)


def test_what_is_left_out_is_counted() -> None:
    _, made = read(DATABASE, *tables())
    assert dict(made.counts) == {
        "procedures": 3,
        "supporting diagnoses": 3,
        "diagnoses that do not support": 1,
        "documents": 3,
        "left out: no code, or of no document here": 2,
    }


def test_no_description_is_kept(tmp_path: Path) -> None:
    _, made = read(DATABASE, *tables())
    store(tmp_path, made)
    assert b"never read" not in (tmp_path / "made.sqlite").read_bytes()


def test_the_tables_are_needed_together() -> None:
    with pytest.raises(InputError, match=r"article_x_icd10_covered.csv"):
        read(DATABASE, *tables("article", "article_x_hcpc_code"))


def test_a_row_with_cells_missing_is_told() -> None:
    with pytest.raises(InputError, match=r"Row 2 of article_x_hcpc_code\.csv"):
        read(DATABASE, *tables(article_x_hcpc_code=(TABLES["article_x_hcpc_code"][0], "50001,3")))


def test_tables_of_the_database_that_are_not_needed_are_not_claimed() -> None:
    assert recognised_by(coverage.FORMATS, written("contractor.csv", "contractor_id,contractor_version\r\n")) == []
    assert recognised_by(coverage.FORMATS, written("article.csv", "name,price\r\n")) == []


# --- the catalogue ---

DOCUMENTS = "releases/lcd/documents_latest.csv"


def test_every_document_of_the_catalogue_is_read(shared: Path) -> None:
    with (shared / DOCUMENTS).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    found, made = read(CATALOGUE, offered(shared / DOCUMENTS))
    counts = dict(made.counts)
    assert found.period == DateRange(date(2025, 8, 6))
    assert counts["versions"] == len(rows) == 3_133
    assert counts["documents"] == len({row["document_display_id"] for row in rows})
    assert counts["versions: LCD"] == sum(row["document_type"] == "LCD" for row in rows)


def test_a_document_has_its_versions(shared: Path, tmp_path: Path) -> None:
    found, made = read(CATALOGUE, offered(shared / DOCUMENTS))
    face = CoverageDocuments(store(tmp_path, made), release(found, made))
    one = face.document("l38773")
    assert one is not None
    assert (one.kind, one.version, one.effective, one.retired) == ("LCD", 26, date(2025, 8, 14), None)
    assert "\n" not in one.contractor
    assert len(face.versions("L39297")) == 2
    assert face.document("L38773", date(2000, 1, 1)) is None
    assert face.document("L00000") is None


def test_releases_differ_by_procedure_and_by_document(tmp_path: Path) -> None:
    _, made = read(DATABASE, *tables())
    entries = dict(coverage.DIFFERS["coverage:articles"](store(tmp_path, made)))
    assert entries["81161"] == {
        "covered": "E11.22 E11.65 I10",
        "not_covered": "Z00.00",
        "documents": "A50001 A50002 L33333",
    }


def test_an_empty_catalogue_is_told(shared: Path) -> None:
    header = (shared / DOCUMENTS).read_bytes().splitlines(keepends=True)[0]
    with pytest.raises(InputError, match="no documents"):
        read(CATALOGUE, written("documents_2026-01.csv", header))


# --- whose they are, where they hold, groups ---

PLACED = {
    "article_x_contractor": (
        "article_id,article_version,article_type,contractor_id,contractor_type_id,contractor_version",
        "50001,3,1,10,12,1",
        "50002,1,1,11,12,1",
    ),
    "contractor": (
        "contractor_id,contractor_type_id,contractor_version,contractor_bus_name",
        '10,12,1,"Invented  Contractor,\n LLC"',
        "11,12,1,Another",
    ),
    "contractor_jurisdiction": (
        "contractor_id,contractor_type_id,contractor_version,state_id,active_date,term_date",
        "10,12,1,1,2020-01-01,",
        "10,12,1,2,2020-01-01,2021-12-31",
        "11,12,1,3,2020-01-01,",
    ),
    "state_lookup": ("state_id,state_abbrev,description", "1,QN,Queens", "2,IA,Iowa", "3,ia,Iowa"),
    "article_x_icd10_covered_group": (
        "article_id,article_version,icd10_covered_group,paragraph",
        '50001,3,1,"<p>Invented. One of Group 1 must be reported with one of&nbsp;<b>Group 2</b>.</p>"',
        "50001,3,2,A list like that of group 1.",
    ),
}


@pytest.fixture
def placed(tmp_path: Path) -> ArticleCoverage:
    given = TABLES | PLACED
    files = [written(f"{name}.csv", "\r\n".join(rows) + "\r\n") for name, rows in given.items()]
    found, made = read(DATABASE, *files)
    return ArticleCoverage(store(tmp_path, made), release(found, made))


def test_a_policy_has_its_contractor_and_the_states_where_that_decides(placed: ArticleCoverage) -> None:
    one, other = placed.policies("81161")
    assert (one.contractors, one.states, one.version) == (("Invented Contractor, LLC",), {"NY"}, 3)
    assert (other.contractors, other.states) == (("Another",), {"IA"})


def test_a_group_names_the_groups_that_its_paragraph_asks_for(placed: ArticleCoverage) -> None:
    first, second = placed.policies("G0105")[0].groups
    assert (first.number, first.covered, first.needs) == (1, {"E11.22", "E11.65"}, {2})
    assert (second.number, second.covered, second.needs) == (2, {"E11.22"}, frozenset())


@pytest.mark.parametrize(
    ("paragraph", "asked"),
    [
        ("", set()),
        ("<p>These support 11721.</p>", set()),
        ("See also group 2.", set()),
        ("A code of Group 1 must be reported with one of Groups 2 or 3.", {1, 2, 3}),
        ("These require a secondary diagnosis. See group 4.", set()),
        ("<ul><li>must be told</li><li>group 5</li></ul>", set()),
        ("Both group 1 and <em>group 2</em> are needed", {1, 2}),
    ],
)
def test_what_a_paragraph_asks_for(paragraph: str, asked: set[int]) -> None:
    assert _coverage_database.asked_for(paragraph) == asked


def test_what_hangs_on_a_modifier_is_not_refused_without(tmp_path: Path) -> None:
    columns = "article_id,article_version,icd10_noncovered_group,paragraph"
    rows = (columns, "50001,3,1,<p>For claims with the invented modifier ZX.</p>")
    found, made = read(DATABASE, *tables(), written("article_x_icd10_noncovered_group.csv", "\r\n".join(rows) + "\r\n"))
    (policy,) = ArticleCoverage(store(tmp_path, made), release(found, made)).policies("G0105")
    assert (policy.covered, policy.not_covered) == ({"E11.22", "E11.65"}, frozenset())


def test_a_long_paragraph_costs_no_time() -> None:
    started = time.process_time()
    assert _coverage_database.asked_for("<" * 200_000 + "must group" + " 1," * 100_000) == {1}
    assert time.process_time() - started < 2


def test_tables_of_contractors_come_with_both_archives() -> None:
    article, lcd = (written(f"current_{kind}.zip/contractor.csv", "x") for kind in ("article", "lcd"))
    assert _coverage_database.piece(article) != _coverage_database.piece(lcd)


def test_without_contractors_nothing_is_said_of_places(articles: ArticleCoverage) -> None:
    assert {(p.contractors, p.states) for p in articles.policies("81161")} == {((), frozenset())}


def test_every_procedure_that_a_policy_names_is_known(articles: ArticleCoverage) -> None:
    assert articles.procedures == {"81161", "G0105", "93000"}


def test_of_a_document_the_newest_version_in_force_answers(tmp_path: Path) -> None:
    again = "50001,4,1,Billing anew,A,2025-10-01 00:00:00.000,,"
    newer = {
        "article": (*TABLES["article"], again),
        "article_x_hcpc_code": (*TABLES["article_x_hcpc_code"], "50001,4,81161,1,1,N,never read"),
    }
    found, made = read(DATABASE, *tables(**newer))
    face = ArticleCoverage(store(tmp_path, made), release(found, made))
    assert [p.version for p in face.policies("81161", date(2026, 5, 14)) if p.document == "A50001"] == [4]
    assert [p.version for p in face.policies("81161", date(2025, 5, 14)) if p.document == "A50001"] == [3]


def test_a_store_of_before_places_were_read_answers(tmp_path: Path) -> None:
    found, made = read(DATABASE, *tables())
    old = Table(made.counts, made.parts[:2])
    face = ArticleCoverage(store(tmp_path, old), release(found, old))
    assert [p.document for p in face.policies("81161")] == ["A50001", "A50002"]
