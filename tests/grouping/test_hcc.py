"""Diagnoses in, HCCs out; categories and score are those of a direct call of the package."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadterm.codesets import CodeBook
from leadterm.domain import CodedEncounter
from leadterm.grouping import Category, Hccs, Score, Superseded, WhyNot, hccs_of
from leadterm.grouping import _hccinfhir as adapter
from leadterm.grouping.hcc import payment_year, scored

from .notation import coded

pytest.importorskip("hccinfhir", reason="hccinfhir is not installed (the extra grouping)")
DIABETIC = "outpatient F74 2026-05-14: E11.22 N18.4 I50.23 I50.9"


def hccs(text: str, model: str = "V28") -> Hccs:
    found = hccs_of(coded(text))
    assert not isinstance(found, WhyNot), found
    (one,) = (each for each in found if each.model == model)
    return one


def numbers(found: Hccs) -> list[str]:
    return [category.number for category in found.categories]


def score(found: Hccs) -> Score:
    assert isinstance(found.score, Score), found.score
    return found.score


# --- categories ---


def test_a_category_names_its_codes() -> None:
    found = hccs(DIABETIC)
    assert found.categories == (
        Category("37", "Diabetes with Chronic Complications", ("E11.22",), Decimal("0.166")),
        Category("224", "Acute on Chronic Heart Failure", ("I50.23",), Decimal("0.360")),
        Category("327", "Chronic Kidney Disease, Severe (Stage 4)", ("N18.4",), Decimal("0.514")),
    )


def test_the_lower_category_gives_way() -> None:
    assert hccs(DIABETIC).superseded == (
        Superseded("226", "Heart Failure, Except End-Stage and Acute", ("I50.9",), "HCC 224 counts in its place."),
    )


def test_only_a_category_that_counts_takes_the_place_of_others() -> None:
    found = hccs("outpatient F74 2026-05-14: E11.65 E11.22 E11.9 Z94.83 E10.9 E11.00")
    assert {s.why for s in found.superseded} <= {f"HCC {n} counts in its place." for n in numbers(found)}
    assert found.superseded


def test_the_models_differ() -> None:
    found = hccs(DIABETIC, "V24")
    assert numbers(found) == ["18", "85", "137"]
    assert found.categories[1].codes == ("I50.23", "I50.9")


def test_a_category_that_stands_alone_and_may_not_says_so() -> None:
    found = hccs("outpatient F74 2026-05-14: Z95.811")
    assert [(s.number, s.why) for s in found.superseded] == [
        ("223", "Counts only beside another category of its family.")
    ]


def test_codes_without_a_category_open_none() -> None:
    found = hccs("outpatient F74 2026-05-14: I10 R05.9")
    assert (found.categories, found.superseded) == ((), ())
    assert [name for name, _ in score(found).parts] == ["F70_74"]


def test_rejected_codes_open_nothing() -> None:
    assert numbers(hccs("outpatient F74 2026-05-14: I10 -E11.22 -I50.23")) == []


def test_codes_of_a_stay_and_of_a_visit_count_alike() -> None:
    assert numbers(hccs("inpatient F74 2026-05-14: E11.22 N18.4 pcs:0SR9019")) == ["37", "327"]


# --- score ---


def test_the_score_is_the_sum_of_its_parts() -> None:
    found = score(hccs(DIABETIC))
    assert dict(found.parts) == {
        "F70_74": Decimal("0.395"),
        "HCC 37": Decimal("0.166"),
        "HCC 224": Decimal("0.36"),
        "HCC 327": Decimal("0.514"),
        "DIABETES_HF_V28": Decimal("0.112"),
        "HF_KIDNEY_V28": Decimal("0.176"),
    }
    assert found.raw == Decimal("1.723") == sum(dict(found.parts).values())


def test_age_is_that_of_february_of_the_payment_year() -> None:
    text = "outpatient F 2026-05-14: E11.22 born:{}"
    ages = [score(hccs(text.format(born))).age for born in ("1952-02-01", "1952-02-02")]
    assert ages == [75, 74]
    assert "on 1 February of the payment year" in score(hccs(text.format("1952-02-01"))).assumed[0]


def test_an_age_without_a_birth_date_is_taken_as_it_is() -> None:
    found = score(hccs(DIABETIC))
    assert (found.age, found.assumed[0]) == (74, "Entitled by age, 74 years old (as the record gives it).")


def test_who_is_under_65_is_taken_as_disabled() -> None:
    found = score(hccs("outpatient M50 2026-05-14: E11.22"))
    assert "Entitled by disability" in found.assumed[0]
    assert found.parts[0][0] == "M45_54"


@pytest.mark.parametrize(
    ("who", "lacking"), [("F", "age"), ("U70", "sex"), ("U", "age and sex")], ids=["age", "sex", "both"]
)
def test_without_age_or_sex_there_are_categories_and_no_score(who: str, lacking: str) -> None:
    found = hccs(f"outpatient {who} 2026-05-14: E11.22")
    assert found.score == WhyNot(f"No score without the patient's {lacking}.")
    assert [(c.number, c.coefficient) for c in found.categories] == [("37", None)]


def test_a_score_is_rounded_half_up() -> None:
    assert scored([Decimal("0.1235"), Decimal("0.1")]) == Decimal("0.224")
    assert scored([]) == 0


def test_edits_by_age_and_sex_are_those_of_the_model() -> None:
    assert numbers(hccs("outpatient M70 2026-05-14: D66")) != numbers(hccs("outpatient F70 2026-05-14: D66"))


# --- years ---


def test_a_visit_counts_for_the_next_year() -> None:
    assert payment_year(date(2025, 12, 31)) == 2026
    assert [(h.model, h.payment_year) for h in _all("outpatient F74 2025-05-14: E11.22")] == [
        ("V28", 2026),
        ("V24", 2026),
    ]


def test_a_code_counts_in_the_year_that_knows_it() -> None:
    # Obesity classes began in October 2024, the types of multiple sclerosis in October 2025.
    assert numbers(hccs("outpatient F74 2024-11-14: E66.813")) == ["48"]
    assert numbers(hccs("outpatient F74 2025-11-14: G35.A")) == ["198"]
    assert numbers(hccs("outpatient F74 2025-05-14: G35")) == ["198"]


def test_a_mapping_of_another_year_is_told() -> None:
    assert hccs(DIABETIC).remark is None
    expected = "There is no V24 mapping for payment year 2027: that of 2026 answers."
    assert hccs(DIABETIC, "V24").remark == expected
    assert hccs("outpatient F74 2034-05-14: E11.22").remark == (
        "There is no V28 mapping for payment year 2035: that of 2027 answers."
    )


def test_v28_begins_with_payment_year_2024() -> None:
    assert [h.model for h in _all("outpatient F74 2022-05-14: E11.22")] == ["V24"]
    found = hccs_of(coded("outpatient F74 2012-05-14: E11.22"))
    assert found == WhyNot("Payment year 2013 is before the models that are known.")


def test_without_a_date_there_is_no_payment_year() -> None:
    found = hccs_of(coded("outpatient F74: E11.22"))
    assert found == WhyNot("The encounter has no date, which decides the payment year.")


def test_the_mappings_of_the_package_are_all_known() -> None:
    """A new release of the package with another year wants a line in `MAPPINGS`."""
    import hccinfhir

    data = Path(hccinfhir.__file__).parent / "data"
    found = {int(path.stem.rpartition("_")[2]) for path in data.glob("ra_dx_to_cc_*.csv")}
    assert found == {year for years in adapter.MAPPINGS.values() for year in years.values()}
    coefficients = {path.name for path in data.glob("ra_*coefficients_*.csv")}
    assert coefficients == {f"ra_coefficients_{y}.csv" for y in (2025, 2026)} | {"ra_proposed_coefficients_2027.csv"}


# --- the package behind its port ---


def test_an_absent_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hccinfhir", None)
    adapter.installed_models.cache_clear()
    try:
        assert hccs_of(coded(DIABETIC)) == WhyNot(
            "The models of risk adjustment are not installed: pip install 'leadterm[grouping]'."
        )
    finally:
        adapter.installed_models.cache_clear()


def test_tables_that_lie_in_the_current_folder_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for year in (2025, 2026, 2027):
        (tmp_path / f"ra_dx_to_cc_{year}.csv").write_text("diagnosis_code,cc,model_name\nI10,1,CMS-HCC Model V28\n")
    monkeypatch.chdir(tmp_path)
    fresh = adapter.Hccinfhir()
    found = hccs_of(coded("outpatient F74 2026-05-14: I10 E11.22"), fresh)
    assert not isinstance(found, WhyNot)
    assert numbers(found[0]) == ["37"]


def test_asking_twice_gives_the_same() -> None:
    assert hccs_of(coded(DIABETIC)) == hccs_of(coded(DIABETIC))


# --- the oracle: random encounters ---

SEED = 20261122
ENCOUNTERS = 200


def encounters(book: CodeBook) -> Iterator[CodedEncounter]:
    draw = random.Random(SEED)
    mapped = sorted({code for code, model in _mapping(2027) if model == "CMS-HCC Model V28"})
    written = [code if len(code) < 4 else f"{code[:3]}.{code[3:]}" for code in mapped]
    every = [row.code for row in book.titles() if row.billable]
    for _ in range(ENCOUNTERS):
        codes = [draw.choice(draw.choice((written, every))) for _ in range(draw.randint(1, 12))]
        yield coded(f"outpatient {draw.choice('FM')}{draw.randint(20, 99)} 2025-05-14: {' '.join(codes)}")


def _mapping(year: int) -> Any:
    from hccinfhir.utils import load_dx_to_cc_mapping

    return load_dx_to_cc_mapping(f"ra_dx_to_cc_{year}.csv")


@pytest.mark.parametrize("model", ["V24", "V28"])
def test_categories_and_score_are_those_of_a_direct_call(model: str, book: CodeBook) -> None:
    from hccinfhir import HCCInFHIR

    processor = HCCInFHIR(model_name=f"CMS-HCC Model {model}")
    opened = 0
    for one in encounters(book):
        patient = one.encounter.patient
        assert patient.age is not None
        (found,) = (h for h in _of(one) if h.model == model)
        answer = processor.calculate_from_diagnosis(
            [a.code.value for a in one.diagnoses],
            age=patient.age,
            sex=str(patient.sex),
            dual_elgbl_cd="00",
            orec="0" if patient.age >= 65 else "1",
        )
        assert set(numbers(found)) == set(answer.hcc_list)
        assert score(found).raw == Decimal(f"{answer.risk_score:.3f}")
        for category in found.categories:
            assert {c.replace(".", "") for c in category.codes} == answer.cc_to_dx[category.number]
        opened += len(found.categories)
    assert opened > ENCOUNTERS


def test_order_beyond_the_first_changes_nothing(book: CodeBook) -> None:
    draw = random.Random(SEED)
    for one in encounters(book):
        first, *others = one.assignments
        draw.shuffle(others)
        assert _of(replace(one, assignments=(first, *others))) == _of(one)


def _all(text: str) -> tuple[Hccs, ...]:
    return _of(coded(text))


def _of(one: CodedEncounter) -> tuple[Hccs, ...]:
    found = hccs_of(one)
    assert not isinstance(found, WhyNot), found
    return found
