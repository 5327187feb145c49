"""What messages tell of a visit, alone and joined: patient, dates, people, payers, charges, cancellations."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from time import process_time

import pytest
from tests.records.hl7v2.notation import PATIENT, all_of, message, one, told

from leadterm.domain import Address, Charge, Code, CodeSystem, Money, ProviderRole, Setting, Sex


def pv1(**fields: str) -> str:
    """PV1 by the numbers of its fields: `f2="I"`."""
    last = max(int(name[1:]) for name in fields)
    return "|".join(["PV1", *(fields.get(f"f{n}", "") for n in range(1, last + 1))])


def segment(name: str, **fields: str) -> str:
    return pv1(**fields).replace("PV1", name, 1)


def test_the_patient_as_pid_tells() -> None:
    patient = one(message("ADT^A01", "PV1|1|I")).patient
    assert (patient.id, patient.sex, patient.birth_date) == ("100", Sex.FEMALE, date(1970, 2, 3))
    assert (patient.last_name, patient.first_name, patient.middle_name) == ("EXAMPLE", "ADA", "B")
    assert patient.address == Address("1 ROAD", None, "TOWN", "OH", "44101", None)
    assert patient.phone == "(216)5550100"


def test_the_legal_name_comes_before_an_alias_and_newer_numbers_are_joined() -> None:
    names, numbers = "ALIAS^A^^^^^A~EXAMPLE&VAN^ADA^^^^^L", "^NET^Internet^a@b~^PRN^PH^^1^216^5550100"
    pid = f"PID|1||100||{names}||1970|F|||^^^^441012222||{numbers}"
    patient = one(message("ADT^A01", "PV1|1|I", pid)).patient
    assert (patient.last_name, patient.phone, patient.birth_date) == ("EXAMPLE", "2165550100", None)
    assert patient.address == Address(zip="441012222")


def test_a_stay_has_admission_discharge_and_official_codes() -> None:
    line = pv1(f2="I", f4="E", f14="7", f19="V1", f36="3", f44="202605010830", f45="20260504")
    found = one(message("ADT^A03", line, PATIENT + "|||||ACC1^^^H"))
    assert (found.setting, found.encounter_class) == (Setting.INPATIENT, "inpatient")
    assert (found.admission, found.discharge, found.date_of_service) == (date(2026, 5, 1), date(2026, 5, 4), None)
    assert (found.disposition, found.admit_type, found.admit_source) == ("03", "1", "7")
    assert (found.account, told(found)) == ("ACC1", [])


@pytest.mark.parametrize(
    ("code", "setting"), [("E", Setting.EMERGENCY), ("O", Setting.OUTPATIENT), ("?", Setting.OUTPATIENT)]
)
def test_another_visit_has_a_day(code: str, setting: Setting) -> None:
    found = one(message("ADT^A04", pv1(f2=code, f44="20260501")))
    assert (found.setting, found.date_of_service, found.admission) == (setting, date(2026, 5, 1), None)


def test_codes_of_the_senders_own_are_told_and_not_taken() -> None:
    found = one(message("ADT^A03", pv1(f2="I", f4="R", f14="XX", f36="HOME")))
    assert (found.disposition, found.admit_type, found.admit_source) == (None, None, None)
    assert told(found) == ["hl7-disposition"]


def test_a_discharge_before_the_admission_is_told_and_not_taken() -> None:
    found = one(message("ADT^A03", pv1(f2="I", f44="20260504", f45="20260501")))
    assert (found.admission, found.discharge, told(found)) == (date(2026, 5, 4), None, ["hl7-dates"])


def test_people_have_an_npi_where_the_authority_says_that_it_is_one() -> None:
    attending = "77^DOE^JANE~1234567893^DOE^JANE^^^^^^&2.16.840.1.113883.4.6&ISO"
    line = pv1(f2="I", f7=attending, f8="1234567893^ROE^RICHARD", f9="1^CON^SULT")
    found = one(message("ADT^A01", f"{line}\nROL|1|AD|AT^Attending|88^POE^PAT^^^^^^NPI"))
    assert [(p.role, p.npi, p.last_name, p.id) for p in found.providers] == [
        (ProviderRole.ATTENDING, "1234567893", "DOE", "77"),
        (ProviderRole.REFERRING, None, "ROE", "1234567893"),
        (ProviderRole.ATTENDING, None, "POE", "88"),
    ]


def test_payers_in_their_order() -> None:
    second = segment("IN1", f1="1", f2="B", f3="60054", f4="OTHER", f15="PPO", f22="2", f36="M2")
    first = segment(
        "IN1", f1="2", f2="A", f3="00120", f4="MEDICARE", f8="G", f16="EXAMPLE^BOB", f17="SPO", f18="19690101", f22="1"
    )
    found = one(message("ADT^A01", f"PV1|1|I\n{second}\n{first}\n{segment('IN2', f61='M1')}")).payers
    assert [(p.id, p.type, p.member_id, p.responsibility) for p in found] == [
        ("00120", "medicare", "M1", "P"),
        ("60054", "commercial", "M2", "S"),
    ]
    assert (found[0].subscriber.relationship, found[0].subscriber.birth_date) == ("spouse", date(1969, 1, 1))


def ft1(kind: str = "CG", quantity: str = "2", code: str = "71046^^C4", **fields: str) -> str:
    return segment(
        "FT1",
        **{"f1": "1", "f4": "20260502", "f6": kind, "f7": "L1^local^99LOC", "f10": quantity, "f25": code} | fields,
    )


def dft(*lines: str) -> str:
    return message("DFT^P03", "\n".join((pv1(f2="O", f19="V1"), *lines)))


XRAY = Code(CodeSystem.CPT, "71046")


def test_a_charge_has_code_units_modifiers_and_price() -> None:
    (charge,) = one(dft(ft1(f12="50.10&USD", f26="26~LT", f29="0143-9887-01^A^NDC"))).charges
    assert charge == Charge(
        XRAY,
        Decimal(2),
        date=date(2026, 5, 2),
        charge=Money.parse("100.20"),
        modifiers=("26", "LT"),
        ndc=charge.ndc,
    )
    assert charge.ndc
    assert charge.ndc.code == "00143988701"


@pytest.mark.parametrize("fields", [{"code": "J1885"}, {"code": "", "f7": "J1885^KETOROLAC^HCPCS"}])
def test_a_code_is_taken_by_its_system_else_by_its_shape(fields: dict[str, str]) -> None:
    assert [c.code and c.code.value for c in one(dft(ft1(**fields))).charges] == ["J1885"]


def test_a_local_code_is_told_and_payments_are_no_charges() -> None:
    found = one(dft(ft1(code=""), ft1("PY"), ft1("AJ")))
    assert (found.charges, told(found)) == ((), ["hl7-charge"])


@pytest.mark.parametrize("credit", [ft1("CD"), ft1("CG", "-2")])
def test_a_credit_takes_a_charge_back(credit: str) -> None:
    found = one(dft(ft1(), ft1(quantity="1")), dft(credit))
    assert ([c.units for c in found.charges], told(found)) == ([Decimal(1)], [])
    assert told(one(dft(credit))) == ["hl7-charge"]


def test_messages_of_a_visit_are_one_encounter_and_a_later_one_tells_better() -> None:
    admitted = message("ADT^A01", pv1(f2="E", f19="V1", f44="20260501"))
    moved = message("ADT^A06", pv1(f2="I", f19="V1"))
    noted = message("MDM^T02", f"{pv1(f2='I', f19='V1')}\nTXA|1|PN|TX|||||||||D1\nOBX|1|TX|x||Better.")
    left = message("ADT^A03", pv1(f2="I", f19="V1", f36="01", f45="20260503"))
    found = one(admitted, moved, noted, left)
    assert (found.setting, found.admission, found.discharge) == (Setting.INPATIENT, date(2026, 5, 1), date(2026, 5, 3))
    assert (found.disposition, [d.text for d in found.documents]) == ("01", ["Better."])


def test_visits_are_encounters_with_ids_of_their_own() -> None:
    found = all_of(*(message("ADT^A01", pv1(f2="I", f19=number)) for number in ("V1", "V2", "V1")))
    assert [(e.id, e.account) for e in found] == [("m-1", "V1"), ("m-2", "V2")]


def test_one_number_for_two_patients_is_two_visits() -> None:
    other = PATIENT.replace("|100^", "|200^")
    assert len(all_of(message("ADT^A01", pv1(f2="I", f19="V1")), message("ADT^A01", pv1(f2="I", f19="V1"), other))) == 2


def test_without_a_number_the_account_and_then_the_document_join() -> None:
    first = message("MDM^T02", "PV1|1|I\nTXA|1|PN|TX|||||||||D1\nOBX|1|TX|x||a")
    taken_back = message("MDM^T11", "PV1|1|I\nTXA|1|PN|TX|||||||||D1")
    assert [d.status.value for d in one(first, taken_back).documents] == ["retracted"]
    account = PATIENT + "|||||ACC1"
    assert len(all_of(*[message("ADT^A08", "PV1|1|I", account)] * 2)) == 1
    assert len(all_of(*[message("ADT^A08", "PV1|1|I")] * 2)) == 2


def test_an_account_joins_to_its_visit_unless_it_has_several() -> None:
    account = PATIENT + "|||||ACC1"
    result = message("ORU^R01", "OBR|1||F1|x\nOBX|1|TX|y||Clear.", account)
    first, second = (message("ADT^A01", pv1(f2="I", f19=number), account) for number in ("V1", "V2"))
    assert len(all_of(first, result)) == len(all_of(result, first)) == 1
    assert [len(e.documents) for e in all_of(first, second, result)] == [0, 0, 1]
    assert [len(e.documents) for e in all_of(first, second, result, result.replace("F1", "F2"))] == [0, 0, 2]


@pytest.mark.parametrize("event", ["ADT^A11", "ADT^A38", "BAR^P02", "SIU^S15"])
def test_a_cancelled_visit_is_told_until_it_is_told_anew(event: str) -> None:
    line = pv1(f2="I", f19="V1", f44="20260501")
    admitted, cancelled = message("ADT^A01", line), message(event, line)
    assert told(one(admitted, cancelled)) == ["hl7-cancelled"]
    assert told(one(admitted, cancelled, admitted)) == []


def test_a_cancelled_discharge_leaves_the_stay_open() -> None:
    left = message("ADT^A03", pv1(f2="I", f19="V1", f36="01", f44="20260501", f45="20260503"))
    found = one(left, message("ADT^A13", pv1(f2="I", f19="V1", f44="20260501")))
    assert (found.admission, found.discharge, found.disposition) == (date(2026, 5, 1), None, None)


def test_a_merge_is_left_to_who_keeps_records() -> None:
    assert one(message("ADT^A40", "MRG|999")).patient.id == "100"


def test_a_number_that_two_people_bear_is_no_one_s_visit() -> None:
    visit = "PV1|1|I|||||||||||||||||V1"
    other = "PID|1||100^^^H^MR||SAMPLE^LEE||19880818|M"
    assert len(all_of(message("ADT^A01", visit), message("ADT^A01", visit, other), message("ADT^A08", visit))) == 2


def test_a_birth_date_that_is_corrected_is_still_the_same_person_s() -> None:
    visit = "PV1|1|I|||||||||||||||||V1"
    corrected = "PID|1||100^^^H^MR||EXAMPLE^ADA||19700302|F"
    assert one(message("ADT^A01", visit), message("ADT^A08", visit, corrected)).patient.birth_date == date(1970, 3, 2)


def test_a_charge_tells_its_revenue_code_the_quantity_of_its_drug_and_another_provider() -> None:
    def ft1(code: str, who: str, **more: str) -> str:
        return segment("FT1", f1="1", f4="20260501", f6="CG", f7=code, f10="1", f20=who, **more)

    lines = (
        ft1("99213^^C4", "1^A^B"),
        ft1("J1885^^HCPCS", "2^C^D", f29="00409-3795-01", f43="1.5^ML"),
        ft1("BED^^L", "", f41="120"),
    )
    visit, drug, bed = one(message("DFT^P03", "\n".join(("PV1|1|O", *lines)))).charges
    assert (visit.provider, drug.provider, bed.provider) == (None, "2", None)
    assert drug.ndc
    assert (drug.ndc.code, drug.ndc.quantity, drug.ndc.unit) == ("00409379501", Decimal("1.5"), "ML")
    assert (bed.code, bed.revenue_code) == (None, "0120")


def test_a_message_that_is_sent_again_posts_nothing_twice() -> None:
    sent = message("DFT^P03", "PV1|1|O|||||||||||||||||V1\nFT1|1|||20260501||CG|71046^x^C4|||1|10")
    assert len(one(sent, sent).charges) == 1
    assert len(one(sent, sent.replace("|1|P|2.5.1", "|2|P|2.5.1")).charges) == 2


def test_numbers_that_are_merged_are_one_patients() -> None:
    old = message("ADT^A04", "PV1|1|O|||||||||||||||||V1", PATIENT.replace("100^^^H", "900^^^H"))
    merge = message("ADT^A40", "MRG|900^^^H^MR")
    new = message("MDM^T02", "PV1|1|O|||||||||||||||||V1\nTXA|1|PN|TX|||||||||D1\nOBX|1|TX|||a")
    assert [e.patient.id for e in all_of(old, new)] == ["900", "100"]
    visit, *others = all_of(old, merge, new)
    assert ([d.text for d in visit.documents], visit.patient.id) == (["a"], "100")
    assert {one.value for other in others for one in other.identifiers} == {"100", "900"}


def test_people_of_a_participation_segment() -> None:
    line = segment("PRT", f4="AT^Attending^HL70912", f5="88^POE^PAT^^^^^^NPI")
    assert [(p.role, p.last_name) for p in one(message("ADT^A01", f"PV1|1|I\n{line}")).providers] == [
        (ProviderRole.ATTENDING, "POE")
    ]


def test_long_chains_of_merged_numbers_take_linear_time() -> None:
    chain = [message("ADT^A40", f"PV1|1|O|||||||||||||||||V1\nMRG|{n}", f"PID|1||{n + 1}") for n in range(3_000)]
    begun = process_time()
    assert len(all_of(*chain)) == 1
    assert process_time() - begun < 6
