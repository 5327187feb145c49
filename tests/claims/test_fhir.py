"""Coded encounters and claims as FHIR R4: valid by an independent library, and read again as they were."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from tests.strategies import claims, coded_encounters

from leadterm.claims.fhir import claim_bundle, coded_bundle, dumps
from leadterm.domain import (
    Assertion,
    Assignment,
    Claim,
    ClaimDiagnosis,
    ClaimProcedure,
    ClaimType,
    Code,
    CodedEncounter,
    CodeSystem,
    Document,
    DocumentStatus,
    Encounter,
    Evidence,
    Fact,
    FactKind,
    InputError,
    Money,
    PathwayStep,
    Patient,
    Payer,
    Poa,
    Provider,
    ProviderRole,
    RecordedKind,
    Role,
    ServiceLine,
    Setting,
    Sex,
    Span,
    Status,
    Step,
    Subscriber,
)
from leadterm.records import fhir as reader

WHEN = datetime(2026, 5, 15, 12, tzinfo=UTC)
NOTE = Document("d1", "Fièvre. Type 2 diabetes with CKD 3b.", type="Discharge summary")
PATIENT = Patient("p1", Sex.FEMALE, date(1960, 2, 3), first_name="Jane", last_name="Roe")
DOCTOR = Provider(ProviderRole.ATTENDING, npi="1234567893", last_name="Doe", first_name="Ann")
STAY = Encounter(
    "e1",
    setting=Setting.INPATIENT,
    admission=date(2026, 5, 1),
    discharge=date(2026, 5, 4),
    disposition="01",
    patient=PATIENT,
    providers=(DOCTOR,),
    documents=(NOTE,),
)


def assigned(id: str, code: str, role: Role, **members: Any) -> Assignment:
    quote = Evidence.quote(NOTE, Span(8, 23))
    step = PathwayStep(Step.INDEX, "Diabetes, type 2")
    return Assignment(id, Code.parse(code), "title", role, 1, 0.5, (quote,), (step,), **members)


CODED = CodedEncounter(
    STAY,
    (
        assigned("a1", "E11.22", Role.PRINCIPAL, status=Status.ACCEPTED),
        assigned("a2", "N18.32", Role.SECONDARY),
        assigned("a3", "I10", Role.SECONDARY, status=Status.REJECTED),
        assigned("a4", "R50.9", Role.ADMITTING),
        assigned("a5", "0FT44ZZ", Role.PRINCIPAL_PROCEDURE, service_date=date(2026, 5, 2)),
    ),
    releases={"icd10cm:tabular": "2026-04-01"},
    engine_version="0.1.0",
)
CLAIM = Claim(
    "c1",
    ClaimType.INSTITUTIONAL,
    PATIENT,
    Subscriber(),
    (Payer(name="Medicare", type="medicare", member_id="1EG4"),),
    (Provider(ProviderRole.BILLING, npi="1999999992", name="General"), DOCTOR),
    (
        ClaimDiagnosis(Code.parse("E11.22"), Role.PRINCIPAL, Poa.YES),
        ClaimDiagnosis(Code.parse("N18.32"), Role.SECONDARY, Poa.NO),
    ),
    (
        ServiceLine(
            1, None, Decimal(3), Money.parse("3000.10"), date(2026, 5, 1), date(2026, 5, 4), revenue_code="0120"
        ),
        ServiceLine(
            2,
            Code(CodeSystem.HCPCS, "J1885"),
            Decimal("0.5"),
            Money.parse("20"),
            date(2026, 5, 2),
            date(2026, 5, 2),
            ("JZ",),
            (1,),
        ),
    ),
    procedures=(ClaimProcedure(Code.parse("0FT44ZZ"), date(2026, 5, 2)),),
    type_of_bill="0111",
    admission=date(2026, 5, 1),
    discharge=date(2026, 5, 4),
    disposition="01",
)


def resources(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    found = [entry["resource"] for entry in bundle["entry"]]
    return [resource for resource in found if resource["resourceType"] == kind]


@pytest.fixture(scope="module")
def validate() -> Callable[[str], Any]:
    """An independent library's reading of a Bundle of R4B, which raises for what is no valid one."""
    bundle = pytest.importorskip(
        "fhir.resources.R4B.bundle", reason="fhir.resources is not installed (requirements/dev.txt)"
    )
    return bundle.Bundle.model_validate_json


