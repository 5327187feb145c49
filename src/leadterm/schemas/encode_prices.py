"""Prices as contract JSON: prices/1. The values are those of `leadterm.pricing`, by their attributes.

Amounts are strings with two decimals; units, factors and minutes decimal strings.
"""

from __future__ import annotations

from typing import Any

from .encode_parts import Json, plain


def prices(value: Any) -> Json:
    """`value` (a `Prices`) as leadterm.prices/1."""
    return {
        "schema": "leadterm.prices/1",
        "id": value.id,
        "total": _money(value.total),
        "why": value.why or None,
        "assumed": list(value.assumed),
        "lines": [_line(line) for line in value.lines],
    }


def _line(line: Any) -> Json:
    return {
        "line": line.id,
        "code": line.code,
        "modifiers": list(line.modifiers),
        "units": f"{line.units:f}",
        "minutes": f"{line.minutes:f}" if line.minutes is not None else None,
        "date": plain(line.day),
        "place_of_service": line.place,
        "facility": line.facility,
        "locality": line.locality,
        "release": plain(line.release),
        "unit": _money(line.unit),
        "amount": _money(line.amount),
        "why": line.why or None,
        "remarks": list(line.remarks),
        "limiting_charge": _money(line.limiting_charge),
        "patient": _money(line.shares.patient) if line.shares else None,
        "medicare": _money(line.shares.medicare) if line.shares else None,
        "steps": [_step(step) for step in line.steps],
    }


def _step(step: Any) -> Json:
    factor = f"{step.factor:f}" if step.factor is not None else None
    return {"what": step.what, "factor": factor, "amount": _money(step.amount), "citation": step.citation}


def _money(value: Any) -> str | None:
    return None if value is None else str(value)
