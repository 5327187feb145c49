"""Codes of resources: what they are said of, and whether."""

from __future__ import annotations

from datetime import date

import pytest

from leadterm.domain import RecordedKind

from .notation import CATEGORY, bundle, coded, concept, one, ref, resource, rules

CPT = "http://www.ama-assn.org/go/cpt"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"


def condition(**members: object) -> dict[str, object]:
    return resource("Condition/c", code=concept("E11.9", text="type 2 diabetes"), **members)


def test_a_condition_is_a_lead_with_its_words_day_and_place() -> None:
    (lead,) = one(condition(clinicalStatus=coded("active"), onsetDateTime="2026-05-01T10:00:00Z")).codes
    assert (lead.code, lead.system, lead.status, lead.text) == ("E11.9", "icd10cm", "active", "type 2 diabetes")
    assert (lead.kind, lead.day) == (RecordedKind.PROBLEM, date(2026, 5, 1))
    assert lead.source == "Condition/c.code.coding[0]"


@pytest.mark.parametrize(
    ("members", "status"),
    [
        ({}, None),
        ({"verificationStatus": coded("confirmed")}, None),
        ({"clinicalStatus": coded("relapse")}, "active"),
        ({"clinicalStatus": coded("remission")}, "inactive"),
        ({"clinicalStatus": coded("resolved")}, "resolved"),
        ({"abatementDateTime": "2020"}, "resolved"),
        ({"clinicalStatus": coded("active"), "verificationStatus": coded("refuted")}, "refuted"),
        ({"clinicalStatus": coded("active"), "verificationStatus": coded("provisional")}, "uncertain"),
        ({"clinicalStatus": coded("active"), "verificationStatus": coded("differential")}, "uncertain"),
        ({"clinicalStatus": coded("active"), "verificationStatus": coded("unconfirmed")}, "uncertain"),
        ({"clinicalStatus": "active"}, "active"),  # DSTU 2 has a code where R4 has a concept
    ],
)
def test_the_status_of_a_condition(members: dict[str, object], status: str | None) -> None:
    assert [lead.status for lead in one(condition(**members)).codes] == [status]


def test_what_was_entered_in_error_is_left_out_and_told() -> None:
    encounter = one(condition(verificationStatus=coded("entered-in-error")))
    assert encounter.codes == ()
    assert "fhir-error" in rules(encounter)


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ("problem-list-item", RecordedKind.PROBLEM),
        ("encounter-diagnosis", RecordedKind.DIAGNOSIS),
        ("health-concern", RecordedKind.PROBLEM),
        ("anything", RecordedKind.PROBLEM),
    ],
)
def test_a_problem_of_a_list_is_no_diagnosis_of_the_visit(category: str, kind: RecordedKind) -> None:
    assert [lead.kind for lead in one(condition(category=[concept(category, CATEGORY)])).codes] == [kind]


@pytest.mark.parametrize(
    ("written", "kind", "status", "code"),
    [
        (resource("Procedure", status="completed", code=concept("44970", CPT)), "procedure", "active", "44970"),
        (resource("Procedure", status="not-done", code=concept("44970", CPT)), "procedure", "refuted", "44970"),
        (resource("Procedure", status="stopped", code=concept("44970", CPT)), "procedure", None, "44970"),
        (resource("ServiceRequest", status="active", intent="order", code=coded("1")), "procedure", "planned", "1"),
        (resource("ServiceRequest", intent="plan", code={"concept": coded("1")}), "procedure", "planned", "1"),
        (resource("ServiceRequest", intent="order", doNotPerform=True, code=coded("1")), "procedure", "refuted", "1"),
        (resource("Observation", status="final", code=coded("1")), "result", None, "1"),
        (resource("Immunization", status="not-done", vaccineCode=coded("140")), "immunization", "refuted", "140"),
        (resource("AllergyIntolerance", clinicalStatus=coded("active"), code=coded("7")), "allergy", "active", "7"),
        (resource("FamilyMemberHistory", condition=[{"code": coded("Z80")}]), "diagnosis", "family", "Z80"),
        (
            resource("MedicationRequest", status="active", intent="order", medicationCodeableConcept=coded("5")),
            "drug",
            "active",
            "5",
        ),
        (
            resource("MedicationRequest", status="active", intent="plan", medication={"concept": coded("5")}),
            "drug",
            "planned",
            "5",
        ),
        (
            resource("MedicationStatement", status="not-taken", medicationCodeableConcept=coded("5")),
            "drug",
            "refuted",
            "5",
        ),
        (
            resource("MedicationDispense", status="completed", medicationCodeableConcept=coded("5")),
            "drug",
            "active",
            "5",
        ),
        (
            resource("MedicationAdministration", status="not-done", medication={"concept": coded("5")}),
            "drug",
            "refuted",
            "5",
        ),
    ],
)
def test_what_a_resource_says_of_its_code(written: dict[str, object], kind: str, status: str, code: str) -> None:
    assert [(lead.kind, lead.status, lead.code) for lead in one(written).codes] == [(kind, status, code)]


