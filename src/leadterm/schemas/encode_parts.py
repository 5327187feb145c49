"""What every answer is written with: values in JSON types, evidence, findings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from leadterm.domain import Code, Evidence, Finding, InternalError, Money

Json = dict[str, Any]


def finding(value: Finding) -> Json:
    """One finding, as it stands in every answer."""
    return {
        "id": value.id,
        "rule": value.rule,
        "severity": value.severity.value,
        "assignments": list(value.assignments),
        "codes": list(value.codes),
        "message": value.message,
        "fix": value.fix,
        "source": value.source,
        "evidence": [evidence(e) for e in value.evidence],
        "location": plain(value.location),
        "override": plain(value.override),
    }


def evidence(value: Evidence) -> Json:
    """Words of a chart and where they stand."""
    span = value.span
    return {
        "document": value.document,
        "start": span.start,
        "end": span.end,
        "text": value.text,
        "source": value.source,
    }


def plain(value: Any) -> Any:
    """`value` in JSON types; a domain value becomes an object with the names of its fields."""
    kind = type(value)
    if value is None or kind in (str, int, float, bool):
        return value
    if kind is tuple or kind is list:
        return [plain(item) for item in value]
    for family, write in WRITTEN:
        if isinstance(value, family):
            return write(value)
    names = getattr(kind, "__dataclass_fields__", None)
    if names is None:
        raise InternalError(f"A {kind.__name__} has no place in JSON.")
    return {name: plain(getattr(value, name)) for name in names}


def _decimal(value: Decimal) -> str:
    """The shortest decimal string without an exponent: `1`, `0.5`, `100`."""
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


WRITTEN: tuple[tuple[type, Any], ...] = (
    (Enum, lambda value: value.value),
    (date, lambda value: value.isoformat()),  # a datetime is a date and writes its time too
    (Decimal, _decimal),
    (Money, str),
    (Code, str),
    (Mapping, lambda value: {str(key): plain(item) for key, item in value.items()}),
)


def slim(value: Any) -> Any:
    """`value` without the keys that hold nothing."""
    if isinstance(value, list):
        return [slim(item) for item in value]
    if isinstance(value, dict):
        return {key: slim(item) for key, item in value.items() if item is not None and item != []}
    return value
