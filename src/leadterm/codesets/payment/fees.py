"""The Medicare physician fee schedule: relative values, localities, and what a service is paid there.

Payment = (work RVU × work GPCI + practice expense RVU × PE GPCI + malpractice RVU × MP GPCI) × conversion factor
(42 CFR 414.20), rounded half up to the cent, once, at the end. The technical component of imaging is capped at what the
outpatient prospective payment system pays (Social Security Act 1848(b)(4)); the file gives RVUs that stand for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from leadterm.domain import InputError, Money, Release

from ..store import Store

if TYPE_CHECKING:
    from ..book import CodeBook

# Active; restricted coverage; injections, paid only when nothing else is. All others have no amount of the schedule.
PAID = ("A", "R", "T")
VALUES_KEPT = 1 << 14
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class RelativeValue:
    """One row of the relative value file.

    Attributes:
        code, modifier: CPT or HCPCS; `26`, `TC`, `53` or empty (the global service).
        status: A active, R restricted, T injection, B bundled, C by the contractor, I not valid for Medicare, N not
            covered, X excluded, … as in the file.
        work: Physician work.
        pe_nonfacility, pe_facility: Practice expense by place.
        nonfacility_na, facility_na: Whether the service is rarely or never done in that place.
        mp: Malpractice.
        pctc: Professional and technical component indicator.
        global_days: `000`, `010`, `090`, `MMM`, `XXX`, `YYY`, `ZZZ`.
        preoperative, intraoperative, postoperative: Shares of the global package.
        multiple, bilateral, assistant, co_surgeon, team: Payment policy indicators.
        endoscopic_base: Base code of the endoscopic family; empty for none.
        conversion_factor: Dollars a unit.
        supervision: Physician supervision of diagnostic procedures.
        imaging_family: Diagnostic imaging family indicator.
        opps_pe_nonfacility, opps_pe_facility, opps_mp: RVUs that stand for the cap of imaging; zero for none.
    """

    code: str
    modifier: str
    status: str
    work: Decimal
    pe_nonfacility: Decimal
    nonfacility_na: bool
    pe_facility: Decimal
    facility_na: bool
    mp: Decimal
    pctc: str
    global_days: str
    preoperative: Decimal
    intraoperative: Decimal
    postoperative: Decimal
    multiple: str
    bilateral: str
    assistant: str
    co_surgeon: str
    team: str
    endoscopic_base: str
    conversion_factor: Decimal
    supervision: str
    imaging_family: str
    opps_pe_nonfacility: Decimal
    opps_pe_facility: Decimal
    opps_mp: Decimal

    def total(self, facility: bool) -> Decimal:
        """Work, practice expense and malpractice together, before any locality."""
        return self.work + (self.pe_facility if facility else self.pe_nonfacility) + self.mp


# How the columns of the store become a `RelativeValue`; the reader writes them in the same order.
DECIMALS = frozenset(
    (
        "work",
        "pe_nonfacility",
        "pe_facility",
        "mp",
        "preoperative",
        "intraoperative",
        "postoperative",
        "conversion_factor",
        "opps_pe_nonfacility",
        "opps_pe_facility",
        "opps_mp",
    )
)
FLAGS = frozenset(("nonfacility_na", "facility_na"))
FIELDS = tuple(RelativeValue.__dataclass_fields__)


class RelativeValues:
    """The relative value file; since 2026 this is the one for those who do not take part in an advanced APM."""

    COMPONENT: ClassVar[str] = "pfs:rvu"
    WHAT: ClassVar[str] = "Medicare physician fee schedule (relative values)"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store
        self._value = lru_cache(VALUES_KEPT)(self._read_value)

    def value(self, code: str, modifier: str = "") -> RelativeValue | None:
        """The row of a code and one of the modifiers that have rows of their own; None when there is none."""
        return self._value(code.upper(), modifier.upper())

    def values(self, code: str) -> tuple[RelativeValue, ...]:
        """All rows of a code: the global service first, then its components."""
        rows = self._store.all("SELECT modifier FROM entry WHERE code = ? ORDER BY modifier", code.upper())
        return tuple(found for (modifier,) in rows if (found := self.value(code, modifier)))

    def _read_value(self, code: str, modifier: str) -> RelativeValue | None:
        columns = ", ".join(FIELDS)
        row = self._store.one(f"SELECT {columns} FROM entry WHERE code = ? AND modifier = ?", code, modifier)
        fields: dict[str, Any] = {n: _field(n, v) for n, v in zip(FIELDS, row, strict=True)} if row else {}
        return RelativeValue(**fields) if fields else None


class ApmRelativeValues(RelativeValues):
    """The file for qualifying participants in an advanced alternative payment model, since 2026."""

    COMPONENT: ClassVar[str] = "pfs:rvu-apm"
    WHAT: ClassVar[str] = "Medicare physician fee schedule for qualifying APM participants"


def _field(name: str, value: str) -> object:
    if name in DECIMALS:
        return Decimal(value)
    return value == "NA" if name in FLAGS else value


@dataclass(frozen=True, slots=True)
class GpciRow:
    """The geographic practice cost indices of a locality.

    Attributes:
        locality: Contractor (5 digits) and locality (2): `0111205`; locality numbers alone are not unique.
        state: Two letters.
        name: Of the fee schedule area, as printed.
        work, pe, mp: Indices; work with the floor of 1.0 where the file has it.
    """

    locality: str
    state: str
    name: str
    work: Decimal
    pe: Decimal
    mp: Decimal


NATIONAL = GpciRow("", "", "national", ONE, ONE, ONE)


class Gpci:
    """The geographic practice cost indices."""

    COMPONENT: ClassVar[str] = "pfs:gpci"
    WHAT: ClassVar[str] = "geographic practice cost indices"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store
        self._row = lru_cache(1024)(self._read_row)

    def row(self, locality: str) -> GpciRow | None:
        """The indices of a locality (contractor and locality number, `0111205`); None for the unknown."""
        return self._row(locality)

    def rows(self, state: str | None = None) -> tuple[GpciRow, ...]:
        """All localities, or those of a state, in order."""
        where, values = (" WHERE state = ?", (state.upper(),)) if state else ("", ())
        rows = self._store.all(f"SELECT locality FROM entry{where} ORDER BY locality", *values)
        return tuple(found for (locality,) in rows if (found := self.row(locality)))

    def _read_row(self, locality: str) -> GpciRow | None:
        row = self._store.one("SELECT locality, state, name, work, pe, mp FROM entry WHERE locality = ?", locality)
        if row is None:
            return None
        found, state, name, work, pe, mp = row
        return GpciRow(found, state, name, Decimal(work), Decimal(pe), Decimal(mp))


@dataclass(frozen=True, slots=True)
class LocalityArea:
    """What a fee schedule area takes in: its state, name and counties, as printed."""

    locality: str
    state: str
    name: str
    counties: str


class Localities:
    """The fee schedule areas and their counties."""

    COMPONENT: ClassVar[str] = "pfs:localities"
    WHAT: ClassVar[str] = "fee schedule localities by county"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store

    def areas(self, locality: str) -> tuple[LocalityArea, ...]:
        """The areas under a contractor and locality number; a locality that is served twice has two."""
        rows = self._store.all(
            "SELECT locality, state, name, counties FROM entry WHERE locality = ? ORDER BY rank", locality
        )
        return tuple(LocalityArea(*row) for row in rows)


class Anesthesia:
    """The anesthesia conversion factors by locality: dollars a unit (base units and time units together)."""

    COMPONENT: ClassVar[str] = "pfs:anesthesia"
    WHAT: ClassVar[str] = "anesthesia conversion factors"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store

    def conversion_factor(self, locality: str) -> Decimal | None:
        """Dollars a unit in a locality (`0111205`); None for the unknown."""
        row = self._store.one("SELECT factor FROM entry WHERE locality = ?", locality)
        return Decimal(row[0]) if row else None


class AnesthesiaBase:
    """The base units of anesthesia codes."""

    COMPONENT: ClassVar[str] = "pfs:anesthesia-base"
    WHAT: ClassVar[str] = "anesthesia base units"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store

    def units(self, code: str) -> Decimal | None:
        """The base units of a code; None for the unknown."""
        row = self._store.one("SELECT units FROM entry WHERE code = ?", code)
        return Decimal(row[0]) if row else None


@dataclass(frozen=True, slots=True)
class ZipLocality:
    """Where a ZIP code lies for payment.

    Attributes:
        zip: Five digits.
        state: Two letters.
        locality: Contractor and locality number, as `GpciRow.locality`.
        rural: `R` rural, `B` super rural, empty for urban.
        plus_four: Whether the ZIP code lies in more than one locality, so that only the four further digits (another
            file) tell; the locality given here is then the one of most of it.
    """

    zip: str
    state: str
    locality: str
    rural: str
    plus_four: bool


class ZipLocalities:
    """The five-digit ZIP codes with their localities."""

    COMPONENT: ClassVar[str] = "pfs:zip"
    WHAT: ClassVar[str] = "ZIP code to Medicare locality file"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store

    def locality(self, zip_code: str) -> ZipLocality | None:
        """Where a ZIP code lies (further digits are not looked at); None for the unknown.

        Raises InputError for what is no ZIP code.
        """
        digits = zip_code.replace("-", "").strip()
        if len(digits) not in (5, 9) or not (digits.isascii() and digits.isdigit()):
            raise InputError("A ZIP code has five or nine digits.")
        row = self._store.one("SELECT zip, state, locality, rural, plus_four FROM entry WHERE zip = ?", digits[:5])
        if row is None:
            return None
        found, state, locality, rural, plus_four = row
        return ZipLocality(found, state, locality, rural, bool(plus_four))


@dataclass(frozen=True, slots=True)
class Payment:
    """What the schedule pays for one unit of a service in a place, and how it came about.

    Attributes:
        value: The row of the relative value file.
        gpci: The indices that were used.
        facility: Whether the place of service is a facility.
        exact: Dollars before rounding.
        amount: `exact` rounded half up to the cent.
        capped: Whether the cap of imaging is lower and was taken.
        rarely_there: Whether the file calls the service rarely or never done in such a place.
    """

    value: RelativeValue
    gpci: GpciRow
    facility: bool
    exact: Decimal
    amount: Money
    capped: bool
    rarely_there: bool


class PhysicianFees:
    """Prices services: relative values and indices of one day together."""

    def __init__(self, values: RelativeValues, gpci: Gpci) -> None:
        self._values = values
        self._gpci = gpci

    @classmethod
    def of(cls, book: CodeBook, on: date | None = None, apm: bool = False) -> PhysicianFees:
        """The fees that a code book has for a day; `apm`: for qualifying participants in an advanced APM.

        Raises DataMissing when relative values or indices are not installed.
        """
        values = book.component(ApmRelativeValues if apm else RelativeValues, on)
        return cls(values, book.component(Gpci, on))

    def payment(
        self, code: str, modifier: str = "", locality: str | None = None, facility: bool = False
    ) -> Payment | None:
        """What is paid for one unit; None when the schedule has no amount for the code (another status than A, R, T).

        `locality`: contractor and locality number (`0111205`); None: the national amount, all indices one. Reductions
        for multiple, bilateral, assisted or shared surgery are not applied. Raises InputError for an unknown locality.
        """
        value = self._values.value(code, modifier)
        if value is None or value.status not in PAID:
            return None
        indices = NATIONAL if locality is None else self._gpci.row(locality)
        if indices is None:
            raise InputError(
                f"There is no Medicare locality {locality[:10] if locality else ''}; give the contractor's five digits "
                "and the two of the locality (0111205)."
            )
        return paid_for(value, indices, facility)


def paid_for(value: RelativeValue, indices: GpciRow = NATIONAL, facility: bool = False) -> Payment:
    """What is paid for one unit of a row whose status is in `PAID`; without indices, the national amount."""
    exact = dollars(value, indices, value.pe_facility if facility else value.pe_nonfacility, value.mp)
    cap = outpatient_cap(value, indices, facility)
    capped = cap is not None and cap < exact
    exact = cap if cap is not None and capped else exact
    rarely = value.facility_na if facility else value.nonfacility_na
    return Payment(value, indices, facility, exact, Money.rounded(exact), capped, rarely)


def dollars(value: RelativeValue, gpci: GpciRow, pe: Decimal, mp: Decimal) -> Decimal:
    """The formula of 42 CFR 414.20 with a practice expense and a malpractice that the caller chooses, unrounded."""
    return (value.work * gpci.work + pe * gpci.pe + mp * gpci.mp) * value.conversion_factor


def outpatient_cap(value: RelativeValue, gpci: GpciRow, facility: bool) -> Decimal | None:
    """What the outpatient system pays for the same imaging, unrounded; None where the file states no cap."""
    pe = value.opps_pe_facility if facility else value.opps_pe_nonfacility
    return dollars(value, gpci, pe, value.opps_mp) if pe or value.opps_mp else None
