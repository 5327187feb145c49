"""Five hundred correct claims: they are what they say, and the edits have nothing against them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.domain import Claim, ClaimType, Money, Severity

from .correct import correct_claims

CLAIMS = list(correct_claims(1))


def test_there_are_five_hundred_and_the_same_for_the_same_seed() -> None:
    kinds = Counter(claim.claim_type for claim in CLAIMS)
    assert kinds == {ClaimType.PROFESSIONAL: 250, ClaimType.INSTITUTIONAL: 250}
    assert list(correct_claims(1)) == CLAIMS
    assert len({claim.id for claim in CLAIMS}) == 500


def test_they_are_of_every_kind() -> None:
    bills = {claim.type_of_bill for claim in CLAIMS if claim.type_of_bill}
    assert {"0111", "0112", "0117", "0118", "0131", "0137", "0138", "0211", "0212", "0329"} <= bills
    assert {"0711", "0721", "0812", "0851"} <= bills
    assert {"1", "7", "8"} <= {claim.frequency for claim in CLAIMS}
    assert sum(len(claim.payers) == 2 for claim in CLAIMS) > 50
    assert sum(claim.accident is not None for claim in CLAIMS) > 10
    assert any(value.code == "54" for claim in CLAIMS for value in claim.values)


def test_all_their_codes_are_in_force(book: CodeBook) -> None:
    codes = {(entry.code, claim.lines[0].start) for claim in CLAIMS for entry in (*claim.diagnoses, *claim.procedures)}
    assert [str(code) for code, day in codes if not book.valid_on(code, day)] == []


def test_what_the_payer_before_decided_adds_up() -> None:
    for claim in CLAIMS:
        for payer in claim.payers:
            if payer.adjudication is None:
                continue
            taken = Money.total(a.amount for line in payer.adjudication.lines for a in line.adjustments)
            assert claim.total - taken == payer.adjudication.paid


@pytest.mark.parametrize("seed", [1, 2])
def test_none_of_them_has_an_error(seed: int, book: CodeBook) -> None:
    wrong = [f"{claim.id}: {sentence}" for claim in correct_claims(seed) for sentence in errors(claim, book)]
    assert wrong == []


def errors(claim: Claim, book: CodeBook) -> list[str]:
    """What the edits have against a claim that comes to the payer ten days after the last service."""
    received = max(line.end for line in claim.lines) + timedelta(days=10)
    if len(claim.payers) > 1:
        received += timedelta(days=40)
    found = edits.check_claim(claim, book, received=received)
    return [f"{f.rule} {f.message}" for f in found if f.severity is Severity.ERROR]
