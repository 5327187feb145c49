"""Codes: known, complete, in force, once, in order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.domain import (
    Assertion,
    Evidence,
    Fact,
    FactKind,
    Finding,
    PathwayStep,
    Severity,
    Span,
    Status,
    Step,
)

from .notation import coded


def found(text: str, rule: str, book: CodeBook) -> list[Finding]:
    return [f for f in edits.check(coded(text), book) if f.rule == rule]


def test_incomplete_code_names_its_children(book: CodeBook) -> None:
    (finding,) = found("outpatient F60 2026-05-14: I50.2", "ICD10CM:I.B.2/not-billable", book)
    assert finding.fix == "Use one of I50.20, I50.21, I50.22, I50.23, as the documentation supports."


def test_incomplete_code_with_many_children_names_the_first(book: CodeBook) -> None:
    (finding,) = found("outpatient F60 2026-05-14: S52", "ICD10CM:I.B.2/not-billable", book)
    assert finding.fix == "Use one of S52.0, S52.1, S52.2, S52.3, S52.5, S52.6, S52.9, as the documentation supports."
    (finding,) = found("outpatient F60 2026-05-14: R40.2", "ICD10CM:I.B.2/not-billable", book)
    assert finding.fix is not None


# --- the 7th character ---

SEVENTH = "ICD10CM:I.A.5/seventh-character"


@pytest.mark.parametrize(
    ("code", "said", "fix"),
    [
        ("S52.501", "lacks its 7th character, which S52.501 needs", "Use one of S52.501A, S52.501B, S52.501C"),
        ("T88.1", "lacks its 7th character", "Use one of T88.1XXA, T88.1XXD, T88.1XXS,"),
        ("T88.1XX", "lacks its 7th character, which T88.1 needs", "Use one of T88.1XXA, T88.1XXD, T88.1XXS,"),
        ("T88.1A", "has not the placeholder X", "Use T88.1XXA."),
        ("T88.1XA", "has not the placeholder X", "Use T88.1XXA."),
        ("T42.42A", "has not the placeholder X", "Use T42.4X2A."),
        ("T88.1XXG", "has G for a 7th character, which T88.1 does not take", "Use one of T88.1XXA"),
        ("S52.501Z", "has Z for a 7th character, which S52.501 does not take", "Use one of S52.501A"),
        ("E11.9XXA", "has a 7th character, which E11.9 does not take", "Use E11.9."),
    ],
)
def test_seventh_character_is_put_right(code: str, said: str, fix: str, book: CodeBook) -> None:
    everything = edits.check(coded(f"outpatient F60 2026-05-14: {code}"), book)
    (finding,) = [f for f in everything if f.severity is Severity.ERROR]
    assert finding.rule == SEVENTH
    assert said in finding.message
    assert (finding.fix or "").startswith(fix)


@pytest.mark.parametrize("code", ["E11.55", "S52.5A", "E11.2", "I60.20", "S52.501A", "H40.1111", "Z99.99"])
def test_other_codes_have_no_word_on_the_seventh_character(code: str, book: CodeBook) -> None:
    assert found(f"outpatient F60 2026-05-14: {code}", SEVENTH, book) == []


# --- what came in the place of a code ---


def test_ended_code_names_what_it_was_divided_into(book: CodeBook) -> None:
    (finding,) = found("outpatient F60 2026-05-14: S30.1XXA", "ICD10CM:release/not-in-force", book)
    assert "its last day was" in finding.message
    assert (finding.fix or "").startswith("Use one of S30.11XA")


def test_code_without_known_successor_keeps_the_fix_of_the_rule(book: CodeBook) -> None:
    (finding,) = found("outpatient F60 2026-05-14: I60.20", "ICD10CM:release/not-in-force", book)
    assert finding.fix == edits.rule("ICD10CM:release/not-in-force").fix  # type: ignore[union-attr]


# --- sides and detail ---

BOTH, ONE_OF_BOTH, TOLD = (f"ICD10CM:I.B.13/{s}" for s in ("both-sides", "side-beside-both", "side-documented"))
LESS = "ICD10CM:I.B.2/less-specific"


@pytest.mark.parametrize(
    ("codes", "both"),
    [
        ("M16.11 M16.12", "M16.0"),
        ("H25.11 H25.12", "H25.13"),
        ("H40.1111 H40.1121", "H40.1131"),
        ("E11.3211 E11.3212", "E11.3213"),
        ("Z96.651 Z96.652", "Z96.653"),
        ("C56.1 C56.2", "C56.3"),
    ],
)
def test_right_and_left_are_one_code(codes: str, both: str, book: CodeBook) -> None:
    (finding,) = found(f"outpatient F60 2026-05-14: {codes}", BOTH, book)
    assert finding.fix == f"Use {both} instead of the two."


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-14: M25.561 M25.562",  # no code for both
        "2026-05-14: S52.501A S52.502A",
        "2026-05-14: H40.1111 H40.1122",  # another stage in each eye (I.C.7.a.3)
        "2026-05-14: E11.3211 E11.3292",
        "2026-05-14: C50.911 C50.912",
        "2020-05-14: C56.1 C56.2",  # the code for both began later
        "2026-05-14: M16.11 M17.12",
    ],
)
def test_right_and_left_stand(text: str, book: CodeBook) -> None:
    assert found(f"outpatient F60 {text}", BOTH, book) == []


def test_one_side_beside_both_is_questioned(book: CodeBook) -> None:
    (finding,) = found("outpatient F60 2026-05-14: M17.0 M17.12", ONE_OF_BOTH, book)
    assert finding.fix == "Leave M17.12 out."


def documented(code: str, text: str, words: str, attributes: dict[str, str], book: CodeBook) -> list[Finding]:
    """The findings on a code that stands on one fact."""
    one = coded(f"outpatient F60 2026-05-14: {code}")
    at = text.index(words)
    quoted = Evidence("d1", Span(at, at + len(words)), words)
    fact = Fact("f1", "pain", FactKind.FINDING, Assertion.PRESENT, attributes, evidence=(quoted,))
    assignment = replace(one.assignments[0], evidence=(quoted,), facts=("f1",))
    found = edits.check(replace(one, assignments=(assignment,), facts=(fact,)), book)
    return [f for f in found if f.rule == TOLD]


@pytest.mark.parametrize(
    ("code", "words", "attributes", "better"),
    [
        ("M25.569", "pain in the left knee", {}, "M25.562"),
        ("M25.569", "knee", {"laterality": "right"}, "M25.561"),
        ("H66.90", "both ears", {}, "H66.93"),
        ("S52.509A", "left radius", {}, "S52.502A"),
        ("M25.569", "knee", {}, None),
        ("M25.569", "left knee, then the right", {}, None),
        ("M25.562", "left knee", {}, None),
        ("I48.91", "left atrium", {}, None),  # no side to code
    ],
)
def test_side_of_the_words_is_the_side_of_the_code(
    code: str, words: str, attributes: dict[str, str], better: str | None, book: CodeBook
) -> None:
    said = documented(code, f"Has {words}.", words, attributes, book)
    assert [f.fix for f in said] == ([f"Use {better}."] if better else [])


@pytest.mark.parametrize(
    ("codes", "fires"),
    [
        ("I50.9 I50.22", True),
        ("S52.509A S52.501A", True),
        ("H66.90 H66.91", True),
        ("I21.9 I21.4", True),
        ("I48.91 I48.92", False),  # two conditions
        ("C50.911 C50.912", False),  # two sides
        ("T50.901A T50.991A", False),  # two drugs
        ("Z88.9 Z88.0", False),
        ("M25.561 M54.50", False),
        ("H66.90", False),
    ],
)
def test_less_specific_code_beside_another(codes: str, fires: bool, book: CodeBook) -> None:
    assert bool(found(f"outpatient F60 2026-05-14: {codes}", LESS, book)) is fires


def test_incomplete_code_is_not_said_to_be_out_of_force_too(book: CodeBook) -> None:
    assert found("outpatient F60 2026-05-14: E11.2", "ICD10CM:release/not-in-force", book) == []


def test_code_before_its_first_day_names_that_day(book: CodeBook) -> None:
    (finding,) = found("outpatient F60 2024-09-30: E66.811", "ICD10CM:release/not-in-force", book)
    assert "its first day is 2024-10-01" in finding.message


def test_code_after_its_last_day_names_that_day(book: CodeBook) -> None:
    (finding,) = found("outpatient F60 2026-05-14: I60.20", "ICD10CM:release/not-in-force", book)
    assert "its last day was 2016-09-30" in finding.message


@pytest.mark.parametrize("text", ["outpatient F60 2016-09-30: I60.20", "outpatient F60 2021-09-30: M54.5"])
def test_code_of_an_earlier_year_is_good_in_that_year(text: str, book: CodeBook) -> None:
    assert edits.check(coded(text), book) == ()


def test_without_a_date_nothing_is_said_about_dates(book: CodeBook) -> None:
    assert found("outpatient F60: E66.811", "ICD10CM:release/not-in-force", book) == []


def test_one_remark_for_all_procedure_codes_without_a_file(book: CodeBook) -> None:
    text = "outpatient F60 2026-05-14: I10 line:99213 line:83036 line:G0439"
    (finding,) = found(text, "LEADTERM:procedures/code-set-missing", book)
    assert finding.codes == ("83036", "99213", "G0439")


def test_rejected_codes_are_not_checked(book: CodeBook) -> None:
    whole = coded("outpatient F60 2026-05-14: I10 E11.55")
    kept, rejected = whole.assignments
    words = {"evidence": (Evidence("d1", Span(0, 4), "gout"),), "pathway": (PathwayStep(Step.INDEX, "Gout"),)}
    without = replace(whole, assignments=(kept, replace(rejected, status=Status.REJECTED, **words)))
    assert edits.check(without, book) == ()


@pytest.mark.parametrize("text", ["I10 E11.9@1", "I10@2 E11.9@1", "I10 E11.9=first-listed"])
def test_broken_sequence_is_reported(text: str, book: CodeBook) -> None:
    assert found(f"outpatient F60 2026-05-14: {text}", "LEADTERM:sequence/one-first", book)


def test_gap_that_a_rejected_code_left_is_no_broken_sequence(book: CodeBook) -> None:
    assert found("outpatient F60 2026-05-14: I10 E11.9@4", "LEADTERM:sequence/one-first", book) == []


def test_encounter_without_codes_has_no_findings(book: CodeBook) -> None:
    assert edits.check(coded("outpatient F60 2026-05-14: "), book) == ()
