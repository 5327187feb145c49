"""The Medicare physician fee schedule: the relative values of each service, and the formula that makes dollars of them.

Payment = (work RVU × work GPCI + practice expense RVU × PE GPCI + malpractice RVU × MP GPCI) × conversion factor
(42 CFR 414.20), rounded half up to the cent, once, at the end. The technical component of imaging is capped at what the
outpatient prospective payment system pays (Social Security Act 1848(b)(4)); the file gives RVUs that stand for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, ClassVar

from leadterm.domain import Release

from ..store import Store
from .localities import GpciRow

VALUES_KEPT = 1 << 14


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


def dollars(value: RelativeValue, gpci: GpciRow, pe: Decimal, mp: Decimal) -> Decimal:
    """The formula of 42 CFR 414.20 with a practice expense and a malpractice that the caller chooses, unrounded."""
    return (value.work * gpci.work + pe * gpci.pe + mp * gpci.mp) * value.conversion_factor


def outpatient_cap(value: RelativeValue, gpci: GpciRow, facility: bool) -> Decimal | None:
    """What the outpatient system pays for the same imaging, unrounded; None where the file states no cap."""
    pe = value.opps_pe_facility if facility else value.opps_pe_nonfacility
    return dollars(value, gpci, pe, value.opps_mp) if pe or value.opps_mp else None
