"""Fields that describe an encounter, as the forms of the queue and of a chart have them: empty ones are None."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from leadterm.domain import InputError, parse_date

E = TypeVar("E", bound=StrEnum)
Form = Mapping[str, str]
OLDEST = 130


def choice(form: Form, name: str, kind: type[E]) -> E | None:
    """One of a list. Raises InputError for what is not in it."""
    written = form.get(name, "")
    try:
        return kind(written) if written else None
    except ValueError:
        raise InputError(f"That {name.replace('_', ' ')} is none that is known.") from None


def day(form: Form, name: str) -> date | None:
    """A day. Raises InputError for what is none."""
    written = form.get(name, "").strip()
    return parse_date(written, name.replace("_", " ")) if written else None


def age(form: Form) -> int | None:
    """Whole years. Raises InputError for more than a life has."""
    written = form.get("age", "").strip()
    if written and (not written.isdecimal() or int(written) > OLDEST):
        raise InputError(f"An age is given in whole years from 0 to {OLDEST}.")
    return int(written) if written else None