def test_what_is_written_is_valid(validate: Callable[[str], Any]) -> None:
    assert len(validate(dumps(coded_bundle(CODED, WHEN, CLAIM))).entry) > 1
    assert len(validate(dumps(claim_bundle(CLAIM, WHEN))).entry) > 1


@pytest.mark.slow
@settings(max_examples=200, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate])
@given(coded_encounters(), claims())
def test_whatever_was_coded_is_written_validly(
    validate: Callable[[str], Any], answer: CodedEncounter, claim: Claim
) -> None:
    written = coded_bundle(answer, WHEN, claim)
    assert len(validate(dumps(written)).entry) == len(written["entry"])


def test_codes_stand_with_their_status_and_their_use() -> None:
    bundle = coded_bundle(CODED, WHEN)
    conditions = resources(bundle, "Condition")
    assert [(c["code"]["coding"][0]["code"], c["verificationStatus"]["coding"][0]["code"]) for c in conditions] == [
        ("E11.22", "confirmed"),
        ("N18.32", "provisional"),
        ("R50.9", "provisional"),
    ]
    (visit,) = resources(bundle, "Encounter")
    assert [(d["use"]["coding"][0]["code"], d["rank"]) for d in visit["diagnosis"]] == [
        ("billing", 1),
        ("billing", 2),
        ("AD", 1),
    ]
    (procedure,) = resources(bundle, "Procedure")
    assert procedure["performedDateTime"] == "2026-05-02"
    assert [e["url"] for e in procedure["extension"]] == ["urn:leadterm:fhir:evidence"]


def test_what_replaces_a_document_says_so() -> None:
    later = Document("d2", "New.", supersedes="d1")
    bundle = coded_bundle(CodedEncounter(replace(STAY, documents=(NOTE, later))), WHEN)
    old, new = (entry for entry in bundle["entry"] if entry["resource"]["resourceType"] == "DocumentReference")
    assert new["resource"]["relatesTo"] == [{"code": "replaces", "target": {"reference": old["fullUrl"]}}]
    (encounter,) = reader.read(dumps(bundle).encode(), "x.json", "x")
    assert [d.text for d in encounter.standing] == ["New."]


def test_each_code_says_where_it_comes_from() -> None:
    bundle = coded_bundle(CODED, WHEN)
    (document,) = (entry for entry in bundle["entry"] if entry["resource"]["resourceType"] == "DocumentReference")
    provenance = resources(bundle, "Provenance")[0]
    assert (
        provenance["target"]
        == [
            {"reference": entry["fullUrl"]}
            for entry in bundle["entry"]
            if entry["resource"]["resourceType"] == "Condition"
        ][:1]
    )
    (entity,) = provenance["entity"]
    assert entity["what"] == {"reference": document["fullUrl"]}
    parts = {part["url"]: list(part.values())[1] for part in entity["extension"][0]["extension"]}
    assert (parts["start"], parts["end"], parts["text"]) == (8, 23, "Type 2 diabetes")
    assert resources(bundle, "Device")[0]["version"][0]["value"] == "0.1.0"


def test_what_is_written_reads_again() -> None:
    (encounter,) = reader.read(dumps(coded_bundle(CODED, WHEN)).encode(), "x.json", "x")
    assert [d.text for d in encounter.documents] == [NOTE.text]
    assert (encounter.setting, encounter.admission, encounter.discharge) == (
        STAY.setting,
        STAY.admission,
        STAY.discharge,
    )
    assert encounter.disposition == "01"
    assert (encounter.patient.last_name, encounter.patient.birth_date) == ("Roe", date(1960, 2, 3))
    assert [(c.code, c.kind, c.status) for c in encounter.codes] == [
        ("E11.22", RecordedKind.DIAGNOSIS, "active"),
        ("N18.32", RecordedKind.DIAGNOSIS, "uncertain"),
        ("R50.9", RecordedKind.DIAGNOSIS, "uncertain"),
        ("0FT44ZZ", RecordedKind.PROCEDURE, "active"),
    ]


