"""Diagnoses in, comorbidities out; equal to two independent packages on random patients."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.codesets import CodeBook
from leadterm.grouping import Comorbidity, Index, WhyNot, comorbidity_of, comorbidity_of_year
from leadterm.grouping._tables import rows
from leadterm.grouping.comorbidity import age_points, charlson, elixhauser

from .notation import coded
from .patients import every_code, patients, unlike_elixhauser_ahrq, unlike_pycomorb

STAY = "inpatient F76 2026-05-14: {}"
MANY, IN_THE_DEFAULT_RUN = 10_000, 400


def of(text: str) -> Comorbidity:
    found = comorbidity_of(coded(STAY.format(text)))
    assert isinstance(found, Comorbidity), found
    return found


def ahrq(text: str) -> Index:
    found = of(text).ahrq
    assert isinstance(found, Index), found
    return found


def keys(index: Index) -> list[str]:
    return [condition.key for condition in index.conditions]


# --- Charlson ---


def test_conditions_name_their_codes_and_weights() -> None:
    found = of("I50.23 E11.22 E11.9 N18.4").charlson
    assert keys(found) == ["heart-failure", "diabetes-complicated", "renal"]
    assert found.conditions[0].codes == ("I50.23",)
    assert dict(found.conditions[2].weights) == {"charlson_1987": 2, "quan_2011": 1}


def test_the_graver_of_two_kinds_counts() -> None:
    found = of("E11.9 E11.22 C50.911 C78.00 K70.0 K76.7").charlson
    assert {g.key: g.to for g in found.gave_way} == {
        "diabetes": "diabetes-complicated",
        "malignancy": "metastatic",
        "liver-mild": "liver-severe",
    }
    assert dict(found.scores) == {"charlson_1987": 11, "quan_2011": 11, "age_points": 3, "age_adjusted": 14}


def test_without_an_age_there_are_no_age_points() -> None:
    found = comorbidity_of(coded("inpatient F 2026-05-14: I50.23"))
    assert isinstance(found, Comorbidity)
    assert dict(found.charlson.scores) == {"charlson_1987": 1, "quan_2011": 2}


@pytest.mark.parametrize(("age", "points"), [(0, 0), (49, 0), (50, 1), (59, 1), (60, 2), (79, 3), (80, 4), (104, 4)])
def test_age_adds_a_point_a_decade(age: int, points: int) -> None:
    assert age_points(age) == points


# --- Elixhauser ---


def test_elixhauser_counts_and_weighs() -> None:
    found = of("I50.23 D69.6 E66.9 I10 E11.9").elixhauser
    assert keys(found) == ["heart-failure", "hypertension", "diabetes", "coagulopathy", "obesity"]
    assert dict(found.scores) == {"count": 5, "van_walraven": 7 + 3 - 4}


def test_a_code_may_open_two_conditions() -> None:
    assert keys(of("K70.30").elixhauser) == ["liver", "alcohol"]
    assert keys(of("F31.5").elixhauser) == ["psychoses", "depression"]
    assert keys(of("I13.2").charlson) == ["heart-failure"]


def test_several_encounters_are_put_together() -> None:
    found = comorbidity_of_year([coded(STAY.format("I50.23")), coded(STAY.format("E11.9"))])
    assert isinstance(found, Comorbidity)
    assert keys(found.charlson) == ["heart-failure", "diabetes"]
    assert found.ahrq == WhyNot("The measures of AHRQ are of one discharge.")


def test_without_a_diagnosis_there_is_nothing() -> None:
    assert comorbidity_of(coded("professional: line:99213")) == WhyNot("No diagnosis is coded.")


# --- AHRQ ---


def test_the_principal_diagnosis_opens_nothing() -> None:
    assert keys(ahrq("I50.23/Y E11.22/Y")) == ["DIAB_CX"]
    assert keys(ahrq("E11.22/Y I50.23/Y")) == ["HF"]


def test_what_came_later_does_not_count() -> None:
    found = ahrq("A41.9/Y I50.23/N E11.22/N D69.6 J44.9")
    assert keys(found) == ["DIAB_CX", "LUNG_CHRONIC"]
    assert {(n.code, n.key): n.why for n in found.not_counted} == {
        ("I50.23", "HF"): "It was not present on admission.",
        ("D69.6", "COAG"): "Whether it was present on admission is not told.",
    }


@pytest.mark.parametrize("poa", ["Y", "W", "exempt"])
def test_what_was_present_or_is_exempt_counts(poa: str) -> None:
    assert keys(ahrq(f"A41.9/Y I50.23/{poa}")) == ["HF"]


def test_a_sequela_counts_unless_a_stroke_came_about() -> None:
    assert keys(ahrq("A41.9/Y I69.351/Y")) == ["CBVD", "PARALYSIS"]
    later = ahrq("A41.9/Y I69.351/Y I63.9/N")
    assert keys(later) == ["PARALYSIS"]
    assert {n.code for n in later.not_counted if n.key == "CBVD"} == {"I63.9", "I69.351"}
    assert keys(ahrq("A41.9/Y I69.351/Y I63.9/N I63.411/Y")) == ["CBVD", "PARALYSIS"]


def test_leukemia_counts_beside_metastases_and_a_solid_tumor_does_not() -> None:
    found = ahrq("A41.9/Y C78.00/Y C50.911/Y C91.10/Y D05.11/Y")
    assert keys(found) == ["CANCER_LEUK", "CANCER_METS"]
    assert {g.key: g.to for g in found.gave_way} == {"CANCER_SOLID": "CANCER_METS", "CANCER_NSITU": "CANCER_METS"}


def test_the_indices_are_sums_of_weights() -> None:
    assert dict(ahrq("A41.9/Y I50.23/Y D69.6/Y E66.9").scores) == {
        "count": 3,
        "mortality": 14 + 14 - 7,
        "readmission": 7 + 3 - 2,
    }


def test_another_year_and_another_setting_are_told() -> None:
    found = comorbidity_of(coded("outpatient F76 2024-05-14: I10 I50.23"))
    assert isinstance(found, Comorbidity)
    assert isinstance(found.ahrq, Index)
    assert found.ahrq.remark is not None
    assert "No present-on-admission indicators here" in found.ahrq.remark
    assert "v2026.1 is of discharges from 2025-10-01 to 2026-09-30" in found.ahrq.remark
    assert ahrq("A41.9/Y").remark is None


# --- the tables ---


@pytest.mark.parametrize(("table", "number"), [("charlson.tsv", 17), ("elixhauser.tsv", 31), ("ahrq.tsv", 38)])
def test_every_condition_gives_way_to_one_of_its_table(table: str, number: int) -> None:
    listed = [row["key"] for row in rows(table)]
    assert len(set(listed)) == len(listed) == number
    assert {key for row in rows(table) for key in row["gives_way_to"].split()} < set(listed)


def test_every_code_of_ahrq_opens_a_measure_of_ahrq() -> None:
    measures = {row["key"] for row in rows("ahrq.tsv")} | {"CBVD_POA", "CBVD_SQLA"}
    opened = {key for row in rows("ahrq_codes.tsv") for key in row["measures"].split()}
    assert opened == measures - {"CBVD"}
    assert len(rows("ahrq_codes.tsv")) == 4567


# --- the oracles ---


@pytest.fixture(scope="module")
def every(book: CodeBook) -> list[str]:
    return every_code(book)


def test_charlson_and_elixhauser_are_those_of_pycomorb(every: list[str]) -> None:
    pytest.importorskip("pycomorb", reason="pycomorb is not installed (requirements/dev.txt)")
    assert unlike_pycomorb([*patients(IN_THE_DEFAULT_RUN, every)]) == []


def test_the_measures_of_ahrq_are_those_of_elixhauser_ahrq(every: list[str]) -> None:
    pytest.importorskip("elixhauser_ahrq", reason="elixhauser-ahrq is not installed (requirements/dev.txt)")
    unlike, known = unlike_elixhauser_ahrq([*patients(IN_THE_DEFAULT_RUN, every)])
    assert unlike == []
    assert known.total() < IN_THE_DEFAULT_RUN / 10


@pytest.mark.slow
def test_ten_thousand_patients(every: list[str]) -> None:
    pytest.importorskip("pycomorb", reason="pycomorb is not installed (requirements/dev.txt)")
    pytest.importorskip("elixhauser_ahrq", reason="elixhauser-ahrq is not installed (requirements/dev.txt)")
    some = [*patients(MANY, every)]
    assert unlike_pycomorb(some) == []
    unlike, known = unlike_elixhauser_ahrq(some)
    assert unlike == []
    assert set(known) == {"CANCER_LEUK", "CANCER_LYMPH", "CANCER_NSITU", "CBVD"}
    assert known.total() < MANY / 10


@given(st.permutations(["I5023", "E1122", "E119", "C7800", "C50911", "K7030", "D696"]))
def test_order_changes_nothing(codes: list[str]) -> None:
    assert charlson(codes, 70) == charlson(sorted(codes), 70)
    assert elixhauser(codes) == elixhauser(sorted(codes))
