"""From a coded encounter to a claim: order of diagnoses, lines, pointers, and the sentence that lists what lacks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.claims import build, claim_number
from leadterm.domain import ClaimType, DrugCode, Encounter, InputError, Money, Role, Setting, Status
from leadterm.domain.coded import CodedEncounter

from .cases import DAY, PAYER, charge, coded, coded_charge, diagnosis


def codes(*assignments: object, **changes: object) -> list[str]:
    return [d.code.value for d in build(coded(*assignments, **changes)).diagnoses]


def test_the_first_listed_diagnosis_leads():
    assert codes(diagnosis("I10", 1), diagnosis("E11.9", 2, Role.FIRST_LISTED)) == ["E11.9", "I10"]


def test_an_external_cause_is_kept_but_never_leads():
    built = build(coded(diagnosis("W19.XXXA", 1, Role.EXTERNAL_CAUSE), diagnosis("S52.501A", 2)))
    assert [(d.code.value, d.role) for d in built.diagnoses] == [
        ("S52.501A", Role.FIRST_LISTED),
        ("W19.XXXA", Role.EXTERNAL_CAUSE),
    ]


def test_an_external_cause_alone_makes_no_claim():
    with pytest.raises(InputError, match="a diagnosis that may stand first, which an external cause may not"):
        build(coded(diagnosis("W19.XXXA", 1, Role.FIRST_LISTED)))


def test_no_diagnosis_stands_twice():
    assert codes(diagnosis("I10", 1, Role.FIRST_LISTED), diagnosis("E11.9", 2), diagnosis("I10", 3)) == ["I10", "E11.9"]


def test_a_rejected_diagnosis_stays_out():
    rejected = diagnosis("I10", 2, status=Status.REJECTED)
    assert codes(diagnosis("E11.9", 1, Role.FIRST_LISTED), rejected) == ["E11.9"]


def test_a_claim_has_at_most_twelve_diagnoses():
    many = [diagnosis(f"E11.{n}" if n > 9 else f"I1{n}", n) for n in (*range(10, 20), 0, 1, 2, 3)]
    assert len(codes(*many)) == 12


def test_the_records_charges_become_lines():
    built = build(coded(charges=(charge(modifiers=("25",), units=Decimal(2)), charge("36415", "8.50"))))
    assert [(n.number, n.code.value, n.units, str(n.charge), n.start, n.end) for n in built.lines] == [
        (1, "99213", Decimal(2), "125.00", DAY, DAY),
        (2, "36415", Decimal(1), "8.50", DAY, DAY),
    ]
    assert built.lines[0].modifiers == ("25",)
    assert str(built.total) == "133.50"


def test_coded_charges_come_before_those_of_the_record():
    priced = coded_charge("99214", charge=Money.parse("180"), units=Decimal(1))
    built = build(coded(diagnosis("I10", 1), priced))
    assert [n.code.value for n in built.lines] == ["99214"]


def test_a_coded_charge_takes_price_and_drug_of_the_records_line():
    drug = DrugCode("00409379301", Decimal(1), "ML")
    record = charge("J1885", "31.00", units=Decimal(2), ndc=drug, date=date(2026, 5, 13))
    (line,) = build(coded(diagnosis("I10", 1), coded_charge("J1885"), charges=(record,))).lines
    assert (str(line.charge), line.units, line.ndc, line.start) == ("31.00", Decimal(2), drug, date(2026, 5, 13))


def test_a_price_is_not_taken_for_another_quantity():
    record = charge("J1885", "31.00", units=Decimal(2))
    with pytest.raises(InputError, match="a price for line 1"):
        build(coded(diagnosis("I10", 1), coded_charge("J1885", units=Decimal(3)), charges=(record,)))


def test_a_rejected_charge_stays_out():
    no = coded_charge("99215", charge=Money.parse("1"), status=Status.REJECTED)
    yes = coded_charge("99213", charge=Money.parse("2"))
    assert [n.code.value for n in build(coded(diagnosis("I10", 1), no, yes)).lines] == ["99213"]


def test_a_timed_service_over_midnight_has_two_days():
    timed = charge(start=datetime(2026, 5, 14, 23), end=datetime(2026, 5, 15, 1))
    (line,) = build(coded(charges=(timed,))).lines
    assert (line.start, line.end) == (date(2026, 5, 14), date(2026, 5, 15))


def test_a_line_without_pointers_points_to_the_first_four():
    five = [diagnosis(code, n) for n, code in enumerate(("I10", "E11.9", "J02.9", "R05.9", "N39.0"), 1)]
    assert build(coded(*five)).lines[0].pointers == (1, 2, 3, 4)
    assert build(coded()).lines[0].pointers == (1, 2)


def test_pointers_follow_their_diagnosis_to_its_new_place():
    moved = (diagnosis("I10", 1), diagnosis("E11.9", 2, Role.FIRST_LISTED))
    assert build(coded(*moved, charges=(charge(pointers=(1,)),))).lines[0].pointers == (2,)


def test_a_pointer_to_a_rejected_diagnosis_goes_with_it():
    three = (
        diagnosis("E11.9", 1, Role.FIRST_LISTED),
        diagnosis("I10", 2, status=Status.REJECTED),
        diagnosis("J02.9", 3),
    )
    assert build(coded(*three, charges=(charge(pointers=(2, 3)),))).lines[0].pointers == (2,)
    with pytest.raises(InputError, match="a diagnosis for line 1, which points only to such as are not on the claim"):
        build(coded(*three, charges=(charge(pointers=(2,)),)))


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"charges": ()}, "a charge"),
        ({"charges": (charge(price=None),)}, "a price for line 1"),
        ({"charges": (charge(price="-1"),)}, "a price of zero or more for line 1"),
        ({"charges": (charge(units=Decimal(0)),)}, "a positive quantity for line 1"),
        ({"date_of_service": None}, "a date of service for line 1"),
        ({"charges": (charge(pointers=(9,)),)}, "the diagnosis 9 that line 1 points to"),
        ({"charges": (charge(modifiers=("1A",) * 5),)}, "room for more than 4 modifiers on line 1"),
        ({"charges": (charge(),) * 51}, "room for 51 lines, of which a claim has 50"),
        ({"providers": ()}, "a billing provider"),
        ({"payers": ()}, "a payer"),
        ({"frequency": "7"}, "the payer's control number that frequency 7 refers to"),
        ({"frequency": "Q"}, "a frequency of 1, 7 or 8"),
    ],
)
def test_what_is_missing_is_named(changes: dict[str, object], missing: str):
    with pytest.raises(InputError, match=f"No claim can be built of encounter visit1; it lacks {missing}\\."):
        build(coded(**changes))


def test_everything_missing_is_told_in_one_sentence():
    with pytest.raises(InputError) as told:
        build(CodedEncounter(Encounter("v9")))
    assert str(told.value) == (
        "No claim can be built of encounter v9; it lacks a diagnosis, a charge, a billing provider and a payer."
    )


@pytest.mark.parametrize("setting", [Setting.INPATIENT, Setting.SKILLED_NURSING, Setting.HOME_HEALTH])
def test_an_institutional_encounter_never_becomes_a_professional_claim(setting: Setting):
    with pytest.raises(InputError, match="institutional claim, which no 837P can carry"):
        build(coded(setting=setting, claim_type=ClaimType.INSTITUTIONAL))


def test_the_physicians_own_claim_for_a_stay_is_built():
    built = build(
        coded(
            setting=Setting.INPATIENT,
            claim_type=ClaimType.PROFESSIONAL,
            place_of_service=None,
            admission=datetime(2026, 5, 12, 8),
            discharge=datetime(2026, 5, 16, 8),
        )
    )
    assert (built.place_of_service, built.admission, built.discharge) == ("21", date(2026, 5, 12), date(2026, 5, 16))


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"place_of_service": "22", "encounter_class": "office"}, "22"),
        ({"encounter_class": "Office"}, "11"),
        ({"setting": Setting.EMERGENCY}, "23"),
        ({"setting": Setting.OUTPATIENT}, None),
    ],
)
def test_the_place_of_service_is_given_or_said_by_the_class_and_never_guessed(
    changes: dict[str, object], place: str | None
):
    assert build(coded(**{"place_of_service": None, **changes})).place_of_service == place


def test_the_encounters_own_numbers_reach_the_claim():
    built = build(
        coded(
            frequency="7",
            payer_control_number="ICN1",
            referral="R1",
            clia="16D0123456",
            accident={"type": "auto"},
            payers=(replace(PAYER, prior_authorization="PA1"),),
        )
    )
    assert (built.frequency, built.payer_control_number, built.referral) == ("7", "ICN1", "R1")
    assert (built.clia, built.prior_authorization, dict(built.accident or {})) == (
        "16D0123456",
        "PA1",
        {"type": "auto"},
    )


def test_building_does_not_change_and_repeats_itself():
    one = coded()
    assert build(one) == build(one) == build(coded())


def test_the_claim_number_is_the_account_else_the_encounter_else_what_is_asked():
    assert build(coded()).id == "visit1"
    assert build(coded(account="ACC77")).id == "ACC77"
    assert build(coded(account="ACC77"), "MINE1").id == "MINE1"


def test_ids_that_differ_in_a_dash_make_different_claim_numbers():
    assert len({claim_number("a-1"), claim_number("a1"), claim_number("a--1"), claim_number("-a1")}) == 4


@given(st.text(min_size=1))
def test_a_claim_number_has_twenty_letters_and_digits_at_most_and_is_stable(text: str):
    number = claim_number(text)
    assert number == claim_number(text)
    assert 1 <= len(number) <= 20
    assert number.isascii()
    assert number.isalnum()


def suggested(code: str, **changes: object) -> object:
    return coded_charge(code, status=Status.SUGGESTED, **changes)


def test_what_was_read_in_the_chart_waits_for_its_price():
    engine = suggested("G2211", units=Decimal(1))
    built = build(coded(diagnosis("I10", 1), suggested("99213"), engine, charges=(charge(),)))
    assert [n.code.value for n in built.lines] == ["99213"]


def test_what_a_person_accepted_and_priced_goes():
    decided = coded_charge("G2211", status=Status.ACCEPTED, units=Decimal(1), charge=Money.parse("20"))
    built = build(coded(diagnosis("I10", 1), suggested("99213"), decided, charges=(charge(),)))
    assert [(n.number, n.code.value) for n in built.lines] == [(1, "99213"), (2, "G2211")]


def test_what_a_person_accepted_without_a_price_is_asked_for():
    decided = coded_charge("G2211", status=Status.ACCEPTED, units=Decimal(1))
    with pytest.raises(InputError, match="a price for line 2"):
        build(coded(diagnosis("I10", 1), suggested("99213"), decided, charges=(charge(),)))


def test_a_claim_of_nothing_but_waiting_lines_says_what_waits():
    with pytest.raises(InputError, match=r"a charge with a price \(.*: G2211\)"):
        build(coded(diagnosis("I10", 1), suggested("G2211", units=Decimal(1))))