def test_the_words_that_codes_rest_on_read_again() -> None:
    (encounter,) = reader.read(dumps(coded_bundle(CODED, WHEN)).encode(), "x.json", "x")
    (document,) = encounter.documents
    quotes = [lead.evidence for lead in encounter.codes if lead.evidence]
    assert [(q.document, q.span, q.text) for q in quotes] == [(document.id, Span(8, 23), "Type 2 diabetes")] * 4
    moved = json.loads(dumps(coded_bundle(CODED, WHEN)).replace('"valueUnsignedInt":8', '"valueUnsignedInt":9'))
    (encounter,) = reader.read(json.dumps(moved).encode(), "x.json", "x")
    assert not [lead for lead in encounter.codes if lead.evidence]


@pytest.mark.parametrize("setting", list(Setting))
def test_the_setting_reads_again(setting: Setting) -> None:
    visit = Encounter("e", setting, documents=(NOTE,))
    (encounter,) = reader.read(dumps(coded_bundle(CodedEncounter(visit), WHEN)).encode(), "x.json", "x")
    assert encounter.setting is setting


def test_documents_read_again_with_their_author_and_how_they_stand_to_each_other() -> None:
    first = Document("a", "Gout.", author="Ann Doe", author_role="physician")
    more = Document("b", "Knee.", author="Ben", status=DocumentStatus.ADDENDUM, appends="a")
    visit = Encounter("e", documents=(first, more, Document("c", "Gout.", same_as="a")))
    (encounter,) = reader.read(dumps(coded_bundle(CodedEncounter(visit), WHEN)).encode(), "x.json", "x")
    a, b, c = encounter.documents
    assert [(d.author, d.author_role) for d in (a, b, c)] == [("Ann Doe", "physician"), ("Ben", None), (None, None)]
    assert (b.status, b.appends, c.same_as) == (DocumentStatus.ADDENDUM, a.id, a.id)


@pytest.mark.parametrize(
    ("said", "status", "written"),
    [
        ("present", Status.ACCEPTED, ("active", "confirmed")),
        ("present", Status.SUGGESTED, ("active", "provisional")),
        ("uncertain", Status.ACCEPTED, ("active", "provisional")),
        ("resolved", Status.ACCEPTED, ("resolved", "confirmed")),
    ],
)
def test_what_the_chart_doubts_or_has_seen_go_is_written_so(
    said: str, status: Status, written: tuple[str, str]
) -> None:
    quote = Evidence.quote(NOTE, Span(8, 23))
    fact = Fact("f", "diabetes", FactKind.CONDITION, Assertion(said), evidence=(quote,))
    answer = replace(CODED, assignments=(assigned("a", "E11.9", Role.PRINCIPAL, status=status, facts=("f",)),))
    (condition,) = resources(coded_bundle(replace(answer, facts=(fact,)), WHEN), "Condition")
    assert tuple(condition[name]["coding"][0]["code"] for name in ("clinicalStatus", "verificationStatus")) == written


def test_a_claim_reads_again() -> None:
    (encounter,) = reader.read(dumps(claim_bundle(CLAIM, WHEN)).encode(), "x.json", "x")
    assert [(c.code and c.code.value, c.revenue_code, c.units, c.charge, c.modifiers) for c in encounter.charges] == [
        (None, "0120", Decimal(3), Money.parse("3000.10"), ()),
        ("J1885", None, Decimal("0.5"), Money.parse("20"), ("JZ",)),
    ]
    assert encounter.type_of_bill == "0111"
    assert encounter.claim_type is ClaimType.INSTITUTIONAL
    assert [(p.name, p.type, p.member_id) for p in encounter.payers] == [("Medicare", "medicare", "1EG4")]
    assert [c.code for c in encounter.codes] == ["E11.22", "N18.32", "0FT44ZZ"]
    assert "principal, on-admission-y" in (encounter.codes[0].source or "")


def test_decimals_are_exact_and_writing_twice_writes_the_same() -> None:
    text = dumps(claim_bundle(CLAIM, WHEN))
    assert '"value":3000.10' in text
    assert json.loads(text, parse_float=Decimal)["entry"]
    assert text == dumps(claim_bundle(CLAIM, WHEN))


def test_the_time_of_writing_is_an_instant() -> None:
    with pytest.raises(InputError, match="zone"):
        coded_bundle(CODED, datetime(2026, 5, 15))
