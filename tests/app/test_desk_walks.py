"""Whatever a coder does, what comes out is sound: written and read again, valid by its schema, made a claim."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from desk.notation import LEADING
from desk.steps import Step, walked, walks
from leadterm import desk as core
from leadterm.codesets import CodeBook
from leadterm.domain import Claim, CodedEncounter, Finding, LeadtermError, Money, Role
from leadterm.pipeline import build_claim, check_codes
from leadterm.records import read_encounter
from leadterm.schemas import decode, encode
from schemas.validation import validator

EXAMPLE = Path(__file__).parents[2] / "examples" / "10-low-back-pain-urgent-care" / "encounter.json"
VISIT = read_encounter(EXAMPLE)
TEN = Money(Decimal(10))
Walk = tuple[str, list[Step]]
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def out(walk: Walk) -> CodedEncounter:
    return core.permitted(walked(*walk)[0][-1].work)


def claimable(coded: CodedEncounter) -> CodedEncounter:
    """The codes with what a professional claim needs besides, every line with a price."""
    visit = replace(VISIT, documents=coded.encounter.documents)
    priced = (replace(a, charge=a.charge or TEN) if a.role is Role.CHARGE else a for a in coded.assignments)
    return replace(coded, encounter=visit, assignments=tuple(priced))


def comes_out(coded: CodedEncounter, book: CodeBook) -> None:
    check_codes(coded, book)
    written = encode.coded(coded)
    validator("coded-1", closed=True).validate(written)
    assert decode.coded(written) == coded
    with suppress(LeadtermError):  # a sentence, where it cannot become a claim
        on_claim(claimable(coded), *build_claim(claimable(coded), book), book)


def on_claim(coded: CodedEncounter, claim: Claim, remarks: Iterable[Finding], book: CodeBook) -> None:
    """What leads at the desk leads on the claim; lines point to what they pointed to; no error is left behind."""
    codes = [d.code for d in claim.diagnoses]
    assert codes == [a.code for a in sorted(coded.diagnoses, key=lambda a: a.role not in LEADING)][: len(codes)]
    at = {a.sequence: a.code for a in coded.diagnoses}
    for line, charge in zip(claim.lines, coded.charges, strict=bool(coded.charges)):
        if charge.pointers:
            assert [codes[p - 1] for p in line.pointers] == [at[p] for p in charge.pointers]
    assert {f.message for f in check_codes(coded, book) if f.stands} <= {f.message for f in remarks}


@settings(max_examples=60, suppress_health_check=QUIET)
@given(walk=walks)
def test_what_comes_out_is_sound(book: CodeBook, walk: Any):
    comes_out(out(walk), book)


@pytest.mark.slow
@settings(max_examples=2_000, suppress_health_check=QUIET)
@given(walk=walks)
def test_what_comes_out_is_sound_two_thousand_times(book: CodeBook, walk: Any):
    comes_out(out(walk), book)


def test_the_walks_lead_to_claims(book: CodeBook):
    """Else the property says little of them."""
    claim, _ = build_claim(claimable(out(("outpatient: E11.22 N18.31 I10 99213>1,2 rec:36415", []))), book)
    assert [d.code.value for d in claim.diagnoses] == ["E11.22", "N18.31", "I10"]


def test_charges_that_a_coder_rejected_do_not_come_back_on_the_claim(book: CodeBook):
    """The record's own stand where nobody coded any; not where they were coded and every one was rejected."""
    rejected = claimable(out(("outpatient: I10 99213>1 36415>1", [Step("reject", 1, 0), Step("reject", 1, 0)])))
    assert rejected.charges == ()
    assert VISIT.charges
    with pytest.raises(LeadtermError, match="a charge"):
        build_claim(rejected, book)
