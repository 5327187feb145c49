"""Charges in, prices out, by a small fee schedule of invented values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.codesets import CodeBook
from leadterm.codesets.payment.fees import Gpci, PhysicianFees, RelativeValues
from leadterm.domain import Money
from leadterm.grouping import Price, Services, StayPrice, WhyNot, drg_of, prices_of
from leadterm.grouping.price import line_amount, services_of, stay_amount

from .notation import coded
from .shelf import FACTOR

DAY = "2026-02-14"
MONEY = st.decimals(min_value=0, max_value=99_999, places=2).map(Money)


def services(text: str, book: CodeBook) -> Services:
    found = services_of(coded(text), book)
    assert isinstance(found, Services), found
    return found


def price(text: str, book: CodeBook) -> Price:
    (line,) = services(text, book).lines
    assert isinstance(line.price, Price), line.price
    return line.price


def why(text: str, book: CodeBook) -> str:
    (line,) = services(text, book).lines
    assert isinstance(line.price, WhyNot), line.price
    return line.price.sentence


# --- services ---


def test_a_service_is_priced_by_its_place(priced: CodeBook) -> None:
    office = price(f"professional F70 {DAY}: I10 pos:11 line:99213", priced)
    hospital = price(f"professional F70 {DAY}: I10 pos:22 line:99213", priced)
    assert office == Price(Money.parse("91.85"), Money.parse("91.85"), False, "")  # 2.75 × 33.4009 = 91.852475
    assert hospital == Price(Money.parse("65.13"), Money.parse("65.13"), True, "")  # 1.95 × 33.4009 = 65.131755


def test_units_multiply_the_price_of_one(priced: CodeBook) -> None:
    found = price(f"professional F70 {DAY}: I10 pos:11 line:99213x3", priced)
    assert (found.unit, found.amount) == (Money.parse("91.85"), Money.parse("275.55"))


def test_a_component_has_a_row_of_its_own(priced: CodeBook) -> None:
    whole = price(f"professional F70 {DAY}: I10 pos:11 line:71046", priced)
    reading = price(f"professional F70 {DAY}: I10 pos:11 line:71046-RT-26", priced)
    assert (whole.component, reading.component) == ("", "26")
    assert reading.unit == Money.rounded(Decimal("0.31") * Decimal(FACTOR)) < whole.unit


def test_a_service_that_is_rarely_done_there_says_so(priced: CodeBook) -> None:
    assert price(f"professional F70 {DAY}: I10 pos:11 line:27447", priced).remark == (
        "Rarely or never done outside a facility."
    )
    assert price(f"professional F70 {DAY}: I10 pos:21 line:27447", priced).remark is None


@pytest.mark.parametrize(
    ("where", "facility"),
    [
        ("professional F70 {day}: I10 pos:02", True),
        ("professional F70 {day}: I10 pos:10", False),
        ("professional F70 {day}: I10 pos:24", True),
        ("professional F70 {day}: I10 pos:32", False),
        ("professional F70 {day}: I10", False),
        ("emergency F70 {day}: I10", True),
        ("inpatient/professional F70 {day}: I10", True),
    ],
)
def test_the_place_decides_whether_it_is_a_facility(where: str, facility: bool, priced: CodeBook) -> None:
    found = services(f"{where.format(day=DAY)} line:99213", priced)
    (line,) = found.lines
    assert isinstance(line.price, Price)
    assert (line.price.facility, found.assumed) == (facility, ())


def test_no_place_is_taken_as_an_office_and_told(priced: CodeBook) -> None:
    found = services(f"outpatient F70 {DAY}: I10 line:99213", priced)
    assert found.assumed == ("The encounter has no place of service: priced as in an office (non-facility).",)


def test_the_class_of_the_encounter_tells_the_place(priced: CodeBook) -> None:
    one = coded(f"outpatient F70 {DAY}: I10 line:99213")
    surgery = replace(one, encounter=replace(one.encounter, encounter_class="Ambulatory surgery"))
    found = services_of(surgery, priced)
    assert isinstance(found, Services)
    (line,) = found.lines
    assert isinstance(line.price, Price)
    assert line.price.facility


def test_the_total_is_of_what_has_a_price(priced: CodeBook) -> None:
    found = services(f"professional F70 {DAY}: I10 pos:11 line:99213x2 line:G0008 -line:71046", priced)
    assert [line.code for line in found.lines] == ["99213", "G0008"]
    assert found.total == Money.parse("183.70")
    assert services(f"professional F70 {DAY}: I10 pos:11 line:G0008", priced).total is None


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("G0008", "G0008 is outside the physician fee schedule by law."),
        ("00100", "00100 is anesthesia, paid by base units and time."),
        ("99080", "99080 is bundled into other services and never paid by itself."),
        ("99999", "The physician fee schedule has no 99999."),
        ("99213-26", "The physician fee schedule has no 99213 with modifier 26."),
    ],
)
def test_what_has_no_price_says_why(line: str, sentence: str, priced: CodeBook) -> None:
    assert why(f"professional F70 {DAY}: I10 pos:11 line:{line}", priced) == sentence


def test_without_a_schedule_the_command_is_named(book: CodeBook) -> None:
    assert why(f"professional F70 {DAY}: I10 pos:11 line:99213", book) == (
        "No Medicare physician fee schedule (relative values) is installed; run `leadterm codes update pfs:rvu`, or "
        "`leadterm codes install PATH` with the file that you have."
    )


def test_the_schedule_of_another_day_is_told(priced: CodeBook) -> None:
    expected = "No Medicare physician fee schedule (relative values) for 2026-05-14 is installed"
    assert expected in (price("professional F70 2026-05-14: I10 pos:11 line:99213", priced).remark or "")
    assert expected in why("professional F70 2026-05-14: I10 pos:11 line:99999", priced)


def test_the_day_of_the_line_decides(priced: CodeBook) -> None:
    one = coded("professional F70 2026-05-14: I10 pos:11 line:99213")
    dated = replace(one, assignments=tuple(replace(a, service_date=date(2026, 2, 14)) for a in one.assignments))
    found = services_of(dated, priced)
    assert isinstance(found, Services)
    assert isinstance(found.lines[0].price, Price)
    assert found.lines[0].price.remark is None


def test_a_service_without_a_date_has_no_price(priced: CodeBook) -> None:
    assert "no date" in why("professional F70: I10 pos:11 line:99213", priced)


def test_without_charges_there_is_nothing_to_price(priced: CodeBook) -> None:
    assert services_of(coded(f"professional F70 {DAY}: I10"), priced) == WhyNot("No service is charged.")


def test_a_facility_is_not_paid_by_the_physician_fee_schedule(priced: CodeBook) -> None:
    found = services_of(coded(f"outpatient/institutional F70 {DAY}: I10 line:99213"), priced)
    assert isinstance(found, WhyNot)
    assert "pays professionals" in found.sentence


def test_the_price_is_that_of_the_schedule(priced: CodeBook) -> None:
    on = date.fromisoformat(DAY)
    values = priced.component(RelativeValues, on)
    assert priced.find(Gpci, on) is None
    fees = PhysicianFees(values, None)  # type: ignore[arg-type]  # the national amount asks for no indices
    for code, modifier in (("99213", ""), ("71046", ""), ("71046", "26"), ("27447", "")):
        line = f"{code}-{modifier}" if modifier else code
        for place, facility in (("11", False), ("21", True)):
            payment = fees.payment(code, modifier, facility=facility)
            assert payment is not None
            assert price(f"professional F70 {DAY}: I10 pos:{place} line:{line}", priced).unit == payment.amount


# --- stays ---

STAY = "inpatient F76 2026-10-14: I50.23 J96.01 disp:01"


def test_a_stay_is_weight_times_base_rate(priced: CodeBook) -> None:
    one = coded(STAY)
    found = prices_of(one, priced, drg_of(one, priced), Money.parse("6500.00"))
    # 1.2345 × 6500.00 = 8024.25
    assert found.stay == StayPrice(Decimal("1.2345"), Money.parse("6500.00"), Money.parse("8024.25"))


def test_a_stay_without_a_base_rate_has_no_price(priced: CodeBook) -> None:
    one = coded(STAY)
    found = prices_of(one, priced, drg_of(one, priced))
    assert found.stay == WhyNot("No base rate is given, so the stay has a weight and no price.")


def test_a_stay_without_a_group_or_a_weight_says_why(priced: CodeBook) -> None:
    rate = Money.parse("6500.00")
    for text, sentence in (
        ("outpatient F76 2026-10-14: I50.23", "groups inpatient stays"),
        ("inpatient F76 2026-10-14: I50.23 disp:01", "no weight for 293"),
    ):
        found = prices_of(coded(text), priced, drg_of(coded(text), priced), rate).stay
        assert isinstance(found, WhyNot)
        assert sentence in found.sentence


# --- rounding ---


@given(MONEY, st.decimals(min_value="0.001", max_value=999, places=3))
def test_a_line_is_rounded_half_up_once(unit: Money, units: Decimal) -> None:
    expected = (unit.amount * units).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert line_amount(unit, units).amount == expected


@given(st.decimals(min_value=0, max_value=30, places=4), MONEY)
def test_a_stay_is_rounded_half_up_once(weight: Decimal, rate: Money) -> None:
    assert abs(stay_amount(weight, rate).amount - weight * rate.amount) <= Decimal("0.005")
