"""What an 837P cannot carry is refused in one sentence, all of it, before a byte is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.claims import write_837p
from leadterm.domain import (
    Address,
    Adjudication,
    Claim,
    ClaimDiagnosis,
    ClaimType,
    Code,
    CodeSystem,
    DrugCode,
    InputError,
    LineAdjudication,
    Money,
    Patient,
    Provider,
    ProviderRole,
    Role,
    ServiceLine,
    Subscriber,
)
from leadterm.x12 import Separators, envelope_faults, guide, read, walk

from .cases import CLINIC, DAY, DOCTOR, HOME, PATIENT, PAYER, claim, line
from .generate import claims, envelope

SHORT_ZIP = replace(HOME, zip="5001")
LONG_STREET = replace(HOME, line1="x" * 56)
OLD, OLDER = (ClaimDiagnosis(Code(CodeSystem.ICD9CM, code), Role.SECONDARY) for code in ("401.9", "250.00"))
NO_NDC = "an NDC of eleven digits, or of ten with its dashes on line 1"
NOT_LATIN = "has letters that X12 cannot carry; give its Latin spelling."
NO_IDENTIFIER = "has a character that X12 cannot carry in an identifier; correct it."
NAMELESS = Provider(ProviderRole.OPERATING, "1245319599", id="dr7")
CHILD = Subscriber("child")
FACILITY = Provider(ProviderRole.FACILITY, name="Oak")
ALSO = "further causes of the accident of auto, employment, other"
ZERO = Money.parse(0)
PAID = Adjudication(ZERO, date=DAY)
PAID_LINE = Adjudication(ZERO, lines=(LineAdjudication(1, ZERO),))


def refusal(*claims: Claim) -> str:
    with pytest.raises(InputError) as told:
        write_837p(claims, envelope())
    return str(told.value)


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"claim_type": ClaimType.INSTITUTIONAL}, "the professional claim type (an institutional claim needs an 837I)"),
        ({"providers": ()}, "a billing provider"),
        ({"providers": (replace(CLINIC, name=None),)}, "the billing provider's name"),
        ({"providers": (replace(CLINIC, npi="123456789"),)}, "the billing provider's NPI of ten digits"),
        ({"providers": (replace(CLINIC, tax_id="12-34567"),)}, "the billing provider's tax id of nine digits"),
        ({"providers": (replace(CLINIC, tax_id="12345678x"),)}, "the billing provider's tax id of nine digits"),
        ({"providers": (replace(CLINIC, address=None),)}, "the billing provider's street, city, state, ZIP code"),
        ({"providers": (CLINIC, replace(DOCTOR, npi=None))}, "the rendering provider's NPI of ten digits"),
        ({"providers": (CLINIC, replace(DOCTOR, last_name=None))}, "the rendering provider's last name"),
        ({"providers": (CLINIC, FACILITY)}, "the facility's street, city, state, ZIP code"),
        ({"providers": (CLINIC, replace(FACILITY, name=None, address=HOME))}, "the facility's name"),
        ({"providers": (CLINIC, Provider(ProviderRole.REFERRING, name="X"))}, "the referring provider's last name"),
        ({"payers": ()}, "a payer"),
        ({"payers": (PAYER,) * 12}, "room for more than 11 payers"),
        ({"payers": (replace(PAYER, id=None),)}, "the payer's id"),
        ({"payers": (replace(PAYER, member_id=" "),)}, "the payer's member id"),
        ({"payers": (PAYER, replace(PAYER, name=None))}, "payer 2's name"),
        ({"subscriber": CHILD}, "the subscriber's last name with the payer"),
        ({"payers": (PAYER, replace(PAYER, subscriber=CHILD))}, "the subscriber's last name with payer 2"),
        ({"patient": replace(PATIENT, last_name=None)}, "the patient's last name"),
        ({"patient": replace(PATIENT, birth_date=None)}, "the patient's birth date"),
        ({"patient": replace(PATIENT, address=SHORT_ZIP)}, "a ZIP code of five or nine digits for the patient"),
        ({"patient": replace(PATIENT, address=Address("1 Way", None, "Ames"))}, "the patient's state, ZIP code"),
        ({"place_of_service": None}, "a place of service"),
        ({"frequency": "Q"}, "a frequency of 1, 7 or 8"),
        ({"frequency": "7"}, "the payer's control number that frequency 7 refers to"),
        ({"payers": (replace(PAYER, adjudication=PAID),)}, "a payer who has not decided yet"),
        ({"payers": (PAYER, replace(PAYER, adjudication=PAID_LINE))}, "the day on which payer 2 decided"),
        (
            {"payers": (PAYER, replace(PAYER, adjudication=replace(PAID, lines=(LineAdjudication(9, ZERO),))))},
            "the lines that payer 2 decided on",
        ),
        ({"accident": {"type": "other", "date": "2026-01-01", "also": ["fall"]}}, ALSO),
        ({"accident": {"type": "other", "date": "2026-01-01", "also": 5}}, ALSO),
        ({"accident": {"type": "fall"}}, "an accident type of auto, employment, other"),
        ({"accident": {"date": "2026-01-01"}}, "an accident type of auto, employment, other"),
        ({"accident": {"type": ["auto"]}}, "an accident type of auto, employment, other"),
        ({"accident": {"type": "other"}}, "the day of the accident"),
        ({"accident": {"type": "auto", "date": "2026-01-01"}}, "the state of the auto accident"),
        ({"accident": {"type": "other", "date": "May"}}, "an ISO date of the accident"),
        ({"accident": {"type": "other", "date": 7}}, "an ISO date of the accident"),
        ({"diagnoses": claim().diagnoses[:1] * 2}, "diagnoses that stand once each"),
        ({"diagnoses": (OLD, OLDER)}, "ICD-10-CM codes for all diagnoses"),
        ({"lines": ()}, "1 to 50 lines"),
        ({"lines": tuple(line(n) for n in range(1, 52))}, "1 to 50 lines"),
        ({"lines": (line(pointers=(3,)),)}, "pointers to diagnoses that are on the claim on line 1"),
        ({"lines": (line(pointers=(0,)),)}, "pointers to diagnoses that are on the claim on line 1"),
        ({"lines": (line(pointers=()),)}, "1 to 4 diagnosis pointers on line 1"),
        ({"lines": (line(pointers=(1, 1)),)}, "pointers that name each diagnosis once on line 1"),
        ({"lines": (line(charge=Money.parse("-1")),)}, "a charge of zero or more on line 1"),
        ({"lines": (line(units=Decimal(0)),)}, "a positive quantity on line 1"),
        ({"lines": (line(units=Decimal(-1)),)}, "a positive quantity on line 1"),
        ({"lines": (line(modifiers=("25",) * 5),)}, "room for more than 4 modifiers on line 1"),
        ({"lines": (line(code=None, revenue_code="0450"),)}, "a CPT or HCPCS code on line 1"),
        ({"lines": (line(provider="dr9"),)}, "a provider of the claim that bears the id named on line 1"),
        (
            {"lines": (line(provider="dr7"),), "providers": (CLINIC, DOCTOR, NAMELESS)},
            "a name of the provider on line 1",
        ),
        ({"lines": (line(ndc=DrugCode("123", Decimal(1), "ML")),)}, NO_NDC),
        ({"lines": (line(ndc=DrugCode("00409379301")),)}, "the drug's quantity in one of F2, GR, ME, ML, UN on line 1"),
    ],
)
def test_what_a_claim_lacks_is_named(changes: dict[str, object], missing: str):
    assert refusal(claim(**changes)) == f"No 837P was written: claim visit1 lacks {missing}."


def test_everything_that_claims_lack_is_told_at_once():
    told = refusal(claim(id="A1", place_of_service=None, frequency="7"), claim(id="A2", payers=()))
    assert told == (
        "No 837P was written: claim A1 lacks a place of service; "
        "claim A1 lacks the payer's control number that frequency 7 refers to; claim A2 lacks a payer."
    )


def test_a_long_list_is_cut_and_counted():
    assert refusal(*(claim(id=f"A{n}", payers=()) for n in range(30))).endswith("claim A19 lacks a payer; and 10 more.")


def test_no_claim_makes_no_file():
    assert refusal() == "No 837P was written: there is no claim to write."


def test_the_number_of_somebody_elses_claim_is_not_sent_as_ours():
    assert "claim C-1 lacks a claim number of 1 to 20 letters and digits" in refusal(claim(id="C-1"))


def test_two_claims_never_share_a_number():
    assert "two claims have the same number" in refusal(claim(), claim())


def test_one_transaction_holds_five_thousand_claims():
    assert "at most 5000 claims and 5001 were given" in refusal(*(claim(id=f"A{n}") for n in range(5001)))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"patient": replace(PATIENT, last_name="李")}, f"loop 2010BA: NM103 {NOT_LATIN}"),
        (
            {"patient": replace(PATIENT, address=LONG_STREET)},
            "loop 2010BA: N301 has 56 characters where X12 takes 1 to 55; change it.",
        ),
        ({"payers": (replace(PAYER, member_id="M*1"),)}, f"loop 2010BA: NM109 {NO_IDENTIFIER}"),
        ({"referral": "a~b"}, f"loop 2300: REF02 {NO_IDENTIFIER}"),
        ({"lines": (line(charge=Money.parse("100000000.00")),)}, None),
        ({"lines": (line(modifiers=("2",)),)}, "loop 2400: SV101-3 takes a code of 2 capital letters and digits."),
    ],
)
def test_a_value_that_x12_cannot_carry_is_told_with_its_loop(changes: dict[str, object], sentence: str | None):
    told = refusal(claim(**changes))
    assert (
        (told == f"No 837P was written: claim visit1, {sentence}") if sentence else "CLM02" in told and "SV102" in told
    )


def test_a_refusal_never_tells_a_name():
    told = refusal(claim(patient=replace(PATIENT, last_name="Zebra李", first_name="Quagga李")))
    assert "Zebra" not in told
    assert "Quagga" not in told


def test_a_claim_that_repeats_no_line_number_is_the_types_own_promise():
    with pytest.raises(InputError, match="numbered 1, 2, 3"):
        claim(lines=(line(1), line(1)))
    with pytest.raises(InputError, match="ends before it starts"):
        ServiceLine(1, Code(CodeSystem.CPT, "99213"), Decimal(1), Money.parse("1"), DAY, date(2026, 5, 1))


words = st.text(max_size=12)


@given(words, words, words, words, st.sampled_from([Separators(), Separators("|", ">", "!", "\n")]))
def test_names_of_any_kind_never_break_the_file(last: str, first: str, street: str, payer: str, separators: Separators):
    patient = Patient(
        "p", PATIENT.sex, PATIENT.birth_date, None, None, None, first, None, last, replace(HOME, line1=street)
    )
    usual = envelope()
    strange = replace(usual, interchange=replace(usual.interchange, separators=separators))
    try:
        written = write_837p([claim(patient=patient, payers=(replace(PAYER, name=payer),))], strange)
    except InputError:
        return
    got = list(read(written))
    assert [f for p in walk(got, guide("005010X222A1")) for f in p.faults] == []
    assert list(envelope_faults(got)) == []
    assert sum(s.id == "CLM" for s in got) == 1


@given(st.integers(0, 10**6))
def test_any_generated_claim_is_written(seed: int):
    assert write_837p(claims(1, seed), envelope()).startswith(b"ISA*")
