"""What a remitted claim becomes in the ledger, in the notation of `denial_notation`.

An entry reads `payment 60.00 line 1`, `adjustment 40.00 line 1 CO-45 write-off`; without `line` it is the claim's own.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from leadterm.domain import EntryKind, InputError, LedgerEntry, Money, ProviderAdjustment, RemittedClaim, Source
from leadterm.remittance import claim_entries, provider_entry, read

from .denial_notation import claim
from .generate import generate

DAY = date(2026, 6, 1)
PLB = Source("PLB", 90, 9000, 3)


def written(entry: LedgerEntry) -> str:
    place = [f"line {entry.line}"] if entry.line else []
    reason = [f"{entry.group}-{entry.reason}"] if entry.group else []
    does = [entry.disposition.value] if entry.disposition else []
    return " ".join((entry.kind.value, str(entry.amount), *place, *reason, *does))


def entries(text: str) -> list[str]:
    return [written(e) for e in claim_entries(claim(text), DAY)]


CASES = {
    "paid in full": ("CLP 12 1 100 100; SVC 99213 100 100", ["payment 100.00 line 1"]),
    "paid by contract": (
        "CLP 12 1 100 60; SVC 99213 100 60; CAS CO 45 40",
        ["payment 60.00 line 1", "adjustment 40.00 line 1 CO-45 write-off"],
    ),
    "the patient's part": (
        "CLP 12 1 100 60; SVC 99213 100 60; CAS PR 1 30; CAS PR 2 10",
        ["payment 60.00 line 1", "patient-responsibility 30.00 line 1 PR-1 patient",
         "patient-responsibility 10.00 line 1 PR-2 patient"],
    ),
    "two lines": (
        "CLP 12 1 150 90; SVC 99213 100 60; CAS CO 45 40; SVC 80053 50 30; CAS CO 45 20",
        ["payment 60.00 line 1", "adjustment 40.00 line 1 CO-45 write-off", "payment 30.00 line 2",
         "adjustment 20.00 line 2 CO-45 write-off"],
    ),
    "a denied line": (
        "CLP 12 1 150 100; SVC 99213 100 100; SVC 80053 50 0; CAS CO 16 50",
        ["payment 100.00 line 1", "adjustment 50.00 line 2 CO-16 denied"],
    ),
    "denied as a whole": ("CLP 12 4 100 0; CAS CO 29 100", ["adjustment 100.00 CO-29 denied"]),
    "paid without lines": ("CLP 12 1 900 700; CAS CO 45 200", ["payment 700.00", "adjustment 200.00 CO-45 write-off"]),
    "an adjustment of the claim on top of its lines": (
        "CLP MB 1 100 58; CAS CO 253 2; SVC 99213 100 60; CAS CO 45 40",
        ["payment 60.00 line 1", "adjustment 40.00 line 1 CO-45 write-off", "payment -2.00",
         "adjustment 2.00 CO-253 write-off"],
    ),
    "more than the lines say": (
        "CLP 12 1 100 65; CAS OA 94 -5; SVC 99213 100 60; CAS CO 45 40",
        ["payment 60.00 line 1", "adjustment 40.00 line 1 CO-45 write-off", "payment 5.00",
         "adjustment -5.00 OA-94 write-off"],
    ),
    "the whole charge under a rate, nothing paid": (
        "CLP 12 1 100 0; SVC 99213 100 0; CAS CO 45 100", ["adjustment 100.00 line 1 CO-45 denied"],
    ),
    "a line's whole charge under a rate, another paid": (
        "CLP 12 1 150 50; SVC 99213 100 0; CAS CO 45 100; SVC 80053 50 50",
        ["adjustment 100.00 line 1 CO-45 write-off", "payment 50.00 line 2"],
    ),
    "almost the whole charge under a rate": (
        "CLP 12 1 100 0.01; SVC 99213 100 0.01; CAS CO 45 99.99",
        ["payment 0.01 line 1", "adjustment 99.99 line 1 CO-45 write-off"],
    ),
    "what an earlier payer did": (
        "CLP 12 2 100 16; SVC 99213 100 16; CAS OA 23 84",
        ["payment 16.00 line 1", "adjustment 84.00 line 1 OA-23 prior-payer"],
    ),
    "a reason that nobody knows is denied, never written off": (
        "CLP 12 1 100 60; SVC 99213 100 60; CAS CO 9999X 40",
        ["payment 60.00 line 1", "adjustment 40.00 line 1 CO-9999X denied"],
    ),
    "a group that nobody knows is denied, never written off": (
        "CLP 12 1 100 60; SVC 99213 100 60; CAS ZZ 45 40",
        ["payment 60.00 line 1", "adjustment 40.00 line 1 ZZ-45 denied"],
    ),
    "a reversal": (
        "CLP 12 22 -100 -60; SVC 99213 -100 -60; CAS CO 45 -30; CAS PR 2 -10",
        ["payment -60.00 line 1", "adjustment -30.00 line 1 CO-45 write-off",
         "patient-responsibility -10.00 line 1 PR-2 patient"],
    ),
    "a reversal of a denial": (
        "CLP 12 22 -100 0; SVC 99213 -100 0; CAS CO 16 -100", ["adjustment -100.00 line 1 CO-16 denied"],
    ),
    "amounts of nothing": ("CLP 12 1 0 0; SVC G8427 0 0; CAS CO 246 0", []),
    "a claim of nothing": ("CLP 12 1 0 0", []),
    "a predetermination": ("CLP 12 25 100 0; SVC 99213 100 0; CAS OA 101 100", []),
    "a line paid above its charge": (
        "CLP 12 1 0 20; SVC 85049 0 20; CAS OA 94 -20",
        ["payment 20.00 line 1", "adjustment -20.00 line 1 OA-94 write-off"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), CASES.values(), ids=CASES)
def test_a_claim_becomes(text: str, wanted: list[str]):
    assert entries(text) == wanted


@pytest.mark.parametrize(("service", "place"), [("SVC 99213 -100 0; ", "line 1 "), ("", "")])
def test_the_reversal_of_a_hidden_denial_takes_the_denial_back(service: str, place: str):
    text = f"CLP 12 22 -100 0; {service}CAS CO 45 -100"
    assert entries(text.replace("-100", "100").replace("12 22", "12 1")) == [f"adjustment 100.00 {place}CO-45 denied"]
    assert entries(text) == [f"adjustment -100.00 {place}CO-45 denied"]


def test_each_entry_carries_its_day_its_claim_and_its_place():
    made = claim("CLP 12 1 100 58; CAS CO 253 2; SVC 99213 100 60; CAS CO 45 40")
    found = list(claim_entries(made, DAY))
    assert {(e.claim, e.effective) for e in found} == {("CLM1", DAY)}
    places = [e.source.segment for e in found if e.source]
    assert places == ["SVC", "CAS", "CLP", "CAS"]
    own = made.lines[0].adjustments[0].source, made.adjustments[0].source
    assert (found[1].source, found[3].source) == own


def test_parts_of_one_segment_stay_apart():
    made = claim("CLP 12 1 100 60; SVC 99213 100 60; CAS CO 45 30")
    line = made.lines[0]
    one = line.adjustments[0]
    both = tuple(replace(one, reason=r, source=replace(one.source, part=n)) for n, r in enumerate(("45", "59"), 1))
    made = replace(made, lines=(replace(line, adjustments=both),))
    assert [e.source.part for e in claim_entries(made, DAY) if e.source and e.group] == [1, 2]


PROVIDER = {
    "an overpayment recovered": ("WO", "125.00", "recoupment 125.00"),
    "an overpayment recovered and given back": ("WO", "-125.00", "recoupment -125.00"),
    "an earlier recovery taken over": ("RA", "3.00", "recoupment 3.00"),
    "interest": ("L6", "-4.10", "provider-level -4.10"),
    "a balance carried forward": ("FB", "50.00", "provider-level 50.00"),
    "a penalty for late filing": ("50", "10.00", "provider-level 10.00"),
    "a reason that nobody knows": ("Q?", "1.00", "provider-level 1.00"),
    "nothing": ("CS", "0", "provider-level 0.00"),
}


@pytest.mark.parametrize(("reason", "amount", "wanted"), PROVIDER.values(), ids=PROVIDER)
def test_provider_level_money_becomes(reason: str, amount: str, wanted: str):
    entry = provider_entry(ProviderAdjustment("1234567893", None, reason, "REF1", Money.parse(amount), PLB), DAY)
    assert written(entry) == wanted
    assert (entry.claim, entry.reason, entry.reference, entry.source) == (None, reason, "REF1", PLB)
    assert entry.effective == DAY


def test_an_entry_names_its_claim_and_what_it_does():
    money = Money.parse("1")
    with pytest.raises(InputError, match="names its claim"):
        LedgerEntry(EntryKind.PAYMENT, money, DAY)
    with pytest.raises(InputError, match="what it does"):
        LedgerEntry(EntryKind.ADJUSTMENT, money, DAY, "CLM1")
    assert LedgerEntry(EntryKind.RECOUPMENT, money, DAY).claim is None


def total(found: list[LedgerEntry], *kinds: EntryKind) -> Decimal:
    return sum((e.amount.amount for e in found if e.kind in kinds), Decimal(0))


def conserved(made: RemittedClaim) -> None:
    found = list(claim_entries(made, DAY))
    if made.status == "25":
        assert found == []
        return
    assert total(found, EntryKind.PAYMENT) == made.paid.amount
    assert total(found, *EntryKind) == made.charge.amount
    assert not [e for e in found if not e.amount.amount]


def test_entries_of_generated_claims_come_to_the_payment_and_the_charge():
    for seed in range(60):
        for part in read(generate(seed).content):
            if isinstance(part, RemittedClaim):
                conserved(part)
