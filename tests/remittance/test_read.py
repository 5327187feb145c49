"""Reading an 835: every value as the judge reads it, every imbalance told with its place, broken files refused."""

from __future__ import annotations

import io
import random
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from leadterm.domain import Finding, InputError, PaymentHeader, RemittedClaim, Severity
from leadterm.remittance import PaymentEnd, read, remittances
from leadterm.x12 import X12Error

from .generate import generate
from .mutants import ERROR, MUTANTS, Mutant, flips, subject
from .recompute import Truth, Unreadable, faults, oxedi_totals, recompute, truth_of

SEEDS = range(400)
SAMPLES = "samples/x12"
INVALID = (
    *(f"linuxforhealth/835_005010X221A1/{name}.835" for name in (
        "cob-contractural-adjustment", "managed-care", "medicare-part-a", "secondary-payment", "tertiary-payment"
    )),
    "linuxforhealth/demo/demo.835",
)  # fmt: skip
VALID = ("pyx12/files/835_mult_loops.txt",)
OLD = tuple(
    f"pyx12/extracted/{name}.source.x12" for name in ("835id", "multiple_trn", "bad_header_looping", "mult_isa")
)
# The level of a finding, as the judge names it.
LEVELS = {
    "X221A1:1.10.2.1.1/service-balance": "service",
    "X221A1:1.10.2.1.2/claim-balance": "claim",
    "X221A1:1.10.2.1.3/transaction-balance": "transaction",
    "X221A1:2000/provider-balance": "transaction",
    "X221A1:2100/line-charges": "claim",
    "X221A1:2100/patient-responsibility": "claim",
    "X12:005010/envelope": "envelope",
    "X221A1:structure/segment": "structure",
    "X221A1:element/date": "structure",
    "X221A1:element/code": "code",
    "X221A1:CAS/unknown-reason": "code",
}


def truth(content: bytes) -> Truth:
    return truth_of(remittance for remittance, _ in remittances(content))


def found(content: bytes) -> list[Finding]:
    return [part for part in read(content) if isinstance(part, Finding)]


def outcome(content: bytes) -> set[str]:
    """`error`, or the levels of what was found."""
    try:
        return {f"finding:{LEVELS[f.rule]}" for f in found(content) if f.rule in LEVELS}
    except X12Error:
        return {ERROR}


def told(content: bytes) -> str:
    """`payments` where any came out, else the sentence of the error; nothing at all would be a fault."""
    try:
        ends = [part for part in read(content) if isinstance(part, PaymentEnd)]
    except InputError as error:
        return str(error)
    return "payments" if ends else ""


def test_every_value_is_read_as_an_independent_reading_has_it():
    for seed in SEEDS:
        made = generate(seed)
        assert truth(made.content) == made.truth, seed


def test_a_valid_file_has_no_finding():
    told = {seed: found(generate(seed).content) for seed in SEEDS}
    assert {seed: [(f.rule, f.message) for f in some] for seed, some in told.items() if some} == {}


@pytest.mark.slow
def test_two_thousand_files_equal_the_recomputation_and_oxedi_to_the_cent():
    pytest.importorskip("oxedi")
    pytest.importorskip("pyarrow")
    for seed in range(10_000, 12_000):
        made = generate(seed)
        mine = truth(made.content)
        assert mine == made.truth == recompute(made.content), seed
        # It has no remark codes in any table; its diagnostics are of debits, which it takes for credits.
        assert replace(mine.totals, remarks={}) == oxedi_totals(made.content)[0], seed


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: m.name)
def test_each_fault_is_told_for_what_it_is(mutant: Mutant):
    for seed in range(2):
        content = mutant.mutate(subject(seed), random.Random(seed))
        assert outcome(content) & {mutant.expect, *mutant.also}, (seed, outcome(content))


def test_every_imbalance_that_the_judge_sees_is_flagged():
    for mutant in MUTANTS:
        content = mutant.mutate(subject(3), random.Random(3))
        try:
            levels = {level for level in faults(content) if level in ("service", "claim", "transaction")}
        except Unreadable:
            continue
        told = outcome(content)
        if ERROR not in told:
            assert {f"finding:{level}" for level in levels} <= told, mutant.name


def test_flipped_bits_end_in_values_or_in_a_named_error():
    rng = random.Random(11)
    content = subject(1)
    for _ in range(300):
        said = told(flips(content, rng, bits=rng.choice([1, 2, 8])))
        assert said == "payments" or said.endswith(".")


