"""Measured values, in the spellings of charts."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.abstraction.layout.fold import fold
from leadterm.abstraction.measuring.measures import measures
from leadterm.abstraction.measuring.values import Value, find_values

SHARED = Path(os.environ.get("LEADTERM_SHARED", Path(__file__).parents[3] / "shared"))
NOTES = SHARED / "benchmarks" / "aci-bench" / "notes.jsonl"


def suite(name: str) -> list[tuple[str, str]]:
    """The rows of a suite beside this file: text and what is expected of it."""
    lines = Path(__file__).with_name(name).read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")][1:]
    return [(text.replace("\\n", "\n").replace("\\t", "\t"), expected) for text, expected in rows]


def shown(value: Value) -> str:
    """A value as the suite writes it."""
    said = ", ".join(f"{key}:{word}" for key, word in value.attributes)
    return f"{value.concept}={value.value}" + f" {value.unit}".rstrip() + (f" {{{said}}}" if said else "")


def said(text: str) -> list[str]:
    return sorted(shown(v) for v in find_values(fold(text), text))


def values(text: str, concept: str) -> list[str]:
    return [v.value for v in find_values(fold(text)) if v.concept == concept]


@pytest.mark.parametrize(("text", "expected"), suite("values.tsv"))
def test_a_line_of_a_chart_states_its_values_and_no_others(text: str, expected: str) -> None:
    assert said(text) == ([] if expected == "-" else sorted(expected.split("; ")))


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
    assert values("creatine kinase (CK) 920", "creatine kinase") == ["920"]


def test_a_value_says_where_it_stands() -> None:
    text = "Her Body Mass Index is 33.1 kg/m2"
    (value,) = find_values(fold(text))
    assert text[value.start : value.end] == "Body Mass Index is 33.1 kg/m2"


def test_small_letters_are_no_names_where_the_text_has_capitals() -> None:
    assert said("Metformin 500 mg 2 tablets. k 4.2") == []
    assert said("K 4.2, Mg 2.1") == ["magnesium=2.1", "potassium=4.2"]
    assert said("k 4.2, na 138") == ["potassium=4.2", "sodium=138"]


@pytest.mark.parametrize("joint", [" ", "  ", "\t", "   \t  "])
def test_runs_of_blanks_do_not_matter(joint: str) -> None:
    text = "white blood cell count was 14.3 K/uL, blood pressure 150/92 mmHg, SpO2 93% on room air"
    assert said(text.replace(" ", joint)) == said(text) != []


@pytest.mark.parametrize("concept", sorted(measures()))
def test_every_measure_has_numbers_or_is_read_in_a_way_of_its_own(concept: str) -> None:
    measure = measures()[concept]
    assert measure.ranges or measure.shape & {"panel", "vitals"}
    assert all(low <= high for low, high in measure.ranges.values())


PIECES = st.sampled_from(
    [
        *(
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
        ),
        *(
            "of ",
            "na ",
            "k: ",
            "hgb/hct ",
            "bp ",
            "120/80",
            "14.3",
            "<",
            " mg/dl",
            " | ",
            " (h)",
            "from 1.2 to 2.4",
            "->",
        ),
        *(
            "pain ",
            "7/10",
            "20/40 od",
            "csf: ",
            "glucose ",
            "vitals: 98.6, 120/80, 88, 16",
            "apgars 8 and 9",
            "abi ",
            "é",
        ),
        *(
            "bmp: 138/4.2/101/24/18/1.1",
            "urine ",
            "protein 2+",
            "height 5'6\"",
            "weight 7 lb 6 oz",
            "t-score -2.1",
            " on ra",
        ),
    ]
)


@given(st.lists(PIECES | st.text(max_size=4)).map("".join))
def test_values_stand_in_order_and_say_their_number(text: str) -> None:
    folded = fold(text)
    found = list(find_values(folded))
    assert [v.start for v in found] == sorted(v.start for v in found)
    for v in found:
        assert 0 <= v.start < v.end <= len(folded)
        words = folded[v.start : v.end].replace(",", "")
        numbers = re.findall(r"\d+", v.value)
        converted = v.unit in ("in", "lb") or not numbers
        assert converted or all(number in words or number in words.replace(".", "") for number in numbers)


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    folded = fold(text)
    assert all(0 <= v.start < v.end <= len(folded) for v in find_values(folded, text))


@pytest.mark.parametrize(
    "unit", ["hgb of ", "bmi 33 ", "na: ", "bp 120/80, ", "ua: protein ", " ", "hgb/", "pain 7/10 "]
)
def test_long_texts_take_time_in_proportion(unit: str) -> None:
    def seconds(size: int) -> float:
        text = (unit * (size // len(unit) + 1))[:size]
        start = time.process_time()
        list(find_values(text))
        return time.process_time() - start

    list(find_values("warm"))
    assert seconds(200_000) < 9 * seconds(50_000) + 0.3


@pytest.mark.shared
@pytest.mark.skipif(not NOTES.exists(), reason="LEADTERM_SHARED has no ACI-Bench notes")
def test_wrapped_notes_say_the_same_values() -> None:
    notes = [json.loads(line)["text"] for line in NOTES.read_text("utf-8").splitlines()]
    for text in notes[::4]:
        # A soft line end becomes a blank before the values are looked for; runs of blanks are as one.
        spaced = re.sub(r"(?<=\S) (?=\S)", "  ", text)
        assert [shown(v) for v in find_values(fold(spaced), spaced)] == [
            shown(v) for v in find_values(fold(text), text)
        ]
