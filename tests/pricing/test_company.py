"""Who counts as one: lines of other days, providers and roles keep to themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from leadterm.codesets import CodeBook
from leadterm.domain import Provider, ProviderRole
from leadterm.pricing import Bill, Pricer, Terms, bill_of_codes, priced

from .shelf import CITY
from .test_prices import amounts, claim, codes

ALONE = {"11042": "120.24", "11102": "98.53"}  # 3.60 and 2.95 × 33.4009


def by(book: CodeBook, *lines: tuple[str, str]) -> list[str]:
    """The amounts of codes, each with who did it."""
    bill = bill_of_codes([code for code, _ in lines], date(2026, 2, 14), "11")
    told = zip(bill.lines, lines, strict=True)
    return amounts(priced(Bill("b", tuple(replace(b, provider=who) for b, (_, who) in told)), book))


def test_one_surgeon_is_ranked_two_are_not(schedule: CodeBook) -> None:
    assert by(schedule, ("11042", "a"), ("11102", "a")) == ["120.24", "49.27"]
    assert by(schedule, ("11042", "a"), ("11102", "b")) == ["120.24", ALONE["11102"]]


def test_sides_of_two_surgeons_are_no_pair(schedule: CodeBook) -> None:
    assert by(schedule, ("20610-LT", "a"), ("20610-RT", "a")) == ["63.46", "31.73"]
    assert by(schedule, ("20610-LT", "a"), ("20610-RT", "b")) == ["63.46", "63.46"]


def test_therapy_is_reduced_over_the_group(schedule: CodeBook) -> None:
    assert by(schedule, ("97110", "a"), ("97140", "b")) == by(schedule, ("97110", "a"), ("97140", "a"))


def test_an_injection_beside_another_providers_visit_is_paid(schedule: CodeBook) -> None:
    assert by(schedule, ("36591", "a"), ("99213", "b")) == ["27.05", "91.85"]
    assert by(schedule, ("36591", "a"), ("99213", "a")) == ["None", "91.85"]


def test_what_is_refused_takes_no_place(schedule: CodeBook) -> None:
    assert amounts(codes("27447-66 11042", schedule)) == ["None", "120.24"]
    assert amounts(codes("66984-80 20610-80", schedule)) == ["None", "None"]


@pytest.mark.parametrize(("specialty", "second"), [("207X00000X", "49.27"), ("208600000X", "98.53")])
def test_of_a_claim_one_specialty_counts_as_one(specialty: str, second: str, schedule: CodeBook) -> None:
    one = claim("11042", "11102", taxonomy=specialty)
    other = Provider(ProviderRole.OPERATING, "1999999984", "207X00000X", id="other")
    lines = (one.lines[0], replace(one.lines[1], provider="other"))
    told = priced(replace(one, providers=(*one.providers, other), lines=lines), schedule)
    assert amounts(told) == ["120.24", second]


@pytest.mark.parametrize("units", ["0", "-1", "1000000"])
def test_units_that_nobody_is_paid_for_have_no_price(units: str, schedule: CodeBook) -> None:
    bill = bill_of_codes(["11042", "11102"], date(2026, 2, 14), "11")
    odd = replace(bill, lines=(replace(bill.lines[0], units=Decimal(units)), bill.lines[1]))
    assert amounts(priced(odd, schedule)) == ["None", ALONE["11102"]]


def test_the_release_that_answered_is_told(schedule: CodeBook) -> None:
    found = Pricer(schedule, Terms()).price(bill_of_codes(["99213", "99999"], date(2026, 2, 14), "11"))
    assert {line.release for line in found.lines} == {date(2026, 1, 1)}


def test_several_anesthetics_of_one_session_are_questioned(schedule: CodeBook) -> None:
    told = "Of several anesthetics of one session the highest base units are paid once"
    several = codes("00840-QZx30m 00100-QZx30m", schedule, locality=CITY).lines
    assert [one.remarks[-1].startswith(told) for one in several] == [True, True]
    assert [one.remarks for one in codes("00840-QKx30m 00840-QXx30m", schedule, locality=CITY).lines] == [(), ()]
