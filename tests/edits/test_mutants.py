"""One error each in a good claim: what a clearinghouse, a payer or an auditor would find, and by which rule we do.

The mutations of what a claim says, as validators of the format are tried with; those of the format itself (counts of
segments, levels, envelopes) are the reader's.
"""

from __future__ import annotations

import pytest

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.domain import Severity

from .bills import asked

SECOND = "payers = 2; payers.1.responsibility = S; payers.2.responsibility = P; payers.2.adjudication = "
ERRORS = {
    # what is dropped
    "no service line": ("lines = 0", "HIPAA:837/line-count"),
    "no diagnosis": ("diagnoses = none", "HIPAA:837P/diagnosis-count"),
    "no principal diagnosis": ("stay: diagnoses = R07.9=admitting", "HIPAA:837I/diagnosis-count"),
    "no admitting diagnosis": ("stay: diagnoses = I21.4/Y I10/Y", "HIPAA:837I/admission"),
    "no payer": ("payers = 0", "HIPAA:837/payer"),
    "no electronic id of the payer": ("payer.id = none", "HIPAA:837/payer"),
    "no member number": ("payer.member_id = none", "HIPAA:837/member-id"),
    "no billing provider": ("billing = none", "HIPAA:837/billing-npi"),
    "no attending provider": ("stay: attending = none", "HIPAA:837I/attending"),
    "no tax id": ("billing.tax_id = none", "HIPAA:837/tax-id"),
    "no procedure code": ("lines.1.revenue_code = 0510; lines.1.code = none", "HIPAA:837P/procedure"),
    "no revenue code": ("stay: lines.2.code = 80053; lines.2.revenue_code = none", "HIPAA:837I/revenue-code"),
    "no type, source and disposition": ("stay: admit_type = none", "HIPAA:837I/admission"),
    "no disposition": ("visit: disposition = none", "HIPAA:837I/disposition"),
    "no statement period": ("visit: statement = none", "HIPAA:837I/period"),
    "no date of birth": ("patient.birth_date = none", "HIPAA:837/patient-birth-date"),
    "no pointer": ("lines.1.pointers = none", "HIPAA:837P/pointer-count"),
    "no place of service": ("place_of_service = none", "HIPAA:837P/place-missing"),
    # what is wrong
    "place of service 00": ("place_of_service = 00", "HIPAA:837P/place-unknown"),
    "zero units": ("lines.1.units = 0", "HIPAA:837/units"),
    "minus one unit": ("lines.1.units = -1", "HIPAA:837/units"),
    "negative charge": ("lines.1.charge = -125.00", "HIPAA:837/charge"),
    "frequency Q": ("frequency = Q", "HIPAA:837P/frequency"),
    "replacement without number": ("frequency = 7", "HIPAA:837/payer-control-number"),
    "void without number": ("stay: frequency = 8; type_of_bill = 0118", "HIPAA:837/payer-control-number"),
    "check digit of the NPI": ("rendering.npi = 1234567890", "HIPAA:162.406/npi-check-digit"),
    "NPI of nine digits": ("billing.npi = 124531959", "HIPAA:162.406/npi-check-digit"),
    "state ZZ": ("billing.address.state = ZZ", "HIPAA:837/state"),
    "ZIP code of four digits": ("patient.address.zip = 1234", "HIPAA:837/zip"),
    "pointer 9": ("lines.1.pointers = 9", "HIPAA:837P/pointer-target"),
    "modifier 00": ("lines.1.modifiers = 00", "HIPAA:162.1002/modifier-unknown"),
    "modifier of one character": ("lines.1.modifiers = 5", "HIPAA:837/modifier-shape"),
    "five modifiers": ("lines.1.modifiers = 25 59 LT GT KX", "HIPAA:837/modifier-count"),
    "a diagnosis that is none": ("diagnoses = E11.55 I10", "ICD10CM:tabular/unknown-code"),
    "a diagnosis without all its characters": ("diagnoses = E11.2 I10", "ICD10CM:I.B.2/not-billable"),
    "type of bill 0999": ("stay: type_of_bill = 0991", "HIPAA:837I/bill-type"),
    "type of bill without its zero": ("stay: type_of_bill = 111", "HIPAA:837I/bill-type"),
    "two frequencies": ("stay: type_of_bill = 0117", "HIPAA:837I/frequency"),
    "service after the period": ("visit: lines.1.end = 2026-05-15", "HIPAA:837I/outside-period"),
    "service before birth": ("patient.birth_date = 2026-05-15", "HIPAA:837/service-before-birth"),
    "days that do not add up": ("stay: values = 80:3", "MCPM:25.75/days"),
    "still a patient, and discharged": ("stay: disposition = 30", "MCPM:25.75/still-patient"),
    "the total as a line": ("stay: lines.3.revenue_code = 0001", "MCPM:25.75/total-line"),
    "condition code of one character": ("stay: condition_codes = 7", "HIPAA:837I/code-shape"),
    "ICD-10-PCS on an outpatient claim": (
        "visit: procedures = 0FT44ZZ@2026-05-14",
        "HIPAA:162.1002/procedures-of-stays",
    ),
    # what earlier payers decided
    "the payment changed": (f"{SECOND}85.00 CO45:35.00 @2026-06-01", "HIPAA:837/claim-balance"),
    "an adjustment dropped": (f"{SECOND}90.00 @2026-06-01 1:90.00", "HIPAA:837/line-balance"),
    "the payment of the claim not that of its lines": (
        f"{SECOND}95.00 @2026-06-01 1:90.00/CO45:35.00",
        "HIPAA:837/paid-by-line",
    ),
    "adjustment group ZZ": (f"{SECOND}90.00 ZZ45:35.00 @2026-06-01", "HIPAA:837/adjustment-group"),
    "no day of the decision": (f"{SECOND}90.00 CO45:35.00", "HIPAA:837/decision-day"),
    "two first payers": (
        "payers = 2; payers.1.responsibility = P; payers.2.responsibility = P",
        "HIPAA:837/payer-order",
    ),
    "the second payer asked before the first": (
        "payers = 2; payers.1.responsibility = S; payers.2.responsibility = P",
        "HIPAA:837/earlier-payer",
    ),
    # what only the day of receipt and the stream can tell
    "too late": ("payer.type = medicaid; received = 2027-05-15", "CFR:424.44/timely-filing"),
    "too early": ("received = 2026-05-13", "HIPAA:837/after-receipt"),
    "the same claim again": ("id = CASE0 || id = CASE2", "MCPM:1.120/claim"),
}


@pytest.mark.parametrize(("text", "rule"), ERRORS.values(), ids=ERRORS)
def test_one_error_in_a_good_claim_is_found(text: str, rule: str, book: CodeBook) -> None:
    told = asked(text)
    found = edits.check_claim(told.claim, book, received=told.received, earlier=told.earlier)
    assert rule in {f.rule for f in found if f.severity is Severity.ERROR}
