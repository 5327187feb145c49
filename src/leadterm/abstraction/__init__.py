"""What a chart says: from documents to facts, each with its words and its assertion."""

from __future__ import annotations

from functools import cache

from ._vocabulary import Entry, load
from .facts import Reading, abstract, read, said_of
from .naming.mentions import Dictionary

__all__ = ["Dictionary", "Entry", "Reading", "abstract", "read", "said_of", "vocabulary"]


@cache
def vocabulary() -> tuple[Entry, ...]:
    """The drugs, procedures, devices and findings that become facts whether or not a code hangs on them."""
    return tuple(entry for table in ("drugs", "procedures", "devices", "findings") for entry in load(table))
