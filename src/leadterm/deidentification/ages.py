"""Ages over 89, which become `90+` (45 CFR 164.514(b)(2)(i)(C)): of the patient, of relatives, in digits and words."""

from __future__ import annotations

from collections.abc import Iterator

from . import tables
from .scanning import Scan
from .values import Found, Kind

CATEGORY = "90+"


def find(scan: Scan) -> Iterator[Found]:
    """Every age over 89, with the category that stands in its place."""
    for rule in tables.shapes("ages"):
        for match in rule.find(scan):
            yield Found(*match.span("v"), Kind.AGE, f"age/{rule.name}", written=CATEGORY)
