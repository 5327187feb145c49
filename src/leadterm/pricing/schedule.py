"""What the schedule pays for one unit of a row in a place, with the steps; what was read once is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from leadterm.codesets import CodeBook
from leadterm.codesets.faces import before_first, missing, stands_in
from leadterm.codesets.payment.anesthesia import Anesthesia, AnesthesiaBase
from leadterm.codesets.payment.fees import (
    ApmRelativeValues,
    RelativeValue,
    RelativeValues,
    dollars,
    outpatient_cap,
)
from leadterm.codesets.payment.localities import NATIONAL, Gpci, GpciRow, ZipLocalities, ZipLocality
from leadterm.domain import DataMissing, InputError, Money, Release

from ._tables import statuses
from .values import Step

# From here on two conversion factors (Social Security Act 1848(d)(1)(A)).
TWO_FACTORS = date(2026, 1, 1)
COMPONENTS = frozenset({"26", "TC", "53"})
FORMULA = "42 CFR 414.20 to 414.28"
CAP = "Social Security Act 1848(b)(4)(A)"
ONE_FACTOR = "Before 2026 there is one conversion factor: that one is taken."


@dataclass(frozen=True, slots=True)
class Fee:
    """One unit of a row in a place.

    Attributes:
        row: Of the schedule.
        gpci: The indices.
        facility: Whether the facility rate.
        whole: Rounded, before the cap of imaging.
        cap: The cap, rounded, where it is lower than `whole`; None else.
        unit: What is paid: the lower of the two.
        steps: How.
        remarks: What to know.
    """

    row: RelativeValue
    gpci: GpciRow
    facility: bool
    whole: Money
    cap: Money | None
    unit: Money
    steps: tuple[Step, ...]
    remarks: tuple[str, ...]

    def practice_expense(self) -> Decimal:
        """Dollars of the practice expense of a unit, unrounded."""
        pe = self.row.pe_facility if self.facility else self.row.pe_nonfacility
        return pe * self.gpci.pe * self.row.conversion_factor

    def with_practice_expense(self, share: Decimal) -> Money:
        """A unit with a share of its practice expense."""
        pe = self.row.pe_facility if self.facility else self.row.pe_nonfacility
        return Money.rounded(dollars(self.row, self.gpci, pe * share, self.row.mp))


# (code, component, facility, locality) -> one unit, or why there is none; by the releases that say it.
Fees = dict[tuple[str, str, bool, str | None], Fee | str]
Kept = dict[tuple[Release, Release | None], Fees]


class Schedule:
    """The schedule of one day."""

    def __init__(self, book: CodeBook, day: date, apm: bool = False, kept: Kept | None = None) -> None:
        """Raises DataMissing where no relative values are installed, or none of the factor that is asked for.

        `kept`: what other days of the same releases have asked already.
        """
        face = ApmRelativeValues if apm and day >= TWO_FACTORS else RelativeValues
        self._book, self.day, self.apm = book, day, apm
        self._values = book.component(face, day)
        release = book.release_for(face.COMPONENT, day)
        if release is None or (face is ApmRelativeValues and release.period.start < TWO_FACTORS):
            raise missing(face)
        self.start = release.period.start
        self.remark = stands_in(face, release, day)
        self.assumed = ONE_FACTOR if apm and face is RelativeValues else None
        kept = {} if kept is None else kept
        self._fees = kept.setdefault((release, book.release_for(Gpci.COMPONENT, day)), {})
        self._places: dict[str, GpciRow | None] = {}

    def row(self, code: str, component: str = "") -> RelativeValue | None:
        """A row; None where the schedule has none."""
        return self._values.value(code, component)

    def fee(self, code: str, component: str, facility: bool, locality: str | None) -> Fee | str:
        """One unit, or why it has no amount. Raises InputError for a locality that nobody knows."""
        key = (code, component, facility, locality)
        found = self._fees.get(key)
        if found is None:
            found = self._fees[key] = self._read(code, component, facility, locality)
        return found

    def _read(self, code: str, component: str, facility: bool, locality: str | None) -> Fee | str:
        row = self.row(code, component)
        if row is None:
            return f"The physician fee schedule has no {code}{f' with modifier {component}' if component else ''}."
        priced, words = statuses().get(row.status, (False, f"has no amount (status {row.status})"))
        if not priced:
            return f"{code} {words}."
        gpci = self.indices(locality)
        fee = fee_of(row, gpci, facility)
        if not fee.whole.amount:
            return f"{code} has no relative values in the schedule: the Medicare contractor prices it."
        return fee

    def indices(self, locality: str | None) -> GpciRow:
        """The indices of a locality, all one for None. Raises InputError for an unknown one, DataMissing without."""
        if locality is None:
            return NATIONAL
        if locality not in self._places:
            self._places[locality] = self._book.component(Gpci, self.day).row(locality)
        found = self._places[locality]
        if found is None:
            raise InputError(
                f"There is no Medicare locality {locality[:10]}; give the contractor's five digits and the two of the "
                "locality (0111205)."
            )
        return found

    def of_zip(self, zip_code: str) -> ZipLocality | str:
        """Where a ZIP code lies, or why that is not known.

        Raises InputError for what is no ZIP code, DataMissing where the file of ZIP codes or the indices are missing.
        """
        places, _ = self._book.component(ZipLocalities, self.day), self._book.component(Gpci, self.day)
        found = places.locality(zip_code)
        return found or f"The ZIP code {zip_code[:5]} lies in no Medicare locality."

    def base_units(self, code: str) -> Decimal | None:
        """The base units of an anesthesia code; None where no file tells."""
        found = self._book.find(AnesthesiaBase, self.day)
        return found.units(code) if found else None

    def anesthesia_factor(self, locality: str | None) -> Decimal | str:
        """Dollars a unit of anesthesia, or why there is none."""
        if self.apm and self.day >= TWO_FACTORS:
            return "The anesthesia factor of qualifying APM participants is in no file that is read."
        if locality is None:
            return "The anesthesia factor is one of a locality: give the locality or the ZIP code."
        try:
            factor = self._book.component(Anesthesia, self.day).conversion_factor(locality)
        except DataMissing as error:
            return str(error)
        return factor if factor is not None else f"There is no anesthesia factor for locality {locality}."


def newest_schedule(book: CodeBook, day: date | None = None) -> date:
    """The day itself, else the last day of the newest schedule.

    Raises DataMissing where none is installed, or where the first begins after the day that was asked for.
    """
    book.component(RelativeValues, day)
    release = book.release_for(RelativeValues.COMPONENT, day)
    assert release is not None
    if day is not None and day < release.period.start:
        raise before_first(RelativeValues, day)
    return day or release.period.end or release.period.start


def fee_of(row: RelativeValue, gpci: GpciRow, facility: bool) -> Fee:
    """One unit of a row that the schedule prices."""
    pe = row.pe_facility if facility else row.pe_nonfacility
    exact = dollars(row, gpci, pe, row.mp)
    whole = Money.rounded(exact)
    steps = [Step(_formula(row, gpci, facility, pe), whole, None, FORMULA)]
    limit = outpatient_cap(row, gpci, facility)
    cap = Money.rounded(limit) if limit is not None and limit < exact else None
    if cap is not None:
        steps.append(Step("No more for imaging than the hospital outpatient system pays", cap, None, CAP))
    return Fee(row, gpci, facility, whole, cap, cap or whole, tuple(steps), _remarks(row, facility))


def _formula(row: RelativeValue, gpci: GpciRow, facility: bool, pe: Decimal) -> str:
    place = "facility" if facility else "non-facility"
    named = f"{row.code}-{row.modifier}" if row.modifier else row.code
    if gpci is NATIONAL:
        values = f"work {row.work} + practice expense {pe} + malpractice {row.mp}"
    else:
        values = f"work {row.work} × {gpci.work} + practice expense {pe} × {gpci.pe} + malpractice {row.mp} × {gpci.mp}"
    where = gpci.locality or gpci.name
    return f"{named} ({place}, {where}): ({values}) × {row.conversion_factor}"


def _remarks(row: RelativeValue, facility: bool) -> tuple[str, ...]:
    found = []
    if row.facility_na if facility else row.nonfacility_na:
        found.append(f"Rarely or never done {'in a facility' if facility else 'outside a facility'}.")
    if row.status == "R":
        found.append(f"{row.code} {statuses()['R'][1]}.")
    return tuple(found)
