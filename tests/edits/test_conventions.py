"""Codes that do not go together, that need each other, and what leads: cases beside those of the rules themselves."""

from __future__ import annotations

from itertools import permutations

import pytest

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.codesets.relations.references import names_one
from leadterm.codesets.relations.relations import Relations
from leadterm.domain import Severity
from leadterm.edits._coding import Entry
from leadterm.edits.conventions import companions, groups, pairs

from .notation import coded

STANDING = ("code-first", "code-first-named")


def said(text: str, book: CodeBook) -> set[str]:
    """The last part of each rule of ICD-10-CM that reports, those of order left out."""
    found = [f.rule for f in edits.check(coded(text), book) if f.rule.startswith("ICD10CM:")]
    slugs = {rule.rpartition("/")[2] for rule in found}
    return slugs - set(STANDING)


def out(codes: str, book: CodeBook) -> set[str]:
    return said(f"outpatient F60 2026-05-14: {codes}", book)


# --- the tables hold what they cite ---


@pytest.mark.parametrize("table", [pairs.TABLE, companions.TABLE], ids=["pairs", "companions"])
def test_every_code_of_a_table_is_in_the_list(table: pairs.BitTable, book: CodeBook) -> None:
    cells = [r for row in table.references for cell in row for r in cell]
    written = {code for r in cells for code in (r.first, r.last, *(e.first for e in r.exceptions))}
    assert len(written) > 50
    assert [code for code in sorted(written) if book.node(code) is None] == []


@pytest.mark.parametrize("table", [pairs.TABLE, companions.TABLE], ids=["pairs", "companions"])
@pytest.mark.parametrize("code", ["E1122", "I10", "C7A1", "D3A00", "M1A00X0", "S52501A", "O9A111", "Z3A20", "F1721"])
def test_the_cells_of_a_code_are_those_that_name_it(table: pairs.BitTable, code: str) -> None:
    cells = [cell for column in zip(*table.references, strict=True) for cell in column]
    bits = table._cells_of(Entry(code, None, ()))
    assert [n for n, cell in enumerate(cells) if names_one(cell, code)] == [
        n for n in range(len(cells)) if bits >> n & 1
    ]


def test_groups_hold_codes_of_the_list(book: CodeBook) -> None:
    written = {end for row in groups._rows() for r in row[0] for end in (r.first, r.last)}
    assert [code for code in sorted(written) if book.node(code) is None] == []


def test_codes_that_deny_say_so_in_their_titles(book: CodeBook) -> None:
    for (codes, _, _), words in zip(pairs.TABLE.references, pairs.TABLE.rows, strict=True):
        if words[0] == "ICD10CM:tabular/with-and-without":
            node = book.node(codes[0].first)
            assert node is not None
            assert "without" in node.title.lower() or "uncomplicated" in node.title.lower(), node.code


def test_additional_codes_are_those_of_a_note(book: CodeBook) -> None:
    relations = book.component(Relations)
    for (codes, needs, _), words in zip(companions.TABLE.references, companions.TABLE.rows, strict=True):
        if words[0] != "ICD10CM:I.A.13/additional-missing":
            continue
        for reference in codes:
            named = [r for note in relations.use_additional(reference.first) for r in note.references]
            wider = [r for r in named if names_one(needs, r.first.replace(".", ""))]
            words_of_note = [note.text for note in relations.use_additional(reference.first)]
            from_words = [n for n in needs if any(f"from {n.first}" in text for text in words_of_note)]
            assert wider or from_words, reference.first


# --- pairs ---


