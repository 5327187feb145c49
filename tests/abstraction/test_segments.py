"""Segments: what a sentence or list item is, and what must hold for any text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.abstraction._tables import read_table
from leadterm.abstraction.layout.segments import split
from leadterm.abstraction.layout.unwrap import unwrap


def segments(text: str) -> list[str]:
    return [text[a:b] for a, b in split(unwrap(text), 0, len(text))]


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
        ("Pain... and fever", ["Pain... and fever"]),
        ("UA neg. Trop neg. He feels well.", ["UA neg.", "Trop neg.", "He feels well."]),
        ("A1c 8.9 % (prev 7.8). 05/07 labs", ["A1c 8.9 % (prev 7.8).", "05/07 labs"]),
        ('CHF (EF 30%). CAD. "Old." He', ["CHF (EF 30%).", "CAD.", '"Old."', "He"]),
        ("Seen at 10:30. No pain.", ["Seen at 10:30.", "No pain."]),
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
        "oxycodone q.4h. with food",
        "Pt. c/o L. knee pain",
        "diffuse exp. wheeze, poss. CHF",
        "approx. 5 units, wt. 150 lb",
        "given 200cc. in the left arm",
        "Vit. D deficiency",
        "EXAMINED BY MS. SMITH TODAY",
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
        ("Stage IV. He is well.", ["Stage IV.", "He is well."]),
        ("Tanner 1. Spine straight.", ["Tanner 1.", "Spine straight."]),
        ("History of MS. He walks.", ["History of MS.", "He walks."]),
        ("Father d. lung ca. Brother DVT.", ["Father d. lung ca.", "Brother DVT."]),
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
        ("2. CKD stage 3. Continue lisinopril. 3. HTN", ["CKD stage 3.", "Continue lisinopril.", "HTN"]),
        ("a) HTN\nb) DM", ["HTN", "DM"]),
        ("* HFrEF, chronic      * HTN", ["HFrEF, chronic", "HTN"]),
        ("EBL: 20 mL      Drains: none", ["EBL: 20 mL", "Drains: none"]),
        ("Hgb   9.4   L   12-16\nWBC   4.1       4-10", ["Hgb   9.4   L   12-16", "WBC   4.1       4-10"]),
        ("Smoker: No\nAlcohol: Yes", ["Smoker: No", "Alcohol: Yes"]),
        ("No: ☐ fever ☒ cough\n☐ rash", ["No: ☐ fever ☒ cough", "☐ rash"]),
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


def test_a_list_without_bullets_belongs_to_the_words_that_introduce_it():
    text = "Denies:\nFever\nCough\nNight sweats\n\nAlert"
    assert segments(text) == ["Denies:\nFever\nCough\nNight sweats", "Alert"]


@pytest.mark.parametrize(
    "piece", ["J. ", "1. A ", "? ", "  ", "- a\n", "Denies:\n- ", "A:   ", "x", "* ", "(3)A ", "No: \n"]
)
def test_time_grows_with_the_length_of_the_text(piece):
    def seconds(size):
        text = piece * (size // len(piece))
        times = []
        for _ in range(3):
            start = time.process_time()
            split(text, 0, len(text))
            times.append(time.process_time() - start)
        return max(min(times), 0.0005)

    assert any(seconds(200_000) / seconds(20_000) < 16 for _ in range(3))  # a busy machine may disturb one


def test_only_the_stretch_asked_for_is_split():
    text = "A one. B two. C three."
    assert [text[a:b] for a, b in split(text, 7, 14)] == ["B two."]


def test_carriage_returns_change_no_segment():
    text = "- fever\n- cough\n\nNo pain,\nno rash. Well."
    assert [s.replace("\r", "") for s in segments(text.replace("\n", "\r\n"))] == segments(text)


def test_the_table_of_abbreviations_is_clean():
    rows = list(read_table("layout/abbreviations.tsv", ("abbreviation", "class")))
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
