"""Measured values, in the spellings of charts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.abstraction._fold import fold
from leadterm.abstraction.values import PLAUSIBLE, find_values


def values(text: str, concept: str) -> list[str]:
    return [v.value for v in find_values(fold(text)) if v.concept == concept]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("BMI 33.1", "33.1"),
        ("BMI: 33.1 kg/m2", "33.1"),
        ("BMI 33.1 kg/m²", "33.1"),
        ("BMI=33.1", "33.1"),
        ("BMI (33.1)", "33.1"),
        ("BMI is 33.", "33"),
        ("BMI of 33, obese", "33"),
        ("BMI today 33", "33"),
        ("BMI (Calculated) 33.12", "33.12"),
        ("BMI (kg/m2) 33.1", "33.1"),
        ("BMI, kg/m²: 33.1", "33.1"),
        ("body mass index of 33.1", "33.1"),
        ("Body mass index is 33.1 kg/m².", "33.1"),
        ("body mass\nindex of 33.1", "33.1"),
        ("BMI\n33.1", "33.1"),
        ("BMI 33.1 - obese", "33.1"),
    ],
)
def test_a_body_mass_index_is_read(text: str, value: str) -> None:
    assert values(text, "body mass index") == [value]


@pytest.mark.parametrize(
    "text",
    [
        "BMI 85th percentile",
        "BMI 82nd percentile",
        "BMI 96 percentile",
        "BMI at the 95th centile",
        "BMI > 97th percentile",
        "BMI 33 %",
        "BMI 33%",
        "BMI >40",
        "BMI < 25",
        "BMI over 40",
        "BMI greater than 40",
        "BMI goal 25",
        "goal BMI 25",
        "BMI 35-39",
        "BMI 35 to 39",
        "BMI 05/2026",
        "BMI on 10/12/2026",
        "BMI 133",
        "BMI 33.123",
        "BMI 5",
        "BMI 09",
        "BMI, blood pressure 120/80",
        "BMI not recorded at the last visit; age 45",
        "SBMI 33",
        "BMIs 33",
    ],
)
def test_a_limit_a_goal_a_centile_and_other_numbers_are_no_index(text: str) -> None:
    assert values(text, "body mass index") == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("32 weeks pregnant", "32"),
        ("32 weeks' gestation", "32"),
        ("32-week gestation", "32"),
        ("6 wk IUP", "6"),
        ("39w2d gestation", "39"),
        ("39 2/7 weeks gestation", "39"),
        ("39 weeks and 2 days gestation", "39"),
        ("37 wks EGA", "37"),
        ("GA 32w4d", "32"),
        ("GA: 39+2", "39"),
        ("EGA: 32 weeks", "32"),
        ("IUP at 38 weeks", "38"),
        ("gestational age of 28 weeks", "28"),
        ("gestational age\nof 28 weeks", "28"),
        ("32 weeks\npregnant", "32"),
    ],
)
def test_the_weeks_of_gestation_are_read(text: str, value: str) -> None:
    assert values(text, "weeks of gestation") == [value]


@pytest.mark.parametrize(
    "text",
    [
        "12 weeks old, pregnancy was normal",
        "6 weeks postpartum after a normal pregnancy",
        "3 weeks ago a pregnancy test",
        "10-12 weeks gestation",
        "12.5 weeks gestation",
        "44 weeks gestation",
        "2 weeks gestation",
        "back pain for 3 weeks. Pregnancy",
        "50 weeks pregnant",
        "GA 32",
    ],
)
def test_other_weeks_are_none(text: str) -> None:
    assert values(text, "weeks of gestation") == []


def test_what_is_written_twice_over_counts_once() -> None:
    assert values("EGA 32 weeks gestation", "weeks of gestation") == ["32"]
    assert values("BMI 33.1 (BMI 33.1)", "body mass index") == ["33.1", "33.1"]


def test_a_value_says_where_it_stands() -> None:
    text = "Her Body Mass Index is 33.1 kg/m2"
    (value,) = find_values(fold(text))
    assert text[value.start : value.end] == "Body Mass Index is 33.1"


PIECES = st.sampled_from(
    [
        "bmi ",
        "body mass index ",
        "33.1",
        "9",
        "40",
        " weeks",
        "w3d",
        " gestation",
        "ga ",
        ":",
        "-",
        ". ",
        "\n",
        "%",
        "of ",
    ]
)


@given(st.lists(PIECES | st.text(max_size=4)).map("".join))
def test_values_are_plausible_in_order_and_say_their_number(text: str) -> None:
    folded = fold(text)
    found = list(find_values(folded))
    assert [v.start for v in found] == sorted(v.start for v in found)
    for v in found:
        assert PLAUSIBLE[v.concept][0] <= float(v.value) <= PLAUSIBLE[v.concept][1]
        assert v.value in folded[v.start : v.end]
