"""What was coded as DFT^P03: its fields, its escapes, and what our own reader makes of it again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from tests.claims.cases import DOCTOR, PARENT, PATIENT, PAYER, charge, coded, diagnosis
from tests.claims.test_fhir import CODED
from tests.strategies import coded_encounters, texts

from leadterm.claims.hl7v2 import write_dft
from leadterm.claims.hl7v2.segments import escaped, segment, stamp
from leadterm.claims.lines import services
from leadterm.domain import (
    DIAGNOSIS_ROLES,
    Charge,
    CodedEncounter,
    CodeSystem,
    DrugCode,
    Encounter,
    Identifier,
    IdentifierKind,
    InputError,
    Money,
    Poa,
    Role,
    Status,
)
from leadterm.records import hl7v2

AT = datetime(2026, 5, 15, 12, tzinfo=UTC)
ROOM = Charge(None, Decimal(3), charge=Money.parse("3000"), revenue_code="0120")
STAY = replace(CODED, encounter=replace(CODED.encounter, charges=(ROOM,)))


def lines(answer: CodedEncounter, **named: Any) -> list[str]:
    """The segments of its message."""
    return write_dft(answer, 7, AT, **named).decode().split("\r")[:-1]


def fields(answer: CodedEncounter, name: str) -> list[list[str]]:
    """The fields of each segment of a name, numbered as in the standard but for MSH."""
    return [line.split("|") for line in lines(answer) if line.startswith(f"{name}|")]


def again(answer: CodedEncounter) -> Encounter:
    """What our reader makes of its message."""
    (found,) = hl7v2.read(write_dft(answer, 7, AT), "a message", "again")
    return found


def test_a_message_posts_a_visit_segment_by_segment() -> None:
    names = [line[:3] for line in lines(coded())]
    assert names == ["MSH", "EVN", "PID", "PV1", "FT1", "DG1", "DG1", "IN1"]


def test_a_visit_goes_by_the_number_of_the_record_that_it_came_from() -> None:
    known = (Identifier(IdentifierKind.PATIENT, "P1"), Identifier(IdentifierKind.VISIT, "V77", "H"))
    answer = coded()
    assert fields(answer, "PV1")[0][19] == answer.encounter.id
    assert fields(replace(answer, encounter=replace(answer.encounter, identifiers=known)), "PV1")[0][19] == "V77"


def test_sender_and_receiver_are_named_by_application_and_facility() -> None:
    (header, *_) = lines(coded(), sender="CODING/ELM", receiver="BILLING")
    assert header.startswith("MSH|^~\\&|CODING|ELM|BILLING||20260515120000+0000||DFT^P03^DFT_P03|7|T|2.6|")
    assert "|P|2.6|" in lines(coded(), production=True)[0]


def test_a_name_that_is_too_long_is_refused() -> None:
    with pytest.raises(InputError, match="at most 20"):
        lines(coded(), sender="X" * 21)


def test_without_charges_there_is_nothing_to_post() -> None:
    with pytest.raises(InputError, match="posts charges"):
        lines(coded(charges=()))


def test_a_charge_bears_service_price_diagnoses_and_who_did_it() -> None:
    drug = DrugCode("00409-6102-02")
    given_charge = charge("J1885", "20", units=Decimal(2), modifiers=("JZ",), pointers=(2,), ndc=drug)
    (ft1,) = fields(coded(charges=(given_charge,)), "FT1")
    assert (ft1[6], ft1[7], ft1[10], ft1[11]) == ("CG", "J1885^^HPC", "2", "20.00&USD")
    assert (ft1[19], ft1[25], ft1[26], ft1[29]) == ("I10^^I10C", "J1885^^HPC", "JZ^^C4", "00409-6102-02^^NDC")
    assert ft1[20].startswith("1003000126^Roe^Rea^^^^^^NPI&2.16.840.1.113883.4.6&ISO")


def test_diagnoses_say_order_kind_and_whether_they_were_present_on_admission() -> None:
    first, *others = STAY.assignments
    told = fields(replace(STAY, assignments=(replace(first, poa=Poa.YES), *others)), "DG1")
    assert [(f[3].split("^")[0], f[6]) for f in told] == [("E11.22", "F"), ("N18.32", "F"), ("R50.9", "A")]
    assert (told[0][15], told[0][26]) == ("1", "Y")


def test_an_exempt_diagnosis_has_the_letter_of_its_table() -> None:
    told = fields(coded(replace(diagnosis("Z87.891", 1), poa=Poa.EXEMPT)), "DG1")
    assert told[0][26] == "E"


def test_a_rejected_code_is_not_posted() -> None:
    message = "\n".join(lines(coded(diagnosis("E11.9", 1), diagnosis("I10", 2, status=Status.REJECTED))))
    assert "E11.9" in message
    assert "I10^" not in message


def test_a_procedure_of_the_stay_stands_with_the_first_charge() -> None:
    names = [line[:3] for line in lines(STAY)]
    assert names[4:6] == ["FT1", "PR1"]
    assert fields(STAY, "PR1")[0][3:6] == ["0FT44ZZ^title^I10P", "", "20260502"]


def test_a_visit_is_read_again_as_it_was() -> None:
    made = coded(payers=(replace(PAYER, subscriber=PARENT, prior_authorization="A1"),))
    found = again(made)
    assert found.patient == PATIENT
    assert found.date_of_service == made.encounter.date_of_service
    assert [replace(c, date=None) for c in found.charges] == list(made.encounter.charges)
    (payer,) = found.payers
    assert (payer.id, payer.name, payer.type, payer.member_id) == ("60054", "Invented Mutual", "commercial", "M123")
    assert payer.subscriber == PARENT
    assert [(p.npi, p.last_name) for p in found.providers] == [(DOCTOR.npi, "Roe")]


def test_a_stay_is_read_again_with_its_revenue_codes() -> None:
    found, was = again(STAY), STAY.encounter
    assert (found.setting, found.admission, found.discharge) == (was.setting, was.admission, was.discharge)
    assert [(c.revenue_code, c.units, c.charge) for c in found.charges] == [("0120", Decimal(3), Money.parse("3000"))]
    assert [(c.code, c.role) for c in found.codes if c.system == "icd10cm"] == [
        ("E11.22", "final"),
        ("N18.32", "final"),
        ("R50.9", "admitting"),
    ]


@given(texts)
def test_any_text_comes_back_through_its_escapes(text: str) -> None:
    line = segment("NK1", {2: (None, text, "x"), 3: "end"})
    assert line.count("|") == 3
    assert line.count("^") == 2
    assert not set(line) & set("\r\n\x0b\x1c")
    raw = f"MSH|^~\\&|A|B|||2026||DFT^P03|1|T|2.6||||||UNICODE UTF-8\rPID|1||1||{escaped(text)}^x\r"
    (found,) = hl7v2.read(raw.encode(), "a message", "m")
    wanted = text.strip().replace("\r\n", "\n").replace("\r", "\n")
    told = "".join(c for c in wanted if c in "\n\t" or (c >= " " and c != "\x7f")).strip()
    assert (found.patient.last_name or "") == ("" if told == '""' else told)


@pytest.mark.parametrize(
    ("moment", "written"),
    [(AT, "20260515120000+0000"), (AT.replace(tzinfo=None), "20260515120000"), (AT.date(), "20260515"), (None, None)],
)
def test_a_time_is_written_as_far_as_it_is_known(moment: Any, written: str | None) -> None:
    assert stamp(moment) == written


@settings(
    max_examples=5,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large),
)
@given(coded_encounters())
def test_whatever_was_coded_is_posted_and_read_again(answer: CodedEncounter) -> None:
    if not services(answer):
        return
    found = again(answer)
    wanted = [
        str(a.code)
        for a in answer.assignments
        if a.role in (*DIAGNOSIS_ROLES, Role.ADMITTING, Role.REASON_FOR_VISIT)
        and a.status is not Status.REJECTED
        and a.code.system is CodeSystem.ICD10CM
    ]
    assert {c.code for c in found.codes if c.system == "icd10cm" and (c.source or "").startswith("DG1")} == set(wanted)
