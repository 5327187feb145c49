"""The charge master as contract JSON: charges/1, charge-import/1."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from leadterm.domain import ChargeRow, ChargesRead

from .encode_parts import Json

PLANNED = "planned"


def charges(source: str, since: date, rows: Iterable[ChargeRow]) -> Json:
    """Rows of a charge master, as leadterm.charges/1."""
    found = [_charge(row) for row in rows]
    return {
        "schema": "leadterm.charges/1",
        "source": source,
        "from": since.isoformat(),
        "count": len(found),
        "charges": found,
    }


def _charge(row: ChargeRow) -> Json:
    billed = row.billed
    return {
        "line": row.line,
        "local": row.local,
        "description": row.description,
        "code": billed.value if billed else None,
        "system": billed.system.value if billed else None,
        "revenue_code": row.revenue or None,
        "price": str(row.price) if row.price is not None else None,
        "modifiers": list(row.modifiers),
    }


def imported(read: ChargesRead, source: str, status: str = PLANNED, since: date | None = None) -> Json:
    """What became of a file, as leadterm.charge-import/1."""
    return {
        "schema": "leadterm.charge-import/1",
        "dry_run": status == PLANNED,
        "source": source,
        "from": since.isoformat() if since else None,
        "status": status,
        "columns": dict(read.columns),
        "rows": len(read.rows),
        "inactive": read.inactive,
        "problems": [{"line": p.line, "column": p.column, "reason": p.reason} for p in read.problems],
    }
