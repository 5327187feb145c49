"""Modifiers that stand together, and what Medicare pays of an amount: by an invented schedule of 2026."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from leadterm.codesets import CodeBook
from leadterm.pricing import PricedLine, Terms, bill_of_codes, priced

from .shelf import CITY
from .test_prices import amounts, codes


def alone(written: str, book: CodeBook, **terms: object) -> PricedLine:
    (found,) = codes(written, book, **terms).lines
    return found


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("71046-26-TC", "26 and TC do not stand on one line: it is one component, or the whole without either"),
        ("27447-54-55", "54 and 55 do not stand on one line: each share of the package has a line of its own"),
        ("27447-80-62", "80 and 62 do not stand on one line: a surgeon has one part in an operation"),
        ("27447-AS-62", "AS and 62 do not stand on one line: a surgeon has one part in an operation"),
        ("00840-AA-QKx30m", "AA and QK do not stand on one line: one of them tells who gave the anesthesia"),
    ],
)
def test_modifiers_that_contradict_each_other_make_no_price(written: str, sentence: str, schedule: CodeBook) -> None:
    found = alone(written, schedule, locality=CITY)
    assert (found.amount, found.why.startswith(sentence)) == (None, True), found.why


def test_a_modifier_twice_counts_once(schedule: CodeBook) -> None:
    assert amounts(codes("27130-62-62", schedule)) == amounts(codes("27130-62", schedule))


def test_what_an_assistant_needs_is_told_once(schedule: CodeBook) -> None:
    found = alone("43239-AS-80", schedule)
    assert found.why.count("assistant indicator") == 1
    assert len(alone("11102-AS-80", schedule).remarks) == 1


def test_both_sides_on_one_line_have_no_word_of_a_modifier_that_is_not_there(schedule: CodeBook) -> None:
    found = alone("20610-LT-RTx2", schedule)
    assert (str(found.amount), found.remarks) == (
        "95.19",  # 63.46 × 1.5
        ("Both sides stand on the line with one unit: further units are not priced (NCCI manual 1.V).",),
    )


@pytest.mark.parametrize("modifier", ["CQ", "CO"])
def test_of_an_assistants_therapy_medicare_pays_less_and_the_patient_the_same(
    modifier: str, schedule: CodeBook
) -> None:
    whole = alone("97110", schedule, patient_share=True)
    found = alone(f"97110-{modifier}", schedule, patient_share=True)
    assert whole.shares is not None
    assert found.shares is not None
    assert (str(found.amount), str(found.shares.patient)) == ("29.73", "5.95")  # 0.89 × 33.4009; 20 %
    assert (str(whole.shares.medicare), str(found.shares.medicare)) == ("23.78", "20.21")  # 23.78 × 0.85 = 20.213
    less = alone(f"97110-{modifier}", schedule, sequestration=True).shares
    assert less is not None
    assert str(less.medicare) == "19.81"  # 20.21 less 2 % of it


def test_management_of_a_catheter_by_the_day_and_burns_by_area_have_no_time(schedule: CodeBook) -> None:
    assert str(alone("01996", schedule, locality=CITY).amount) == "67.50"  # 3 × 22.50
    assert str(alone("01953-AAx3", schedule, locality=CITY).amount) == "67.50"  # 3 × 1 × 22.50
    assert "give the minutes" in alone("00840-AA", schedule, locality=CITY).why


def test_who_must_accept_assignment_has_no_limiting_charge(schedule: CodeBook) -> None:
    bill = bill_of_codes(["99213"], date(2026, 2, 14), "11")
    nurse = replace(bill, lines=(replace(bill.lines[0], taxonomy="363LF0000X"),))
    limits = [priced(b, schedule, Terms(participating=False)).lines[0].limiting_charge for b in (bill, nurse)]
    assert [str(limit) for limit in limits] == ["100.35", "None"]  # 91.85 × 0.95 = 87.26, × 1.15


def test_an_operation_of_many_units_is_at_least_whole_once(schedule: CodeBook) -> None:
    told = alone("11042x6", schedule).why  # 120.24 × (1 + 5 × 0.5)
    assert "not less than half: $420.84" in told
