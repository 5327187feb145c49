"""Ages over 89, which become `90+` (45 CFR 164.514(b)(2)(i)(C)): of the patient, of relatives, in digits and words."""

from __future__ import annotations

from collections.abc import Iterator

from . import tables
from .values import Found, Kind

CATEGORY = "90+"


def find(text: str) -> Iterator[Found]:
    """Every age over 89, with the category that stands in its place."""
    for rule, pattern in tables.shapes("ages"):
        for match in pattern.finditer(text):
            yield Found(*match.span("v"), Kind.AGE, f"age/{rule}", written=CATEGORY)
