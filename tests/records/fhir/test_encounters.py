"""Resources joined by their references to encounters."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from leadterm.domain import ClaimType, InputError, ProviderRole, Setting, Sex
from leadterm.records.fhir import Given, read_files

from .notation import (
    ICD,
    NPI,
    bundle,
    coded,
    concept,
    document,
    entry,
    one,
    reading,
    ref,
    resource,
    rules,
    written,
)

PATIENT = resource(
    "Patient/p",
    gender="female",
    birthDate="1960-02-03",
    name=[{"use": "old", "family": "Elder"}, {"use": "official", "family": "Roe", "given": ["Jane", "Q"]}],
    address=[{"line": ["1 Main"], "city": "Salem", "state": "MA", "postalCode": "01970"}],
)
VISIT = resource(
    "Encounter/v",
    status="finished",
    **{"class": {"code": "IMP"}},
    subject=ref("Patient/p"),
    period={"start": "2026-05-01T10:00:00-05:00", "end": "2026-05-04"},
)


def test_an_encounter_has_its_patient_class_and_days() -> None:
    encounter = one(bundle(PATIENT, VISIT, document("d", "Pneumonia.", context={"encounter": [ref("Encounter/v")]})))
    assert (encounter.id, encounter.setting, encounter.encounter_class) == ("v", Setting.INPATIENT, "inpatient")
    assert (encounter.admission, encounter.discharge) == (datetime(2026, 5, 1, 10), date(2026, 5, 4))
    patient = encounter.patient
    assert (patient.first_name, patient.middle_name, patient.last_name) == ("Jane", "Q", "Roe")
    assert (patient.sex, patient.birth_date) == (Sex.FEMALE, date(1960, 2, 3))
    assert encounter.documents[0].text == "Pneumonia."


def test_an_encounter_of_r5_says_the_same_elsewhere() -> None:
    visit = resource(
        "Encounter/v",
        **{"class": [coded("EMER")]},
        actualPeriod={"start": "2026-05-01"},
        type=[coded("1")],
        admission={"dischargeDisposition": {"coding": [{"system": "https://www.nubc.org/CodeSystem/x", "code": "01"}]}},
        participant=[{"type": [coded("ATND")], "actor": ref("Practitioner/a", display="A. Doe")}],
    )
    encounter = one(visit)
    assert (encounter.setting, encounter.date_of_service) == (Setting.EMERGENCY, date(2026, 5, 1))
    assert encounter.disposition == "01"
    assert [(p.role, p.name) for p in encounter.providers] == [(ProviderRole.ATTENDING, "A. Doe")]


@pytest.mark.parametrize(
    "reference",
    [
        "Encounter/v",
        "Encounter/v/_history/3",
        "http://server.example/fhir/Encounter/v",
        "http://server.example/fhir/Encounter/v/_history/3",
        "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0",
    ],
)
def test_references_lead_to_the_encounter_in_every_form(reference: str) -> None:
    visit = entry("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", VISIT)
    noted = resource("Condition/c", code=concept("I10"), encounter=ref(reference))
    assert [(e.id, len(e.codes)) for e in reading(bundle(noted, visit))] == [("v", 1)]


def test_an_encounter_is_found_by_its_identifier_and_an_episode_is_none() -> None:
    visit = {**VISIT, "identifier": [{"system": "s", "value": "7"}]}
    noted = resource("Condition/c", code=concept("I10"), encounter={"identifier": {"system": "s", "value": "7"}})
    assert [(e.id, len(e.codes)) for e in reading(bundle(noted, visit))] == [("v", 1)]
    taken = resource("MedicationStatement/m", medicationCodeableConcept=coded("1"), context=ref("EpisodeOfCare/e"))
    assert one({**taken, "subject": ref("Patient/p")}).id == "p"


def test_what_names_no_encounter_is_the_patients() -> None:
    noted = [resource(f"Condition/{n}", code=concept("I10"), subject=ref(f"Patient/{n}")) for n in "ab"]
    encounters = reading(bundle(*noted, VISIT, document("d", "Text.", context={"encounter": [ref("Encounter/v")]})))
    assert [(e.id, e.patient.id) for e in encounters] == [("a", "a"), ("b", "b"), ("v", "p")]


def test_in_a_document_it_is_of_the_compositions_encounter() -> None:
    composition = resource("Composition/k", encounter=ref("Encounter/v"), subject=ref("Patient/p"))
    noted = resource("Condition/c", code=concept("I10"), subject=ref("Patient/p"))
    assert [(e.id, len(e.codes)) for e in reading(bundle(composition, noted, VISIT, type="document"))] == [("v", 1)]


def test_two_patients_of_one_encounter_are_kept_apart() -> None:
    noted = [
        resource(f"Condition/{n}", code=concept("I10"), subject=ref(f"Patient/{n}"), encounter=ref("Encounter/v"))
        for n in "qp"
    ]
    encounters = reading(bundle(*noted, VISIT))
    assert [(e.patient.id, len(e.codes)) for e in encounters] == [("q", 1), ("p", 1)] or [
        (e.patient.id, len(e.codes)) for e in encounters
    ] == [("p", 1), ("q", 1)]
    assert "fhir-patients" in rules(encounters[0])


def test_providers_are_found_by_reference_search_and_identifier() -> None:
    people = [
        resource(
            "Practitioner/a",
            identifier=[{"system": NPI, "value": "1234567893"}],
            name=[{"family": "Doe", "given": ["Ann"]}],
        ),
        resource(
            "PractitionerRole/r",
            practitioner=ref("Practitioner/a"),
            specialty=[concept("207R00000X", "http://nucc.org/provider-taxonomy")],
        ),
        resource("Organization/o", name="General", identifier=[{"type": coded("TAX"), "value": "12-3456789"}]),
    ]
    visit = resource(
        "Encounter/v",
        participant=[
            {"type": [coded("PPRF")], "individual": ref("PractitionerRole/r")},
            {"type": [coded("REF")], "individual": ref(f"Practitioner?identifier={NPI}|1234567893")},
            {"type": [coded("ATND")], "individual": {"identifier": {"system": NPI, "value": "1999999992"}}},
            {"type": [coded("SBJ")], "individual": ref("Practitioner/a")},
        ],
        serviceProvider=ref("Organization/o"),
        type=[coded("1")],
    )
    found = {
        p.role: (p.npi, p.last_name or p.name, p.taxonomy, p.tax_id) for p in one(bundle(*people, visit)).providers
    }
    assert found == {
        ProviderRole.RENDERING: ("1234567893", "Doe", "207R00000X", None),
        ProviderRole.REFERRING: ("1234567893", "Doe", None, None),
        ProviderRole.ATTENDING: ("1999999992", None, None, None),
        ProviderRole.FACILITY: (None, "General", None, "123456789"),
    }


def test_coverages_pay_in_their_order_as_long_as_they_hold() -> None:
    def cover(name: str, order: int, **members: object) -> dict[str, object]:
        return resource(f"Coverage/{name}", beneficiary=ref("Patient/p"), order=order, **members)

    def sopt(code: str) -> dict[str, object]:
        return {"coding": [{"system": "https://nahdo.org/sopt", "code": code}]}

    second = cover(
        "b", 2, payor=[ref("Organization/o")], type=sopt("512"), subscriberId="W1", relationship=coded("spouse")
    )
    first = cover("a", 1, insurer=ref("#", display="Part B"), type=sopt("121"), subscriberId=[{"value": "1EG4"}])
    ended = cover("c", 3, payor=[{"display": "Gone"}], period={"end": "2019-12-31"})
    payers = one(
        bundle(PATIENT, second, first, ended, resource("Organization/o", name="Acme"), {**VISIT, "type": [coded("1")]})
    ).payers
    assert [(p.name, p.type, p.member_id, p.subscriber.relationship) for p in payers] == [
        ("Part B", "medicare", "1EG4", "self"),
        ("Acme", "commercial", "W1", "spouse"),
    ]


def test_lines_of_a_claim_are_charges_and_its_codes_leads() -> None:
    line = {
        "sequence": 1,
        "productOrService": concept("99213", "http://www.ama-assn.org/go/cpt"),
        "modifier": [coded("25")],
        "quantity": {"value": 2},
        "unitPrice": {"value": 62.5},
        "servicedDate": "2026-05-02",
        "revenue": coded("510"),
        "encounter": [ref("Encounter/v")],
    }
    claim = resource(
        "Claim/k",
        type=coded("professional"),
        item=[line, {"sequence": 2, "productOrService": concept("1", "http://snomed.info/sct")}],
    )
    answer = resource("ExplanationOfBenefit/e", claim=ref("Claim/k"), item=[line])
    encounter = one(bundle(claim, answer, VISIT))
    assert encounter.id == "v"
    (charge,) = encounter.charges
    assert (str(charge.code), charge.modifiers, charge.units, str(charge.charge)) == ("99213", ("25",), 2, "125.00")
    assert (charge.revenue_code, charge.date) == ("0510", date(2026, 5, 2))
    assert encounter.claim_type is ClaimType.PROFESSIONAL
    assert "fhir-unpriced" in rules(encounter)


def test_diagnoses_of_a_claim_stand_in_their_sequence_with_type_and_admission() -> None:
    claim = resource(
        "Claim/k",
        diagnosis=[
            {"sequence": 2, "diagnosisCodeableConcept": concept("I10")},
            {
                "sequence": 1,
                "diagnosisReference": ref("Condition/c"),
                "type": [coded("principal")],
                "onAdmission": coded("y"),
            },
        ],
    )
    held = resource("Condition/c", clinicalStatus=coded("active"), code=concept("E11.9"), encounter=ref("Encounter/v"))
    leads = next(e for e in reading(bundle(held, claim)) if e.id == "k").codes
    # Told by the claim: what the sequence orders first is what is written there, then what is borrowed.
    assert {lead.code: lead.kind for lead in leads} == {"I10": "diagnosis", "E11.9": "diagnosis"}
    assert any("principal, on-admission-y" in (lead.source or "") for lead in leads)


def test_the_files_of_an_export_are_read_together() -> None:
    files = [
        [written(resource("Condition/c", code=concept("I10"), encounter=ref("Encounter/v"))), b"\n"],
        [written(VISIT), b"no JSON"],
        [written(PATIENT)],
    ]
    ((_, encounter),) = read_files(Given(n, f"{n}.ndjson", "export", "", lines) for n, lines in enumerate(files))
    assert (encounter.id, encounter.patient.last_name, len(encounter.codes)) == ("v", "Roe", 1)
    assert "fhir-lines" in rules(encounter)
    with pytest.raises(InputError, match="no line that is a JSON object"):
        read_files([Given(0, "bad", "bad", "", [b"x", b"y"])])


def test_ndjson_is_told_from_a_file_of_one_resource() -> None:
    lines = [
        resource(f"Condition/{n}", code={"coding": [{"system": ICD, "code": "I10"}], "text": "a\u2028b"}) for n in "ab"
    ]
    assert len(one(b"\n".join(written(line) for line in lines)).codes) == 2
    assert len(one(written(lines[0]) + b"\n\n").codes) == 1


def test_a_record_without_any_contact_still_answers() -> None:
    encounter = one(PATIENT)
    assert (encounter.id, encounter.patient.last_name) == ("chart", "Roe")
    assert rules(encounter) == ["fhir-nothing"]
    assert rules(one(resource("Questionnaire/q"))) == ["fhir-nothing"]
