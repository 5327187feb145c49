"""Assignments stand on evidence, claims on numbered lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from leadterm.domain import (
    Assignment,
    Claim,
    ClaimType,
    Code,
    CodedEncounter,
    CodeSystem,
    Encounter,
    Evidence,
    InputError,
    Money,
    PathwayStep,
    Patient,
    Role,
    ServiceLine,
    Span,
    Status,
    Step,
    Subscriber,
)

I10 = Code(CodeSystem.ICD10CM, "I10")
VISIT = Code(CodeSystem.CPT, "99213")
PROOF: dict[str, Any] = {
    "evidence": (Evidence("d1", Span(0, 3), "HTN"),),
    "pathway": (PathwayStep(Step.INDEX, "Hypertension I10"),),
}
HTN = Assignment("a1", I10, None, Role.SECONDARY, 1, 0.9, **PROOF)
DAY = date(2026, 5, 14)


@pytest.mark.parametrize("missing", ["evidence", "pathway"])
def test_a_code_without_evidence_or_pathway_is_never_assigned(missing: str) -> None:
    with pytest.raises(
        InputError, match=r"The code I10 has no evidence or no pathway; such a code is never assigned\."
    ):
        replace(HTN, **{missing: ()})


def test_a_charge_stands_without_evidence() -> None:
    assert Assignment("a1", VISIT, None, Role.CHARGE, 1, 1.0).evidence == ()


def test_what_a_person_added_stands_without_evidence() -> None:
    assert Assignment("a1", I10, None, Role.SECONDARY, 1, 1.0, status=Status.ADDED).pathway == ()


@pytest.mark.parametrize("confidence", [-0.1, 1.1, float("nan")])
def test_a_confidence_lies_between_zero_and_one(confidence: float) -> None:
    with pytest.raises(InputError, match=r"A confidence lies between 0 and 1\."):
        replace(HTN, confidence=confidence)


def test_diagnoses_leave_out_what_was_rejected_and_what_is_no_diagnosis() -> None:
    rejected = replace(HTN, id="a2", status=Status.REJECTED)
    charge = Assignment("a3", VISIT, None, Role.CHARGE, 1, 1.0)
    admitting = replace(HTN, id="a4", role=Role.ADMITTING)
    coded = CodedEncounter(Encounter("e1"), (HTN, rejected, charge, admitting))
    assert coded.diagnoses == (HTN,)
    assert coded.charges == (charge,)


LINE = ServiceLine(1, VISIT, Decimal(1), Money(Decimal("0.10")), DAY, DAY)


def a_claim(claim_id: str = "C1", lines: tuple[ServiceLine, ...] = (LINE,)) -> Claim:
    return Claim(claim_id, ClaimType.PROFESSIONAL, Patient(), Subscriber(), (), (), (), lines)


@pytest.mark.parametrize("claim_id", ["C" * 39, "", " C1", "C1 ", "Ä1", "C\t1", "C\0"])
def test_a_claim_id_has_up_to_38_printable_characters(claim_id: str) -> None:
    with pytest.raises(InputError, match=r"A claim id has 1 to 38 printable characters"):
        a_claim(claim_id)


@pytest.mark.parametrize("claim_id", ["C", "W392-49141", "R03996273 #01", "C" * 38])
def test_a_claim_id_may_be_whatever_a_sender_writes(claim_id: str) -> None:
    assert a_claim(claim_id).id == claim_id


@pytest.mark.parametrize("numbers", [(2,), (1, 3), (2, 1), (1, 1)])
def test_misnumbered_lines_are_refused(numbers: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="Service lines are numbered 1, 2, 3, … without gaps"):
        a_claim(lines=tuple(replace(LINE, number=number) for number in numbers))


def test_the_total_is_the_exact_sum_of_the_lines() -> None:
    twice = replace(LINE, number=2, charge=Money(Decimal("0.20")))
    assert str(a_claim(lines=(LINE, twice)).total) == "0.30"


BAD_LINES = [
    ({"number": 0}, "Service lines are counted from 1."),
    ({"units": 1}, "Line 1: units are a Decimal and the charge is Money."),
    ({"charge": Decimal("0.10")}, "Line 1: units are a Decimal and the charge is Money."),
    ({"end": date(2026, 5, 13)}, "Line 1 ends before it starts."),
    ({"code": None}, "Line 1 bears neither a procedure nor a revenue code."),
]


@pytest.mark.parametrize(("change", "sentence"), BAD_LINES, ids=[sentence for _, sentence in BAD_LINES])
def test_a_bad_line_is_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError) as raised:
        replace(LINE, **change)
    assert str(raised.value) == sentence


def test_a_line_with_a_revenue_code_alone_stands() -> None:
    assert replace(LINE, code=None, revenue_code="0250").code is None
