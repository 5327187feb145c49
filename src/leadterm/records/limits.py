"""How much a record may hold: what is beyond is refused in a sentence, before it costs anything."""

from __future__ import annotations

from leadterm.domain import InputError

MEGABYTE = 1_000_000
MOST_RECORD = 50 * MEGABYTE
MOST_EXPANDED = 200 * MEGABYTE
MOST_RATIO = 100
MOST_MEMBERS = 10_000
MOST_DEPTH = 100


def bounded(raw: bytes, name: str) -> bytes:
    """The bytes of a record. Raises InputError where there are too many."""
    if len(raw) > MOST_RECORD:
        raise InputError(f"{name} has more than {MOST_RECORD // MEGABYTE} MB, the most that one record may have.")
    return raw
