"""What must hold of every price: the order of lines, the company of others, the national amount."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm.codesets import CodeBook
from leadterm.pricing import Bill, Billed, Pricer, Prices, Terms

from .shelf import ALL_ONE, CITY, rows

DAY = date(2026, 2, 14)
GREATEST = Decimal(2)  # both sides of what is paid whole on each
CODES = [*sorted({row["code"] for row in rows()}), "99999"]
# Those that do something to each other come often.
OFTEN = "45378 45380 45385 43239 43235 31231 31267 31254 20610 27447 52601 70450 72125 73721 97110 97140 93306".split()
MODIFIERS = "26 TC 50 LT RT 54 55 78 62 66 80 AS 59 22 52 53 25 AA QK AD FX CT".split()
EXAMPLES = settings(max_examples=40)

LINES = st.lists(
    st.builds(
        Billed,
        st.just(""),
        st.one_of(st.sampled_from(OFTEN), st.sampled_from(CODES)),
        st.one_of(st.just(()), st.lists(st.sampled_from(MODIFIERS), max_size=2, unique=True).map(tuple)),
        st.sampled_from([*map(Decimal, "1 1 1 1 2 3 7".split()), Decimal("0.5")]),
        st.booleans(),
        st.sampled_from([DAY, DAY, DAY, DAY + timedelta(1)]),
        st.sampled_from(["11", "11", "22"]),
        st.sampled_from(["", "", "207X00000X"]),
        st.just(""),
        st.sampled_from([None, None, "10001"]),
    ),
    min_size=1,
    max_size=7,
)


def bill(lines: list[Billed]) -> Bill:
    return Bill("b", tuple(replace(line, id=str(n)) for n, line in enumerate(lines)))


@pytest.fixture(scope="module")
def pricer(schedule: CodeBook) -> Pricer:
    return Pricer(schedule)


def by_line(found: Prices, lines: list[Billed]) -> list[tuple[Billed, str]]:
    return sorted(((line, str(one.amount)) for line, one in zip(lines, found.lines, strict=True)), key=repr)


@EXAMPLES
@given(LINES, st.randoms())
def test_the_order_of_the_lines_never_changes_an_amount(pricer: Pricer, lines: list[Billed], chance: object) -> None:
    shuffled = [*lines]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = pricer.price(bill(lines)), pricer.price(bill(shuffled))
    assert one.total == other.total
    assert by_line(one, lines) == by_line(other, shuffled)


@EXAMPLES
@given(LINES)
def test_the_company_of_others_never_raises_an_amount(pricer: Pricer, lines: list[Billed]) -> None:
    for number, together in enumerate(pricer.price(bill(lines)).lines):
        (alone,) = pricer.price(bill([lines[number]])).lines
        if together.amount is not None and together.amount.amount:
            assert alone.amount is not None
            assert together.amount <= alone.amount


@EXAMPLES
@given(LINES, st.booleans())
def test_no_line_is_above_its_units_times_the_greatest_factor(
    schedule: CodeBook, lines: list[Billed], apm: bool
) -> None:
    for one in Pricer(schedule, Terms(locality=CITY, apm=apm)).price(bill(lines)).lines:
        assert (one.amount is None) is bool(one.why)
        if one.amount is not None and one.minutes is None and one.unit is not None:
            assert one.amount.amount <= one.unit.amount * max(one.units, Decimal(1)) * GREATEST
        factors = [step for step in one.steps if step.factor is not None and step.factor <= 1 and step.amount]
        assert all(step.amount.amount <= one.unit.amount * one.units * GREATEST for step in factors if one.unit)  # type: ignore[union-attr]


@EXAMPLES
@given(LINES)
def test_the_national_price_is_that_of_indices_of_one(schedule: CodeBook, lines: list[Billed]) -> None:
    nowhere = [replace(line, zip=None, minutes=False) for line in lines]
    national = Pricer(schedule).price(bill(nowhere))
    even = Pricer(schedule, Terms(locality=ALL_ONE)).price(bill(nowhere))
    medical = [(a.amount, b.amount) for a, b in zip(national.lines, even.lines, strict=True) if a.code != "00100"]
    assert all(a == b for a, b in medical)


@EXAMPLES
@given(LINES)
def test_an_amount_is_the_last_step_and_the_total_their_sum(pricer: Pricer, lines: list[Billed]) -> None:
    found = pricer.price(bill(lines))
    for one in found.lines:
        if one.amount is not None:
            assert one.steps[-1].amount == one.amount
    amounts = [one.amount.amount for one in found.lines if one.amount is not None]
    assert (found.total.amount if found.total else None) == (sum(amounts, Decimal(0)) if amounts else None)