@pytest.mark.parametrize(
    ("codes", "rule"),
    [
        ("I11.9 I12.9 N18.30", "combined"),
        ("I13.0 I50.32 N18.4 I11.0", "combined"),
        ("I13.2 I50.32 N18.4", "stage-disagrees"),
        ("I11.9 N18.30", "presumed"),
        ("I12.9 N18.30 I50.9", "presumed"),
        ("E11.A E11.42", "with-and-without"),
        ("K21.9 K21.00", "with-and-without"),
        ("F10.20 F10.231", "with-and-without"),
        ("Z00.00 Z00.01", "with-and-without"),
        ("E13.9 K31.84", "with"),
        ("I50.22 I50.32", "one-code"),
        ("J96.01 J96.11", "one-code"),
        ("I48.91 I48.0", "unspecified-beside"),
        ("C79.51 C80.1 C61", "unspecified-beside"),
        ("Z99.2 N18.4", "dialysis-stage"),
    ],
)
def test_pair_is_questioned(codes: str, rule: str, book: CodeBook) -> None:
    assert rule in out(codes, book)


@pytest.mark.parametrize(
    "codes",
    [
        "I13.2 I50.32 N18.6 Z99.2",
        "I10 I50.9 I09.81",
        "I16.0 I10",
        "E11.65 E11.649",
        "E10.9 Z79.4",
        "E11.42 E11.22 N18.30",
        "J44.0 J44.1 J18.9",
        "J96.01 J96.02",
        "C61 Z85.3",
        "C50.911 Z85.3",
        "F33.1 F41.1",
        "K57.30 K57.20",
        "N18.4 D63.1 I12.9",
        "I21.4 I25.10",
        "E43 Z68.1",
    ],
)
def test_pair_stands(codes: str, book: CodeBook) -> None:
    assert out(codes, book) == set()


def test_one_finding_names_all_that_a_code_stands_beside(book: CodeBook) -> None:
    found = edits.check(coded("outpatient F60 2026-05-14: E11.9 E11.42 E11.319"), book)
    (finding,) = [f for f in found if f.rule == "ICD10CM:tabular/with-and-without"]
    assert finding.codes == ("E11.9", "E11.319", "E11.42")
    assert finding.source is not None
    assert "I.C.4.a" in finding.source


def test_order_of_the_codes_changes_nothing_said(book: CodeBook) -> None:
    first, others = "I10", ("E11.9", "E11.42", "N18.31", "N18.4", "I13.0")
    told = {
        tuple((f.rule, f.message) for f in edits.check(coded(f"outpatient F60: {first} {' '.join(order)}"), book))
        for order in permutations(others)
    }
    assert len(told) == 1


# --- companions and etiology ---


@pytest.mark.parametrize(
    ("codes", "rule"),
    [
        ("I13.0 N18.30", "companion"),
        ("I12.9", "companion"),
        ("O98.712", "additional-missing"),
        ("E11.22", "additional-missing"),
        ("G89.3", "neoplasm-missing"),
        ("I10 R29.710", "etiology-missing"),
        ("I10 J12.82", "etiology-missing"),
        ("I10 J91.0", "etiology-missing"),
    ],
)
def test_companion_is_missed(codes: str, rule: str, book: CodeBook) -> None:
    assert rule in out(codes, book)


@pytest.mark.parametrize(
    "codes",
    [
        "I63.9 R29.710",
        "U07.1 J12.82",
        "C34.11 J91.0",
        "I10 F02.80",  # the note gives examples, so that any disease may be meant
        "T45.1X5A K52.1",  # a drug, where the note speaks of poisons
        "R04.2 J69.8",  # blood is no toxic agent
        "E11.9 Z68.35 E66.9",
        "Z08 Z85.3",
    ],
)
def test_companion_is_there(codes: str, book: CodeBook) -> None:
    assert out(codes, book) <= {"secondary-only"}


# --- injuries ---


