"""Codes that messages bear: leads with kind, status and role, never more."""

from __future__ import annotations

from datetime import date

import pytest
from tests.records.hl7v2.notation import message, one

from leadterm.domain import RecordedCode


def leads(*lines: str, event: str = "ADT^A08", visit: str = "PV1|1|I|||||||||||||||||V1") -> list[str]:
    return list(map(shown, one(message(event, "\n".join((visit, *lines)))).codes))


def shown(lead: RecordedCode) -> str:
    return " ".join(str(part or "-") for part in (lead.kind, lead.system, lead.code, lead.status, lead.role))


@pytest.mark.parametrize(
    ("line", "lead"),
    [
        ("DG1|1||J18.9^Pneumonia^I10C|||A", "diagnosis icd10cm J18.9 - admitting"),
        ("DG1|1||J18.9^Pneumonia^I10C|||W", "diagnosis icd10cm J18.9 uncertain working"),
        ("DG1|1|I10|J18.9|Pneumonia||F", "diagnosis icd10 J18.9 active final"),
        ("DG1|1||J18.9^Pneumonia^ICD10-CM|||F", "diagnosis icd10cm J18.9 active final"),
        ("DG1|1||1^x^99LOC|||", "diagnosis 99LOC 1 - -"),
        ("PR1|1||0DTJ4ZZ^Appendectomy^I10P||20260501", "procedure icd10pcs 0DTJ4ZZ active -"),
        ("PRB|AD|2026|38341003^Hypertension^SCT|1|||||||||CONFIRMED|ACTIVE", "problem snomed 38341003 active -"),
        ("PRB|AD|2026|I10^Hypertension^I10C|1|||||||||DIFFERENTIAL", "problem icd10cm I10 uncertain -"),
        ("PRB|AD|2026|I10^Hypertension^I10C|1||||||||||RESOLVED", "problem icd10cm I10 resolved -"),
        ("AL1|1|DA|70618^Penicillin^RXNORM", "allergy rxnorm 70618 active -"),
        ("IAM|1|DA|70618^Penicillin^RXNORM|||A|||||||||||S", "allergy rxnorm 70618 uncertain -"),
        ("PV2|||786.50^Chest pain^I9CDX", "encounter icd9cm 786.50 - -"),
        ("RXA|0|1|20260501||141^Influenza^CVX|1||||||||||||||CP", "immunization cvx 141 active -"),
        ("RXA|0|1|20260501||141^Influenza^CVX|1||||||||||||||RE", "immunization cvx 141 refuted -"),
        ("RXA|0|1|20260501||00006-4047-20^x^NDC|1", "drug ndc 00006-4047-20 - -"),
        ("RXE||00006-4047-20^x^NDC", "drug ndc 00006-4047-20 planned -"),
    ],
)
def test_a_coded_field_is_a_lead(line: str, lead: str) -> None:
    assert leads(line) == [lead]


def test_a_lead_says_what_it_is_called_when_and_where_it_stands() -> None:
    (lead,) = one(message("ADT^A08", "PV1|1|I\nDG1|1||J18.9^^I10C|Pneumonia|20260501|F")).codes
    assert (lead.text, lead.day, lead.source) == ("Pneumonia", date(2026, 5, 1), "DG1[1]-3[1]")


def test_both_codes_of_a_value_are_leads() -> None:
    both = "DG1|1||38341003^Hypertension^SCT^I10^Hypertension^I10C|||F"
    assert leads(both) == ["diagnosis snomed 38341003 active final", "diagnosis icd10cm I10 active final"]


def test_codes_of_a_result_have_its_line_as_evidence() -> None:
    lines = "OBR|1||F1|x\nOBX|1|TX|n||First.\nOBX|2|CE|600-7^Culture^LN||112283007^E. coli^SCT"
    found = one(message("ORU^R01", lines))
    assert [shown(c) for c in found.codes] == ["result loinc 600-7 - -", "result snomed 112283007 - -"]
    assert {c.evidence.text for c in found.codes if c.evidence} == {"Culture: E. coli"}


def test_a_snapshot_replaces_what_an_earlier_one_told() -> None:
    visit = "PV1|1|I|||||||||||||||||V1"
    first = message("ADT^A01", f"{visit}\nDG1|1||R07.9^Chest pain^I10C|||A\nAL1|1|DA|1^x^RXNORM")
    later = message("ADT^A08", f"{visit}\nDG1|1||I21.4^NSTEMI^I10C|||F")
    assert [shown(c) for c in one(first, later).codes] == [
        "diagnosis icd10cm I21.4 active final",
        "allergy rxnorm 1 active -",
    ]


def test_actions_add_and_delete() -> None:
    visit = "PV1|1|I|||||||||||||||||V1"
    row = "DG1|1||{0}^x^I10C|||F" + "|" * 15 + "{1}"
    first = message("BAR^P12", f"{visit}\n{row.format('R07.9', 'A')}")
    later = message("BAR^P12", f"{visit}\n{row.format('I21.4', 'A')}\n{row.format('R07.9', 'D')}")
    assert [c.code for c in one(first, later).codes] == ["I21.4"]


def test_the_same_is_said_once() -> None:
    assert leads(*["FT1|1|||20260501||CG|||||||||||||I10^x^I10C"] * 3, event="DFT^P03") == ["diagnosis icd10cm I10 - -"]
