"""Claims: what a payer needs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.domain import Address, Claim, Finding
from leadterm.edits.claims.providers import npi_is_valid

from .bills import GOOD_CLAIM, GOOD_STAY, GOOD_VISIT, asked, claim
from .shelf import Shelf


def found(text: str, tables: CodeBook) -> dict[str, Finding]:
    return {f.rule: f for f in edits.check_claim(claim(text), tables)}


def test_good_claim_has_no_findings(tables: CodeBook) -> None:
    assert edits.check_claim(GOOD_CLAIM, tables) == ()


@pytest.mark.parametrize("npi", ["1234567893", "1245319599"])
def test_npi_with_the_right_check_digit(npi: str) -> None:
    assert npi_is_valid(npi)


@pytest.mark.parametrize(
    "npi", ["1234567890", "12345678931", "123456789", "3234567893", "12345678 3", "", "١٢٣٤٥٦٧٨٩٣"]
)
def test_npi_that_is_none(npi: str) -> None:
    assert not npi_is_valid(npi)


def test_each_of_ten_last_digits_but_one_is_wrong() -> None:
    assert sum(npi_is_valid(f"124531959{d}") for d in range(10)) == 1


def test_exchanged_neighbours_are_found() -> None:
    assert not npi_is_valid("1234657893")


def test_finding_says_where(tables: CodeBook) -> None:
    finding = found("lines = 2; lines.2.pointers = 7", tables)["HIPAA:837P/pointer-target"]
    assert finding.location == {"claim": "CASE1", "line": 2, "segment": "SV1"}


def test_messages_hold_no_names_or_numbers_of_persons(tables: CodeBook) -> None:
    wrong = (
        "billing.npi = 1111111111; billing.tax_id = 98765432; billing.name = none; patient.address.zip = 1;"
        " patient.birth_date = 2030-01-01; payer.id = none; billing.address.line1 = PO Box 77;"
        " patient.last_name = none"
    )
    said = " ".join(f"{f.message} {f.fix}" for f in edits.check_claim(claim(wrong), tables))
    assert said
    for secret in ("1111111111", "98765432", "Sample", "Ada", "PO Box 77", "W123456789", "2030"):
        assert secret not in said


def test_diagnosis_is_checked_on_the_day_of_each_line(tables: CodeBook) -> None:
    finding = found("diagnoses = E66.811; lines = 2; lines.1.pointers = 1; lines.2.pointers = 1", tables)
    assert "HIPAA:162.1002/diagnosis-in-force" not in finding
    early = "lines.2.start = 2024-09-30; lines.2.end = 2024-09-30"
    finding = found(f"diagnoses = E66.811; lines = 2; lines.1.pointers = 1; lines.2.pointers = 1; {early}", tables)
    assert finding["HIPAA:162.1002/diagnosis-in-force"].location == {"claim": "CASE1", "line": 2, "segment": "HI"}


@pytest.mark.parametrize(
    ("diagnoses", "rule"),
    [
        ("E11.9 I10 E11.9", "ICD10CM:I.B.12/duplicate"),
        ("W01.0XXA S52.501A", "ICD10CM:I.C.20.a.6/external-cause-first"),
        ("E11.2 I10", "ICD10CM:I.B.2/not-billable"),
        ("E11.9 E10.9", "ICD10CM:tabular/excludes1"),
    ],
)
def test_codes_of_a_claim_are_judged_as_those_of_an_encounter(diagnoses: str, rule: str, tables: CodeBook) -> None:
    finding = found(f"diagnoses = {diagnoses}", tables)[rule]
    assert (finding.location, finding.assignments) == ({"claim": "CASE1", "segment": "HI"}, ())


def test_a_claim_of_a_checked_encounter_is_judged_without_its_codes(tables: CodeBook) -> None:
    assert edits.check_claim(claim("diagnoses = E11.9 E10.9"), tables, codes=False) == ()


@pytest.mark.parametrize(("place", "day", "known"), [("66", "2024-07-31", False), ("66", "2024-08-01", True)])
def test_place_of_service_is_dated(place: str, day: str, known: bool, tables: CodeBook) -> None:
    text = f"place_of_service = {place}; lines.1.start = {day}"
    assert ("HIPAA:837P/place-unknown" not in found(text, tables)) is known


def test_institutional_claims_are_not_asked_for_pointers_or_places(tables: CodeBook) -> None:
    assert found("stay: lines.1.pointers = none; place_of_service = none", tables) == {}


@pytest.mark.parametrize("good", [GOOD_STAY, GOOD_VISIT], ids=["stay", "visit"])
def test_good_institutional_claims_have_no_findings(good: Claim, tables: CodeBook) -> None:
    assert edits.check_claim(good, Shelf(tables)) == ()


def test_address_abroad_needs_no_state(tables: CodeBook) -> None:
    abroad = "patient.address.state = none; patient.address.zip = none; patient.address.country = CA"
    assert found(abroad, tables) == {}


def test_billing_provider_may_be_missing_altogether(tables: CodeBook) -> None:
    assert "HIPAA:837/billing-npi" in found("providers = none", tables)


@pytest.mark.parametrize(
    ("path", "whose"), [("billing", "billing provider"), ("patient", "patient"), ("facility", "facility provider")]
)
def test_an_address_is_named_by_whose_it_is(path: str, whose: str, tables: CodeBook) -> None:
    base = claim("add.facility = 1245319599")
    home = replace(GOOD_CLAIM.providers[0].address or Address(), state="ZZ")
    changed = {
        "patient": replace(base, patient=replace(base.patient, address=home)),
        "billing": replace(base, providers=tuple(replace(p, address=home) for p in base.providers if p.role == path)),
        "facility": replace(base, providers=tuple(replace(p, address=home) for p in base.providers if p.role == path)),
    }[path]
    (finding,) = (f for f in edits.check_claim(changed, tables) if f.rule == "HIPAA:837/state")
    assert finding.message == f"The state of the {whose} is none of the United States."


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("lines.1.code = A0429; lines.1.modifiers = RH", "HIPAA:162.1002/modifier-unlisted"),
        ("payer.type = workers-compensation; lines.1.modifiers = 30", "HIPAA:162.1002/modifier-unknown"),
        ("received = 2026-05-14; lines.1.end = 2026-06-13", "HIPAA:837/after-receipt"),
        ("subscriber.last_name = SAM-PLE", "HIPAA:837/subscriber-differs"),
        ("stay: values = 80:3 81:0; condition_codes = 40", "MCPM:25.75/days"),
    ],
)
def test_what_looks_wrong_and_is_right(text: str, rule: str, tables: CodeBook) -> None:
    told = asked(text)
    assert rule not in {f.rule for f in edits.check_claim(told.claim, Shelf(tables), received=told.received)}
