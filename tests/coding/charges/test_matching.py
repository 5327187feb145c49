"""Charges found by words: precision before recall, and a question where several fit. Descriptions are invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.coding.charges.matching import Index, said
from leadterm.coding.charges.wording import wording

ROWS = (
    "XR CHEST 1 VW", "XR CHEST 2 VWS", "XR KNEE RT 3 VIEWS", "XR KNEE LT 3 VIEWS", "CT HEAD W/O CONTRAST",
    "CT HEAD W CONTRAST", "CT ABD/PELVIS W/ CONTRAST", "CT ABDOMEN W/ CONTRAST", "ASP/INJ MAJOR JOINT",
    "ASP/INJ MAJOR JT W US GUID", "ASP/INJ SMALL JOINT", "LAC REPAIR SIMPLE 2.6-7.5 CM FACE",
    "LAC REPAIR SIMPLE 2.5 CM OR LESS SCALP/TRUNK/EXT", "LAC REPAIR SIMPLE 2.6-7.5 CM SCALP/TRUNK/EXT",
    "EKG 12 LEAD", "STREP A RAPID", "I&D ABSCESS SIMPLE", "VENIPUNCTURE", "SPLINT SHORT ARM",
)  # fmt: skip
INDEX = Index((row, row) for row in ROWS)


@pytest.mark.parametrize(
    ("name", "sentence", "row"),
    [
        ("Chest x-ray", "Chest x-ray, 2 views, obtained today.", "XR CHEST 2 VWS"),
        ("CXR", "Portable CXR done at the bedside.", "XR CHEST 1 VW"),
        ("CXR", "CXR PA and lateral obtained.", "XR CHEST 2 VWS"),
        ("x-ray", "X-ray of the right knee, three views, obtained.", "XR KNEE RT 3 VIEWS"),
        ("CT head", "CT head without contrast performed.", "CT HEAD W/O CONTRAST"),
        ("CT", "CT of the abdomen and pelvis with IV contrast performed.", "CT ABD/PELVIS W/ CONTRAST"),
        ("injection", "Right knee injection performed.", "ASP/INJ MAJOR JOINT"),
        ("injection", "Right knee injection under ultrasound guidance.", "ASP/INJ MAJOR JT W US GUID"),
        ("injection", "Injection of the left index finger joint performed.", "ASP/INJ SMALL JOINT"),
        ("laceration repair", "Simple laceration repair, 3 cm, left forearm.", ROWS[13]),
        ("laceration repair", "Simple laceration repair, 2 cm, left forearm.", ROWS[12]),
        ("EKG", "12-lead EKG performed in the office.", "EKG 12 LEAD"),
        ("incision and drainage", "Incision and drainage of a simple abscess performed.", "I&D ABSCESS SIMPLE"),
        ("CT", "CT of the chest with contrast performed.", None),
        ("x-ray", "X-ray of the left ankle obtained.", None),
        ("knee MRI", "MRI of the knee performed.", None),
    ],
)
def test_a_service_finds_its_charge_or_none(name: str, sentence: str, row: str | None):
    assert INDEX.match(said((name,), sentence)).row == row


@pytest.mark.parametrize(
    ("name", "sentence", "options"),
    [
        ("chest x-ray", "Chest x-ray obtained.", {"XR CHEST 1 VW", "XR CHEST 2 VWS"}),
        ("CT head", "CT head performed.", {"CT HEAD W/O CONTRAST", "CT HEAD W CONTRAST"}),
        ("x-ray", "Knee x-ray, 3 views, obtained.", {"XR KNEE RT 3 VIEWS", "XR KNEE LT 3 VIEWS"}),
    ],
)
def test_what_the_chart_leaves_open_is_asked(name: str, sentence: str, options: set[str]):
    found = INDEX.match(said((name,), sentence))
    assert (found.row, set(found.options)) == (None, options)


def test_a_description_is_taken_apart():
    found = wording("XR KNEE RT 3 VIEWS W/O CONTRAST")
    assert (found.side, found.contrast, found.views) == ("right", "without", (3, 3))
    assert found.flat == {"xray", "knee"}


@given(st.text(max_size=60), st.text(max_size=120))
def test_what_is_found_agrees_in_side_contrast_views_and_size(name: str, sentence: str):
    found = INDEX.match(said((name,), sentence))
    assert found.row is None or found.row in ROWS
    assert set(found.options) <= set(ROWS)


@given(st.permutations(ROWS))
def test_the_order_of_the_rows_changes_no_answer(rows: list[str]):
    index = Index((row, row) for row in rows)
    asked = said(("CXR",), "CXR PA and lateral obtained.")
    assert index.match(asked).row == "XR CHEST 2 VWS"
