"""Conditions of a site's rules: a field, one question, and what it is asked with; each mistake has a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from leadterm.domain import InputError

from .fields import Asked, Field, Kind

Condition = Callable[[Asked], bool]
_CODE = re.compile(r"[0-9A-Z]{1,14}")


class Codes:
    """Codes as a rule writes them: `99213`, `99202-99215`, `J*`, `E11.*`, parted by commas or as a list."""

    def __init__(self, written: Iterable[str]) -> None:
        """Raises InputError for what is no code, range or beginning."""
        self._exact: set[str] = set()
        self._beginnings: tuple[str, ...] = ()
        self._ranges: list[tuple[str, str]] = []
        for item in (part.strip() for text in written for part in text.split(",")):
            self._add(item)

    def _add(self, item: str) -> None:
        low, dash, high = (part.strip() for part in item.upper().replace(".", "").partition("-"))
        if item.endswith("*") and not dash and _CODE.fullmatch(low[:-1]):
            self._beginnings += (low[:-1],)
        elif dash and _CODE.fullmatch(low) and _CODE.fullmatch(high) and len(low) == len(high) and low <= high:
            self._ranges.append((low, high))
        elif not dash and _CODE.fullmatch(low):
            self._exact.add(low)
        else:
            raise InputError(f"'{item}' is no code, no range such as 99202-99215 and no beginning such as J*")

    def __contains__(self, code: str) -> bool:
        """Whether the code is one of them; dots and case do not matter."""
        bare = code.upper().replace(".", "")
        if bare in self._exact or bare.startswith(self._beginnings):
            return True
        return any(len(bare) == len(low) and low <= bare <= high for low, high in self._ranges)


def read_condition(row: object, fields: Mapping[str, Field]) -> Condition:
    """The condition that a row of a rule writes. Raises InputError with what is wrong in it, without a full stop."""
    if not isinstance(row, dict) or not isinstance(row.get("field"), str):
        raise InputError('a condition is a table such as { field = "payer.id", is = "12345" }')
    field = fields.get(row["field"])
    if field is None:
        raise InputError(f"{_quoted(row['field'])} is no field that it can ask{_near(row['field'], fields)}")
    asked = [key for key in row if key != "field"]
    if len(asked) != 1:
        raise InputError(f"the condition on {field.name} asks {len(asked)} questions; it asks one")
    question = QUESTIONS[field.kind].get(asked[0])
    if question is None:
        possible = ", ".join(QUESTIONS[field.kind])
        raise InputError(f"{field.name} cannot be asked {_quoted(asked[0])}; {field.kind} can be asked: {possible}")
    try:
        return question(field, row[asked[0]], fields)
    except InputError as error:
        raise InputError(f"the condition on {field.name}: {error}") from None


def _quoted(text: str) -> str:
    return f"'{text[:60]}'"


def _near(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), 1, 0.5)
    return f"; do you mean {near[0]}?" if near else ""


Question = Callable[[Field, Any, Mapping[str, Field]], Condition]


def _missing(field: Field, value: Any, _: Mapping[str, Field]) -> Condition:
    if not isinstance(value, bool):
        raise InputError("missing is true or false")
    return lambda asked: (not field.value(asked)) is value


def _flag(field: Field, value: Any, _: Mapping[str, Field]) -> Condition:
    if not isinstance(value, bool):
        raise InputError("is takes true or false")
    return lambda asked: field.value(asked) is value


def _words(value: Any) -> list[str]:
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not words or not all(isinstance(w, str) and w for w in words):
        raise InputError("it takes a text, or a list of texts")
    return words


def _is(field: Field, value: Any, _: Mapping[str, Field]) -> Condition:
    words = {w.casefold() for w in _words(value)}
    return lambda asked: (found := field.value(asked)) is not None and found.casefold() in words


def _is_not(field: Field, value: Any, _: Mapping[str, Field]) -> Condition:
    words = {w.casefold() for w in _words(value)}
    return lambda asked: (found := field.value(asked)) is not None and found.casefold() not in words


def _among(field: Field, value: Any, _: Mapping[str, Field]) -> Condition:
    codes = Codes(_words(value))
    return lambda asked: (found := field.value(asked)) is not None and found in codes


def _not_among(field: Field, value: Any, _: Mapping[str, Field]) -> Condition:
    codes = Codes(_words(value))
    return lambda asked: (found := field.value(asked)) is not None and found not in codes


def _has(field: Field, value: Any, _: Mapping[str, Field]) -> Condition:
    codes = Codes(_words(value))
    return lambda asked: any(found in codes for found in field.value(asked))


def _lacks(field: Field, value: Any, _: Mapping[str, Field]) -> Condition:
    codes = Codes(_words(value))
    return lambda asked: not any(found in codes for found in field.value(asked))


def _compared(compare: Callable[[Any, Any], bool], read: Callable[[Any], Any]) -> Question:
    def question(field: Field, value: Any, _: Mapping[str, Field]) -> Condition:
        bound = read(value)
        return lambda asked: (found := field.value(asked)) is not None and compare(found, bound)

    return question


def _number(value: Any) -> Decimal:
    """An exact number: a whole number, or a text such as "125.00", because a float is not exact."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,4})?", value, re.ASCII):
        return Decimal(value)
    raise InputError('it takes a whole number, or an amount in quotation marks such as "125.00"')


def _date(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise InputError("it takes a date such as 2026-01-01, without quotation marks")


def _days_after(field: Field, value: Any, fields: Mapping[str, Field]) -> Condition:
    """More days than so many from one date to another: `{ field = "claim.last_day", days = 90 }`."""
    since = fields.get(value["field"]) if isinstance(value, dict) and set(value) == {"field", "days"} else None
    if since is None or since.kind is not Kind.DATE or type(value["days"]) is not int:
        raise InputError('it takes a field that is a date, and days: { field = "claim.last_day", days = 90 }')
    days = value["days"]

    def condition(asked: Asked) -> bool:
        end, start = field.value(asked), since.value(asked)
        return end is not None and start is not None and (end - start).days > days

    return condition


_NUMBERS: Mapping[str, Question] = {
    "is": _compared(lambda found, bound: found == bound, _number),
    "above": _compared(lambda found, bound: found > bound, _number),
    "at_least": _compared(lambda found, bound: found >= bound, _number),
    "below": _compared(lambda found, bound: found < bound, _number),
    "at_most": _compared(lambda found, bound: found <= bound, _number),
}
_DATES: Mapping[str, Question] = {
    "before": _compared(lambda found, bound: found < bound, _date),
    "from": _compared(lambda found, bound: found >= bound, _date),
    "to": _compared(lambda found, bound: found <= bound, _date),
    "after": _compared(lambda found, bound: found > bound, _date),
    "more_days_after": _days_after,
}
QUESTIONS: Mapping[Kind, Mapping[str, Question]] = {
    Kind.TEXT: {"is": _is, "is_not": _is_not, "missing": _missing},
    Kind.CODE: {"among": _among, "not_among": _not_among, "missing": _missing},
    Kind.CODES: {"has": _has, "lacks": _lacks, "missing": _missing},
    Kind.NUMBER: {**_NUMBERS, "missing": _missing},
    Kind.DATE: {**_DATES, "missing": _missing},
    Kind.FLAG: {"is": _flag},
}
