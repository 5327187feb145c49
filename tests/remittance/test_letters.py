"""Appeal letters: what the record says and nothing else, and silence where there is nothing to say."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from leadterm.domain import (
    Assignment,
    Claim,
    ClaimDiagnosis,
    ClaimType,
    Code,
    CodedEncounter,
    CodeSystem,
    Document,
    DocumentStatus,
    Encounter,
    Evidence,
    InputError,
    Money,
    PathwayStep,
    Patient,
    Payer,
    Provider,
    ProviderRole,
    Role,
    ServiceLine,
    Setting,
    Span,
    Status,
    Step,
    Subscriber,
)
from leadterm.remittance.letters import LETTERS, appeal_letter
from leadterm.remittance.reasons import categories

from .denial_notation import SERVED, denial

ON = date(2026, 6, 20)
NOTE = Document(
    "d1",
    "Assessment: type 2 diabetes with foot ulcer, left heel.\nChronic low back pain, no red flags.",
    type="progress note",
    author_role="physician",
    service_time=datetime(2026, 5, 14, 9, 30),
)
NOT_NECESSARY = "CLP MB 1 100 0 ICN7; SVC 99213-25 100 0; CAS CO 50 100; LQ N115"
KINDS = {
    "medical-necessity": NOT_NECESSARY,
    "authorization": "CLP 12 1 100 0 ICN7; SVC 99213 100 0; CAS CO 197 100",
    "timely-filing": "CLP 12 1 100 0 ICN7; SVC 99213 100 0; CAS CO 29 100",
    "bundling": "CLP 12 1 100 0 ICN7; SVC 99213-25 100 0; CAS CO 236 100; NCCI 1",
    "documentation": "CLP 12 1 100 0 ICN7; SVC 99213 100 0; CAS CO 252 100; LQ N706",
    "generic": "CLP 12 1 100 0 ICN7; SVC 99213 100 0; CAS CO 119 100",
}


def diagnosis(code: str, title: str, words: str, sequence: int, **changed: Any) -> Assignment:
    """A diagnosis with the first place of its words in the note."""
    start = NOTE.text.index(words)
    return Assignment(
        f"a{sequence}",
        Code(CodeSystem.ICD10CM, code),
        title,
        Role.FIRST_LISTED if sequence == 1 else Role.SECONDARY,
        sequence,
        0.9,
        **{"evidence": (Evidence.quote(NOTE, Span(start, start + len(words))),)} | changed,
        pathway=(PathwayStep(Step.TITLE, "title"),),
    )


ULCER = diagnosis("E11.621", "Type 2 diabetes mellitus with foot ulcer", "type 2 diabetes with foot ulcer", 1)
PAIN = diagnosis("M54.50", "Low back pain, unspecified", "low back pain", 2)


def charge(code: str = "99213", pointers: tuple[int, ...] = (1,), day: date | None = SERVED) -> Assignment:
    step = (PathwayStep(Step.MAP, "charge captured in the record"),)
    return Assignment(
        "c1",
        Code(CodeSystem.CPT, code),
        None,
        Role.CHARGE,
        1,
        1.0,
        pathway=step,
        pointers=pointers,
        service_date=day,
    )


def coded(*assignments: Assignment, document: Document = NOTE, **changed: Any) -> CodedEncounter:
    encounter = Encounter(
        "e1",
        Setting.OUTPATIENT,
        date_of_service=SERVED,
        documents=(document,),
        patient=Patient("p1", first_name="Alma", last_name="Ruiz", birth_date=date(1961, 2, 3)),
        payers=(Payer("P1", "Example Health", member_id="M123"),),
        **changed,
    )
    return CodedEncounter(encounter, assignments or (ULCER, PAIN, charge()))


def billed(claim_id: str = "CLM1", pointers: tuple[int, ...] = (1,)) -> Claim:
    line = ServiceLine(
        1, Code(CodeSystem.CPT, "99213"), Decimal(1), Money.parse(100), SERVED, SERVED, pointers=pointers
    )
    return Claim(
        claim_id,
        ClaimType.PROFESSIONAL,
        Patient("p1", first_name="Alma", last_name="Ruiz-Ortega", birth_date=date(1961, 2, 3)),
        Subscriber(),
        (Payer("P1", "Example Health", member_id="M123", prior_authorization="AUTH9"),),
        (Provider(ProviderRole.BILLING, "1234567893", name="Harbor Clinic"),),
        tuple(ClaimDiagnosis(a.code, a.role) for a in (ULCER, PAIN)),
        (line,),
    )


def letter(text: str = NOT_NECESSARY, chart: CodedEncounter | None = None, claim: Claim | None = None) -> str:
    return appeal_letter(denial(text), chart or coded(), ON, claim).text


def test_letter_quotes_the_chart_that_supports_the_line() -> None:
    written = appeal_letter(denial(NOT_NECESSARY), coded(), ON)
    assert "“type 2 diabetes with foot ulcer”" in written.text
    assert "low back pain" not in written.text
    assert [q.evidence.span.of(NOTE.text) for q in written.quotes] == ["type 2 diabetes with foot ulcer"]


def test_letter_says_where_a_quote_stands() -> None:
    assert "(progress note of 2026-05-14, physician, document d1, characters 13 to 43)" in letter()


def test_letter_cites_the_diagnosis_with_its_official_title() -> None:
    assert "E11.621 Type 2 diabetes mellitus with foot ulcer" in letter()


def test_letter_names_claim_service_amount_and_reason() -> None:
    text = letter()
    assert "Our claim number: CLM1" in text
    assert "Your claim number: ICN7" in text
    assert "line 1, code 99213, modifiers 25" in text
    assert "Amount refused: $100.00" in text
    assert "remittance of 2026-06-01: CO 50, remarks N115" in text


def test_claims_names_win_over_the_encounters() -> None:
    assert "Patient: Alma Ruiz\n" in letter()
    assert "Patient: Alma Ruiz-Ortega\n" in letter(claim=billed())
    assert "From: Harbor Clinic" in letter(claim=billed())


def test_claims_pointers_win_over_the_codings() -> None:
    assert "“low back pain”" in letter(claim=billed(pointers=(2,)))


def test_line_is_found_in_the_claim_where_the_coding_has_no_charge() -> None:
    assert "“type 2 diabetes with foot ulcer”" in letter(chart=coded(ULCER, PAIN), claim=billed())


def test_what_is_unknown_is_left_to_fill_in() -> None:
    written = appeal_letter(denial(NOT_NECESSARY), coded(), ON)
    assert "[FILL IN: the payer's address for appeals]" in written.gaps
    assert "[FILL IN: NPI]" in written.gaps
    assert all(gap in written.text for gap in written.gaps)


@pytest.mark.parametrize(("kind", "text"), KINDS.items())
def test_each_kind_of_denial_has_its_letter(kind: str, text: str) -> None:
    written = appeal_letter(denial(text), coded(), ON, billed())
    assert written.template == kind
    assert "$" not in written.text.replace("$100.00", "")
    assert re.search(r"\n\n\n", written.text) is None


def test_letter_about_dates_argues_no_medicine() -> None:
    written = appeal_letter(denial(KINDS["timely-filing"]), coded(), ON)
    assert written.quotes == ()
    assert "diabetes" not in written.text


def test_approval_number_comes_from_the_claim() -> None:
    assert "Our approval number is AUTH9" in letter(KINDS["authorization"], claim=billed())
    assert "Our approval number is [FILL IN: approval number]" in letter(KINDS["authorization"])


def test_medicare_is_asked_for_a_redetermination() -> None:
    assert "Request for redetermination (42 CFR 405.940)" in letter()
    assert "Appeal of a refused payment" in letter(KINDS["generic"])


def test_letter_has_the_deadline_of_its_appeal() -> None:
    assert appeal_letter(denial(NOT_NECESSARY), coded(), ON).deadline == date(2026, 10, 4)


def test_claim_denied_as_a_whole_is_supported_by_all_its_diagnoses() -> None:
    text = letter("CLP 12 4 100 0 ICN7; CAS CO 252 100")
    assert "“low back pain”" in text
    assert "Service: the whole claim" in text


def test_indicator_that_nobody_looked_up_is_left_to_fill_in() -> None:
    text = letter("CLP 12 1 100 0 I1; SVC 99213 100 0; CAS CO 97 100; LQ N525")
    assert "modifier indicator [FILL IN: its number]" in text


def test_dollar_and_placeholder_in_the_chart_stay_as_they_are() -> None:
    odd = replace(NOTE, text="type 2 diabetes ${amount} [FILL]", sha256="")
    proof = replace(ULCER, evidence=(Evidence.quote(odd, Span(0, len(odd.text))),))
    assert "“type 2 diabetes ${amount} [FILL]”" in letter(chart=coded(proof, charge(), document=odd))


REFUSED = {
    "unprocessable": ("CLP MB 4 100 0; SVC 99213 100 0; CAS CO 16 100; LQ MA130", "send a new claim"),
    "no appeal rights": ("CLP 12 1 100 0; SVC 99213 100 0; CAS CO 50 100; LQ N211", "another route"),
    "late for Medicare": ("CLP MB 4 100 0; SVC 99213 100 0; CAS CO 29 100", "Ask for an exception"),
    "other payer first": ("CLP MB 4 100 0; SVC 99213 100 0; CAS OA 22 100", "Bill the other payer"),
    "duplicate": ("CLP 12 4 100 0; SVC 99213 100 0; CAS OA 18 100", "Find the first claim's result"),
    "pair that no modifier opens": ("CLP 12 1 100 0; SVC 99213 100 0; CAS CO 236 100; NCCI 0", "Adjust the column 2"),
    "pair not looked up": ("CLP 12 1 100 0; SVC 99213 100 0; CAS CO 236 100", "Look up the pair"),
    "missing field": ("CLP 12 1 100 0 I1; SVC 99213 100 0; CAS CO 16 100; LQ N265", "corrected-claim: Read the remark"),
}


@pytest.mark.parametrize(("text", "instead"), REFUSED.values(), ids=REFUSED)
def test_refusal_says_what_to_do_instead(text: str, instead: str) -> None:
    with pytest.raises(InputError, match=instead):
        letter(text)


def test_chart_without_support_is_met_with_silence() -> None:
    unproven = replace(ULCER, evidence=(), status=Status.ADDED)
    with pytest.raises(InputError, match="no words that support"):
        letter(chart=coded(unproven, PAIN, charge()))


def test_rejected_diagnosis_supports_nothing() -> None:
    with pytest.raises(InputError, match="no words that support"):
        letter(chart=coded(replace(ULCER, status=Status.REJECTED), PAIN, charge()))


def test_retracted_document_is_not_quoted() -> None:
    with pytest.raises(InputError, match="no words that support"):
        letter(chart=coded(document=replace(NOTE, status=DocumentStatus.RETRACTED)))


def test_replaced_document_is_not_quoted() -> None:
    chart = coded()
    newer = Document("d2", "Amended.", supersedes="d1")
    both = replace(chart.encounter, documents=(NOTE, newer))
    with pytest.raises(InputError, match="no words that support"):
        letter(chart=replace(chart, encounter=both))


def test_quote_that_is_not_in_its_document_is_refused() -> None:
    forged = replace(ULCER, evidence=(Evidence("d1", Span(13, 18), "type 1"),))
    with pytest.raises(InputError, match="not what document d1 says") as refused:
        letter(chart=coded(forged, charge()))
    assert "type 1" not in str(refused.value)


def test_quote_of_a_document_that_is_not_there_is_refused() -> None:
    astray = replace(ULCER, evidence=(Evidence("d9", Span(0, 4), "type"),))
    with pytest.raises(InputError, match="no document d9"):
        letter(chart=coded(astray, charge()))


def test_line_that_was_not_coded_is_refused() -> None:
    with pytest.raises(InputError, match="no charge with the code and day"):
        letter(chart=coded(ULCER, charge("99214")))


def test_charge_of_another_day_is_not_the_line() -> None:
    with pytest.raises(InputError, match="no charge with the code and day"):
        letter(chart=coded(ULCER, charge(day=date(2026, 5, 15))))


def test_facility_line_is_found_by_its_revenue_code() -> None:
    facility = replace(charge(), revenue_code="0450")
    assert "diabetes" in letter("CLP MA 1 100 0 I1; SVC 0450 100 0; CAS CO 50 100", coded(ULCER, facility))


def test_encounter_of_another_day_is_refused() -> None:
    with pytest.raises(InputError, match="another day"):
        letter(NOT_NECESSARY.replace("100 0; CAS", "100 0; DTM 2026-04-01; CAS"))


def test_claim_with_another_number_is_refused() -> None:
    with pytest.raises(InputError, match="not the one that was denied"):
        letter(claim=billed("CLM2"))


def test_letters_are_for_kinds_that_exist() -> None:
    assert set(LETTERS) <= set(categories())
