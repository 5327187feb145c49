"""The axes: the table, and where a chart or a title names a value of one."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.abstraction.layout.fold import fold
from leadterm.codesets.axes import axes_of, find_axes, find_letters


def rows() -> list[list[str]]:
    text = (files("leadterm.codesets") / "axes.tsv").read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


def said(text: str) -> list[tuple[str, str]]:
    return [(text[h.start : h.end], h.value) for h in find_axes(fold(text))]


def sides(text: str) -> list[str]:
    hits = [*find_axes(fold(text)), *find_letters(text, 0, len(text))]
    return [h.value for h in sorted(hits, key=lambda h: h.start) if h.axis == "laterality"]


def test_the_table_names_its_columns_version_and_licence() -> None:
    text = (files("leadterm.codesets") / "axes.tsv").read_text("utf-8")
    assert rows()[0] == ["words", "axis", "value"]
    assert re.search(r"^# .*version \S+.*licence Apache-2\.0", text, re.MULTILINE)


@pytest.mark.parametrize("row", rows()[1:], ids=lambda row: row[0])
def test_a_row_has_words_axis_and_value_in_lower_case(row: list[str]) -> None:
    assert len(row) == 3
    assert all(cell and cell == " ".join(cell.split()).lower() for cell in row)


def test_no_words_stand_in_the_table_twice() -> None:
    surfaces = [row[0] for row in rows()]
    assert len(set(surfaces)) == len(surfaces)


@pytest.mark.parametrize("row", rows()[1:], ids=lambda row: row[0])
def test_the_words_of_a_row_are_found_as_one_hit_of_its_axis(row: list[str]) -> None:
    words, axis, value = row
    assert [(h.axis, h.value, h.start, h.end) for h in find_axes(f"x {words} y")] == [(axis, value, 2, 2 + len(words))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("acute on chronic pain", [("acute on chronic", "acute on chronic")]),
        ("moderate to severe asthma", [("moderate to severe", "severe")]),
        ("left and right knee", [("left and right", "bilateral")]),
        ("stage IIIb", [("stage IIIb", "3b")]),
        ("stage III b", [("stage III b", "3b")]),
        ("stage III", [("stage III", "3")]),
        ("right upper quadrant", [("right upper quadrant", "right upper")]),
        ("not intractable", [("not intractable", "not intractable")]),
        ("nondisplaced", [("nondisplaced", "nondisplaced")]),
    ],
)
def test_the_longest_words_win(text: str, expected: list[tuple[str, str]]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize("text", ["leftover", "brightness", "subacutely", "opened", "chronicity", "milder", "stage 33"])
def test_only_whole_words_count(text: str) -> None:
    assert said(text) == []


def test_words_may_be_wrapped_or_spaced() -> None:
    assert [value for _, value in said("acute  on\n   chronic, stage\n3")] == ["acute on chronic", "3"]


@pytest.mark.parametrize(
    "text",
    [
        "she left the hospital",
        "She left\nthe hospital",
        "he left early",
        "the patient left before discharge",
        "patient left.",
        "Pt left AMA",
        "left without being seen",
        "had left the room",
        "was left in place",
        "was left with a scar",
        "right away",
        "right now",
        "left-handed",
        "right handed male",
        "right hand dominant",
        "right hand-dominant",
    ],
)
def test_a_verb_a_nod_and_a_writing_hand_are_no_side(text: str) -> None:
    assert sides(text) == []


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("She has left knee pain", "left"),
        ("patient had left hip replacement", "left"),
        ("the pain was left sided", "left"),
        ("stage I left breast cancer", "left"),
        ("right hand pain", "right"),
        ("pain on the left.", "left"),
        ("pain, left", "left"),
        ("LEFT KNEE", "left"),
        ("Lt knee", "left"),
        ("b/l knees", "bilateral"),
        ("both knees", "bilateral"),
    ],
)
def test_a_side_is_a_side(text: str, side: str) -> None:
    assert sides(text) == [side]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L knee", ["left"]),
        ("R shoulder", ["right"]),
        ("pain in L\nankle", ["left"]),
        ("pain in L\r\nankle", ["left"]),
        ("R TKA and L THA", ["right", "left"]),
        ("(L knee)", ["left"]),
    ],
)
def test_a_single_capital_before_a_small_word_is_a_side(text: str, expected: list[str]) -> None:
    assert sides(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "R/O fracture",
        "L5 radiculopathy",
        "L 5",
        "2 L via nasal cannula",
        "on 2 L oxygen",
        "L spine films",
        "R wave progression",
        "l knee",
        "E/R visit",
        "XL dressing",
        "L-spine",
        "L.",
        "L",
    ],
)
def test_other_capitals_are_no_side(text: str) -> None:
    assert sides(text) == []


def test_only_the_stretch_asked_for_is_read() -> None:
    text = "left acute right"
    assert [h.value for h in find_axes(text, 5, 10)] == ["acute"]
    assert list(find_letters("L knee R hip", 2, 6)) == []


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Pain in left knee", {"laterality": "left"}),
        ("Chronic kidney disease, stage 3b", {"acuity": "chronic", "stage": "3b"}),
        (
            "Acute on chronic systolic (congestive) heart failure",
            {"acuity": "acute on chronic", "function": "systolic"},
        ),
        ("Gout, unspecified", {}),
    ],
)
def test_a_title_is_read_like_a_chart(title: str, expected: dict[str, str]) -> None:
    assert axes_of(title) == expected


@given(st.lists(st.sampled_from([row[0] for row in rows()[1:]] + [" ", "\n", "x", ", "])).map(" ".join))
def test_hits_lie_in_order_without_overlap(text: str) -> None:
    edges = [edge for h in find_axes(text) for edge in (h.start, h.end)]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(text) for edge in edges)
