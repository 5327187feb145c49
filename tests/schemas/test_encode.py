"""What other programs read: keys, order and forms of the answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from leadterm.domain import (
    Assignment,
    Charge,
    Claim,
    ClaimType,
    Code,
    CodedEncounter,
    CodeEntry,
    CodeNotes,
    CodeSystem,
    DateRange,
    Document,
    Encounter,
    Evidence,
    Finding,
    Hit,
    InternalError,
    Money,
    Note,
    PathwayStep,
    Patient,
    Provider,
    ProviderRole,
    Release,
    Role,
    ServiceLine,
    Setting,
    Severity,
    Sex,
    Span,
    Step,
    Subscriber,
)
from leadterm.schemas import encode

from .validation import problems

DIABETES = Code.parse("E11.22", CodeSystem.ICD10CM)
VISIT = Code.parse("99213", CodeSystem.CPT)
DAY = date(2026, 5, 14)
UNKNOWN = Finding("f1", "LEADTERM:lookup/unknown", Severity.ERROR, "This is no code.", fix="Check the spelling.")
TABULAR = Release(
    "icd10cm", "tabular", DateRange(DAY), "tabular.xml", "ab" * 32, (("codes", 97000),), "public domain", "t.sqlite"
)


def test_an_encounter_leaves_out_what_is_absent() -> None:
    assert encode.encounter(Encounter("e1", date_of_service=DAY)) == {
        "schema": "leadterm.encounter/1",
        "id": "e1",
        "setting": "outpatient",
        "claim_type": "professional",
        "date_of_service": "2026-05-14",
        "patient": {"sex": "U"},
    }


def test_an_age_of_zero_is_not_absent() -> None:
    assert encode.encounter(Encounter("e1", patient=Patient(age=0, sex=Sex.MALE)))["patient"] == {"age": 0, "sex": "M"}


def test_a_charge_has_exact_money_and_units() -> None:
    charge = Charge(VISIT, units=Decimal("10.000"), charge=Money(Decimal(125)), modifiers=("25",))
    assert encode.encounter(Encounter("e1", charges=(charge,)))["charges"] == [
        {"code": "99213", "units": "10", "charge": "125.00", "modifiers": ["25"]}
    ]


def test_a_stay_keeps_days_and_moments_apart() -> None:
    stay = Encounter("e1", Setting.INPATIENT, admission=datetime(2026, 5, 10, 8, 15), discharge=DAY)
    written = encode.encounter(stay)
    assert (written["admission"], written["discharge"]) == ("2026-05-10T08:15:00", "2026-05-14")


def test_the_date_of_a_coding_is_the_controlling_date_that_was_used() -> None:
    stay = Encounter("e1", Setting.INPATIENT, discharge=DAY)
    assert encode.coded(CodedEncounter(stay, on=DAY))["date_of_service"] == "2026-05-14"


def test_an_assignment_has_every_key_of_the_contract_in_its_order() -> None:
    chart = Document("d1", "type 2 DM with CKD")
    quote = Evidence.quote(chart, Span(0, 9))
    steps = (PathwayStep(Step.INDEX, "Diabetes, type 2"), PathwayStep(Step.GUIDELINE, "with", "ICD10CM:I.A.15/with"))
    given = Assignment("a1", DIABETES, "…", Role.FIRST_LISTED, 1, 0.97, (quote,), steps)
    written = encode.coded(CodedEncounter(Encounter("e1"), assignments=(given,)))["assignments"][0]
    assert " ".join(written) == (
        "id code system description role sequence poa units modifiers pointers service_date provider revenue_code "
        "charge ndc confidence status decision alternatives evidence pathway facts"
    )
    assert written["evidence"] == [{"document": "d1", "start": 0, "end": 9, "text": "type 2 DM", "source": None}]
    assert written["pathway"] == [
        {"step": "index", "text": "Diabetes, type 2"},
        {"step": "guideline", "rule": "ICD10CM:I.A.15/with", "text": "with"},
    ]


def a_claim(*providers: Provider) -> Claim:
    line = ServiceLine(1, VISIT, Decimal(1), Money(Decimal("0.10")), DAY, DAY, pointers=(1,))
    again = ServiceLine(2, VISIT, Decimal(1), Money(Decimal("0.20")), DAY, DAY)
    return Claim("C1", ClaimType.PROFESSIONAL, Patient(), Subscriber(), (), providers, (), (line, again))


def test_a_claim_has_every_key_of_the_contract() -> None:
    assert problems("claim-1", encode.claim(a_claim())) == []


def test_the_total_of_a_claim_is_the_exact_sum() -> None:
    assert encode.claim(a_claim())["total"] == "0.30"


def test_a_claims_providers_stand_under_their_roles() -> None:
    first, second = (Provider(ProviderRole.RENDERING, id=name) for name in ("p1", "p2"))
    written = encode.claim(a_claim(first, second, second))
    assert (written["rendering"]["id"], written["billing"]) == ("p1", None)
    assert [provider["id"] for provider in written["other_providers"]] == ["p2", "p2"]


def test_a_line_says_from_and_to() -> None:
    line = encode.claim(a_claim())["lines"][0]
    contract = "number code modifiers units charge from to place_of_service revenue_code pointers ndc provider"
    assert " ".join(line).startswith(contract)
    assert (line["from"], line["to"], line["pointers"]) == ("2026-05-14", "2026-05-14", [1])


def test_a_looked_up_code_has_every_key_of_the_contract() -> None:
    notes = CodeNotes(excludes1=(Note("E11", "drug induced"),), general=(Note("E08-E13", "see below"),))
    entry = CodeEntry(DIABETES, "…", True, True, DateRange(DAY), "4 …", ("E11.2", "E11"), (), notes)
    answer = encode.codes([entry])
    assert problems("codes-1", answer) == []
    (written,) = answer["codes"]
    assert " ".join(written) == (
        "code system description billable valid effective ends chapter parents children notes findings"
    )
    assert (written["effective"], written["ends"]) == ("2026-05-14", None)
    assert written["notes"]["excludes1"] == [{"at": "E11", "text": "drug induced"}]
    assert written["notes"]["seventh"] == []


def test_an_unknown_code_keeps_its_place_with_an_error() -> None:
    answer = encode.codes([encode.UnknownCode("E99.99", UNKNOWN)])
    assert problems("codes-1", answer) == []
    (written,) = answer["codes"]
    assert (written["code"], written["system"], written["description"]) == ("E99.99", None, None)
    assert (written["valid"], written["billable"]) == (False, False)
    assert [finding["severity"] for finding in written["findings"]] == ["error"]


def test_hits_keep_their_order() -> None:
    answer = encode.hits([Hit(DIABETES, "…", True, "diabetic CKD", 9.5), Hit(VISIT, "…", True, "visit", 1)])
    assert problems("hits-1", answer) == []
    assert [hit["code"] for hit in answer["hits"]] == ["E11.22", "99213"]
    assert type(answer["hits"][1]["score"]) is float


def test_releases_say_their_period_and_counts() -> None:
    answer = encode.releases([TABULAR], [UNKNOWN])
    assert problems("releases-1", answer) == []
    assert answer["releases"][0] == {
        "system": "icd10cm",
        "component": "tabular",
        "from": "2026-05-14",
        "to": None,
        "source": "tabular.xml",
        "checksum": "ab" * 32,
        "counts": {"codes": 97000},
        "licence": "public domain",
        "partial": False,
    }


@dataclass(frozen=True)
class Node:
    code: str
    title: str
    kind: str
    billable: bool
    children: tuple[str, ...]


def test_a_tree_is_a_list_of_nodes() -> None:
    answer = encode.tree([Node("E11", "…", "category", False, ("E11.0", "E11.1"))])
    assert problems("tree-1", answer) == []
    assert answer["nodes"][0]["children"] == ["E11.0", "E11.1"]


def test_doctor_and_demo_have_their_shapes() -> None:
    doctor: dict[str, Any] = {
        "schema": "leadterm.doctor/1",
        "version": "0.1.0",
        "python": "3.11.7",
        "home": "~/leadterm",
        "ok": False,
        "checks": [{"name": "releases", "ok": False, "detail": "none", "fix": "leadterm codes update"}],
        "releases": [encode.release(TABULAR)],
    }
    chart = {"id": "e1", "codes": ["I10"], "findings": 0, "claim": None, "accepted": None}
    assert problems("doctor-1", doctor) == []
    answers = {
        "posting": {"schema": "leadterm.posting/1", "payments": [], "findings": []},
        "denials": {"schema": "leadterm.denials/1", "on": "2026-09-30", "denials": []},
        "kpi": {"schema": "leadterm.kpi/1", "as_of": "2026-09-30", "measures": []},
    }
    assert problems("demo-1", {"schema": "leadterm.demo/1", "charts": [chart], **answers, "files": ["claim.837"]}) == []


def test_a_location_keeps_what_it_is_given() -> None:
    placed = Finding("f1", "X12:1/x", Severity.ERROR, "Wrong.", location={"line": 2, "when": DAY, "path": ("a", "b")})
    assert encode.finding(placed)["location"] == {"line": 2, "when": "2026-05-14", "path": ["a", "b"]}


def test_what_has_no_form_in_json_is_our_error() -> None:
    with pytest.raises(InternalError, match="A set has no place in JSON"):
        encode.finding(Finding("f1", "X12:1/x", Severity.ERROR, "Wrong.", location={"lines": {1, 2}}))


def test_an_answer_is_one_json_value() -> None:
    answer = encode.findings("e1", [UNKNOWN])
    assert json.loads(json.dumps(answer)) == answer
    assert problems("findings-1", answer) == []


WRONG = [
    ("coded-1", "assignments", {"code": "I10"}),
    ("findings-1", "findings", {"id": "f1", "severity": "fatal"}),
    ("hits-1", "hits", {"code": "I10"}),
    ("claim-1", "lines", {"number": 0}),
    ("facts-1", "facts", {"assertion": "possible"}),
    ("tree-1", "nodes", {"code": "E11"}),
]


@pytest.mark.parametrize(("name", "key", "member"), WRONG)
def test_a_schema_refuses_a_member_that_is_not_whole(name: str, key: str, member: dict[str, Any]) -> None:
    assert any(problem.startswith(f"$.{key}[0]") for problem in problems(name, {key: [member]}))