def test_a_file_cut_anywhere_is_never_read_as_whole():
    content = subject(2).rstrip()
    last = content.rindex(b"IEA")
    for at in range(1, last, 97):
        with pytest.raises(X12Error):
            list(read(content[:at]))


@pytest.mark.parametrize("name", INVALID)
def test_the_invalid_samples_are_flagged(shared: Path, name: str):
    content = (shared / SAMPLES / name).read_bytes()
    assert any(f.severity is Severity.ERROR for f in found(content))
    claims = [part for part in read(content) if isinstance(part, RemittedClaim)]
    segments = [raw.strip().split("*") for raw in content.decode().split("~")]
    assert [str(c.paid) for c in claims] == [s[4] for s in segments if s[0] == "CLP"]
    cas = [(s[1], s[n], Decimal(s[n + 1])) for s in segments if s[0] == "CAS" for n in range(2, len(s), 3)]
    assert sorted((a.group, a.reason, a.amount.amount) for c in claims for a in c.all_adjustments()) == sorted(cas)


@pytest.mark.parametrize("name", VALID)
def test_the_valid_sample_has_no_finding(shared: Path, name: str):
    content = (shared / SAMPLES / name).read_bytes()
    assert found(content) == []
    assert truth(content) == recompute(content)


@pytest.mark.parametrize("name", OLD)
def test_version_4010_is_refused_by_its_name(shared: Path, name: str):
    with pytest.raises(X12Error, match="004010X091A1"):
        list(read((shared / SAMPLES / name).read_bytes()))


def test_an_837_is_refused_as_what_it_is(shared: Path):
    with pytest.raises(X12Error, match="it holds 837"):
        list(read((shared / SAMPLES / "linuxforhealth/demo/demo.837").read_bytes()))


def test_other_transactions_of_a_file_are_told_of():
    content = generate(4, 3, separators="*^:~", newline="", bom=False, tail="", interchanges=1).content
    other = content.replace(b"ST*835*", b"ST*999*").replace(b"*005010X221A1~", b"*005010X231A1~")
    rules = [f.rule for f in found(content + other)]
    assert "X12:ST01/other-transaction" in rules


def test_an_imbalance_names_its_amount_and_its_place():
    content = subject(0)
    found_at = content.index(b"BPR*")
    old = content[found_at:].split(b"*")[2]
    off = str(Decimal(old.decode()) + Decimal("0.01")).encode()
    broken = content.replace(b"*" + old + b"*", b"*" + off + b"*", 1)
    told = [f for f in found(broken) if f.rule == "X221A1:1.10.2.1.3/transaction-balance"]
    assert len(told) == 1
    assert "off by 0.01" in told[0].message
    assert told[0].location is not None
    assert told[0].location["segment"] == "BPR"
    assert broken[told[0].location["offset"] :].startswith(b"BPR")


def test_places_point_to_the_segments_in_the_file():
    content = subject(0)
    claims = [part for part in read(content) if isinstance(part, RemittedClaim)]
    for claim in claims:
        assert content[claim.source.offset :].startswith(b"CLP*" + claim.id.encode())
        for line in claim.lines:
            assert content[line.source.offset :].startswith(b"SVC")
        for adjustment in claim.all_adjustments():
            assert content[adjustment.source.offset :].startswith(b"CAS*" + adjustment.group.encode())


def test_a_payment_sent_again_in_another_envelope_has_the_same_digest():
    made = [generate(9, 5, control=control, separators=s).content for control, s in ((1, "*^:~"), (77, "|!>\n"))]
    digests = [[p.digest for p in read(content) if isinstance(p, PaymentEnd)] for content in made]
    assert digests[0] == digests[1]


def test_claims_come_out_before_the_file_ends():
    """A reader in constant memory gives each claim as soon as the next begins."""
    content = generate(5, 40, interchanges=1, transactions=1).content

    class Source(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 1, 64))

    source = Source(content)
    parts = read(source)
    assert isinstance(next(p for p in parts if not isinstance(p, Finding)), PaymentHeader)
    next(p for p in parts if isinstance(p, RemittedClaim))
    assert source.tell() < len(content) / 2


def test_an_endless_claim_is_an_error_and_not_a_memory_leak(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys.modules["leadterm.remittance.read"], "MOST_SEGMENTS_OF_A_CLAIM", 50)
    content = subject(0)
    at = content.index(b"CLP*")
    many = content[:at] + content[at:].replace(b"\nNM1*QC", b"\n" + b"AMT*AU*1~\n" * 60 + b"NM1*QC", 1)
    with pytest.raises(X12Error, match="never ends"):
        list(read(many))
