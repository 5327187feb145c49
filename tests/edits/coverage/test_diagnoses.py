"""Diagnoses and the policies that support a service for them (`tests/edits/tables/article*.csv`, `ncd_lists.csv`)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.domain import Claim, Finding, Role

from ..bills import GOOD_VISIT, claim
from ..notation import case

Judge = Callable[[str], dict[str, Finding]]
SLEEP = "lines.1.code = 95811; lines.1.modifiers = none"
SUPPORTING = ("G47.33", "G47.31")
OTHERS = ("E11.9", "I10", "Z00.00", "R51.9")


def about(made: Claim, book: CodeBook) -> list[Finding]:
    found = edits.check_claim(made, book, codes=False)
    return [f for f in found if f.rule.startswith(("MPIM:", "MCPM:18/", "MCPM:30.50/"))]


@pytest.fixture
def judge(tables: CodeBook) -> Judge:
    return lambda text: {f.rule: f for f in about(claim(f"payer.type = medicare; {text}"), tables)}


def test_a_doubt_names_line_document_and_what_was_pointed_to(judge: Judge) -> None:
    (found,) = judge(SLEEP).values()
    assert found.message == "Line 1: none of the diagnoses that it points to (E11.9, I10) supports 95811 by A90001."
    assert (found.rule, found.severity, found.codes) == ("MPIM:13.5/not-supported", "warning", ("95811",))
    assert found.location == {"claim": "CASE1", "line": 1, "segment": "SV1"}
    assert "ABN" in (found.fix or "")
    assert found.source == "A90001 of Invented Contractor East, NY; Social Security Act 1862(a)(1)(A)"


def test_a_diagnosis_that_is_not_pointed_to_is_named_as_a_mistake_of_pointing(judge: Judge) -> None:
    (found,) = judge(f"{SLEEP}; diagnoses = E11.9 G47.33 I10; lines.1.pointers = 1 3").values()
    assert found.rule == "MPIM:13.5/pointing"
    assert found.message.endswith("supports 95811 by A90001; G47.33 of this claim would.")


def test_paying_diagnoses_are_never_listed(judge: Judge) -> None:
    said = " ".join(f"{f.message} {f.fix} {f.source}" for f in judge(SLEEP).values())
    assert set(re.findall(r"[A-Z]\d\d(?:\.\w+)?\b", said)) == {"E11.9", "I10"}


def test_other_payers_are_not_asked(tables: CodeBook) -> None:
    assert about(claim(SLEEP), tables) == []


def test_a_facility_has_no_pointers_so_all_its_diagnoses_count(tables: CodeBook) -> None:
    made = claim("visit: payer.type = medicare; lines.2.code = 95811; diagnoses = R07.9 G47.33")
    assert about(made, tables) == []
    (found,) = about(claim("visit: payer.type = medicare; lines.2.code = 95811"), tables)
    assert found.message == "Line 2: none of the claim's diagnoses (R07.9, I10) supports 95811 by A90001."


def test_the_reason_for_a_visit_is_no_reason_for_a_service(tables: CodeBook) -> None:
    made = claim("visit: payer.type = medicare; lines.2.code = 95811; diagnoses = I10 G47.33=reason-for-visit")
    assert {f.rule for f in about(made, tables)} == {"MPIM:13.5/not-supported"}
    assert GOOD_VISIT.payers[0].type == "commercial"


def test_a_stay_is_not_asked(tables: CodeBook) -> None:
    assert about(claim("stay: payer.type = medicare; lines.2.code = 95811"), tables) == []


# --- where, and when ---


@pytest.mark.parametrize(
    ("state", "diagnosis", "rule"),
    [
        ("NY", "G47.10", "MPIM:13.5/not-supported"),  # a part of New York has the contractor of the east
        ("CT", "G47.10", "MPIM:13.5/not-supported"),
        ("CA", "G47.10", None),
        ("CA", "G47.33", "MPIM:13.5/not-supported"),
        ("TX", "G47.33", None),  # no contractor of Texas has one: what others take is taken
        ("TX", "I10", "MPIM:13.5/other-contractors"),
    ],
)
def test_the_policy_of_the_place_decides(state: str, diagnosis: str, rule: str | None, judge: Judge) -> None:
    text = f"{SLEEP}; diagnoses = {diagnosis}; lines.1.pointers = 1; billing.address.state = {state}"
    assert set(judge(text)) == ({rule} if rule else set())


def test_where_no_state_is_told_one_policy_is_enough(judge: Judge) -> None:
    text = f"{SLEEP}; diagnoses = G47.10; lines.1.pointers = 1; billing.address.state = none"
    assert judge(text) == {}


@pytest.mark.parametrize(
    ("day", "diagnosis", "rule"),
    [
        ("2024-12-31", "I10", None),  # before the first version
        ("2025-12-31", "I48.91", None),
        ("2025-12-31", "I50.9", "MPIM:13.5/not-supported"),
        ("2026-01-01", "I50.9", None),  # the newest version in force
        ("2026-01-01", "I48.91", "MPIM:13.5/not-supported"),
        ("2026-06-30", "I48.91", "MPIM:13.5/not-supported"),
        ("2026-07-01", "I48.91", None),  # the newest has ended: the one before stands
    ],
)
def test_the_version_in_force_on_the_day_of_the_line_decides(
    day: str, diagnosis: str, rule: str | None, judge: Judge
) -> None:
    text = f"diagnoses = {diagnosis}; lines.1.code = 93306; lines.1.pointers = 1; lines.1.modifiers = none"
    moved = ("start", "end") if day < "2026-05-14" else ("end", "start")
    found = judge("; ".join([text, *(f"lines.1.{end} = {day}" for end in moved)]))
    assert set(found) == ({rule} if rule else set())


# --- lists that refuse, groups, national lists, companions ---


def test_a_list_of_what_is_not_covered_lets_all_else_pass(judge: Judge) -> None:
    text = "lines.1.code = 93880; lines.1.modifiers = none; diagnoses = Z00.00 I10"
    assert judge(f"{text}; lines.1.pointers = 1 2") == {}
    assert set(judge(f"{text}; lines.1.pointers = 1")) == {"MPIM:13.5/pointing"}
    (found,) = judge(
        "lines.1.code = 93880; lines.1.modifiers = none; diagnoses = Z00.00; lines.1.pointers = 1"
    ).values()
    assert found.message == "Line 1: A90002 lists Z00.00 as not supporting 93880."


def test_a_group_that_asks_for_another_one(judge: Judge) -> None:
    text = "lines.1.code = 11721; lines.1.modifiers = none; diagnoses = B35.1 E11.51 L60.0"
    assert judge(f"{text}; lines.1.pointers = 1 2") == {}
    assert judge(f"{text}; lines.1.pointers = 3") == {}
    assert judge(f"{text}; lines.1.pointers = 2") == {}
    (found,) = judge(f"{text}; lines.1.pointers = 1").values()
    assert "in group 1, whose paragraph asks for group 2 as well" in found.message
    assert (found.fix or "").endswith("E11.51 of this claim is of that group.")


@pytest.mark.parametrize(
    ("code", "day", "diagnosis", "rule"),
    [
        ("87536", "2026-05-14", "B20", None),
        ("87536", "2026-03-31", "Z21", None),
        ("87536", "2026-04-01", "Z21", "MPIM:13.5/not-supported"),
        ("87536", "2026-05-14", "I10", "MPIM:13.5/refused"),
        ("84443", "2026-05-14", "Z00.00", "MPIM:13.5/refused"),
        ("84443", "2026-05-14", "E03.9", None),
    ],
)
def test_national_lists(code: str, day: str, diagnosis: str, rule: str | None, judge: Judge) -> None:
    text = f"lines.1.code = {code}; diagnoses = {diagnosis}; lines.1.pointers = 1; lines.1.modifiers = none"
    found = judge(f"{text}; lines.1.start = {day}; lines.1.end = {day}")
    assert set(found) == ({rule} if rule else set())
    assert all("NCD 190" in f.message for f in found.values())


def test_companions_of_other_services_say_nothing_by_themselves(judge: Judge) -> None:
    days = "lines.1.start = 2025-06-01; lines.1.end = 2025-06-01"
    assert judge(f"lines.1.code = 96372; lines.1.modifiers = none; {days}") == {}


def test_a_claim_that_points_nowhere_is_not_judged(judge: Judge) -> None:
    assert judge(f"{SLEEP}; lines.1.pointers = none") == {}
    assert judge(f"{SLEEP}; lines.1.pointers = 7") == {}


# --- what always holds ---

DIAGNOSES = st.lists(st.sampled_from(SUPPORTING + OTHERS), min_size=1, max_size=6, unique=True)


@given(DIAGNOSES, st.lists(st.integers(1, 6), min_size=1, max_size=4, unique=True))
@settings(max_examples=60, deadline=None)
def test_a_line_is_silent_just_when_it_points_to_a_diagnosis_that_supports_it(
    tables: CodeBook, diagnoses: list[str], pointers: list[int]
) -> None:
    pointed = {diagnoses[n - 1] for n in pointers if n <= len(diagnoses)}
    text = f"payer.type = medicare; {SLEEP}; diagnoses = {' '.join(diagnoses)}"
    found = about(claim(f"{text}; lines.1.pointers = {' '.join(map(str, pointers))}"), tables)
    assert bool(found) == (bool(pointed) and pointed.isdisjoint(SUPPORTING))
    elsewhere = not set(SUPPORTING).isdisjoint(diagnoses)
    assert {f.rule for f in found} <= {"MPIM:13.5/pointing" if elsewhere else "MPIM:13.5/not-supported"}


@given(st.permutations(["95811", "93880", "99213", "11721", "87536"]), DIAGNOSES)
@settings(max_examples=30, deadline=None)
def test_the_order_of_lines_does_not_matter(tables: CodeBook, codes: list[str], diagnoses: list[str]) -> None:
    base = claim(f"payer.type = medicare; lines = {len(codes)}; diagnoses = {' '.join(diagnoses)} B35.1")

    def said(order: list[str]) -> set[tuple[str, tuple[str, ...]]]:
        made = [replace(claim(f"lines.1.code = {c}").lines[0], number=n) for n, c in enumerate(order, 1)]
        return {(f.rule, f.codes) for f in about(replace(base, lines=tuple(made)), tables)}

    assert said(codes) == said(sorted(codes))


@given(DIAGNOSES)
@settings(max_examples=20, deadline=None)
def test_what_is_not_installed_is_silent(book: CodeBook, diagnoses: list[str]) -> None:
    made = claim(f"payer.type = medicare; {SLEEP}; diagnoses = {' '.join(diagnoses)}; lines.1.pointers = 1")
    found = edits.check_claim(made, book, codes=False)
    assert [f.rule for f in found if f.rule.startswith("MPIM:")] == []
    assert any("Medicare Coverage Database" in f.message for f in found if f.rule == edits.UNCHECKED)


def test_charges_of_a_coding_are_judged_by_what_they_point_to(tables: CodeBook) -> None:
    written = case("professional F67 2026-05-14: E11.9 G47.33 line:95811").coded
    payers = claim("payer.type = medicare").payers
    charges = [replace(a, pointers=(1,)) if a.role is Role.CHARGE else a for a in written.assignments]
    made = replace(written, assignments=tuple(charges), encounter=replace(written.encounter, payers=payers))
    (found,) = (f for f in edits.check(made, tables) if f.rule.startswith("MPIM:"))
    assert found.rule == "MPIM:13.5/pointing"
    assert found.assignments == tuple(a.id for a in charges if a.role is Role.CHARGE)
