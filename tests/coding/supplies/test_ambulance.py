"""Ambulances: miles as a claim bears them, kinds of places, what an odometer showed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.coding.supplies.ambulance_miles import billed_miles, distance
from leadterm.coding.supplies.ambulance_places import ends, letter_of
from leadterm.domain import Document


@pytest.mark.parametrize(
    ("miles", "billed"),
    [
        ("7.34", "7.4"),
        ("7.3", "7.3"),
        ("0.41", "0.5"),
        ("11", "11.0"),
        ("99.95", "100.0"),
        ("112.3", "113"),
        ("100", "100"),
    ],
)
def test_miles_are_rounded_up(miles: str, billed: str) -> None:
    assert str(billed_miles(Decimal(miles))) == billed


@given(st.decimals(min_value=0, max_value=3000, places=3))
def test_never_fewer_than_driven_and_never_a_step_more(miles: Decimal) -> None:
    step = Decimal("0.1") if miles < 100 else Decimal(1)
    assert miles <= billed_miles(miles) < miles + step


@given(st.decimals(min_value=0, max_value=3000, places=3), st.decimals(min_value=0, max_value=100, places=3))
def test_more_miles_are_never_fewer(miles: Decimal, more: Decimal) -> None:
    assert billed_miles(miles + more) >= billed_miles(miles)


@pytest.mark.parametrize(
    ("words", "letter"),
    [
        ("Freestanding dialysis center, Hwy 2 (not hospital based)", "J"),
        ("hospital-based dialysis unit", "G"),
        ("Bear Creek Community Hospital ED helipad", "H"),
        ("county airport, hangar 3", "I"),
        ("Oakdale skilled nursing facility", "N"),
        ("Pine Manor Assisted Living", "E"),
        ("Dr. Chan's office, cardiology", "P"),
        ("wound care center (freestanding)", "D"),
        ("I-95 mm 41 rollover", "S"),
        ("44 Birch Ln (res)", "R"),
        ("unit 12", None),
    ],
)
def test_a_place_has_the_letter_of_its_kind(words: str, letter: str | None) -> None:
    assert letter_of(words) == letter


@pytest.mark.parametrize(
    ("text", "miles"),
    [
        ("Loaded 0314 odo 24,118.2 ; arrived ED 0331 odo 24,129.5 . (Left our base at 24,110.0.)", "11.3"),
        ("Mileage  start 10022.1   scene 10025.0   hospital 10033.8    back 10040", "8.8"),
        ("Loaded mi  6.2     Unloaded mi  3.9", "6.2"),
        ("Miles: resp 4.0  loaded 6.7  return 6", "6.7"),
        ("5.25 mi with patient. Empty miles 7.", "5.25"),
        ("Unloaded mi 3.9, return 4.0 miles", None),
    ],
)
def test_only_miles_with_the_patient_count(text: str, miles: str | None) -> None:
    found = distance(Document("d", text))
    assert (str(found[0]) if found else None) == miles


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("PU: Oak Manor SNF\nDO: dialysis center", "NJ"),
        ("Picked up from St. Mary's Medical Center 4W and transported to her residence.", "HR"),
        ("Residence → County Med Ctr ED", "RH"),
        ("Dispatched code 3 to I-95 mm 41, rollover. To Level 1 trauma center.", "SH"),
        ("Pick up  : Home\nDrop     : Dr. Chan's office", "RP"),
        ("Modifier: RH", "RH"),
    ],
)
def test_origin_and_destination_are_read_from_many_shapes(text: str, letters: str) -> None:
    first, last = ends(Document("d", text))
    assert first is not None
    assert last is not None
    assert first[0] + last[0] == letters
