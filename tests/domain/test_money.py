"""Money and quantities: exact, or refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import strategies as some
from leadterm.domain import InputError, Money, parse_units


def test_a_float_amount_is_refused() -> None:
    with pytest.raises(InputError, match=r"Money takes a Decimal, not float: a float cannot hold cents\."):
        Money(12.5)  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "0.001", "1.005"])
def test_what_is_not_whole_cents_is_refused(amount: str) -> None:
    with pytest.raises(InputError, match=r"finite, below a trillion, and has at most two decimal places\."):
        Money(Decimal(amount))


@pytest.mark.parametrize("text", ["", "twelve", "1,000.00", "$5", "1E+400"])
def test_a_text_that_names_no_amount_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"An amount of money is a decimal string such as '125\.00'\."):
        Money.parse(text)


@pytest.mark.parametrize("given_value", [12.5, True, None, b"1"])
def test_only_strings_integers_and_decimals_are_parsed(given_value: Any) -> None:
    with pytest.raises(InputError, match="Money takes a decimal string, not "):
        Money.parse(given_value)


@pytest.mark.parametrize(
    ("given_value", "written"), [("125", "125.00"), (125, "125.00"), ("0.1", "0.10"), ("-5", "-5.00")]
)
def test_money_is_written_with_two_decimals(given_value: Any, written: str) -> None:
    assert str(Money.parse(given_value)) == written


def test_a_tenth_and_two_tenths_are_three_tenths() -> None:
    assert Money.parse("0.10") + Money.parse("0.20") == Money.parse("0.30")


def test_the_sum_of_nothing_is_zero() -> None:
    assert str(Money.total([])) == "0.00"


@pytest.mark.parametrize(
    ("value", "cents"), [("1.005", "1.01"), ("1.004", "1.00"), ("-1.005", "-1.01"), ("2.5", "2.50")]
)
def test_rounding_is_half_up_and_by_name(value: str, cents: str) -> None:
    assert str(Money.rounded(Decimal(value))) == cents


@given(st.lists(some.money, max_size=20))
def test_a_total_is_the_exact_sum_of_cents_in_any_order(amounts: list[Money]) -> None:
    cents = sum(int(money.amount.scaleb(2)) for money in amounts)
    assert Money.total(amounts).amount.scaleb(2) == cents
    assert Money.total(reversed(amounts)) == Money.total(amounts)


@given(some.money, some.money)
def test_taking_away_undoes_adding(left: Money, right: Money) -> None:
    assert left + right - right == left
    assert left + -left == Money.total([])


@given(some.money)
def test_money_comes_back_from_its_own_writing(money: Money) -> None:
    assert Money.parse(str(money)) == money


@pytest.mark.parametrize(("given_value", "units"), [("1", "1"), (2, "2"), ("0.5", "0.5"), ("0.125", "0.125")])
def test_units_are_positive_quantities(given_value: Any, units: str) -> None:
    assert parse_units(given_value) == Decimal(units)


@pytest.mark.parametrize("given_value", ["0", "-1", "NaN", "Infinity", "0.0001", 0])
def test_units_of_nothing_or_finer_than_three_places_are_refused(given_value: Any) -> None:
    with pytest.raises(InputError, match=r"Units are positive and have at most three decimal places\."):
        parse_units(given_value)


@pytest.mark.parametrize("given_value", [1.5, True, None])
def test_float_units_are_refused(given_value: Any) -> None:
    with pytest.raises(InputError, match="Units take a decimal string, not "):
        parse_units(given_value)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1240.50", "1240.50"),
        ("$1,240.50", "1240.50"),
        (" $ 7 ", "7.00"),
        ("-12,345,678", "-12345678.00"),
        ("$0", "0.00"),
    ],
)
def test_what_people_type_is_an_amount(text: str, amount: str) -> None:
    assert str(Money.typed(text)) == amount


@pytest.mark.parametrize("text", ["", "  ", "$"])
def test_nothing_typed_is_no_amount(text: str) -> None:
    assert Money.typed(text) is None


@pytest.mark.parametrize("text", ["1,24", "1,2345", "1.240,50", "$$5", "5$", ",5"])
def test_what_could_be_two_amounts_is_asked_again(text: str) -> None:
    with pytest.raises(InputError):
        Money.typed(text)
