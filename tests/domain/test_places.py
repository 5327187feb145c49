"""Places of service: one table that edits, claims, prices and lines read."""

from __future__ import annotations

import pytest

from leadterm.domain import Encounter, Setting
from leadterm.domain import places as of_service
from leadterm.domain.places import FACILITY_RATE, OFFICE_RATE, OWN, STAYS, SUPPLYING, place_of


def test_no_code_stands_twice() -> None:
    codes = [code for several, _ in of_service._TABLE for code in several.split()]
    assert sorted(codes) == sorted(set(codes))


def test_a_place_is_paid_one_rate_and_a_stay_is_never_in_an_office() -> None:
    assert not FACILITY_RATE & OFFICE_RATE
    assert STAYS | SUPPLYING <= FACILITY_RATE
    assert not OWN & FACILITY_RATE


@pytest.mark.parametrize(
    ("given", "kind", "setting", "place"),
    [
        ("22", "office", Setting.INPATIENT, "22"),
        (None, "Ambulatory Surgery", Setting.OUTPATIENT, "24"),
        (None, "somewhere", Setting.EMERGENCY, "23"),
        (None, None, Setting.OUTPATIENT, None),
    ],
)
def test_the_place_is_the_records_then_of_its_class_then_of_its_setting(
    given: str | None, kind: str | None, setting: Setting, place: str | None
) -> None:
    assert place_of(Encounter("e1", setting, place_of_service=given, encounter_class=kind)) == place
