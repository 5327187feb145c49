"""Domain values as rows of the ledger's tables: cents for money, words for enumerations, a blank between modifiers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import Table

from leadterm.domain import LedgerEntry, Money, RemittedClaim, RemittedLine, Source

from .tables import entries, matches, remitted_claims, remitted_lines

Row = tuple[Any, ...]
CENTS = Decimal(100)

# Columns that no row of these tables names: the entry's own number.
UNNAMED = {entries: frozenset({"key"})}
# The columns that a row names, in its order.
COLUMNS: Mapping[Table, Sequence[str]] = {
    table: [c.name for c in table.columns if c.name not in UNNAMED.get(table, ())]
    for table in (remitted_claims, remitted_lines, entries, matches)
}


def cents(amount: Money) -> int:
    """Whole cents."""
    return int(amount.amount * 100)


def money(value: int | Decimal | None) -> Money:
    """Dollars of whole cents; of nothing, zero."""
    return Money(Decimal(value or 0) / CENTS)


def modifiers(values: Iterable[str]) -> str:
    """Modifiers in one column."""
    return " ".join(values)


class Maker:
    """Rows of one remittance, with days as the database's driver takes them: SQLite keeps them as text."""

    def __init__(self, dialect: str, organisation: str, remittance: int | None) -> None:
        as_text = dialect == "sqlite"
        self._day: Callable[[date | None], Any] = _iso if as_text else _same
        self._organisation = organisation
        self._remittance = remittance

    def entry(self, value: LedgerEntry, claim: int | None, sent: int | None = None) -> Row:
        """A ledger entry of the remitted claim with the number `claim`, or of the sent claim with the key `sent`."""
        at, disposition = value.source, value.disposition
        place = (at.segment, at.position, at.offset, at.part) if at else (None, None, None, None)
        return (
            self._organisation,
            value.kind.value,
            int(value.amount.amount * 100),
            self._day(value.effective),
            value.claim,
            value.line,
            value.group,
            value.reason,
            None if disposition is None else disposition.value,
            value.reference,
            sent,
            self._remittance,
            claim,
            *place,
        )

    def claim(self, value: RemittedClaim, number: int) -> Row:
        """A claim as the payer judged it."""
        day = self._day
        return (
            self._remittance,
            number,
            self._organisation,
            value.id,
            value.status,
            int(value.charge.amount * 100),
            int(value.paid.amount * 100),
            int(value.patient.amount * 100),
            value.filing,
            value.payer_control_number,
            day(value.start or min((line.start for line in value.lines if line.start), default=None)),
            day(value.end),
            " ".join(value.remarks),
            value.source.position,
            value.source.offset,
        )

    def line(self, value: RemittedLine, claim: int) -> Row:
        """A line as the payer judged it."""
        day = self._day
        return (
            self._remittance,
            claim,
            value.number,
            self._organisation,
            value.qualifier,
            value.code,
            " ".join(value.modifiers),
            value.submitted_code,
            " ".join(value.submitted_modifiers),
            value.revenue_code,
            f"{value.units:f}",
            int(value.charge.amount * 100),
            int(value.paid.amount * 100),
            day(value.start),
            day(value.end),
            value.control_number,
            " ".join(value.remarks),
            value.source.position,
            value.source.offset,
        )

    def match(self, number: int, line: int, claim_key: int, sent: int, how: str) -> Row:
        """Which line of a sent claim a remitted line answers."""
        return (self._remittance, number, line, self._organisation, claim_key, sent, how)


def read_claim(row: Mapping[Any, Any], lines: Iterable[RemittedLine]) -> RemittedClaim:
    """A remitted claim out of its row; its adjustments stand in the ledger."""
    return RemittedClaim(
        id=row["claim"],
        status=row["status"],
        charge=money(row["charge"]),
        paid=money(row["paid"]),
        patient=money(row["patient"]),
        filing=row["filing"],
        payer_control_number=row["payer_control_number"],
        source=Source("CLP", row["position"], row["offset"]),
        start=row["start"],
        end=row["end"],
        lines=tuple(lines),
        remarks=tuple(row["remarks"].split()),
    )


def read_line(row: Mapping[Any, Any]) -> RemittedLine:
    """A remitted line out of its row; its adjustments stand in the ledger."""
    return RemittedLine(
        number=row["number"],
        qualifier=row["qualifier"],
        code=row["code"],
        modifiers=tuple(row["modifiers"].split()),
        charge=money(row["charge"]),
        paid=money(row["paid"]),
        revenue_code=row["revenue_code"],
        units=Decimal(row["units"]),
        source=Source("SVC", row["position"], row["offset"]),
        submitted_code=row["submitted_code"],
        submitted_modifiers=tuple(row["submitted_modifiers"].split()),
        start=row["start"],
        end=row["end"],
        control_number=row["control_number"],
        remarks=tuple(row["remarks"].split()),
    )


@lru_cache(maxsize=4096)
def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _same(day: date | None) -> date | None:
    return day