def test_reasons_assert_nothing() -> None:
    done = resource("Procedure", status="completed", code=coded("1"), reasonCode=[concept("K35.80")])
    assert [(lead.code, lead.kind, lead.status) for lead in one(done).codes] == [
        ("1", RecordedKind.PROCEDURE, "active"),
        ("K35.80", RecordedKind.OTHER, None),
    ]


def test_a_drug_is_borrowed_from_what_is_contained_or_referred_to() -> None:
    drug = resource("Medication/m", code=concept("849574", RXNORM, display="naproxen"))
    inside = resource(
        "MedicationRequest/a", status="active", intent="order", medicationReference=ref("#m"), contained=[drug]
    )
    beside = resource(
        "MedicationRequest/b", status="stopped", intent="order", medication={"reference": ref("Medication/m")}
    )
    encounter = one(bundle(inside, beside, drug))
    assert [(lead.code, lead.text, lead.status) for lead in encounter.codes] == [
        ("849574", "naproxen", "active"),
        ("849574", "naproxen", "inactive"),
    ]


def test_the_diagnoses_of_an_encounter_stand_in_the_order_of_its_bill() -> None:
    visit = resource(
        "Encounter/v",
        diagnosis=[
            {"condition": ref("Condition/a"), "use": coded("AD")},
            {"condition": ref("Condition/b"), "use": coded("billing"), "rank": 2},
            {"condition": [{"reference": ref("Condition/c")}], "use": [coded("billing")], "rank": 1},  # R5
        ],
    )
    listed = [resource(f"Condition/{n}", code=concept(code), encounter=ref("Encounter/v")) for n, code in CODES.items()]
    encounter = one(bundle(visit, *listed))
    assert [(lead.code, lead.kind) for lead in encounter.codes] == [
        ("I10", "diagnosis"),
        ("N18.30", "diagnosis"),
        ("E11.22", "diagnosis"),
        ("Z79.4", "problem"),
    ]
    assert "diagnosis[2].condition[0], billing, rank-1" in (encounter.codes[0].source or "")


CODES = {"a": "E11.22", "b": "N18.30", "c": "I10", "d": "Z79.4"}


@pytest.mark.parametrize(
    ("uses", "role"),
    [("AD", "admitting"), ("DD", "final"), ("AD DD", "final"), ("CC", "working"), ("pre-op", "working"), ("CM", None)],
)
def test_the_use_of_a_diagnosis_is_its_role(uses: str, role: str | None) -> None:
    held = resource("Condition/c", clinicalStatus=coded("active"), code=concept("J18.9"))
    named = [{"condition": ref("Condition/c"), "use": [coded(use) for use in uses.split()]}]
    (lead,) = one(bundle(resource("Encounter/e", diagnosis=named), {**held, "encounter": ref("Encounter/e")})).codes
    assert (lead.kind, lead.role) == ("diagnosis", role)


@pytest.mark.parametrize(("type", "role"), [("principal", "final"), ("admitting", "admitting"), ("other", None)])
def test_the_type_of_a_diagnosis_of_a_claim_is_its_role(type: str, role: str | None) -> None:
    billed = {"sequence": 1, "diagnosisCodeableConcept": concept("J18.9"), "type": [coded(type)]}
    assert [lead.role for lead in one(resource("Claim/k", diagnosis=[billed])).codes] == [role]


def test_a_diagnosis_that_is_named_in_place_of_a_reference_has_its_role() -> None:
    named = [
        {"condition": [{"concept": coded("N18.32")}], "use": [coded("DD")]},
        {"condition": [{"concept": coded("R07.9")}]},
    ]
    assert [(c.code, c.role) for c in one(resource("Encounter/e", diagnosis=named)).codes] == [
        ("N18.32", "final"),
        ("R07.9", None),
    ]
