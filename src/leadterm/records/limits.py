"""How much a record may hold: what is beyond is refused in a sentence, before it costs anything."""

from __future__ import annotations

from leadterm.domain import InputError, ReadingNote

MEGABYTE = 1_000_000
MOST_RECORD = 50 * MEGABYTE
MOST_EXPANDED = 200 * MEGABYTE
MOST_RATIO = 100
MOST_MEMBERS = 10_000
MOST_DEPTH = 100


def cut_short(what: str) -> ReadingNote:
    """What is told of a record that stops before its end; `what` is a sentence's beginning (`The RTF`)."""
    return ReadingNote(
        "LEADTERM:records/cut-short", f"{what} stops before its end: what is there was read, the rest is missing."
    )


def bounded(raw: bytes, name: str) -> bytes:
    """The bytes of a record. Raises InputError where there are too many."""
    if len(raw) > MOST_RECORD:
        raise InputError(
            f"{name} has more than {MOST_RECORD // MEGABYTE} MB, the most that one record may have: split it."
        )
    return raw
