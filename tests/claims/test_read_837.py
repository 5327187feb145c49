"""An 837 in, claims out: every field of both kinds, and what stands above a claim."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

import pytest

from leadterm.claims import read_837
from leadterm.domain import (
    ClaimType,
    ClaimValue,
    CodeSystem,
    InputError,
    LineAdjudication,
    Money,
    Occurrence,
    Poa,
    PriorAdjustment,
    ProviderRole,
    Role,
    Sex,
)

from .files_837 import CHILD, CLAIM, LEVELS, STAY, claim, file, one, parts, told


def dollars(text: str) -> Money:
    return Money.parse(text)


class TestProfessional:
    def test_nothing_is_wrong_with_it(self) -> None:
        assert told(file(CLAIM)) == []

    def test_its_own_words(self) -> None:
        read = claim()
        assert (read.id, read.claim_type, read.place_of_service, read.frequency) == (
            "A1",
            ClaimType.PROFESSIONAL,
            "11",
            "1",
        )
        assert (read.accept_assignment, read.release, read.prior_authorization) == (True, True, "P1")

    def test_diagnoses_in_order(self) -> None:
        assert [(d.code.value, d.role) for d in claim().diagnoses] == [
            ("E11.9", Role.FIRST_LISTED),
            ("I10", Role.SECONDARY),
        ]

    def test_lines(self) -> None:
        first, second = claim().lines
        assert (str(first.code), first.modifiers, first.pointers) == ("99213", ("25",), (1, 2))
        assert (first.units, first.unit, first.charge, first.start) == (
            Decimal(1),
            "UN",
            dollars("125"),
            date(2026, 5, 14),
        )
        assert second.ndc is not None
        assert (second.ndc.code, second.ndc.quantity, second.ndc.unit) == ("00409379301", Decimal(1), "ML")

    def test_providers_by_role(self) -> None:
        billing, rendering = claim().providers
        assert (billing.role, billing.npi, billing.tax_id, billing.name) == (
            ProviderRole.BILLING,
            "1234567893",
            "123456789",
            "CLINIC",
        )
        assert (rendering.role, rendering.last_name, rendering.taxonomy) == (
            ProviderRole.RENDERING,
            "ROE",
            "207R00000X",
        )

    def test_a_patient_who_holds_the_policy(self) -> None:
        read = claim()
        assert (read.patient.last_name, read.patient.birth_date, read.patient.sex) == (
            "DOE",
            date(1959, 3, 2),
            Sex.FEMALE,
        )
        assert read.subscriber.relationship == "self"
        (payer,) = read.payers
        assert (payer.id, payer.name, payer.type, payer.member_id) == ("60054", "PLAN", "commercial", "M1")

    def test_a_child_of_the_subscriber(self) -> None:
        read = claim(levels=CHILD)
        assert (read.patient.first_name, read.patient.birth_date) == ("ANA", date(2019, 3, 2))
        assert (read.subscriber.relationship, read.subscriber.first_name) == ("child", "EVE")
        assert (read.payers[0].member_id, read.payers[0].group) == ("M1", "G9")

    def test_an_accident_with_its_state(self) -> None:
        body = CLAIM.replace("*Y*A*Y*Y~", "*Y*A*Y*Y**AA:EM::IA~DTP*439*D8*20260501~")
        assert claim(body).accident == {"type": "auto", "also": ["employment"], "state": "IA", "date": "2026-05-01"}

    def test_what_a_line_says_of_itself(self) -> None:
        body = CLAIM.replace("SV1*HC:99213:25*125*UN*1***1:2~", "SV1*HC:99499:::::A LETTER*125*MJ*15*22**1**Y**Y*Y~")
        (line, _) = claim(body).lines
        assert (line.unit, line.units, line.place_of_service, line.description) == ("MJ", Decimal(15), "22", "A LETTER")
        assert (line.emergency, line.epsdt, line.family_planning) == (True, True, True)

    def test_a_line_of_another_provider(self) -> None:
        body = CLAIM.replace("REF*6R*1~", "REF*6R*L-7~REF*G1*P2~NM1*82*1*VOE*IDA****XX*1043218118~")
        read = claim(body)
        assert read.lines[0].provider == "1043218118"
        assert (read.lines[0].control_number, read.lines[0].prior_authorization) == ("L-7", "P2")
        assert [p.npi for p in read.providers if p.role is ProviderRole.RENDERING] == ["1003000126", "1043218118"]

    def test_numbers_dates_and_paperwork_of_the_claim(self) -> None:
        more = "PWK*OZ*BM***AC*X77~AMT*F5*20~REF*9F*RF1~REF*F8*ICN1~REF*X4*16D0123456~"
        body = CLAIM.replace("11:B:1", "11:B:7").replace("REF*G1*P1~", f"{more}REF*G1*P1~")
        read = claim(body)
        assert (read.frequency, read.payer_control_number, read.referral, read.clia) == (
            "7",
            "ICN1",
            "RF1",
            "16D0123456",
        )
        assert read.patient_paid == dollars("20")
        (added,) = read.attachments
        assert (added.type, added.transmission, added.number) == ("OZ", "BM", "X77")


OTHER_PAYER = (
    "SBR*P*01**OLD PLAN*****12~CAS*PR*1*25**2*15~AMT*D*80~AMT*EAF*40~OI***Y***Y~NM1*IL*1*DOE*JAN****MI*J7~"
    "NM1*PR*2*FIRST PLAN*****PI*999~DTP*573*D8*20260601~REF*F8*ICN9~"
)
DECIDED = "SVD*999*80*HC:99213:25**1~CAS*CO*45*5~CAS*PR*1*25**2*15~DTP*573*D8*20260601~AMT*EAF*40~"


class TestEarlierPayers:
    LEVELS = LEVELS.replace("SBR*P*18", "SBR*S*18")
    BODY = CLAIM.replace("LX*1~", f"{OTHER_PAYER}LX*1~").replace("REF*6R*1~", f"REF*6R*1~{DECIDED}")

    def test_the_payer_who_is_asked_comes_first_and_both_say_when_they_pay(self) -> None:
        asked, before = claim(self.BODY, levels=self.LEVELS).payers
        assert (asked.id, asked.responsibility, before.id, before.responsibility) == ("60054", "S", "999", "P")
        assert (before.subscriber.relationship, before.subscriber.first_name, before.group_name) == (
            "spouse",
            "JAN",
            "OLD PLAN",
        )
        assert (before.type, before.filing, before.member_id) == ("commercial", "12", "J7")

    def test_what_it_decided_of_the_claim(self) -> None:
        _, before = claim(self.BODY, levels=self.LEVELS).payers
        decided = before.adjudication
        assert decided is not None
        assert (decided.paid, decided.remaining, decided.date) == (dollars("80"), dollars("40"), date(2026, 6, 1))
        assert decided.control_number == "ICN9"
        assert decided.adjustments == (
            PriorAdjustment("PR", "1", dollars("25")),
            PriorAdjustment("PR", "2", dollars("15")),
        )

    def test_what_it_decided_of_a_line(self) -> None:
        _, before = claim(self.BODY, levels=self.LEVELS).payers
        assert before.adjudication is not None
        (line,) = before.adjudication.lines
        assert isinstance(line, LineAdjudication)
        assert (line.line, line.paid, str(line.code), line.modifiers) == (1, dollars("80"), "99213", ("25",))
        assert [(a.group, a.reason, str(a.amount)) for a in line.adjustments] == [
            ("CO", "45", "5.00"),
            ("PR", "1", "25.00"),
            ("PR", "2", "15.00"),
        ]
        assert (line.date, line.remaining) == (date(2026, 6, 1), dollars("40"))

    def test_a_payer_who_has_decided_nothing_has_no_decision(self) -> None:
        later = "SBR*S*18*******MB~OI***Y***Y~NM1*IL*1*DOE*ANA****MI*Z1~NM1*PR*2*SECOND*****PI*888~"
        _, other = claim(CLAIM.replace("LX*1~", f"{later}LX*1~", 1)).payers
        assert (other.adjudication, other.responsibility, other.subscriber.last_name) == (None, None, None)

    def test_a_decision_of_nobody_on_the_claim_is_told(self) -> None:
        body = self.BODY.replace("SVD*999", "SVD*111")
        assert ("element", "What SVD01 names on line 1 is none of the claim's other payers.") in told(
            file(body, levels=self.LEVELS)
        )


class TestInstitutional:
    def test_nothing_is_wrong_with_it(self) -> None:
        assert told(file(STAY, "I")) == []

    def test_bill_and_stay(self) -> None:
        read = claim(STAY, "I")
        assert (read.type_of_bill, read.frequency, read.place_of_service) == ("0111", "1", None)
        assert (read.admission, read.discharge) == (datetime(2026, 5, 4, 14, 30), datetime(2026, 5, 7, 11, 30))
        assert (read.admit_type, read.admit_source, read.disposition) == ("1", "1", "01")
        assert read.statement is not None
        assert (read.statement.start, read.statement.end) == (date(2026, 5, 4), date(2026, 5, 7))
        assert (read.drg, read.patient.id) == ("481", "MR77")

    def test_diagnoses_with_their_roles_and_indicators(self) -> None:
        assert [(d.code.value, d.role, d.poa) for d in claim(STAY, "I").diagnoses] == [
            ("S72.001A", Role.PRINCIPAL, Poa.YES),
            ("W01.0XXA", Role.EXTERNAL_CAUSE, Poa.YES),
            ("I10", Role.SECONDARY, Poa.YES),
            ("Z87.891", Role.SECONDARY, Poa.EXEMPT),
            ("M25.551", Role.ADMITTING, None),
        ]

    def test_procedures_occurrences_values_conditions(self) -> None:
        read = claim(STAY, "I")
        (operation,) = read.procedures
        assert (operation.code.value, operation.code.system, operation.date) == (
            "0SRR0J9",
            CodeSystem.ICD10PCS,
            date(2026, 5, 5),
        )
        assert read.occurrences == (
            Occurrence("74", date(2026, 5, 5), date(2026, 5, 6)),
            Occurrence("11", date(2026, 5, 4)),
        )
        assert read.values == (ClaimValue("01", dollars("1200")),)
        assert read.condition_codes == ("17",)

    def test_lines(self) -> None:
        room, theatre = claim(STAY, "I").lines
        assert (room.revenue_code, room.code, room.unit, room.units) == ("0120", None, "DA", Decimal(3))
        assert (room.start, room.end, room.dated) == (date(2026, 5, 4), date(2026, 5, 7), False)
        assert (str(theatre.code), theatre.modifiers, theatre.noncovered, theatre.dated) == (
            "27130",
            ("RT",),
            dollars("100"),
            True,
        )

    def test_attending_and_operating(self) -> None:
        roles = {p.role: p.last_name for p in claim(STAY, "I").providers}
        assert (roles[ProviderRole.ATTENDING], roles[ProviderRole.OPERATING]) == ("ROE", "POE")

    def test_a_patient_who_is_still_there_has_not_been_discharged(self) -> None:
        body = STAY.replace("CL1*1*1*01", "CL1*1*1*30").replace("DTP*096*TM*1130~", "").replace("11:A:1", "11:A:2")
        read = claim(body, "I")
        assert (read.discharge, read.type_of_bill, read.frequency) == (None, "0112", "2")

    def test_without_an_hour_of_discharge_it_is_the_last_day_of_the_statement(self) -> None:
        assert claim(STAY.replace("DTP*096*TM*1130~", ""), "I").discharge == date(2026, 5, 7)

    def test_an_hour_that_nobody_knew_leaves_the_day(self) -> None:
        assert claim(STAY.replace("202605041430", "202605049900"), "I").admission == date(2026, 5, 4)

    def test_a_rate_code_and_reasons_for_the_visit(self) -> None:
        body = STAY.replace("SV2*0120**3600*DA*3~", "SV2*0022*HP:NHNC1*3600*UN*3~").replace(
            "HI*ABJ:M25551~", "HI*APR:R079*APR:R0602~"
        )
        read = claim(body, "I")
        assert (read.lines[0].hipps, read.lines[0].code, read.lines[0].revenue_code) == ("NHNC1", None, "0022")
        assert [d.code.value for d in read.diagnoses if d.role is Role.REASON_FOR_VISIT] == ["R07.9", "R06.02"]

    def test_codes_of_the_ninth_revision_are_read_as_what_they_are(self) -> None:
        body = STAY.replace("HI*ABK:S72001A:::::::Y~", "HI*BK:82000~").replace("BBR:0SRR0J9", "BR:8151")
        read = claim(body, "I")
        assert (read.diagnoses[0].code.system, read.diagnoses[0].code.value) == (CodeSystem.ICD9CM, "820.00")
        assert (read.procedures[0].code.system, read.procedures[0].code.value) == (CodeSystem.ICD9PROC, "81.51")


class TestWhereAClaimStands:
    def test_its_envelopes_its_day_and_its_segment(self) -> None:
        place = one().place
        assert (place.interchange, place.group, place.transaction) == ("000000001", "1", "0001")
        assert (place.created, place.position) == (date(2026, 5, 14), 20)
        assert file(CLAIM)[place.offset :].startswith(b"CLM*A1")

    def test_findings_of_others_are_given_their_segment(self) -> None:
        from leadterm.domain import Finding, Severity

        source = file(CLAIM)
        ((read,), _) = parts(source)
        found = [
            Finding("f1", "R:1/a", Severity.ERROR, "…", location={"claim": "A1", "segment": "HI"}),
            Finding("f2", "R:1/b", Severity.ERROR, "…", location={"claim": "A1", "line": 2, "segment": "SV1"}),
            Finding("f3", "R:1/c", Severity.ERROR, "…", location={"claim": "A1", "segment": "NM1*85"}),
            Finding("f4", "R:1/d", Severity.ERROR, "…", location={"claim": "A1", "segment": "REF*F8"}),
            Finding("f5", "R:1/e", Severity.ERROR, "…", location={"claim": "A1", "line": 1, "segment": "LIN"}),
        ]
        places = [f.location or {} for f in read.located(found)]
        assert [p.get("loop") for p in places] == ["2300", "2400", "2010AA", None, "2400"]
        starts = [source[p["offset"] :].split(b"~")[0] for p in places if "offset" in p]
        assert starts == [
            b"HI*ABK:E119*ABF:I10",
            b"SV1*HC:J1885*40*UN*2***1",
            b"NM1*85*2*CLINIC*****XX*1234567893",
            b"LX*1",
        ]


class TestManyClaims:
    def test_claims_of_one_subscriber_share_what_stands_above_them(self) -> None:
        claims, around = parts(file(CLAIM + CLAIM.replace("*A1*", "*A2*")))
        assert [c.number for c in claims] == ["A1", "A2"]
        assert around == []
        assert claims[0].claim is not None
        assert claims[1].claim is not None
        assert claims[0].claim.patient == claims[1].claim.patient

    def test_professional_and_institutional_in_one_stream(self) -> None:
        read, _ = parts(file(CLAIM) + b"\r\n" + file(STAY, "I"))
        assert [c.claim and c.claim.claim_type for c in read] == [ClaimType.PROFESSIONAL, ClaimType.INSTITUTIONAL]

    def test_bytes_a_file_and_chunks_say_the_same(self) -> None:
        source = file(CLAIM)
        chunks = [source[at : at + 7] for at in range(0, len(source), 7)]
        whole = list(read_837(source))
        assert whole == list(read_837(io.BytesIO(source))) == list(read_837(chunks))

    def test_a_claim_is_given_before_the_next_one_is_read(self) -> None:
        broken = file(CLAIM + CLAIM.replace("*A1*", "*A2*"))[:-60]
        stream = read_837(broken)
        first = next(stream)
        assert getattr(first, "number", "") == "A1"
        with pytest.raises(InputError, match="not closed"):
            list(stream)
