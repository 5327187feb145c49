"""The hospital outpatient prospective payment system: what Addenda A and B say, and what a status indicator means.

Rates are national: before the wage index, before discounts, before anything that hangs on the hospital
(42 CFR 419.32). Addendum B is published each quarter; a line is judged by the one that holds on its day.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, ClassVar

from leadterm.domain import InternalError, Release

from ..store import Store

ROWS_KEPT = 1 << 15  # more than an addendum has codes
TABLE = "opps_status.tsv"
COLUMNS = ("indicator", "kind", "meaning", "source")


@dataclass(frozen=True, slots=True)
class OppsRow:
    """One code of Addendum B.

    Attributes:
        code: CPT or HCPCS Level II.
        comment: Comment indicator (`NI`, `CH`, …); empty where the file has none.
        indicator: Status indicator: `T`, `J1`, `Q1`, …; `StatusIndicator` tells what it means.
        apc: Ambulatory payment classification, four digits; empty where the code has none.
        weight: Relative weight; None where the payment does not come from one (drugs, new technology).
        rate: National payment rate in dollars, unadjusted; None where the addendum has none.
        copayment: National unadjusted copayment; None where the addendum has none (the minimum is then taken).
        minimum: Minimum unadjusted copayment, twenty percent; zero where nothing is owed.
        coinsurance: Adjusted coinsurance of a drug whose price rose faster than inflation, as a share.
        adjusted: What the beneficiary owes at most, cap and adjustment applied; None where neither applies.
        expires: What the addendum says of the end of a pass-through; empty for nothing.
    """

    code: str
    comment: str
    indicator: str
    apc: str
    weight: Decimal | None
    rate: Decimal | None
    copayment: Decimal | None
    minimum: Decimal | None
    coinsurance: Decimal | None
    adjusted: Decimal | None
    expires: str


@dataclass(frozen=True, slots=True)
class ApcGroup:
    """One payment classification of Addendum A; the fields as in `OppsRow`, `title` the official one."""

    apc: str
    title: str
    indicator: str
    weight: Decimal | None
    rate: Decimal | None
    copayment: Decimal | None
    minimum: Decimal | None
    coinsurance: Decimal | None
    adjusted: Decimal | None
    expires: str


# The columns of the stores, which the reader writes in the same order.
ROW_FIELDS = tuple(OppsRow.__dataclass_fields__)
GROUP_FIELDS = tuple(ApcGroup.__dataclass_fields__)
DECIMALS = frozenset(("weight", "rate", "copayment", "minimum", "coinsurance", "adjusted"))


def _fields(names: tuple[str, ...], row: tuple[str, ...]) -> dict[str, Any]:
    return {n: (Decimal(v) if v else None) if n in DECIMALS else v for n, v in zip(names, row, strict=True)}


class AddendumB:
    """What outpatient hospital services are: status indicator, APC and national rate, code by code."""

    COMPONENT: ClassVar[str] = "opps:addendum-b"
    WHAT: ClassVar[str] = "OPPS Addendum B"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store
        self.release = release
        self._row = lru_cache(ROWS_KEPT)(self._read_row)

    def row(self, code: str) -> OppsRow | None:
        """The row of a code, in any case; None for one that the addendum does not have."""
        return self._row(code.upper())

    def _read_row(self, code: str) -> OppsRow | None:
        row = self._store.one(f"SELECT {', '.join(ROW_FIELDS)} FROM entry WHERE code = ?", code)
        return OppsRow(**_fields(ROW_FIELDS, row)) if row else None


class AddendumA:
    """The payment classifications: titles and national rates, those that no single code has (composites) included."""

    COMPONENT: ClassVar[str] = "opps:addendum-a"
    WHAT: ClassVar[str] = "OPPS Addendum A"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store
        self.release = release
        self._group = lru_cache(4096)(self._read_group)

    def group(self, apc: str) -> ApcGroup | None:
        """The classification of a number, with or without leading zeros; None for the unknown."""
        return self._group(apc.strip().zfill(4))

    def _read_group(self, apc: str) -> ApcGroup | None:
        row = self._store.one(f"SELECT {', '.join(GROUP_FIELDS)} FROM entry WHERE apc = ?", apc)
        return ApcGroup(**_fields(GROUP_FIELDS, row)) if row else None


@dataclass(frozen=True, slots=True)
class StatusIndicator:
    """What a status indicator of Addendum D1 means, in our own words.

    Attributes:
        indicator: `J1`.
        kind: `paid` by its own APC, `conditional` (packaged beside other services), `packaged` always, `elsewhere`
            (paid under another system), `other-code` (another code is to be billed), `inpatient`, `not-paid`.
        meaning: A clause.
        source: Where it is ruled.
    """

    indicator: str
    kind: str
    meaning: str
    source: str


@cache
def status_indicators() -> dict[str, StatusIndicator]:
    """Every status indicator that is known, by its letters; Addendum D1 of each final rule lists them."""
    text = (files("leadterm.codesets.payment") / TABLE).read_text(encoding="utf-8")
    lines = [tuple(line.split("\t")) for line in text.splitlines() if line and not line.startswith("#")]
    if lines[0] != COLUMNS or any(len(row) != len(COLUMNS) for row in lines):
        raise InternalError(f"The table {TABLE} does not have the columns {', '.join(COLUMNS)}.")
    return {row[0]: StatusIndicator(*row) for row in lines[1:]}
