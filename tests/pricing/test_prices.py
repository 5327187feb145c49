"""Charges in, prices out, by an invented schedule of 2026: places, days, components, what has no price."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.grouping.notation import coded

from leadterm.codesets import CodeBook
from leadterm.codesets.payment.fees import RelativeValues, dollars
from leadterm.codesets.payment.localities import NATIONAL, Gpci
from leadterm.domain import (
    Address,
    Claim,
    ClaimType,
    Code,
    CodeSystem,
    InputError,
    Money,
    Patient,
    Provider,
    ProviderRole,
    ServiceLine,
    Subscriber,
)
from leadterm.pricing import PricedLine, Prices, Terms, bill_of_codes, charged, priced
from leadterm.schemas import encode_prices

from .shelf import CITY

DAY = "2026-02-14"


def prices(text: str, book: CodeBook, **terms: object) -> Prices:
    return priced(coded(text), book, Terms(**terms))  # type: ignore[arg-type]


def line(text: str, book: CodeBook, **terms: object) -> PricedLine:
    (found,) = prices(text, book, **terms).lines
    return found


def codes(written: str, book: CodeBook, place: str = "11", day: str = DAY, **terms: object) -> Prices:
    """The prices of codes by hand."""
    return priced(bill_of_codes(written.split(), date.fromisoformat(day), place), book, Terms(**terms))  # type: ignore[arg-type]


def amounts(found: Prices) -> list[str]:
    return [str(one.amount) for one in found.lines]


# --- place, day, component ---


def test_a_service_is_priced_by_its_place(schedule: CodeBook) -> None:
    office = line(f"professional F70 {DAY}: I10 pos:11 line:99213", schedule)
    hospital = line(f"professional F70 {DAY}: I10 pos:22 line:99213", schedule)
    assert (str(office.amount), office.facility) == ("91.85", False)  # 2.75 × 33.4009 = 91.852475
    assert (str(hospital.amount), hospital.facility) == ("65.13", True)  # 1.95 × 33.4009 = 65.131755
    (step,) = office.steps
    assert step.what == (
        "99213 (non-facility, national): (work 1.3 + practice expense 1.35 + malpractice 0.1) × 33.4009"
    )


def test_units_multiply_the_price_of_one(schedule: CodeBook) -> None:
    found = line(f"professional F70 {DAY}: I10 pos:11 line:99213x3", schedule)
    assert (str(found.unit), str(found.amount), found.steps[-1].factor) == ("91.85", "275.55", 3)


def test_a_component_has_a_row_of_its_own(schedule: CodeBook) -> None:
    whole = line(f"professional F70 {DAY}: I10 pos:11 line:71046", schedule)
    reading = line(f"professional F70 {DAY}: I10 pos:11 line:71046-RT-26", schedule)
    assert (str(whole.unit), str(reading.unit)) == ("31.40", "10.35")


def test_a_service_that_is_rarely_done_there_says_so(schedule: CodeBook) -> None:
    told = ("Rarely or never done outside a facility.",)
    assert line(f"professional F70 {DAY}: I10 pos:11 line:27447", schedule).remarks == told
    assert line(f"professional F70 {DAY}: I10 pos:21 line:27447", schedule).remarks == ()


@pytest.mark.parametrize(
    ("where", "facility"),
    [
        ("professional F70 {day}: I10 pos:02", True),
        ("professional F70 {day}: I10 pos:10", False),
        ("professional F70 {day}: I10 pos:24", True),
        ("professional F70 {day}: I10 pos:32", False),
        ("home-health/professional F70 {day}: I10", False),
        ("emergency F70 {day}: I10", True),
        ("inpatient/professional F70 {day}: I10", True),
    ],
)
def test_the_place_decides_whether_it_is_a_facility(where: str, facility: bool, schedule: CodeBook) -> None:
    found = prices(f"{where.format(day=DAY)} line:99213", schedule)
    assert found.lines[0].facility is facility
    assert not [s for s in found.assumed if "place of service" in s]


def test_no_place_is_taken_as_an_office_and_told_unless_the_rate_is_given(schedule: CodeBook) -> None:
    told = "No place of service is told: priced as in an office (non-facility)."
    assert told in prices(f"outpatient F70 {DAY}: I10 line:99213", schedule).assumed
    assert told in prices(f"professional F70 {DAY}: I10 line:99213", schedule).assumed
    found = prices(f"outpatient F70 {DAY}: I10 line:99213", schedule, facility=True)
    assert (told in found.assumed, found.lines[0].facility) == (False, True)


def test_the_class_of_the_encounter_tells_the_place(schedule: CodeBook) -> None:
    one = coded(f"outpatient F70 {DAY}: I10 line:99213")
    surgery = replace(one, encounter=replace(one.encounter, encounter_class="Ambulatory surgery"))
    assert priced(surgery, schedule).lines[0].facility


def test_the_total_is_of_what_has_a_price(schedule: CodeBook) -> None:
    found = prices(f"professional F70 {DAY}: I10 pos:11 line:99213x2 line:G0008 -line:71046", schedule)
    assert [one.code for one in found.lines] == ["99213", "G0008"]
    assert found.total == Money.parse("183.70")
    assert prices(f"professional F70 {DAY}: I10 pos:11 line:G0008", schedule).total is None


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("G0008", "G0008 is outside the physician fee schedule by law."),
        ("99199", "99199 is priced by the Medicare contractor."),
        ("D0120", "D0120 has no relative values in the schedule: the Medicare contractor prices it."),
        ("99080", "99080 is bundled into other services and never paid by itself."),
        ("99999", "The physician fee schedule has no 99999."),
        ("99213-26", "The physician fee schedule has no 99213 with modifier 26."),
        ("27447-73", "73 is of surgery centers and hospitals, not of the physician fee schedule (MCPM 4.20.6.4)."),
        ("27447-52", "A reduced service (52) is paid by report; without 52 the line is $1255.87 (MCPM 12.20.4.6)."),
        ("27447-53", "A discontinued service (53) without a row of its own is paid by report; without 53 the line is "),
        ("27130-66", "A surgeon of a team (66) is paid by report; without 66 the line is $1289.27 (MCPM 12.40.8)."),
        ("27447-66", "Medicare pays no team of surgeons for this operation (team indicator 0)."),
        ("66984-80", "Medicare pays no assistant for this operation (assistant indicator 1)."),
        ("66984-62", "Medicare pays no two surgeons for this operation (co-surgeon indicator 0)."),
        ("11042-54", "The schedule splits no global package of 11042 (000 days): Surgical care alone (54)"),
    ],
)
def test_what_has_no_price_says_why(written: str, sentence: str, schedule: CodeBook) -> None:
    (found,) = codes(written, schedule).lines
    assert found.amount is None
    assert found.why.startswith(sentence)


def test_without_a_schedule_the_command_is_named(book: CodeBook) -> None:
    assert line(f"professional F70 {DAY}: I10 pos:11 line:99213", book).why == (
        "No Medicare physician fee schedule (relative values) is installed; run `leadterm codes update pfs:rvu`, or "
        "`leadterm codes install PATH` with the file that you have."
    )


def test_the_schedule_of_another_day_is_told(schedule: CodeBook) -> None:
    expected = "No Medicare physician fee schedule (relative values) for 2026-05-14 is installed"
    (remark,) = line("professional F70 2026-05-14: I10 pos:11 line:99213", schedule).remarks
    assert remark.startswith(expected)
    (remark,) = line("professional F70 2026-05-14: I10 pos:11 line:99999", schedule).remarks
    assert remark.startswith(expected)


def test_the_day_of_the_line_decides_unless_one_is_given(schedule: CodeBook) -> None:
    one = coded("professional F70 2026-05-14: I10 pos:11 line:99213")
    dated = replace(one, assignments=tuple(replace(a, service_date=date(2026, 2, 14)) for a in one.assignments))
    assert priced(dated, schedule).lines[0].remarks == ()
    assert priced(one, schedule, Terms(on=date(2026, 2, 14))).lines[0].remarks == ()


def test_a_service_without_a_date_has_no_price(schedule: CodeBook) -> None:
    assert "no date" in line("professional F70: I10 pos:11 line:99213", schedule).why


def test_without_charges_there_is_nothing_to_price(schedule: CodeBook) -> None:
    assert prices(f"professional F70 {DAY}: I10", schedule) == Prices("case", why="No service is charged.")


def test_a_facility_is_not_paid_by_the_physician_fee_schedule(schedule: CodeBook) -> None:
    assert "another facility" in prices(f"skilled-nursing/institutional F70 {DAY}: I10 line:99213", schedule).why
    assert "No OPPS Addendum B" in prices(f"outpatient/institutional F70 {DAY}: I10 line:99213", schedule).why


def test_the_price_is_that_of_the_schedule(schedule: CodeBook) -> None:
    on = date.fromisoformat(DAY)
    values, indices = schedule.component(RelativeValues, on), schedule.component(Gpci, on)
    for code, modifier in (("99213", ""), ("71046", ""), ("71046", "26"), ("27447", "")):
        row = values.value(code, modifier)
        assert row is not None
        for place, pe in (("11", row.pe_nonfacility), ("21", row.pe_facility)):
            for locality in (None, CITY):
                index = indices.row(locality) if locality else NATIONAL
                assert index is not None
                found = codes(f"{code}-{modifier}" if modifier else code, schedule, place, locality=locality)
                assert found.lines[0].unit == Money.rounded(dollars(row, index, pe, row.mp))


# --- both factors, localities ---


def test_since_2026_there_are_two_factors(schedule: CodeBook) -> None:
    assert amounts(codes("99213", schedule)) == ["91.85"]
    assert amounts(codes("99213", schedule, apm=True)) == ["92.31"]  # 2.75 × 33.5675 = 92.310625


def test_before_2026_there_is_one(schedule: CodeBook) -> None:
    found = codes("99213", schedule, day="2025-12-31", apm=True)
    assert (amounts(found), "one conversion factor" in found.assumed[0]) == (["91.85"], True)


def claim(*lines: str, zip: str | None = None, home: str | None = None, place: str = "11", taxonomy: str = "") -> Claim:
    """A professional claim of lines like codes by hand."""
    bill = bill_of_codes(lines, date(2026, 2, 14))
    provider = Provider(ProviderRole.BILLING, "1234567893", taxonomy or None, address=Address(zip=zip))
    services = tuple(
        ServiceLine(
            int(b.id), Code.parse(b.code, CodeSystem.CPT), b.units, Money.parse("1"), date(2026, 2, 14),
            date(2026, 2, 14), b.modifiers, unit="MJ" if b.minutes else "UN",
        )
        for b in bill.lines
    )  # fmt: skip
    patient = Patient(address=Address(zip=home))
    return Claim(
        "c1", ClaimType.PROFESSIONAL, patient, Subscriber(), (), (provider,), (), services, place_of_service=place
    )


def test_the_zip_code_of_who_bills_tells_the_locality(schedule: CodeBook) -> None:
    found = priced(claim("99213", zip="10001-2345"), schedule)
    # (1.30 × 1.05 + 1.35 × 1.20 + 0.10 × 0.80) × 33.4009 = 3.065 × 33.4009 = 102.3737585
    assert (amounts(found), found.lines[0].locality, found.assumed) == (["102.37"], CITY, ())


def test_at_home_the_zip_code_of_the_patient_tells_it(schedule: CodeBook) -> None:
    found = priced(claim("99213", zip="10001", home="12001", place="12"), schedule)
    assert (found.lines[0].locality, found.assumed) == (
        "9900199",
        ("The ZIP code 12001 lies in several localities; its five digits give that of most of it.",),
    )


@pytest.mark.parametrize("zip", ["99999", "941", None])
def test_a_zip_code_that_lies_nowhere_leaves_the_national_amount(zip: str | None, schedule: CodeBook) -> None:
    found = priced(claim("99213", zip=zip), schedule)
    assert (amounts(found), found.assumed[0].endswith("all indices one.")) == (["91.85"], True)


@pytest.mark.parametrize("terms", [{"zip": "99999"}, {"zip": "941"}, {"locality": "1234567"}])
def test_by_flag_it_is_refused(terms: dict[str, str], schedule: CodeBook) -> None:
    with pytest.raises(InputError):
        codes("99213", schedule, **terms)


# --- who, and on what terms ---


def test_a_nurse_practitioner_is_paid_85_percent(schedule: CodeBook) -> None:
    found = priced(claim("99213", taxonomy="363LF0000X"), schedule)
    assert amounts(found) == ["78.07"]  # 91.85 × 0.85 = 78.0725
    assert amounts(priced(claim("99213", taxonomy="207Q00000X"), schedule)) == ["91.85"]


def test_who_does_not_participate_is_paid_95_percent_with_a_limiting_charge(schedule: CodeBook) -> None:
    (found,) = codes("99213", schedule, participating=False).lines
    assert (str(found.amount), str(found.limiting_charge)) == ("87.26", "100.35")  # 91.85 × 0.95; 87.26 × 1.15


def test_shares_and_sequestration_are_told_where_asked_for(schedule: CodeBook) -> None:
    (found,) = codes("99213", schedule, patient_share=True).lines
    assert found.shares is not None
    assert (str(found.shares.patient), str(found.shares.medicare)) == ("18.37", "73.48")
    (found,) = codes("99213", schedule, sequestration=True).lines
    assert found.shares is not None
    assert str(found.shares.medicare) == "72.01"  # 73.48 − 1.47


def test_anesthesia_without_base_units_says_its_time(schedule: CodeBook) -> None:
    (found,) = codes("00100-AAx95m", schedule, locality=CITY).lines
    assert found.why == "The base units of 00100 are missing: 6.3 time units alone make no price at $22.5 a unit."
    (supervised,) = codes("00100-ADx95m", schedule, locality=CITY).lines
    assert str(supervised.amount) == "67.50"
    assert "give the minutes" in codes("00100-AA", schedule, locality=CITY).lines[0].why
    assert "locality" in codes("00100-ADx95m", schedule).lines[0].why


def test_the_charges_of_a_record_are_priced(schedule: CodeBook) -> None:
    from leadterm.schemas import decode

    record = {
        **{"schema": "leadterm.encounter/1", "id": "e1", "setting": "professional", "date_of_service": DAY},
        "charges": [{"code": "99213", "units": "1"}, {"code": "20610", "units": "1", "modifiers": ["50"]}],
    }
    found = priced(charged(decode.encounter(record, "e1")), schedule)
    assert [one.id for one in found.lines] == ["1", "2"]
    assert amounts(found) == ["91.85", "95.19"]  # 1.90 × 33.4009 = 63.46; × 1.5 = 95.19


@pytest.mark.parametrize("text", ["9921", "99213-", "99213-2", "99213x", "99213x0", "99213x-1", "x" * 99, "00100-AAm"])
def test_a_text_that_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        bill_of_codes([text])


def test_an_answer_is_json_of_the_contract(schedule: CodeBook) -> None:
    from tests.schemas.validation import problems

    written = "99213 45385 45380-59 00100-AAx95m 99999 97110x3 70450 72125 27447-50"
    for terms in ({}, {"participating": False, "patient_share": True, "locality": CITY}):
        value = encode_prices.prices(codes(written, schedule, **terms))  # type: ignore[arg-type]
        assert problems("prices-1", value) == []
    assert value["lines"][0]["steps"][0]["amount"] == value["lines"][0]["unit"]
    assert Decimal(value["total"]) == sum(Decimal(one["amount"]) for one in value["lines"] if one["amount"])


def test_units_of_a_file_lose_their_zeros(schedule: CodeBook) -> None:
    one = claim("99213")
    padded = replace(one, lines=(replace(one.lines[0], units=Decimal("20.00")),))
    (found,) = encode_prices.prices(priced(padded, schedule))["lines"]
    assert (found["units"], found["steps"][-1]["what"], found["amount"]) == ("20", "20 units", "1837.00")
