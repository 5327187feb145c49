"""The segments of a transaction as they are drafted, with what kept any of them from being written."""

from __future__ import annotations

from typing import Any

from leadterm.domain import Address
from leadterm.x12 import SegmentWriter, X12Error

from .completeness import HOME_COUNTRIES


class Draft:
    """The segments of a transaction as they come, and what kept any of them from being written.

    Attributes:
        claim, loop: What is being drafted; both open the sentence of a fault.
        segments: Text of each segment.
        faults: One sentence part for each value that X12 cannot carry.
    """

    def __init__(self, writer: SegmentWriter) -> None:
        self._write = writer
        self.claim: str | None = None
        self.loop = ""
        self.segments: list[str] = []
        self.faults: list[str] = []

    def add(self, segment_id: str, *values: Any) -> None:
        """Drafts one segment; a value that does not fit becomes a fault, so that all of them are told at once."""
        try:
            self.segments.append(self._write(segment_id, *values))
        except X12Error as refused:
            whose = f"claim {self.claim}, " if self.claim else ""
            self.faults.append(f"{whose}loop {self.loop}: {str(refused).rstrip('.')}")

    def person(self, entity: str, last: str | None, first: str | None, middle: str | None, *number: str | None) -> None:
        """NM1 of a person; `number` is its qualifier and the id, left out together where there is no id."""
        self.add("NM1", entity, "1", last, first, middle, None, None, *(number if all(number) else ()))

    def organisation(self, entity: str, name: str | None, *number: str | None) -> None:
        """NM1 of an organisation, likewise."""
        self.add("NM1", entity, "2", name, None, None, None, None, *(number if all(number) else ()))

    def address(self, at: Address | None) -> None:
        """N3 and N4, where there is an address."""
        if at is None or not at.line1:
            return
        self.add("N3", at.line1, at.line2)
        abroad = (at.country or "").upper() not in HOME_COUNTRIES
        postal = "".join(c for c in at.zip or "" if c.isalnum())
        country = (at.country or "").upper() if abroad else None
        self.add("N4", at.city, (at.state or "").upper(), postal.upper(), country)
