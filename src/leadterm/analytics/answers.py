"""Answers in the forms that leave the house: JSON of the contract (leadterm.rates/1, leadterm.surveillance/1), CSV.

They stand here and not beside the other schemas' encoders because those know the domain's values alone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from .ears import Method, Period
from .intervals import LEVEL
from .measures import Rate, Rates

NUMBERS = ("cases", "persons", "rate", "low", "high")
# How a total is written where a group's value would stand.
ALL = "all"
# A spreadsheet would take what begins so for a formula; only a foreign table can hold such a group.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def surveillance_json(method: Method, observed: int, periods: Sequence[Period]) -> dict[str, Any]:
    """leadterm.surveillance/1 of a series with `observed` periods, of which `periods` could be judged."""
    return {
        "schema": "leadterm.surveillance/1",
        "method": method.value,
        "observed": observed,
        "judged": len(periods),
        "alarms": sum(period.alarm for period in periods),
        "periods": [
            {"index": p.index, "observed": p.observed, "upperbound": p.upperbound, "alarm": p.alarm} for p in periods
        ],
    }


def rates_json(rates: Rates) -> dict[str, Any]:
    """leadterm.rates/1 of an answer; null in a group stands for a total, in a number for what is not shown."""
    q = rates.question
    return {
        "schema": "leadterm.rates/1",
        "measure": q.measure.value,
        "by": [dimension.value for dimension in q.by],
        "codes": list(q.codes),
        "categories": list(q.categories),
        "from": q.first.isoformat() if q.first else None,
        "to": q.last.isoformat() if q.last else None,
        "clean_days": q.clean_days,
        "least": q.least,
        "interval": {"method": "wilson", "level": LEVEL},
        "rows": [_row(row) for row in rates.rows],
        "notes": list(rates.notes),
    }


def _row(row: Rate) -> dict[str, Any]:
    group = {dimension.value: value for dimension, value in row.group.items()}
    return {"group": group, **{name: getattr(row, name) for name in NUMBERS}, "suppressed": row.suppressed}


def rates_csv(rates: Rates) -> str:
    """The rows of an answer as CSV with a header; what is not shown is blank, a total is `all`."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow([*rates.question.by, *NUMBERS, "suppressed"])
    for row in rates.rows:
        group = [_harmless(ALL if value is None else value) for value in row.group.values()]
        table.writerow([*group, *(getattr(row, name) for name in NUMBERS), str(row.suppressed).lower()])
    return text.getvalue()


def _harmless(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA) else value
