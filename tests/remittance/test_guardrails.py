"""Guard rails: each catches its case, lets its near miss pass, and changes what is done."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from leadterm.domain import InternalError
from leadterm.remittance.denials import Denial, rails_on
from leadterm.remittance.guardrails import GuardRail, guardrail, guardrails, make_guardrail
from leadterm.remittance.reasons import Move, payer_kind

from .denial_notation import context, denial, denials, written

RAILS = [pytest.param(rail, id=rail.id) for rail in guardrails()]
NO_DENIAL = [pytest.param(rail, id=rail.id) for rail in guardrails() if rail.denial == "no"]


def caught(text: str) -> set[str]:
    """The guard rails on the last adjustment of the line."""
    read = written(text)
    line = read.head.lines[-1] if read.head.lines else None
    adjustment = (line or read.head).adjustments[-1]
    return {rail.id for rail in rails_on(read.head, line, adjustment, context(text))}


@pytest.mark.parametrize("rail", RAILS)
def test_guard_rail_catches_its_case(rail: GuardRail) -> None:
    assert rail.id in caught(rail.fires)


@pytest.mark.parametrize("rail", RAILS)
def test_guard_rail_lets_its_near_miss_pass(rail: GuardRail) -> None:
    assert rail.id not in caught(rail.passes)


@pytest.mark.parametrize("rail", NO_DENIAL)
def test_what_is_no_denial_makes_none(rail: GuardRail) -> None:
    assert denials(rail.fires) == []


@pytest.mark.parametrize("rail", [r for r in guardrails() if r.denial != "no"], ids=lambda r: r.id)
def test_denial_names_its_guard_rail_and_keeps_to_it(rail: GuardRail) -> None:
    found = denial(rail.fires)
    assert rail.id in found.guards
    assert rail.forbids <= found.forbidden
    assert found.move not in found.forbidden


@pytest.mark.parametrize("rail", RAILS)
def test_guard_rail_says_why_and_what_in_one_sentence_each(rail: GuardRail) -> None:
    for sentence in (rail.reason, rail.fix):
        assert re.fullmatch(r"[A-Z][^\n]{5,140}\.", sentence)


def test_every_guard_rail_is_explained() -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "work-denials.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"`([A-Z0-9]+:[^`]+)`", page))
    assert explained == {rail.id for rail in guardrails()}


# What a person does, in the cases that cost most when done wrong.
STEPS = {
    "unprocessable: new claim": ("CLP MB 4 100 0; SVC 99213 100 0; CAS CO 16 100; LQ MA130 N265", "new-claim"),
    "missing field, Part B: reopening": ("CLP MB 1 100 0 I1; SVC 99213 100 0; CAS CO 16 100; LQ N265", "reopening"),
    "missing field, others: correction": (
        "CLP 12 1 100 0 I1; SVC 99213 100 0; CAS CO 16 100; LQ N265",
        "corrected-claim",
    ),
    "no payer number: no replacement": ("CLP 12 1 100 0; SVC 99213 100 0; CAS CO 16 100; LQ N265", "new-claim"),
    "modifier, Part A: adjustment bill": ("CLP MA 1 100 0 I1; CAS CO 4 100", "corrected-claim"),
    "not necessary, Part B: appeal": ("CLP MB 1 100 0; SVC 99213 100 0; CAS CO 50 100; LQ N115", "appeal"),
    "late, Part B: exception": ("CLP MB 4 100 0; SVC 99213 100 0; CAS CO 29 100", "exception"),
    "late, commercial: appeal with proof": ("CLP 12 4 100 0; SVC 99213 100 0; CAS CO 29 100", "appeal"),
    "other payer first": ("CLP MB 4 100 0; SVC 99213 100 0; CAS OA 22 100", "bill-other-payer"),
    "exact duplicate": ("CLP 12 4 100 0 I1; SVC 99213 100 0; CAS OA 18 100", "check-status"),
    "upheld: next level": ("CLP MB 1 100 0; SVC 99213 100 0; CAS CO 193 100", "reconsideration"),
    "patient unknown and liable": ("CLP 12 4 100 0; CAS PR 31 100", "check-coverage"),
    "refused by statute": ("CLP MB 1 100 0; SVC 92015 100 0; CAS OA 96 100; LQ N425", "bill-patient"),
    "whole charge under 45": ("CLP 12 1 100 0; SVC 99213 100 0; CAS CO 45 100", "ask-payer"),
    "no appeal rights, nothing left": ("CLP CI 1 100 0; SVC 99213 100 0; CAS CO 97 100; LQ N211", "close"),
    "surprise bill": ("CLP 12 1 900 200; SVC 99285 900 200; CAS PI 45 700; LQ N877", "negotiation"),
}


@pytest.mark.parametrize(("text", "move"), STEPS.values(), ids=STEPS)
def test_next_step(text: str, move: str) -> None:
    assert denial(text).move == move


NOT_APPEALABLE = [
    "CLP MB 4 100 0; SVC 99213 100 0; CAS CO 16 100; LQ MA130",
    "CLP 12 1 100 0; SVC 99213 100 0; CAS CO 97 100; LQ N211",
    "CLP MB 4 100 0; SVC 99213 100 0; CAS CO 29 100",
    "CLP 12 4 100 0; SVC 99213 100 0; CAS OA 22 100",
    "CLP 12 4 100 0; SVC 99213 100 0; CAS OA 18 100",
]


@pytest.mark.parametrize("text", NOT_APPEALABLE)
def test_no_appeal_where_none_is_open(text: str) -> None:
    assert not denial(text).appealable


def test_appeal_is_open_where_the_payer_says_so() -> None:
    assert denial("CLP 12 1 100 0; SVC 99213 100 0; CAS CO 97 100; LQ N210").appealable


def test_contractual_amount_is_never_the_patients() -> None:
    assert Move.BILL_PATIENT in denial("CLP 12 1 100 0; SVC 99213 100 0; CAS CO 197 100").forbidden


def test_remark_of_the_claim_guards_its_lines() -> None:
    found = denial("CLP MB 4 100 0; MOA MA130; SVC 99213 100 0; CAS CO 16 100; LQ N265")
    assert "MCPM:1.80.3.2/unprocessable" in found.guards


def test_part_b_alone_takes_no_replacement() -> None:
    def ruled_out(filing: str) -> bool:
        found: Denial = denial(f"CLP {filing} 1 100 0 I1; SVC 99213 100 0; CAS CO 4 100")
        return Move.CORRECTED_CLAIM in found.forbidden

    takes_none = {filing for filing in ("MA", "MB", "MC", "16", "CH", "12", "CI", "WC") if ruled_out(filing)}
    assert takes_none == {"MB"}
    assert payer_kind("MB").kind == "medicare-part-b"


def test_guard_rail_is_found_by_its_id() -> None:
    assert guardrail("RARC:N211/no-appeal") is not None
    assert guardrail("RARC:N211/appeal") is None


def row(**changed: Any) -> dict[str, Any]:
    good = {"id": "CARC:16/x", "when": {"reasons": ["16"]}, "forbids": ["appeal"], "reason": "r", "fix": "f"}
    return good | {"source": "s", "fires": "a", "passes": "b"} | changed


def test_good_row_is_read() -> None:
    assert make_guardrail(row()).forbids == {Move.APPEAL}


WRONG = {
    "unknown key": row(colour="red"),
    "malformed id": row(id="carc 16"),
    "unknown condition": row(when={"weather": ["rain"]}),
    "unknown reason": row(when={"reasons": ["9999"]}),
    "unknown remark": row(when={"remarks": ["Z1"]}),
    "unknown category": row(when={"categories": ["weather"]}),
    "unknown payer": row(when={"payers": ["medicare"]}),
    "unknown move": row(forbids=["pray"]),
    "no effect": row(forbids=[]),
    "bool where a list belongs": row(when={"reasons": True}),
    "list where a bool belongs": row(when={"whole_charge": ["yes"]}),
    "denial neither yes nor no": row(denial="perhaps"),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_wrong_row_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InternalError):
        make_guardrail(wrong)


def test_row_without_authority_is_refused() -> None:
    lacking = row()
    del lacking["source"]
    with pytest.raises(InternalError, match="source"):
        make_guardrail(lacking)
