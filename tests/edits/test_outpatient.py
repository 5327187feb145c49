"""Outpatient hospital claims by Addendum B, each service as `code -modifiers xunits @day =revenue`.

The codes have the status of `tables/2026_April_Web_Addendum_B…`, whose amounts are invented.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.domain import Claim, Finding, ServiceLine, Severity

from .bills import GOOD_CLAIM, GOOD_STAY, GOOD_VISIT, claim, procedure
from .notation import case

FAMILY = {rule.id for rule in edits.rules() if rule.family == "outpatient"}
SHORT = {rule.rpartition("/")[2]: rule for rule in FAMILY}
VISIT = replace(claim("visit: payer.type = medicare"), lines=())


def line(number: int, text: str) -> ServiceLine:
    code, *more = text.split()
    said = {m[0]: m[1:] for m in more}
    day = date(2026, 5, int(said.get("@", "14")))
    modifiers = tuple(said.get("-", "").split("-")) if "-" in said else ()
    return replace(
        GOOD_VISIT.lines[0],
        number=number,
        code=None if code == "none" else procedure(code),
        units=Decimal(said.get("x", "1")),
        start=day,
        end=day,
        modifiers=modifiers,
        revenue_code=said.get("=", "0450"),
    )


def visit(text: str, **changed: object) -> Claim:
    lines = tuple(line(n, one) for n, one in enumerate(text.split(", "), 1))
    return replace(VISIT, lines=lines, **changed)  # type: ignore[arg-type]


def told(tables: CodeBook, asked: Claim) -> list[Finding]:
    return [f for f in edits.check_claim(asked, tables, codes=False) if f.rule in FAMILY]


def short(tables: CodeBook, asked: Claim) -> list[str]:
    """Rules and lines: `inpatient-only 1`."""
    found = told(tables, asked)
    return sorted(f"{f.rule.rpartition('/')[2]} {(f.location or {}).get('line') or ''}".rstrip() for f in found)


@pytest.mark.parametrize(
    ("services", "findings"),
    [
        # statuses
        ("33533", ["inpatient-only 1"]),
        ("33533 -CA", ["died-or-transferred 1"]),
        ("99213", ["other-code 1"]),
        ("A9270 -GY, G0463", []),
        ("A9270, G0463", ["not-paid 1"]),
        ("3074F, G0463", ["not-billable 1"]),
        ("E0100, G0463", ["equipment 1"]),
        ("97110, 90662", []),
        # visits
        ("99284, 96374", ["visit-beside-procedure 1"]),
        ("99284 -25, 96374", []),
        ("99284, 96374 @15", []),
        ("99284, 27447", ["comprehensive 2"]),
        ("99284 -25, 99283 -25-27", ["visits-of-a-day 2"]),
        ("99284 -25, 99283 -25-27 =0456", []),
        ("99284 -25, 99283 -25 @15", []),
        ("99291 -25, 99284 -25", []),
        ("45385 -73 x2", ["broken-off-once 1"]),
        ("45385 -73-50", ["broken-off-once 1"]),
        ("45385 -74 x2", []),
        ("45385 -73, 43239 -73", ["first-planned 2"]),
        ("99291 -25, G0390 =0681", []),
        ("99291 -25, G0390 =0450", ["trauma-response 2"]),
        ("99284 -25, G0390 =0681", ["trauma-response 2"]),
        # blood
        ("36430", ["product 1"]),
        ("36430, P9016 x2", []),
        ("P9016 -BL x2 =0381, P9016 -BL x2 =0392", []),
        ("P9016 -BL x2 =0381, P9016 -BL x1 =0392", ["two-lines 1", "two-lines 2"]),
        ("P9016 x2 =0390", []),
        # observation
        ("99284, G0378 x8 =0762", ["paid-as-one 2"]),
        ("99284, G0378 x8 =0762, 80053 =0300", ["paid-as-one 2"]),
        ("99284, G0378 x3 =0762", ["packaged 2"]),
        ("99284 -25, G0378 x9 =0762, 20610", ["packaged 2"]),
        ("G0379 =0762, G0378 x9 =0762", ["paid-as-one 2"]),
        ("G0379 =0762, G0378 x9 =0762 @15", ["packaged 2", "referral 1"]),
        ("96374 =0762", ["revenue 1"]),
        # packaging
        ("J1885 =0636, C1776 =0278", ["nothing-paid"]),
        ("J1885 =0636, none =0250", ["nothing-paid"]),
        ("J1885 =0636, 96374", []),
        ("J9271 =0636", ["drug-alone 1"]),
        ("J7192 =0636", []),
        ("J9271 =0636, 96413", []),
        ("27447 =0360, 80053 =0300, J1885 =0636", ["comprehensive 1"]),
        ("27447 =0360", []),
        ("93005 =0730", []),
        ("93005 =0730, 93306 =0480, 80053 =0300", ["packaged 2"]),
        ("80053 =0300, 85025 =0300", []),
    ],
)
def test_what_is_told(tables: CodeBook, services: str, findings: list[str]) -> None:
    assert short(tables, visit(services)) == findings


@pytest.mark.parametrize(
    ("services", "rule", "words"),
    [
        ("33533, 93306", "inpatient-only", "is inpatient-only (status C); line 2 of its day would be denied"),
        ("33533, 20610", "inpatient-only", "only a separate procedure is denied alone"),
        ("27447, 66984, 80053", "comprehensive", "2 and 3 are within the payment of line 1 (27447, J1); of several"),
        ("99284 -25, G0378 x10, 93306", "paid-as-one", "10 hours is paid as one with the visit of line 1"),
        ("99284, G0378 x3", "packaged", "packaged: they are fewer than 8"),
        ("G0378 x9, 93306", "packaged", "no visit of the day or the day before"),
        ("93306, 93005, 80053", "packaged", "2 and 3 are within the payment of line 1 (93306): 93005 Q1, 80053 Q4."),
    ],
)  # fmt: skip
def test_the_words_name_lines_codes_and_what_to_do(tables: CodeBook, services: str, rule: str, words: str) -> None:
    (found,) = [f for f in told(tables, visit(services)) if f.rule.endswith(f"/{rule}")]
    assert words in found.message


def test_a_visit_to_a_clinic_is_told_its_code(tables: CodeBook) -> None:
    (found,) = told(tables, visit("99213"))
    assert "G0463" in found.fix


@pytest.mark.parametrize(
    ("changed", "findings"),
    [
        ({"type_of_bill": "0141"}, ["bill 2", "other-code 1"][:1]),
        ({"type_of_bill": "0121"}, ["bill 2", "other-code 1"]),
        ({"type_of_bill": "0851"}, []),
        ({"type_of_bill": "0831"}, []),
        ({"condition_codes": ("21",)}, ["other-code 1", "packaged 2"]),
    ],
)
def test_bills_that_opps_does_not_pay_are_left_alone(
    tables: CodeBook, changed: dict[str, object], findings: list[str]
) -> None:
    assert short(tables, visit("99213, G0378 x9, A9270 -GY", **changed)) == findings


@pytest.mark.parametrize("payer", ["commercial", "medicaid", "tricare"])
def test_other_payers_are_left_alone(tables: CodeBook, payer: str) -> None:
    asked = visit("33533, 99213")
    other = replace(asked, payers=(replace(asked.payers[0], type=payer),))
    assert told(tables, other) == []


@pytest.mark.parametrize("asked", [GOOD_CLAIM, GOOD_STAY, GOOD_VISIT])
def test_good_claims_have_no_findings(tables: CodeBook, asked: Claim) -> None:
    medicare = replace(asked, payers=(replace(asked.payers[0], type="medicare"),))
    assert [f for f in told(tables, medicare) if f.severity is not Severity.INFO] == []


def test_without_an_addendum_nothing_is_said_but_that_it_is_missing(book: CodeBook) -> None:
    found = edits.check_claim(visit("33533, 99213, E0100"), book, codes=False)
    assert [f.rule for f in found if f.rule in FAMILY] == []
    (told,) = [f for f in found if f.rule == edits.UNCHECKED]
    assert "OPPS Addendum B" in told.message


@pytest.mark.parametrize(
    ("written", "rules"),
    [
        ("outpatient/institutional F70 2026-05-14: R07.9 line:99213 line:33533", ["inpatient-only", "other-code"]),
        ("outpatient/institutional F70 2026-05-14: R07.9 bill:0851 line:99213", []),
        ("outpatient/professional F70 2026-05-14: R07.9 line:99213", []),
    ],
)
def test_charges_that_a_hospital_bills_are_judged_before_there_is_a_claim(
    tables: CodeBook, written: str, rules: list[str]
) -> None:
    found = [f for f in edits.check(case(written).coded, tables) if f.rule in FAMILY]
    assert sorted(f.rule.rpartition("/")[2] for f in found) == rules
    assert all(f.assignments and f.location is None for f in found)


def test_the_addendum_of_another_quarter_answers_and_that_is_said_once(tables: CodeBook) -> None:
    july = date(2026, 7, 14)
    asked = visit("33533, 20610")
    later = replace(asked, lines=tuple(replace(x, start=july, end=july) for x in asked.lines))
    assert short(tables, later) == ["inpatient-only 1", "other-quarter"]


CODES = (
    "33533 99213 99284 G0463 27447 45385 93306 93005 64570 80053 J1885 J9271 P9016 36430 G0378 G0379 A9270 E0100 97110"
)


@settings(max_examples=40)
@given(st.lists(st.sampled_from(CODES.split()), min_size=1, max_size=6), st.booleans())
def test_every_finding_names_a_line_of_its_code(tables: CodeBook, codes: list[str], twice: bool) -> None:
    asked = visit(", ".join(codes * 2 if twice else codes))
    for found in told(tables, asked):
        place = (found.location or {}).get("line")
        if place is not None:
            code = asked.lines[place - 1].code
            assert code is not None
            assert found.codes == (code.value,)
