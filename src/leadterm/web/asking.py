"""What an address asks: the day, a word, a number, each within limits. Raises InputError in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from leadterm.domain import CodeSystem, InputError, parse_date

LONGEST_TEXT = 200
# Days that a code set can be asked for; what lies outside is a slip of the keyboard.
FIRST_DAY, LAST_DAY = date(1979, 1, 1), date(2099, 12, 31)


def day(query: Mapping[str, str], name: str = "on") -> date | None:
    """The as-of date of an address; None where none is given, for the newest release."""
    text = query.get(name, "").strip()
    if not text:
        return None
    found = parse_date(text[:LONGEST_TEXT], "as-of date")
    if not FIRST_DAY <= found <= LAST_DAY:
        raise InputError(f"The as-of date lies outside {FIRST_DAY.year} to {LAST_DAY.year}.")
    return found


def text(query: Mapping[str, str], name: str) -> str:
    """A text without the blanks around it; empty where none is given."""
    found = query.get(name, "").strip()
    if len(found) > LONGEST_TEXT:
        raise InputError(f"The parameter {name} is longer than {LONGEST_TEXT} characters.")
    return found


def number(query: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    """A whole number between `least` and `most`."""
    written = query.get(name, "").strip()
    if not written:
        return default
    try:
        found = int(written[:LONGEST_TEXT])
    except ValueError:
        raise InputError(f"The parameter {name} is not a whole number.") from None
    if not least <= found <= most:
        raise InputError(f"The parameter {name} takes a number from {least} to {most}.")
    return found


def system(written: str | None) -> CodeSystem | None:
    """A code system by its name in the contract; None for none."""
    if not written:
        return None
    try:
        return CodeSystem(written.lower())
    except ValueError:
        raise InputError(f"The parameter system takes one of: {', '.join(CodeSystem)}.") from None
