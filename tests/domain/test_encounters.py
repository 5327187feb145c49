"""Encounters: ages, periods, the controlling date, and which guideline sections hold."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from leadterm.domain import (
    ClaimType,
    DateRange,
    Document,
    DocumentStatus,
    Encounter,
    InputError,
    Patient,
    Provider,
    ProviderRole,
    Setting,
    default_claim_type,
    parse_date,
)

LEAP = date(2000, 2, 29)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(1959, 5, 14), date(2026, 5, 13), 66),
        (date(1959, 5, 14), date(2026, 5, 14), 67),
        (LEAP, date(2026, 2, 28), 25),
        (LEAP, date(2026, 3, 1), 26),
        (LEAP, date(2028, 2, 28), 27),
        (LEAP, date(2028, 2, 29), 28),
        (date(2026, 5, 14), date(2026, 5, 14), 0),
        (date(2026, 5, 15), date(2026, 5, 14), 0),
    ],
)
def test_an_age_changes_on_the_birthday(born: date, day: date, age: int) -> None:
    assert Patient(birth_date=born).age_on(day) == age


@pytest.mark.parametrize(
    ("patient", "age"),
    [
        (Patient(age=67), 67),
        (Patient(age_days=3), 0),
        (Patient(age_days=364), 0),
        (Patient(age=0, age_days=3), 0),
        (Patient(), None),
    ],
)
def test_without_a_birth_date_the_age_is_the_one_given(patient: Patient, age: int | None) -> None:
    assert patient.age_on(date(2026, 5, 14)) == age


def test_without_a_day_the_birth_date_tells_nothing() -> None:
    assert Patient(birth_date=LEAP, age=26).age_on(None) == 26


def test_days_of_age_are_counted_from_birth() -> None:
    assert Patient(birth_date=date(2026, 5, 1)).days_on(date(2026, 5, 14)) == 13
    assert Patient(age_days=5).days_on(date(2026, 5, 14)) == 5


@pytest.mark.parametrize("age", [-1, 131])
def test_an_impossible_age_is_refused(age: int) -> None:
    with pytest.raises(InputError, match="An age is given in whole years from 0 to 130"):
        Patient(age=age)


SERVED, ADMITTED, LEFT = date(2026, 9, 28), date(2026, 9, 29), date(2026, 10, 3)


@pytest.mark.parametrize(
    ("setting", "given", "controlling"),
    [
        ("inpatient", {"date_of_service": SERVED, "admission": ADMITTED, "discharge": LEFT}, LEFT),
        ("inpatient", {"date_of_service": SERVED, "admission": ADMITTED}, ADMITTED),
        ("inpatient", {"date_of_service": SERVED}, SERVED),
        ("inpatient", {}, None),
        ("outpatient", {"date_of_service": SERVED, "discharge": LEFT}, SERVED),
        ("outpatient", {"discharge": LEFT}, LEFT),
        ("professional", {"date_of_service": SERVED, "admission": ADMITTED, "discharge": LEFT}, SERVED),
        ("emergency", {}, None),
    ],
)
def test_the_controlling_date_is_discharge_for_a_stay_and_the_service_date_else(
    setting: str, given: dict[str, Any], controlling: date | None
) -> None:
    assert Encounter("e1", Setting(setting), **given).controlling_date == controlling


def test_the_controlling_date_of_a_discharge_with_a_time_is_its_day() -> None:
    stay = Encounter("e1", Setting.INPATIENT, discharge=datetime(2026, 10, 3, 23, 50, tzinfo=UTC))
    assert stay.controlling_date == LEFT
    assert type(stay.controlling_date) is date


PRO, INST = ClaimType.PROFESSIONAL, ClaimType.INSTITUTIONAL


@pytest.mark.parametrize(
    ("setting", "claim_type", "section_two", "uncertain"),
    [
        ("inpatient", INST, True, True),
        ("inpatient", PRO, False, False),
        ("skilled-nursing", INST, True, False),
        ("skilled-nursing", PRO, False, False),
        ("home-health", INST, True, False),
        ("home-health", PRO, False, False),
        ("outpatient", INST, False, False),
        ("outpatient", PRO, False, False),
        ("emergency", INST, False, False),
        ("emergency", PRO, False, False),
        ("professional", INST, False, False),
        ("professional", PRO, False, False),
    ],
)
def test_setting_and_claim_type_select_the_guideline_sections(
    setting: str, claim_type: ClaimType, section_two: bool, uncertain: bool
) -> None:
    encounter = Encounter("e1", Setting(setting), claim_type)
    assert (encounter.uses_section_two, encounter.codes_uncertain) == (section_two, uncertain)


@pytest.mark.parametrize(
    ("setting", "claim_type"),
    [
        ("inpatient", INST),
        ("skilled-nursing", INST),
        ("home-health", INST),
        ("outpatient", PRO),
        ("emergency", PRO),
        ("professional", PRO),
    ],
)
def test_the_claim_type_follows_the_setting_unless_given(setting: str, claim_type: ClaimType) -> None:
    assert default_claim_type(Setting(setting)) is claim_type
    assert Encounter("e1", Setting(setting)).claim_type is claim_type


def test_two_documents_with_one_id_are_refused() -> None:
    with pytest.raises(InputError, match=r"Encounter e1 has two documents with one id\."):
        Encounter("e1", documents=(Document("d1", "a"), Document("d1", "b")))


def test_a_discharge_before_the_admission_is_refused() -> None:
    with pytest.raises(InputError, match=r"Encounter e1 is discharged before it is admitted\."):
        Encounter("e1", Setting.INPATIENT, admission=LEFT, discharge=ADMITTED)


def test_a_stay_within_a_day_is_allowed_with_and_without_times() -> None:
    stay = Encounter("e1", Setting.INPATIENT, admission=datetime(2026, 10, 3, 23, tzinfo=UTC), discharge=LEFT)
    assert stay.controlling_date == LEFT


def test_a_document_is_found_by_its_id() -> None:
    encounter = Encounter("e1", documents=(Document("d1", "a"), Document("d2", "b")))
    assert encounter.document("d2").text == "b"
    with pytest.raises(InputError, match=r"Encounter e1 has no document d3\."):
        encounter.document("d3")


def test_a_provider_is_found_by_its_role() -> None:
    first, second = (Provider(ProviderRole.RENDERING, id=name) for name in ("p1", "p2"))
    encounter = Encounter("e1", providers=(first, second))
    assert encounter.provider(ProviderRole.RENDERING) is first
    assert encounter.provider(ProviderRole.BILLING) is None


def test_a_reversed_period_is_refused() -> None:
    with pytest.raises(InputError, match=r"A period cannot end \(2026-09-30\) before it starts \(2026-10-01\)\."):
        DateRange(date(2026, 10, 1), date(2026, 9, 30))


@pytest.mark.parametrize(
    ("day", "inside"),
    [("2025-09-30", False), ("2025-10-01", True), ("2026-09-30", True), ("2026-10-01", False)],
)
def test_a_period_includes_both_its_ends(day: str, inside: bool) -> None:
    assert (date.fromisoformat(day) in DateRange(date(2025, 10, 1), date(2026, 9, 30))) is inside


def test_a_period_without_an_end_goes_on() -> None:
    assert date(2099, 1, 1) in DateRange(date(2025, 10, 1))


def test_a_date_is_read_from_a_date_time() -> None:
    assert parse_date("2026-05-14T08:00:00Z") == date(2026, 5, 14)


@pytest.mark.parametrize("text", ["14.05.2026", "2026-02-30", ""])
def test_another_date_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(InputError, match=r"The service date is not an ISO date \(YYYY-MM-DD\)\."):
        parse_date(text, "service date")


@pytest.mark.parametrize(
    ("documents", "standing"),
    [
        ([("a", None, "final"), ("b", None, "retracted")], ["a"]),
        ([("a", None, "final"), ("b", "a", "corrected"), ("c", "b", "corrected")], ["c"]),
        ([("a", None, "final"), ("b", "a", "retracted")], ["a"]),
        ([("a", "a", "final"), ("b", "elsewhere", "final")], ["a", "b"]),
    ],
)
def test_documents_stand_that_were_neither_taken_back_nor_replaced(
    documents: list[tuple[str, str | None, str]], standing: list[str]
) -> None:
    record = tuple(Document(i, i, supersedes=old, status=DocumentStatus(status)) for i, old, status in documents)
    assert [d.id for d in Encounter("e1", documents=record).standing] == standing
