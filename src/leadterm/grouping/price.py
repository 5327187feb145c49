"""What Medicare pays for what is coded: services by the physician fee schedule, a stay by weight and base rate.

A service is its national amount for one unit, non-facility or facility by the place of service, by the row of modifier
26, TC or 53 where it bears one, times units. Not applied: localities, other modifiers, reductions for several,
bilateral, assisted or shared procedures, sequestration, what the patient owes. A facility's own outpatient services
(APC), drugs by their average sales price, laboratory and anesthesia are not priced. A stay is its weight × the base
rate that the caller gives: no outlier, wage index, teaching or disproportionate share, no transfer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from leadterm.codesets import CodeBook
from leadterm.codesets.faces import missing, stands_in
from leadterm.codesets.payment.fees import PAID, RelativeValue, RelativeValues, paid_for
from leadterm.domain import Assignment, ClaimType, CodedEncounter, CodeSystem, Encounter, Money, Setting, plain_day
from leadterm.domain.places import FACILITY_RATE, place_of

from ._drg import Drg
from ._why import WhyNot

PRICED_SYSTEMS = (CodeSystem.CPT, CodeSystem.HCPCS)
# Modifiers with rows of their own: professional component, technical component, discontinued.
COMPONENTS = ("26", "TC", "53")
# Settings that name no place and are never in a facility.
OUTSIDE = (Setting.PROFESSIONAL, Setting.HOME_HEALTH)
# Status of a code in the file -> why it has no amount.
STATUSES = {
    "B": "is bundled into other services and never paid by itself",
    "C": "is priced by the Medicare contractor",
    "E": "is excluded from the physician fee schedule",
    "I": "is not valid for Medicare, which wants another code",
    "J": "is anesthesia, paid by base units and time",
    "M": "is a measure, reported and not paid",
    "N": "is not covered by Medicare",
    "P": "is bundled or excluded",
    "Q": "is functional information, reported and not paid",
    "X": "is outside the physician fee schedule by law",
}
NO_BASE_RATE = WhyNot("No base rate is given, so the stay has a weight and no price.")
NO_PLACE = "The encounter has no place of service: priced as in an office (non-facility)."


@dataclass(frozen=True, slots=True)
class Price:
    """What a service is paid.

    Attributes:
        unit: National amount of one unit.
        amount: For all units.
        facility: Whether the facility rate was taken.
        component: `26`, `TC`, `53`, or empty for the whole service.
        remark: What to know: the schedule of another day answers, rarely done in such a place; None for nothing.
    """

    unit: Money
    amount: Money
    facility: bool
    component: str
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A charge line and its price.

    Attributes:
        assignment: The id of the assignment.
        code, modifiers, units: As coded.
        price: Or why there is none.
    """

    assignment: str
    code: str
    modifiers: tuple[str, ...]
    units: Decimal
    price: Price | WhyNot


@dataclass(frozen=True, slots=True)
class Services:
    """The charge lines with their prices.

    Attributes:
        lines: In the order of the chart.
        total: Of the lines that have a price; None where none has.
        assumed: What the chart does not tell and was assumed, a sentence each.
    """

    lines: tuple[PricedLine, ...]
    total: Money | None
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StayPrice:
    """Relative weight × base rate."""

    weight: Decimal
    base_rate: Money
    amount: Money


@dataclass(frozen=True, slots=True)
class Prices:
    """What is coded, in dollars: services by line, and the stay; each, or why not."""

    services: Services | WhyNot
    stay: StayPrice | WhyNot


def prices_of(coded: CodedEncounter, book: CodeBook, drg: Drg | WhyNot, base_rate: Money | None = None) -> Prices:
    """The prices of the charge lines and of the stay that `drg` is the group of."""
    return Prices(services_of(coded, book), _stay(drg, base_rate))


def services_of(coded: CodedEncounter, book: CodeBook) -> Services | WhyNot:
    """The charge lines that are not rejected, with their prices; or why none is priced."""
    encounter = coded.encounter
    if not coded.charges:
        return WhyNot("No service is charged.")
    if encounter.claim_type is ClaimType.INSTITUTIONAL:
        return WhyNot("The physician fee schedule pays professionals; a facility's outpatient services are not priced.")
    facility = is_facility(encounter)
    lines = tuple(_line(a, coded, book, bool(facility)) for a in coded.charges)
    priced = [line.price.amount for line in lines if isinstance(line.price, Price)]
    return Services(lines, Money.total(priced) if priced else None, () if facility is not None else (NO_PLACE,))


def is_facility(encounter: Encounter) -> bool | None:
    """Whether the encounter took place where the facility rate is paid; None where it does not say."""
    if place := place_of(encounter):
        return place in FACILITY_RATE
    return False if encounter.setting in OUTSIDE else None


def _line(assignment: Assignment, coded: CodedEncounter, book: CodeBook, facility: bool) -> PricedLine:
    units = assignment.units if assignment.units is not None else Decimal(1)
    on = plain_day(assignment.service_date or coded.on or coded.encounter.controlling_date)
    price = _price(assignment, units, on, book, facility)
    return PricedLine(assignment.id, assignment.code.value, assignment.modifiers, units, price)


def _price(assignment: Assignment, units: Decimal, on: date | None, book: CodeBook, facility: bool) -> Price | WhyNot:
    if assignment.code.system not in PRICED_SYSTEMS:
        return WhyNot(f"{assignment.code} is no service of the physician fee schedule.")
    if on is None:
        return WhyNot("The service has no date, which decides the schedule.")
    release = book.release_for(RelativeValues.COMPONENT, on)
    if release is None:
        return WhyNot(str(missing(RelativeValues)))
    component = next((m.upper() for m in assignment.modifiers if m.upper() in COMPONENTS), "")
    row = book.component(RelativeValues, on).value(assignment.code.value, component)
    remark = stands_in(RelativeValues, release, on)
    if why := _no_amount(assignment.code.value, component, row):
        return WhyNot(f"{why} {remark}" if remark else why)
    assert row is not None
    return _paid(row, units, facility, component, remark)


def _no_amount(code: str, component: str, row: RelativeValue | None) -> str | None:
    """Why the schedule has no amount; None where it has one."""
    if row is None:
        return f"The physician fee schedule has no {code}{f' with modifier {component}' if component else ''}."
    if row.status not in PAID:
        return f"{code} {STATUSES.get(row.status, f'has no amount (status {row.status})')}."
    return None


def _paid(row: RelativeValue, units: Decimal, facility: bool, component: str, remark: str | None) -> Price:
    payment = paid_for(row, facility=facility)
    remarks = [remark] if remark else []
    if payment.rarely_there:
        remarks.append(f"Rarely or never done {'in a facility' if facility else 'outside a facility'}.")
    told = " ".join(remarks) or None
    return Price(payment.amount, line_amount(payment.amount, units), facility, component, told)


def line_amount(unit: Money, units: Decimal) -> Money:
    """Amount of a unit, which is whole cents, × units, rounded half up to the cent: units may be fractions."""
    return Money.rounded(unit.amount * units)


def stay_amount(weight: Decimal, base_rate: Money) -> Money:
    """Relative weight × base rate, rounded half up to the cent."""
    return Money.rounded(weight * base_rate.amount)


def _stay(drg: Drg | WhyNot, base_rate: Money | None) -> StayPrice | WhyNot:
    if isinstance(drg, WhyNot):
        return drg
    if isinstance(drg.weight, WhyNot):
        return drg.weight
    if base_rate is None:
        return NO_BASE_RATE
    return StayPrice(drg.weight.relative, base_rate, stay_amount(drg.weight.relative, base_rate))
