"""Segments: what a sentence or list item is, and what must hold for any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.abstraction._tables import read_table
from leadterm.abstraction.segments import split


def segments(text: str) -> list[str]:
    return [text[a:b] for a, b in split(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He is well. She is not.", ["He is well.", "She is not."]),
        ("CP. No SOB", ["CP.", "No SOB"]),
        ("denies pain. has cough", ["denies pain.", "has cough"]),
        ("Pain.No fever.", ["Pain.", "No fever."]),
        ("Is it gout? Perhaps! Yes.", ["Is it gout?", "Perhaps!", "Yes."]),
        ("Diabetes? No. Cancer? No.", ["Diabetes? No.", "Cancer? No."]),
        ("? pneumonia on film", ["? pneumonia on film"]),
        ("No pain; no fever", ["No pain; no fever"]),
    ],
)
def test_sentences_end_where_they_end(text, expected):
    assert segments(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "64 y.o. male with gout",
        "64 y.o. Male with gout",
        "seen by Dr. Oak and St. Mary's clinic",
        "Vancomycin i.v. and p.o. was given",
        "took 2.5 mg b.i.d. with food",
        "pneumonia vs. atelectasis",
        "see No. 3 of the list",
        "e.g. aspirin and i.e. salicylates",
        "grew E. coli and C. difficile",
        "J. Smith was informed",
        "temp. 98.6 at noon",
        "ambulating q.d. with help",
    ],
)
def test_abbreviations_end_no_sentence(text):
    assert segments(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("aspirin b.i.d. Continue.", ["aspirin b.i.d.", "Continue."]),
        ("CKD stage 3. He is well.", ["CKD stage 3.", "He is well."]),
        ("hepatitis C. He drinks.", ["hepatitis C.", "He drinks."]),
        ("Allergies: No. Otherwise well.", ["Allergies: No.", "Otherwise well."]),
    ],
)
def test_an_abbreviation_may_end_a_sentence(text, expected):
    assert segments(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("• fever • cough", ["fever", "cough"]),
        ("- fever\n- cough", ["fever", "cough"]),
        ("1. HTN\n2. DM\n3. CKD stage 3", ["HTN", "DM", "CKD stage 3"]),
        ("1. HTN 2. DM 3. CKD stage 3. He is well", ["HTN", "DM", "CKD stage 3.", "He is well"]),
        ("1) HTN 2) DM", ["HTN", "DM"]),
        ("# Gout\nStable.\n**Asthma**\n- mild", ["Gout", "Stable.", "Asthma", "mild"]),
        ("HTN\nDM type 2\nNo CAD\nCKD", ["HTN", "DM type 2", "No CAD", "CKD"]),
        ("CHF\n  - continue furosemide\n\nCOPD", ["CHF", "continue furosemide", "COPD"]),
        ("Lungs: clear\nHeart: regular", ["Lungs: clear", "Heart: regular"]),
    ],
)
def test_list_items_are_segments(text, expected):
    assert segments(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "No fever, chills\nor cough",
        "The patient has CKD stage\n3 and no edema",
        "The patient has had CKD, now at stage\n3. with edema",
        "There is no evidence of\nPneumonia on the film",
        "He has pain of\n- as he says - the knee",
    ],
)
def test_wrapped_lines_are_one_segment(text):
    assert segments(text) == [text]


def test_a_list_belongs_to_the_words_that_introduce_it():
    assert segments("She denies:\n- fever\n- cough.\nShe has pain.") == [
        "She denies:\n- fever\n- cough.",
        "She has pain.",
    ]


def test_only_the_stretch_asked_for_is_split():
    text = "A one. B two. C three."
    assert [text[a:b] for a, b in split(text, 7, 14)] == ["B two."]


def test_carriage_returns_change_no_segment():
    text = "- fever\n- cough\n\nNo pain,\nno rash. Well."
    assert [s.replace("\r", "") for s in segments(text.replace("\n", "\r\n"))] == segments(text)


def test_the_table_of_abbreviations_is_clean():
    rows = list(read_table("abbreviations.tsv", ("abbreviation", "class")))
    assert {row["class"] for row in rows} == {"never", "number", "inner", "species"}
    assert len({row["abbreviation"] for row in rows}) == len(rows)


PIECES = st.sampled_from(
    ["1. ", "2. ", "• ", "- ", "\n", "\n\n", "\r\n", ". ", "?", "No:", "b.i.d.", "E. ", "**", "(", "3)", "A", " pain "]
)


@given(st.lists(PIECES | st.text(max_size=6)).map("".join), st.integers(0, 20), st.integers(0, 20))
def test_segments_lie_inside_in_order_without_overlap(text, before, after):
    start, end = min(before, len(text)), max(min(before, len(text)), len(text) - after)
    found = split(text, start, end)
    edges = [edge for segment in found for edge in segment]
    assert edges == sorted(edges)
    assert all(start <= a < b <= end and text[a:b] == text[a:b].strip() for a, b in found)


@given(st.text(alphabet="ab .\n", max_size=80))
def test_no_letter_is_lost(text):
    kept = "".join(segments(text))
    assert [c for c in kept if c.isalpha()] == [c for c in text if c.isalpha()]
