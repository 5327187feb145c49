"""A claim as an 837P: each loop's segments, the hierarchy, the amounts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from leadterm.claims import CONVENTION, Envelope, write_837p
from leadterm.claims.x12_codes import FILING_INDICATORS, RELATIONSHIPS
from leadterm.domain import Address, Claim, DrugCode, Money, Patient, Payer, Provider, ProviderRole, Subscriber
from leadterm.x12 import Separators, envelope_faults, guide, read, walk

from .cases import CLINIC, DOCTOR, HOME, PARENT, PATIENT, PAYER, claim, line, segments, texts
from .generate import claims, envelope


def test_a_plain_claim_is_written_whole():
    assert texts(claim()) == [
        "ISA*00*          *00*          *ZZ*LEADTERMTEST   *ZZ*INVENTEDPAYER  *260514*0930*^*00501*000000001*0*T*:",
        "GS*HC*LEADTERMTEST*INVENTEDPAYER*20260514*0930*1*X*005010X222A1",
        "ST*837*0001*005010X222A1",
        "BHT*0019*00*B1*20260514*0930*CH",
        "NM1*41*2*LEAD TERM CLINIC*****46*LT0001",
        "PER*IC*PAT BILLING*TE*5155550100",
        "NM1*40*2*INVENTED CLEARING*****46*IC0001",
        "HL*1**20*1",
        "PRV*BI*PXC*207Q00000X",
        "NM1*85*2*ELM CLINIC*****XX*1234567893",
        "N3*1 CLINIC WAY",
        "N4*AMES*IA*500101234",
        "REF*EI*123456789",
        "HL*2*1*22*0",
        "SBR*P*18*G9******CI",
        "NM1*IL*1*DOE*ANA****MI*M123",
        "N3*12 ELM ST",
        "N4*AMES*IA*50010",
        "DMG*D8*19590302*F",
        "NM1*PR*2*INVENTED MUTUAL*****PI*60054",
        "CLM*visit1*125***11:B:1*Y*A*Y*Y",
        "HI*ABK:E119*ABF:I10",
        "NM1*82*1*ROE*REA****XX*1003000126",
        "PRV*PE*PXC*207R00000X",
        "LX*1",
        "SV1*HC:99213*125*UN*1***1:2",
        "DTP*472*D8*20260514",
        "REF*6R*1",
        "SE*27*0001",
        "GE*1*1",
        "IEA*1*000000001",
    ]


def test_the_file_is_ascii_without_line_breaks():
    written = write_837p([claim()], envelope())
    assert written.isascii()
    assert b"\n" not in written


@pytest.mark.parametrize(("word", "code"), [*FILING_INDICATORS.items(), (None, "ZZ"), ("", "ZZ"), ("Medicare", "MB")])
def test_each_payer_type_has_its_filing_indicator(word: str | None, code: str):
    (sbr,) = (s for s in segments(claim(payers=(replace(PAYER, type=word),))) if s.id == "SBR")
    assert sbr[9] == code


def dependent(relationship: str = "child", **changes: object) -> Claim:
    held = replace(PARENT, relationship=relationship)
    return claim(subscriber=held, payers=(replace(PAYER, subscriber=held),), **changes)


def test_a_patient_who_is_not_the_subscriber_has_a_loop_below():
    told = texts(dependent())
    start = told.index("HL*2*1*22*1")
    assert told[start : start + 10] == [
        "HL*2*1*22*1",
        "SBR*P**G9******CI",
        "NM1*IL*1*DOE*EVE****MI*M123",
        "NM1*PR*2*INVENTED MUTUAL*****PI*60054",
        "HL*3*2*23*0",
        "PAT*19",
        "NM1*QC*1*DOE*ANA",
        "N3*12 ELM ST",
        "N4*AMES*IA*50010",
        "DMG*D8*19590302*F",
    ]


@pytest.mark.parametrize(
    ("word", "code"), [*((w, c) for w, c in RELATIONSHIPS.items() if w != "self"), ("niece", "G8"), ("Spouse", "01")]
)
def test_each_relationship_has_its_code(word: str, code: str):
    assert f"PAT*{code}" in texts(dependent(word))


def test_an_employer_holds_the_policy_as_an_organisation():
    works = Subscriber("employee", None, "Invented Works")
    told = texts(claim(subscriber=works, payers=(replace(PAYER, subscriber=works),)))
    assert "NM1*IL*2*INVENTED WORKS*****MI*M123" in told
    assert "PAT*20" in told


def test_claims_of_one_clinic_and_one_subscriber_stand_together():
    three = [claim(id="A1"), claim(id="A2"), claim(id="A3", patient=replace(PATIENT, first_name="Una"))]
    got = [s.elements for s in segments(*three) if s.id in ("HL", "CLM")]
    assert [e[:4] if len(e) < 5 else e[0] for e in got] == [
        ("1", "", "20", "1"),
        ("2", "1", "22", "0"),
        "A1",
        "A2",
        ("3", "1", "22", "0"),
        "A3",
    ]


def test_children_of_one_subscriber_hang_below_one_loop():
    one, other = dependent(id="A1"), dependent(id="A2", patient=replace(PATIENT, first_name="Una"))
    levels = [s.elements for s in segments(one, claim(id="A3"), other) if s.id == "HL"]
    assert levels == [
        ("1", "", "20", "1"),
        ("2", "1", "22", "1"),
        ("3", "2", "23", "0"),
        ("4", "2", "23", "0"),
        ("5", "1", "22", "0"),
    ]


def test_another_clinic_opens_another_hierarchy():
    other = replace(CLINIC, npi="1003000126", name="Oak Clinic")
    levels = [s.elements for s in segments(claim(id="A1"), claim(id="A2", providers=(other,))) if s.id == "HL"]
    assert levels == [("1", "", "20", "1"), ("2", "1", "22", "0"), ("3", "", "20", "1"), ("4", "3", "22", "0")]


def test_a_subscribers_hundred_and_first_claim_opens_a_new_loop():
    got = segments(*(claim(id=f"A{n}") for n in range(101)))
    assert [s.elements[2] for s in got if s.id == "HL"] == ["20", "22", "22"]
    assert not [f for p in walk(got, guide(CONVENTION)) for f in p.faults]


@pytest.mark.parametrize(("frequency", "number"), [("7", "ICN-1"), ("8", "ICN-1")])
def test_a_replacement_and_a_void_name_the_payers_claim(frequency: str, number: str):
    told = texts(claim(frequency=frequency, payer_control_number=number))
    assert f"CLM*visit1*125***11:B:{frequency}*Y*A*Y*Y" in told
    assert f"REF*F8*{number}" in told


def test_an_original_never_names_a_payers_claim():
    assert not [t for t in texts(claim(payer_control_number="ICN-1")) if t.startswith("REF*F8")]


def test_assignment_and_release_are_what_the_claim_says():
    assert "CLM*visit1*125***11:B:1*Y*C*N*I" in texts(claim(accept_assignment=False, release=False))


def test_referral_authorisation_and_laboratory_have_their_numbers():
    told = texts(claim(referral="R 1", prior_authorization="pa-1", clia="16D0123456"))
    assert [t for t in told if t.startswith("REF")][1:4] == ["REF*9F*R 1", "REF*G1*pa-1", "REF*X4*16D0123456"]


@pytest.mark.parametrize(
    ("accident", "clm", "dtp"),
    [
        ({"type": "auto", "date": "2026-05-01", "state": "ia"}, "*AA:::IA", ["DTP*439*D8*20260501"]),
        ({"type": "employment", "date": date(2026, 5, 1)}, "*EM", ["DTP*439*D8*20260501"]),
        ({"type": "employment"}, "*EM", []),
        ({"type": "other", "date": datetime(2026, 5, 1, 8)}, "*OA", ["DTP*439*D8*20260501"]),
    ],
)
def test_an_accident_has_its_cause_and_day(accident: dict[str, object], clm: str, dtp: list[str]):
    told = texts(claim(accident=accident))
    assert next(t for t in told if t.startswith("CLM")).endswith(f"*Y*Y*{clm}")
    assert [t for t in told if t.startswith("DTP*439")] == dtp


def test_a_stay_has_its_admission_and_an_office_visit_none():
    dates = {"admission": date(2026, 5, 12), "discharge": date(2026, 5, 16)}
    told = texts(claim(place_of_service="21", **dates))
    assert [t for t in told if t.startswith("DTP")][:2] == ["DTP*435*D8*20260512", "DTP*096*D8*20260516"]
    assert not [t for t in texts(claim(**dates)) if t.startswith("DTP*435")]


def person(role: ProviderRole, npi: str | None = "1245319599") -> Provider:
    return Provider(role, npi, first_name="Ola", last_name="Holm", id=f"{role}1")


def test_each_provider_has_its_loop():
    facility = Provider(ProviderRole.FACILITY, "1245319599", name="Oak Hospital", address=HOME)
    roles = (ProviderRole.REFERRING, ProviderRole.SUPERVISING, ProviderRole.ORDERING)
    got = segments(claim(providers=(CLINIC, DOCTOR, facility, *(person(r) for r in roles))))
    where = {p.segment[1]: p.path[-1] for p in walk(got, guide(CONVENTION)) if p.segment.id == "NM1"}
    assert where == {
        **{"41": "1000A", "40": "1000B", "85": "2010AA", "IL": "2010BA", "PR": "2010BB"},
        **{"DN": "2310A", "82": "2310B", "77": "2310C", "DQ": "2310D", "DK": "2420E"},
    }


def test_a_facility_that_is_the_clinic_is_not_repeated():
    own = replace(CLINIC, role=ProviderRole.FACILITY)
    assert not [t for t in texts(claim(providers=(CLINIC, own))) if t.startswith("NM1*77")]


def test_a_facility_elsewhere_of_the_same_clinic_is_named():
    branch = replace(CLINIC, role=ProviderRole.FACILITY, address=HOME)
    assert "NM1*77*2*ELM CLINIC*****XX*1234567893" in texts(claim(providers=(CLINIC, branch)))


def test_a_doctor_who_bills_is_not_repeated_as_rendering():
    solo = replace(CLINIC, name=None, first_name="Rea", last_name="Roe")
    told = texts(claim(providers=(solo, replace(DOCTOR, npi=solo.npi))))
    assert "NM1*85*1*ROE*REA****XX*1234567893" in told
    assert not [t for t in told if t.startswith("NM1*82")]


def test_a_referring_provider_without_a_number_is_named_without_one():
    assert "NM1*DN*1*HOLM*OLA" in texts(claim(providers=(CLINIC, person(ProviderRole.REFERRING, None))))


@pytest.mark.parametrize("named", ["dr2", "1245319599"])
def test_a_line_of_another_doctor_names_that_doctor(named: str):
    second = replace(DOCTOR, id="dr2", npi="1245319599", last_name="Other", taxonomy=None)
    lines = (line(1, provider="rendering"), line(2, provider=named))
    told = texts(claim(providers=(CLINIC, DOCTOR, second), lines=lines))
    assert [t for t in told if t.startswith("NM1*82")] == [
        "NM1*82*1*ROE*REA****XX*1003000126",
        "NM1*82*1*OTHER*REA****XX*1245319599",
    ]
    assert told.index("LX*2") < told.index("NM1*82*1*OTHER*REA****XX*1245319599")


def test_later_payers_are_told_in_order():
    second = Payer("60055", "Second Plan", "medicaid", "M2", subscriber=replace(PARENT, relationship="spouse"))
    third = Payer("60056", "Third Plan", "tricare", "M3", "G3")
    told = texts(claim(payers=(PAYER, second, third)))
    start = told.index("SBR*S*01*******MC")
    assert told[start : start + 8] == [
        "SBR*S*01*******MC",
        "OI***Y***Y",
        "NM1*IL*1*DOE*EVE****MI*M2",
        "NM1*PR*2*SECOND PLAN*****PI*60055",
        "SBR*T*18*G3******CH",
        "OI***Y***Y",
        "NM1*IL*1*DOE*ANA****MI*M3",
        "NM1*PR*2*THIRD PLAN*****PI*60056",
    ]


@pytest.mark.parametrize(
    ("changes", "sv1"),
    [
        ({"modifiers": ("25", "59", "LT", "XS")}, "SV1*HC:99213:25:59:LT:XS*125*UN*1***1:2"),
        ({"units": Decimal("0.500")}, "SV1*HC:99213*125*UN*.5***1:2"),
        ({"units": Decimal("1E+2")}, "SV1*HC:99213*125*UN*100***1:2"),
        ({"charge": Money.parse("0")}, "SV1*HC:99213*0*UN*1***1:2"),
        ({"charge": Money.parse("1234567.80")}, "SV1*HC:99213*1234567.8*UN*1***1:2"),
        ({"place_of_service": "12"}, "SV1*HC:99213*125*UN*1*12**1:2"),
        ({"place_of_service": "11"}, "SV1*HC:99213*125*UN*1***1:2"),
        ({"pointers": (2,)}, "SV1*HC:99213*125*UN*1***2"),
    ],
)
def test_a_line_is_exact(changes: dict[str, object], sv1: str):
    assert sv1 in texts(claim(lines=(line(**changes),)))


def test_a_line_over_several_days_has_a_period():
    assert "DTP*472*RD8*20260514-20260516" in texts(claim(lines=(line(end=date(2026, 5, 16)),)))


def test_a_drug_has_its_code_and_quantity():
    told = texts(claim(lines=(line(ndc=DrugCode("0409-3793-01", Decimal("2.50"), "ML")),)))
    assert told[told.index("LIN**N4*00409379301") + 1] == "CTP****2.5*ML"


def test_twelve_diagnoses_stand_without_dots():
    twelve = tuple(d for c in claims(40, 5) for d in c.diagnoses if len(c.diagnoses) == 12)[:12]
    (hi,) = (s for s in segments(claim(diagnoses=twelve)) if s.id == "HI")
    assert [hi.components(n)[0] for n in range(1, 13)] == ["ABK", *["ABF"] * 11]
    assert "." not in hi.text


def test_an_address_abroad_names_its_country():
    abroad = replace(PATIENT, address=Address("5 Rue Été", None, "Genève", None, "1201", "CH"))
    told = texts(claim(patient=abroad))
    assert told[told.index("N3*5 RUE ETE") + 1] == "N4*GENEVE**1201*CH"


def test_a_name_in_any_latin_letters_is_carried():
    assert "NM1*IL*1*O'NEIL-MULLER*ZOE*ELAN***MI*M123" in texts(
        claim(patient=replace(PATIENT, first_name="Zoë", middle_name="Élan", last_name="O’Neil–Müller"))
    )


def test_identifiers_keep_their_letters():
    assert [s[1] for s in segments(claim(id="aBc1")) if s.id == "CLM"] == ["aBc1"]


def test_other_separators_are_used_throughout():
    usual = envelope()
    strange = replace(
        usual,
        interchange=replace(usual.interchange, separators=Separators("|", ">", "!", "\n")),
        contact_email="a@b.org",
    )
    written = write_837p([claim()], strange)
    assert [s.id for s in read(written)] == [s.id for s in segments(claim())]
    assert b"PER|IC|PAT BILLING|TE|5155550100|EM|a@b.org\n" in written


def test_the_same_claims_give_the_same_bytes():
    assert write_837p(claims(20, 3), envelope()) == write_837p(claims(20, 3), envelope())


@pytest.mark.parametrize("seed", range(4))
def test_every_generated_file_follows_the_order_of_the_guide(seed: int):
    got = list(read(write_837p(claims(50, seed), envelope())))
    assert [f for p in walk(got, guide(CONVENTION)) for f in p.faults] == []
    assert list(envelope_faults(got)) == []


@pytest.mark.parametrize("seed", range(4))
def test_the_claims_amount_is_always_the_sum_of_its_lines(seed: int):
    amounts: list[tuple[Decimal, Decimal]] = []
    for segment in read(write_837p(claims(50, seed), envelope())):
        if segment.id == "CLM":
            amounts.append((Decimal(segment[2]), Decimal(0)))
        elif segment.id == "SV1":
            claimed, summed = amounts.pop()
            amounts.append((claimed, summed + Decimal(segment[2])))
    assert len(amounts) == 50
    assert all(claimed == summed for claimed, summed in amounts)


def test_an_envelope_says_whom_to_ask():
    e = envelope()
    assert isinstance(e, Envelope)
    with pytest.raises(Exception, match="a phone number or an e-mail address"):
        replace(e, contact_phone=None)


def test_a_patient_without_a_first_name_has_none():
    nameless = Patient("p", PATIENT.sex, PATIENT.birth_date, last_name="Doe", address=HOME)
    assert "NM1*IL*1*DOE*****MI*M123" in texts(claim(patient=nameless))
