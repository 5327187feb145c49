"""GA, GX, GY and GZ: what each says, and what has to be true for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.domain import Finding

from ..bills import asked

Judge = Callable[[str], dict[str, Finding]]
SLEEP = "payer.type = medicare; lines.1.code = 95811; lines.1.pointers = 1"
GOOD, BAD = "diagnoses = G47.33", "diagnoses = E11.9"


@pytest.fixture
def judge(tables: CodeBook) -> Judge:
    def judged(text: str) -> dict[str, Finding]:
        told = asked(text)
        found = edits.check_claim(told.claim, tables, codes=False, earlier=told.earlier)
        return {f.rule: f for f in found if f.rule.startswith(("MPIM:", "MCPM:30.50/", "MCPM:18/"))}

    return judged


@pytest.mark.parametrize(
    ("modifiers", "diagnosis", "rules"),
    [
        ("GA", BAD, {"ga"}),
        ("GA", GOOD, set()),
        ("GZ", BAD, {"gz"}),
        ("GZ", GOOD, {"gz-supported"}),
        ("GY", BAD, set()),
        ("GY", GOOD, {"gy-covered"}),
        ("GY GX", BAD, set()),
        ("GX", BAD, {"gx-alone"}),
    ],
)
def test_a_notice_and_what_the_policy_says(modifiers: str, diagnosis: str, rules: set[str], judge: Judge) -> None:
    found = judge(f"{SLEEP}; lines.1.modifiers = {modifiers}; {diagnosis}")
    assert set(found) == {f"MCPM:30.50/{rule}" for rule in rules}


def test_who_bears_a_notice_is_not_told_the_doubt_twice(judge: Judge) -> None:
    (found,) = judge(f"{SLEEP}; lines.1.modifiers = GA; {BAD}").values()
    assert found.message == (
        "Line 1 (95811) bears GA, and A90001 does not support it: it is denied, and the patient owes it."
    )
    assert "signed before the service" in (found.fix or "")


def test_a_notice_for_a_service_that_comes_too_soon(judge: Judge) -> None:
    before = (
        "payer.type = medicare; lines.1.code = G0439; id = A1; lines.1.start = 2025-09-01; lines.1.end = 2025-09-01"
    )
    (found,) = judge(f"{before} || payer.type = medicare; lines.1.code = G0439; lines.1.modifiers = GA").values()
    assert "it comes too soon (42 CFR 410.15; MCPM 18.140)" in found.message


def test_a_notice_for_a_limited_service_is_no_routine(judge: Judge) -> None:
    assert judge("payer.type = medicare; lines.1.code = G0439; lines.1.modifiers = GA") == {}


def test_gy_on_a_benefit_by_statute(judge: Judge) -> None:
    found = judge("payer.type = medicare; lines.1.code = G0439; lines.1.modifiers = GY")
    assert set(found) == {"MCPM:30.50/gy-covered"}


def test_without_policies_nobody_says_that_none_is_on_it(book: CodeBook) -> None:
    told = asked("payer.type = medicare; lines.1.code = 99213; lines.1.modifiers = GA")
    found = {f.rule for f in edits.check_claim(told.claim, book, codes=False)}
    assert "MCPM:30.50/ga-unquestioned" not in found


def test_other_payers_are_not_asked(judge: Judge) -> None:
    for modifier in ("GA", "GX", "GY", "GZ"):
        assert judge(f"lines.1.code = 95811; lines.1.modifiers = {modifier}") == {}
