"""Reads the tables of the Inpatient Prospective Payment System: MS-DRG weights (table 5), CC and MCC lists (6J, 6I)."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from leadterm.domain import InputError, Release

from ..store import Store

_FISCAL_YEAR = re.compile(r"FY ?(\d{4})")
_DRG = re.compile(r"\d{3}")
_DIAGNOSIS = re.compile(r"[A-Z][0-9A-Z]{2}(\.[0-9A-Z]{1,4})?")
# Title cells use a dash of this code page.
ENCODING = "cp1252"
WEIGHT_COLUMNS = 10


@dataclass(frozen=True, slots=True)
class DrgRow:
    """One MS-DRG of table 5.

    Attributes:
        drg: Three digits.
        title: Official, in capitals as printed.
        mdc: Major diagnostic category, `PRE` before all, or None where a DRG belongs to none.
        type: `MED`, `SURG`, or None (998 and 999).
        weight: Relative weight after the 10 % cap on decreases; None for 998 and 999, which are not paid.
        weight_before_cap: As computed.
        geometric_los, arithmetic_los: Mean lengths of stay in days.
        post_acute, special_pay: Whether the post-acute transfer policy and its special payment hold.
    """

    drg: str
    title: str
    mdc: str | None
    type: str | None
    weight: Decimal | None
    weight_before_cap: Decimal | None
    geometric_los: Decimal | None
    arithmetic_los: Decimal | None
    post_acute: bool
    special_pay: bool


def read_weights(source: bytes, fiscal_year: int) -> list[tuple[str, ...]]:
    """The rows of table 5 as texts, as `drg_row` takes them. Raises InputError for another year or layout."""
    try:
        rows = list(csv.reader(io.StringIO(_text(source, "MS-DRG weight table"), newline=""), delimiter="\t"))
    except csv.Error:
        raise InputError("A line of the MS-DRG weight table is none (an open quote?); fetch the file again.") from None
    _check_year(rows[0][0] if rows and rows[0] else "", fiscal_year)
    columns = len(rows[1]) if len(rows) > 1 else 0
    if columns != WEIGHT_COLUMNS:
        raise InputError(f"The second line of the MS-DRG weight table has {columns} columns, not {WEIGHT_COLUMNS}.")
    return [tuple(cell.strip() for cell in row) for row in rows[2:] if row and _DRG.fullmatch(row[0].strip())]


def _text(source: bytes, what: str) -> str:
    try:
        return source.decode(ENCODING)
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise InputError(f"Line {line} of the {what} holds bytes that are no text; fetch the file again.") from None


def _check_year(heading: str, fiscal_year: int) -> None:
    found = _FISCAL_YEAR.search(heading)
    if not found or int(found[1]) != fiscal_year:
        raise InputError(
            f"The first line of the MS-DRG weight table does not say that it is of fiscal year {fiscal_year}; "
            "fetch the file again, or update Leadterm."
        )


def drg_row(row: tuple[str, ...]) -> DrgRow:
    """The values of one row of `read_weights`."""
    drg, post_acute, special, mdc, kind, title, before, after, geometric, arithmetic = row
    return DrgRow(
        drg,
        title,
        mdc or None,
        kind if kind in ("MED", "SURG") else None,
        _number(after),
        _number(before),
        _number(geometric),
        _number(arithmetic),
        post_acute == "Yes",
        special == "Yes",
    )


def _number(text: str) -> Decimal | None:
    return None if text in ("", ".") else Decimal(text)


class DrgWeights:
    """The MS-DRGs of a fiscal year with their weights and mean lengths of stay (table 5)."""

    COMPONENT: ClassVar[str] = "msdrg:weights"
    WHAT: ClassVar[str] = "table of MS-DRG weights (table 5)"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store

    def row(self, drg: str) -> DrgRow | None:
        """The row of a group, with or without its zeros; None when there is no such group."""
        row = self._store.one(
            "SELECT drg, post_acute, special_pay, mdc, type, title, before_cap, weight, geometric, arithmetic"
            " FROM entry WHERE drg = ?",
            drg.zfill(3),
        )
        return drg_row(row) if row else None


def read_diagnoses(source: bytes) -> list[tuple[str]]:
    """The codes, with dots, of a CC or MCC list. Raises InputError when it holds none."""
    text = _text(source, "CC or MCC list")
    cells = (line.split("\t")[0].strip() for line in text.splitlines())
    codes = sorted({cell for cell in cells if _DIAGNOSIS.fullmatch(cell)})
    if not codes:
        raise InputError("The CC or MCC list holds no diagnosis code at the beginning of a line; fetch the file again.")
    return [(code,) for code in codes]
