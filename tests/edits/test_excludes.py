"""Excludes1: pairs that the Tabular List forbids, and those that it only seems to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations

import pytest

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.domain import CodedEncounter, Finding, Override, Severity

from .notation import coded

RULE, UNRELATED = "ICD10CM:tabular/excludes1", "ICD10CM:I.A.12.a/excludes1-unrelated"


def pairs(text: str, book: CodeBook) -> list[Finding]:
    return [f for f in edits.check(coded(f"outpatient F60 2026-05-14: {text}"), book) if f.rule in (RULE, UNRELATED)]


@pytest.mark.parametrize(
    "codes",
    [
        "E10.9 E11.9",  # at E10, one direction only
        "I63.9 S06.5X0A",  # at the block I60-I69
        "O24.410 E11.9",  # at E11, a reference with a dash
        "Z34.02 O09.512",  # at the chapter, both directions
        "G54.5 E11.44",  # E08-E13 with .44
        "F07.81 S06.0X0A",  # the concussion's first encounter
        "R47.01 I69.320",  # final characters
        "E87.20 E11.10",  # categories "with ketoacidosis"
        "N18.9 N19",
    ],
)
def test_pair_is_reported_once(codes: str, book: CodeBook) -> None:
    (finding,) = pairs(codes, book)
    assert set(finding.codes) == set(codes.split())


@pytest.mark.parametrize(
    "codes",
    [
        "E11.9 I10",
        "E11.22 N18.30",
        "F07.81 S06.0X0D",  # a later encounter
        "G54.5 E11.42",
        "T88.7XXA E11.9",  # "A00-R94" is any condition, not these codes
        "R47.01 I69.20",  # "I69. with final characters -20" is I69.020, I69.120, …
        "Z36.3 O26.851",  # "code to condition in Chapter 15" forbids no code of it
        "A15.0 A15.5",  # the note at A15-A19 speaks of A15 and means J65
    ],
)
def test_pair_passes(codes: str, book: CodeBook) -> None:
    assert pairs(codes, book) == []


@pytest.mark.parametrize(
    ("codes", "severity"),
    [
        ("E10.9 E11.9", Severity.ERROR),
        ("Z34.02 O09.512", Severity.ERROR),  # at a chapter that a normal pregnancy is no part of
        ("R47.01 I69.320", Severity.ERROR),
        ("F45.8 G47.63", Severity.WARNING),  # the guideline's own example of unrelated conditions
        ("E43 K90.0", Severity.WARNING),  # at the block E40-E46
        ("I63.9 S06.5X0A", Severity.WARNING),  # at the block I60-I69
        ("S02.0XXB S01.01XA", Severity.ERROR),
        ("S02.0XXB S01.01XD", Severity.WARNING),  # another episode of care
    ],
)
def test_pair_that_may_well_be_unrelated_is_a_warning(codes: str, severity: Severity, book: CodeBook) -> None:
    (finding,) = pairs(codes, book)
    assert finding.severity is severity


def test_opposite_sides_are_a_warning(book: CodeBook) -> None:
    assert [f.severity for f in pairs("H33.111 H35.731", book)] == [Severity.ERROR]
    assert [f.severity for f in pairs("H33.111 H35.732", book)] == [Severity.WARNING]


def test_open_skull_fracture_excludes_the_scalp_wound(book: CodeBook) -> None:
    assert len(pairs("S02.0XXB S01.01XA", book)) == 1
    assert pairs("S02.0XXA S01.01XA", book) == []


def test_finding_names_both_codes_with_titles_and_the_note(book: CodeBook) -> None:
    (finding,) = pairs("E11.9 E10.9", book)
    assert finding.severity is Severity.ERROR
    for words in ("E10.9 (Type 1 diabetes", "E11.9 (Type 2 diabetes", "Excludes1 at E10", "(E11.-)", "unrelated"):
        assert words in finding.message
    assert finding.source == "ICD-10-CM Tabular List, Excludes1 note at E10; Official Guidelines I.A.12.a"
    assert finding.assignments == ("a2", "a1")


def test_order_of_the_codes_changes_nothing_said(book: CodeBook) -> None:
    codes = ("E11.9", "E10.9", "N18.9", "N19")
    said = {tuple(f.message for f in pairs(" ".join(order), book)) for order in permutations(codes)}
    assert len(said) == 1


def test_a_code_does_not_exclude_itself_or_its_own_line(book: CodeBook) -> None:
    assert pairs("E11.9 E11.9 E11", book) == []


def overridden(book: CodeBook) -> CodedEncounter:
    before = coded("outpatient F60 2026-05-14: E11.9 E10.9")
    permit = Override("coder 7", datetime(2026, 5, 15, 9, 0, tzinfo=UTC), "Conditions documented as unrelated.")
    findings = tuple(replace(f, override=permit) for f in edits.check(before, book) if f.rule == RULE)
    return replace(before, findings=findings)


def test_override_is_kept_when_the_same_pair_is_found_again(book: CodeBook) -> None:
    again = next(f for f in edits.check(overridden(book), book) if f.rule == RULE)
    assert again.override is not None
    assert again.override.by == "coder 7"
    assert not again.stands


def test_override_of_another_pair_permits_nothing(book: CodeBook) -> None:
    other = coded("outpatient F60 2026-05-14: E13.9 E10.9")
    found = edits.check(replace(other, findings=overridden(book).findings), book)
    assert all(f.override is None for f in found if f.rule == RULE)
