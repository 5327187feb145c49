"""How much a record may hold: what is beyond is refused in a sentence, before it costs anything."""

from __future__ import annotations

from leadterm.domain import InputError, ReadingNote

MEGABYTE = 1_000_000
MOST_RECORD = 50 * MEGABYTE
MOST_EXPANDED = 200 * MEGABYTE
MOST_RATIO = 100
MOST_MEMBERS = 10_000
MOST_DEPTH = 100
# JSON of a record without white space has a bracket in 33 characters or more and a comma in 30. An object takes 230
# bytes of memory however little it holds: a text of more of them is no record, and would take ten times its size.
SMALL = 1_000_000
FEWEST_OF_BRACKET, FEWEST_OF_COMMA = 24, 10
HOLLOW = "is almost nothing but brackets and commas: that is no record."


def hollow(text: str) -> bool:
    """Whether a large JSON text holds almost nothing but structure."""
    if len(text) < SMALL:
        return False
    brackets = text.count("{") + text.count("[")
    return brackets * FEWEST_OF_BRACKET > len(text) or text.count(",") * FEWEST_OF_COMMA > len(text)


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
