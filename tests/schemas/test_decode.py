"""Reading what other programs send: the short form, lenient where the contract is, one sentence for everything else."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from leadterm.domain import (
    Address,
    ClaimType,
    CodeSystem,
    DocumentStatus,
    InputError,
    Money,
    PriorAdjustment,
    ProviderRole,
    Role,
    Setting,
    Sex,
    Status,
)
from leadterm.schemas import decode

from .validation import problems


def encounter(**stated: Any) -> Any:
    return decode.encounter(stated, "chart")


def refusal(read: Any, *given: Any) -> str:
    with pytest.raises(InputError) as raised:
        read(*given)
    return str(raised.value)


def encounter_refusal(**stated: Any) -> str:
    return refusal(decode.encounter, stated, "chart")


def coded(*assignments: Any, **stated: Any) -> dict[str, Any]:
    return {"schema": "leadterm.coded/1", "id": "e1", "assignments": list(assignments), **stated}


ASSIGNMENT = {
    "code": "e1122",
    "system": "icd10cm",
    "role": "first-listed",
    "confidence": 0.9,
    "evidence": [{"document": "d1", "start": 0, "end": 4, "text": "T2DM", "source": None}],
    "pathway": [{"step": "index", "text": "Diabetes, type 2"}],
}
LINE = {"code": "99213", "units": "1", "charge": "125.00", "from": "2026-05-14"}


def claim(**stated: Any) -> dict[str, Any]:
    return {"schema": "leadterm.claim/1", "id": "C1", "claim_type": "professional", "lines": [LINE], **stated}


class TestShortForm:
    SHORT = {  # noqa: RUF012 (a case, read only)
        "id": "n1",
        "text": "Type 2 DM.",
        "setting": "inpatient",
        "patient": {"age": "67", "sex": "f"},
        "date_of_service": "2026-05-14",
    }

    def test_its_text_is_the_one_document(self) -> None:
        (document,) = encounter(**self.SHORT).documents
        assert (document.id, document.text, document.status) == ("d1", "Type 2 DM.", DocumentStatus.FINAL)

    def test_the_rest_is_read(self) -> None:
        chart = encounter(**self.SHORT)
        assert (chart.id, chart.setting, chart.claim_type) == ("n1", Setting.INPATIENT, ClaimType.INSTITUTIONAL)
        assert (chart.patient.age, chart.patient.sex) == (67, Sex.FEMALE)
        assert chart.date_of_service == date(2026, 5, 14)

    def test_it_is_valid(self) -> None:
        assert problems("encounter-1", self.SHORT) == []

    @pytest.mark.parametrize("given", [None, ""])
    def test_without_an_id_it_gets_the_default(self, given: Any) -> None:
        assert encounter(id=given).id == "chart"

    def test_a_number_is_an_id(self) -> None:
        assert encounter(id=42).id == "42"

    def test_without_a_setting_it_is_outpatient(self) -> None:
        assert encounter(text="").setting is Setting.OUTPATIENT

    def test_the_text_is_never_changed(self) -> None:
        text = "\ufeffa\r\nb\tc\u0301\U0001f9ec "
        assert encounter(text=text).documents[0].text == text

    def test_half_a_surrogate_pair_survives(self) -> None:
        assert encounter(text="a\ud83eb").documents[0].text == "a\ud83eb"

    def test_text_beside_an_empty_list_of_documents_is_read(self) -> None:
        assert encounter(text="words", documents=[]).documents[0].text == "words"

    def test_text_and_documents_at_once_are_refused(self) -> None:
        both = {"text": "words", "documents": [{"text": "more"}]}
        assert encounter_refusal(**both) == "text and documents are both given; give one of them."
        assert problems("encounter-1", both)

    def test_unknown_keys_are_ignored(self) -> None:
        assert encounter(text="words", colour="blue", patient={"shoe_size": 9}) == encounter(text="words")
        assert problems("encounter-1", {"text": "words", "colour": "blue"}) == []


class TestPatient:
    @pytest.mark.parametrize(
        ("given", "age"),
        [(67, 67), ("67", 67), (" 67 ", 67), (67.9, 67), ("67.5", 67), (0, 0), ("", None), ("  ", None), (None, None)],
    )
    def test_an_age_is_a_number_a_numeric_string_empty_or_null(self, given: Any, age: int | None) -> None:
        assert encounter(patient={"age": given}).patient.age == age
        assert problems("encounter-1", {"patient": {"age": given}}) == []

    @pytest.mark.parametrize("given", [-1, 131, "90+", "unknown", True, [67], float("nan"), float("inf"), 10**400])
    def test_any_other_age_is_refused(self, given: Any) -> None:
        assert encounter_refusal(patient={"age": given}) == "patient.age is not a number from 0 to 130."

    @pytest.mark.parametrize(
        ("given", "sex"),
        [
            ("F", Sex.FEMALE),
            ("f", Sex.FEMALE),
            ("female", Sex.FEMALE),
            ("Female ", Sex.FEMALE),
            ("M", Sex.MALE),
            ("MALE", Sex.MALE),
            ("U", Sex.UNKNOWN),
            ("other", Sex.UNKNOWN),
            ("", Sex.UNKNOWN),
            (None, Sex.UNKNOWN),
            (1, Sex.UNKNOWN),
        ],
    )
    def test_sex_is_read_in_any_case_and_is_else_unknown(self, given: Any, sex: Sex) -> None:
        assert encounter(patient={"sex": given}).patient.sex is sex

    def test_a_newborn_has_days_and_grams(self) -> None:
        patient = encounter(patient={"age_days": "3", "birth_weight_g": 3400}).patient
        assert (patient.age, patient.age_days, patient.birth_weight_g) == (None, 3, 3400)

    def test_a_birth_date_may_be_a_date_time(self) -> None:
        assert encounter(patient={"birth_date": "1960-02-29T08:00:00Z"}).patient.birth_date == date(1960, 2, 29)


class TestEncounter:
    def test_a_stay_keeps_its_times(self) -> None:
        chart = encounter(setting="inpatient", admission="2026-05-10T08:15:00Z", discharge="2026-05-14")
        assert chart.admission == datetime(2026, 5, 10, 8, 15, tzinfo=UTC)
        assert chart.discharge == date(2026, 5, 14)
        assert chart.controlling_date == date(2026, 5, 14)

    def test_class_is_the_encounter_class(self) -> None:
        assert encounter(**{"class": "observation"}).encounter_class == "observation"

    def test_providers_stand_in_their_roles(self) -> None:
        address = {"line1": "1 Elm Street", "city": "Springfield", "state": "IL", "zip": "62701"}
        chart = encounter(providers=[{"role": "billing", "npi": "1234567893", "address": address}])
        billing = chart.provider(ProviderRole.BILLING)
        assert billing.npi == "1234567893"
        assert billing.address == Address(line1="1 Elm Street", city="Springfield", state="IL", zip="62701")

    def test_payers_keep_their_order_and_subscribers(self) -> None:
        subscriber = {"relationship": "child", "last_name": "Roe", "sex": "f", "birth_date": "1980-01-02"}
        chart = encounter(payers=[{"id": "00001", "subscriber": subscriber, "member_id": "M1"}, {"id": "00002"}])
        assert [payer.id for payer in chart.payers] == ["00001", "00002"]
        assert chart.payers[0].subscriber.relationship == "child"
        assert chart.payers[1].subscriber.relationship == "self"

    def test_documents_without_ids_are_numbered(self) -> None:
        assert [d.id for d in encounter(documents=[{"text": "a"}, {"id": "x", "text": "b"}]).documents] == ["d1", "x"]

    def test_null_is_read_as_absent(self) -> None:
        empty = dict.fromkeys(("setting", "patient", "documents", "charges", "payers", "accident", "schema"))
        assert encounter(**empty) == encounter()
        assert problems("encounter-1", empty) == []

    def test_what_is_kept_as_given_is_a_copy(self) -> None:
        occurrence = {"code": "11", "dates": ["2026-05-01"]}
        chart = encounter(occurrences=[occurrence])
        occurrence["dates"].append("changed")
        assert chart.occurrences == ({"code": "11", "dates": ["2026-05-01"]},)


class TestCharges:
    def charge(self, **stated: Any) -> Any:
        return encounter(date_of_service="2026-05-14", charges=[{"code": "99213", **stated}]).charges[0]

    def refusal(self, **stated: Any) -> str:
        return encounter_refusal(charges=[{"code": "99213"}, {"code": "99213", **stated}])

    @pytest.mark.parametrize(
        ("written", "system", "value"),
        [("99213", CodeSystem.CPT, "99213"), ("j1885", CodeSystem.HCPCS, "J1885"), ("0001u", CodeSystem.CPT, "0001U")],
    )
    def test_a_code_is_read_as_cpt_or_hcpcs(self, written: str, system: CodeSystem, value: str) -> None:
        code = self.charge(code=written).code
        assert (code.system, code.value) == (system, value)

    @pytest.mark.parametrize("written", ["E11.22", "9921", "Jane Roe", "99213-25"])
    def test_another_code_is_refused_without_repeating_it(self, written: str) -> None:
        assert self.refusal(code=written) == "charges[1].code is not a code of cpt or hcpcs."

    @pytest.mark.parametrize(
        ("given", "amount"), [("125.00", "125.00"), ("125", "125.00"), (125, "125.00"), ("0", "0.00")]
    )
    def test_a_charge_is_a_string_or_an_integer(self, given: Any, amount: str) -> None:
        assert self.charge(charge=given).charge == Money(Decimal(amount))

    @pytest.mark.parametrize(
        "given", [125.5, 125.0, "125.001", "$125", "1,250.00", "NaN", "1e3", True, " 1", "٣", {}, "9" * 40]
    )
    def test_any_other_charge_is_refused(self, given: Any) -> None:
        assert self.refusal(charge=given) == "charges[1].charge is not an amount such as '125.00'."

    @pytest.mark.parametrize("given", [125.5, "125.001", "$125", True])
    def test_the_schema_refuses_such_charges_too(self, given: Any) -> None:
        assert problems("encounter-1", {"charges": [{"code": "99213", "charge": given}]})

    def test_units_are_one_unless_given(self) -> None:
        assert (self.charge().units, self.charge(units="0.5").units) == (Decimal(1), Decimal("0.5"))

    @pytest.mark.parametrize("given", [0, -1, 1.5, "0.0001", "two"])
    def test_units_of_nothing_and_floats_are_refused(self, given: Any) -> None:
        assert self.refusal(units=given) == "charges[1].units is not a quantity such as '1' or '0.5'."

    def test_a_clock_time_is_of_the_day_of_the_charge(self) -> None:
        charge = self.charge(start="09:30", end="2026-05-15T00:10:00")
        assert (charge.start, charge.end) == (datetime(2026, 5, 14, 9, 30), datetime(2026, 5, 15, 0, 10))
        assert self.charge(start="09:30", date="2026-05-13").start == datetime(2026, 5, 13, 9, 30)

    def test_a_clock_time_without_a_day_is_refused(self) -> None:
        assert self.refusal(start="09:30") == "charges[1].start is a time without a day; give the charge's date."

    def test_modifiers_and_pointers_keep_their_order(self) -> None:
        charge = self.charge(modifiers=["lt", "59"], pointers=[2, 1])
        assert (charge.modifiers, charge.pointers) == (("LT", "59"), (2, 1))

    def test_a_drug_has_its_quantity(self) -> None:
        drug = self.charge(ndc={"code": "00409-1234-01", "quantity": "2.5", "unit": "ML"}).ndc
        assert (drug.code, drug.quantity, drug.unit) == ("00409-1234-01", Decimal("2.5"), "ML")

    @pytest.mark.parametrize("given", [[0], [-1]])
    def test_pointers_count_from_one(self, given: list[int]) -> None:
        assert self.refusal(pointers=given) == "charges[1].pointers is not a list of places counted from 1."


REFUSED = [
    ({"setting": "hospital"}, "setting is not one of inpatient, outpatient, emergency, professional, "),
    ({"setting": ["inpatient"]}, "setting is not a string."),
    ({"date_of_service": "14 May 2026"}, "date_of_service is not an ISO date (YYYY-MM-DD)."),
    ({"date_of_service": "2026-02-30"}, "date_of_service is not an ISO date (YYYY-MM-DD)."),
    ({"date_of_service": 20260514}, "date_of_service is not a string."),
    ({"admission": "2026-05-14T25:00"}, "admission is not an ISO date or date-time."),
    ({"patient": "Jane Roe"}, "patient is not a JSON object."),
    ({"patient": {"last_name": 7}}, "patient.last_name is not a string."),
    ({"patient": {"address": "1 Elm Street"}}, "patient.address is not a JSON object."),
    ({"providers": {"role": "billing"}}, "providers is not a list."),
    ({"providers": [{"npi": "1234567893"}]}, "providers[0].role is missing."),
    ({"providers": [{"role": "surgeon"}]}, "providers[0].role is not one of billing, rendering, "),
    ({"documents": [{"id": "d1"}]}, "documents[0].text is missing."),
    ({"documents": [{"text": 5}]}, "documents[0].text is not a string."),
    ({"documents": ["Jane Roe"]}, "documents[0] is not a JSON object."),
    (
        {"documents": [{"text": "a", "sha256": "0" * 64}]},
        "documents[0]: Document d1 does not have the text that its sha256 promises.",
    ),
    ({"documents": [{"id": "x", "text": "a"}] * 2}, "Encounter chart has two documents with one id."),
    ({"charges": [{}]}, "charges[0]: A charge bears a procedure code or a revenue code."),
    ({"values": [{"code": "A1", "amount": 12.5}]}, "values[0].amount is not an amount such as '125.00'."),
    ({"condition_codes": [44]}, "condition_codes[0] is not a string."),
    ({"occurrences": [None]}, "occurrences[0] is missing."),
    ({"schema": "leadterm.encounter/2"}, "schema is leadterm.encounter/2, where leadterm.encounter/1 is read."),
    ({"schema": "leadterm.coded/1"}, "schema is leadterm.coded/1, where leadterm.encounter/1 is read."),
    ({"schema": "Jane Roe"}, "schema is another one, where leadterm.encounter/1 is read."),
]


@pytest.mark.parametrize(("given", "sentence"), REFUSED, ids=[sentence for _, sentence in REFUSED])
def test_a_bad_encounter_is_refused_by_its_path(given: dict[str, Any], sentence: str) -> None:
    assert encounter_refusal(**given).startswith(sentence)


@pytest.mark.parametrize("given", [None, [], "Jane Roe", 7])
def test_what_is_no_object_is_refused(given: Any) -> None:
    assert refusal(decode.encounter, given, "chart") == "An encounter is not a JSON object."
    assert refusal(decode.coded, given) == "A coded encounter is not a JSON object."
    assert refusal(decode.claim, given) == "A claim is not a JSON object."


def test_an_object_nested_too_deep_is_refused() -> None:
    deep: Any = {}
    for _ in range(50):
        deep = {"inner": deep}
    assert encounter_refusal(accident=deep).startswith("accident is not an object that anyone can read")


class TestCoded:
    def test_a_code_may_be_written_without_its_dot(self) -> None:
        (assignment,) = decode.coded(coded(ASSIGNMENT)).assignments
        assert (str(assignment.code), assignment.role, assignment.sequence) == ("E11.22", Role.FIRST_LISTED, 1)

    def test_the_id_and_setting_of_the_answer_hold_for_an_encounter_without_them(self) -> None:
        chart = decode.coded(coded(setting="emergency", encounter={"text": "words"})).encounter
        assert (chart.id, chart.setting) == ("e1", Setting.EMERGENCY)

    def test_a_code_that_a_person_added_needs_neither_evidence_nor_confidence(self) -> None:
        added = {"code": "I10", "system": "icd10cm", "role": "secondary", "status": "added"}
        (assignment,) = decode.coded(coded(added)).assignments
        assert (assignment.status, assignment.confidence) == (Status.ADDED, 1.0)

    REFUSED = [  # noqa: RUF012
        ({"code": "Jane Roe"}, "assignments[0].code is not a code of icd10cm."),
        ({"system": "snomed"}, "assignments[0].system is not one of icd10cm, "),
        ({"role": None}, "assignments[0].role is missing."),
        ({"confidence": None}, "assignments[0].confidence is missing."),
        ({"confidence": 1.5}, "assignments[0]: A confidence lies between 0 and 1."),
        ({"confidence": "high"}, "assignments[0].confidence is not a number."),
        ({"confidence": 10**400}, "assignments[0].confidence is not a number."),
        ({"evidence": []}, "assignments[0]: The code E11.22 has no evidence or no pathway"),
        ({"pathway": [{"step": "guess", "text": "x"}]}, "assignments[0].pathway[0].step is not one of index, "),
        ({"charge": 12.5}, "assignments[0].charge is not an amount such as '125.00'."),
        ({"evidence": [{"document": "d1", "start": 4, "end": 0, "text": "x"}]}, "assignments[0].evidence[0]: A span "),
        ({"evidence": [{"document": "d1", "start": 0.5, "end": 1}]}, "assignments[0].evidence[0].start is not a whole"),
        ({"decision": {"by": "u1", "method": "desk"}}, "assignments[0].decision.at is missing."),
    ]

    @pytest.mark.parametrize(("change", "sentence"), REFUSED, ids=[sentence for _, sentence in REFUSED])
    def test_a_bad_assignment_is_refused_by_its_path(self, change: dict[str, Any], sentence: str) -> None:
        assert refusal(decode.coded, coded({**ASSIGNMENT, **change})).startswith(sentence)

    def test_an_error_in_its_encounter_bears_the_whole_path(self) -> None:
        bad = coded(encounter={"patient": {"age": "old"}})
        assert refusal(decode.coded, bad) == "encounter.patient.age is not a number from 0 to 130."

    def test_it_must_name_its_schema(self) -> None:
        assert refusal(decode.coded, {"id": "e1"}) == "schema is missing; it must say leadterm.coded/1."

    def test_another_schema_is_refused(self) -> None:
        assert refusal(decode.coded, claim()) == "schema is leadterm.claim/1, where leadterm.coded/1 is read."


class TestClaim:
    def test_lines_are_numbered_and_end_the_day_they_start(self) -> None:
        (line,) = decode.claim(claim()).lines
        assert (line.number, line.start, line.end) == (1, date(2026, 5, 14), date(2026, 5, 14))

    def test_the_frequency_may_be_a_number(self) -> None:
        assert decode.claim(claim(frequency=7)).frequency == "7"

    def test_the_total_is_the_sum_of_the_lines(self) -> None:
        assert str(decode.claim(claim(lines=[LINE, LINE], total="250.00")).total) == "250.00"

    REFUSED = [  # noqa: RUF012
        ({"total": "126.00"}, "total is not the sum of the lines' charges."),
        ({"total": 125.0}, "total is not an amount such as '125.00'."),
        ({"frequency": "2"}, "frequency is not one of 1, 7, 8."),
        ({"claim_type": None}, "claim_type is missing."),
        ({"id": "C" * 39}, "A claim id has 1 to 38 printable characters"),
        ({"accept_assignment": "yes"}, "accept_assignment is not true or false."),
        ({"diagnoses": [{"code": "99213", "role": "principal"}]}, "diagnoses[0].code is not a code of icd10cm."),
        ({"procedures": [{"code": "0FT"}]}, "procedures[0].code is not a code of icd10pcs."),
        ({"lines": [{**LINE, "charge": None}]}, "lines[0].charge is missing."),
        ({"lines": [{**LINE, "to": "2026-05-13"}]}, "lines[0]: Line 1 ends before it starts."),
        ({"lines": [{**LINE, "number": 2}]}, "Service lines are numbered 1, 2, 3"),
        ({"billing": "Jane Roe"}, "billing is not a JSON object."),
        ({"payers": [{"adjudication": {}}]}, "payers[0].adjudication.paid is missing."),
        (
            {"payers": [{"adjudication": {"paid": "1.00", "adjustments": [{"group": "CO", "reason": "45"}]}}]},
            "payers[0].adjudication.adjustments[0].amount is missing.",
        ),
        (
            {"payers": [{"adjudication": {"paid": "1.00", "lines": [{"line": 0, "paid": "1.00"}]}}]},
            "payers[0].adjudication.lines[0]: Service lines are counted from 1.",
        ),
        ({"attachments": [{}]}, "attachments[0].type is missing."),
        ({"occurrences": [{"code": "11"}]}, "occurrences[0].from is missing."),
        (
            {"occurrences": [{"code": "74", "from": "2026-05-14", "to": "2026-05-13"}]},
            "occurrences[0]: The span of occurrence 74 ends before it starts.",
        ),
        ({"values": [{"code": "80"}]}, "values[0].amount is missing."),
        ({"values": [{"code": "80", "amount": 5.0}]}, "values[0].amount is not an amount such as '125.00'."),
        ({"statement": {"from": "2026-05-14", "to": "2026-05-13"}}, "A period cannot end"),
        (
            {"diagnoses": [{"code": "I10", "role": "principal", "system": "icd10"}]},
            "diagnoses[0].system is not one of icd10cm, icd9cm.",
        ),
        ({"claim_type": "institutional", "frequency": "12"}, "frequency is not one of 1, 7, 8."),
    ]

    def test_an_occurrence_has_a_day_or_a_span(self) -> None:
        read = decode.claim(
            claim(
                occurrences=[
                    {"code": "11", "date": "2026-05-01"},
                    {"code": "74", "from": "2026-05-02", "to": "2026-05-04"},
                ]
            )
        )
        first, span = (date(2026, 5, 1), None), (date(2026, 5, 2), date(2026, 5, 4))
        assert [(o.start, o.end) for o in read.occurrences] == [first, span]

    def test_an_institutional_claim_may_be_a_part_of_a_stay(self) -> None:
        assert decode.claim(claim(claim_type="institutional", frequency="2")).frequency == "2"

    def test_what_an_earlier_payer_decided_is_read(self) -> None:
        line = {"line": 1, "paid": "80.00", "code": "99213", "units": "1", "date": "2026-06-01"}
        said = {"paid": "80.00", "adjustments": [{"group": "PR", "reason": "2", "amount": "20.00"}], "lines": [line]}
        (payer,) = decode.claim(claim(payers=[{"adjudication": said}])).payers
        assert payer.adjudication is not None
        assert payer.adjudication.adjustments == (PriorAdjustment("PR", "2", Money.parse("20.00")),)
        assert payer.adjudication.lines[0].date == date(2026, 6, 1)

    def test_a_code_of_the_ninth_revision_names_its_system(self) -> None:
        (diagnosis,) = decode.claim(
            claim(diagnoses=[{"code": "4019", "role": "principal", "system": "icd9cm"}])
        ).diagnoses
        assert (diagnosis.code.system, diagnosis.code.value) == (CodeSystem.ICD9CM, "401.9")

    @pytest.mark.parametrize(("change", "sentence"), REFUSED, ids=[sentence for _, sentence in REFUSED])
    def test_a_bad_claim_is_refused_by_its_path(self, change: dict[str, Any], sentence: str) -> None:
        assert refusal(decode.claim, claim(**change)).startswith(sentence)