@pytest.mark.parametrize(
    ("codes", "rules"),
    [
        ("T31.0", set()),
        ("T31.0 T24.311A", {"extent-first"}),
        ("S06.2X0S F02.80", set()),  # the manifestation that follows by the list (I.B.10)
        ("S06.2X0S", {"sequela-first"}),
        ("M84.48XS", {"sequela-first"}),
        ("S52.501B W01.0XXA", set()),
        ("S52.501S W01.0XXA", {"sequela-first", "episodes-disagree"}),
        ("M25.531 S52.501S W01.0XXS", set()),
        ("T42.4X2A R40.20", set()),
        ("O9A.212 T42.4X2A Z3A.20", set()),
        ("J69.0 T42.4X5A", set()),
        ("T42.4X2A T40.2X2A R40.20", set()),
        ("S52.501D W01.0XXD Y99.0", {"told-later"}),
        ("S52.501A S52.501D", {"two-episodes"}),
        ("S52.501A S52.502D", set()),
        ("T22.311A T22.312A", set()),
        ("T22.311D T22.311S", set()),  # a burn that heals beside the sequela of another one (I.C.19.d.8)
        ("T22.311A T22.211S", {"two-degrees"}),
    ],
)
def test_injuries(codes: str, rules: set[str], book: CodeBook) -> None:
    assert out(codes, book) == rules


# --- births ---


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("outpatient F28 2026-05-14: O99.213 E66.9 Z3A.27", {"trimester-against-weeks"}),
        ("outpatient F28 2026-05-14: O99.213 E66.9 Z3A.28", set()),
        ("outpatient F28 2026-05-14: O99.212 E66.9 Z3A.14", set()),
        ("outpatient F28 2026-05-14: O99.211 E66.9 Z3A.01", set()),
        ("outpatient F28 2026-05-14: O99.211 E66.9 Z3A.00", set()),
        ("inpatient F28 2026-05-14: O13.3 Z3A.27", set()),  # begun later in the stay (I.C.15.a.4)
        ("inpatient F28 2026-05-14: O13.2 Z3A.28", {"trimester-against-weeks"}),
        ("inpatient F28 2026-05-14: O60.22X0 Z37.0 Z3A.38", set()),  # labor in one trimester, delivery in another
        ("outpatient F28 2026-05-14: R15.9 O94", set()),
        ("inpatient F28 2026-05-14: O34.211 Z3A.39 Z37.0 pcs:10D00Z1", set()),
        ("inpatient F28 2026-05-14: O34.211 Z3A.39 pcs:10D00Z1", {"outcome-missing"}),
        ("inpatient F28 2026-05-14: O60.14X0 Z3A.35", {"outcome-missing"}),
        ("inpatient F28 2026-05-14: O82 Z3A.39", {"outcome-missing"}),
        ("inpatient F28 2026-05-14: O60.03 Z3A.35", set()),
        ("inpatient F28 2026-05-14: O80 Z37.0 Z38.00 Z3A.39", {"two-records", "first-only"}),
    ],
)
def test_births(text: str, rules: set[str], book: CodeBook) -> None:
    assert said(f"{text} editor:none", book) == rules


# --- present on admission ---


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("inpatient M60 2026-05-14: J18.9~Y I10~Y Z87.891 W19.XXXA I69.351", set()),
        ("inpatient M60 2026-05-14: J18.9 I10", set()),  # a hospital that reports none
        ("inpatient M60 2026-05-14: J18.9~Y I10", {"missing"}),
        ("inpatient/professional M60 2026-05-14: J18.9~Y", {"not-asked"}),
        ("inpatient F28 2026-05-14: O70.1~N Z37.0 Z3A.39", set()),  # a complication of the delivery itself
        ("inpatient M60 2026-05-14: E11.9~N", {"lasting"}),
        ("inpatient M60 2026-05-14: J18.9~U", set()),
    ],
)
def test_present_on_admission(text: str, rules: set[str], book: CodeBook) -> None:
    assert {r for r in said(text, book) if r in {"missing", "not-asked", "lasting", "principal", "not-exempt"}} == rules


def test_contradictions_are_errors_and_presumptions_are_not(book: CodeBook) -> None:
    found = {f.rule: f.severity for f in edits.check(coded("outpatient F60 2026-05-14: I13.0 I10 N18.30 E11.9"), book)}
    assert found["ICD10CM:I.C.9.a/combined"] is Severity.ERROR
    assert found["ICD10CM:I.A.15/with"] is Severity.WARNING
