"""JSON read strictly: typed values out, or one sentence that names the path and never the value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from leadterm.domain import Code, CodeSystem, InputError, Money, parse_units, plain_day

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,2})?")
UNITS = re.compile(r"[0-9]{1,15}(\.[0-9]{1,3})?")
DECIMAL = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?")
SIGNED = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
NUMERAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
SCHEMA_NAME = re.compile(r"leadterm\.[a-z]{1,20}/[0-9]{1,3}")
MOST_DEPTH = 16


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON value and its path. Every reader gives None for null, and so for a key that is absent."""

    value: Any
    path: str = ""

    def __getitem__(self, key: str) -> Node:
        """The node under `key`; of null, null. Raises InputError when this is no object."""
        if not isinstance(self.value, Mapping) and self.value is not None:
            raise self.wrong("a JSON object")
        item = None if self.value is None else self.value.get(key)
        return Node(item, f"{self.path}.{key}" if self.path else key)

    def wrong(self, what: str) -> InputError:
        """The error that this is not `what`."""
        return InputError(f"{self.path or 'What was given'} is not {what}.")

    def given(self) -> bool:
        """Whether there is an object here. Raises InputError for anything but an object or null."""
        if self.value is not None and not isinstance(self.value, Mapping):
            raise self.wrong("a JSON object")
        return self.value is not None

    def items(self) -> list[Node]:
        """The members of a list; of null, none."""
        if self.value is None:
            return []
        if not isinstance(self.value, (list, tuple)):
            raise self.wrong("a list")
        return [Node(item, f"{self.path}[{at}]") for at, item in enumerate(self.value)]

    def text(self) -> str | None:
        """A string, untouched."""
        if self.value is not None and not isinstance(self.value, str):
            raise self.wrong("a string")
        return self.value

    def word(self) -> str | None:
        """A string; an empty one is read as absent."""
        return self.text() or None

    def id(self) -> str | None:
        """A string or an integer, as a string."""
        return str(self.value) if type(self.value) is int else self.word()

    def integer(self) -> int | None:
        """A whole number."""
        if self.value is not None and type(self.value) is not int:
            raise self.wrong("a whole number")
        return self.value

    def number(self) -> float | None:
        """A number."""
        if self.value is None:
            return None
        try:
            return float(self.value if type(self.value) in (int, float) else "")
        except (ValueError, OverflowError):
            raise self.wrong("a number") from None

    def flag(self) -> bool | None:
        """True or false."""
        if self.value is not None and not isinstance(self.value, bool):
            raise self.wrong("true or false")
        return self.value

    def count(self, most: int = 1_000_000_000) -> int | None:
        """A number, a numeric string, empty or null, counted down to the whole; from 0 to `most`."""
        value: Any = self.value.strip() if isinstance(self.value, str) else self.value
        if value is None or value == "":
            return None
        if isinstance(value, str) and NUMERAL.fullmatch(value):
            value = Decimal(value)
        if type(value) not in (int, float, Decimal) or not 0 <= value < most + 1:
            raise self.wrong(f"a number from 0 to {most}")
        return int(value)

    def amount(self) -> Money | None:
        """Dollars from a decimal string or an integer; a float is refused because it cannot hold cents."""
        return self._exact(AMOUNT, Money.parse, "an amount such as '125.00'")

    def units(self) -> Decimal | None:
        """A positive quantity of at most three places, from a decimal string or an integer."""
        return self._exact(UNITS, parse_units, "a quantity such as '1' or '0.5'")

    def decimal(self) -> Decimal | None:
        """A quantity from a decimal string or an integer."""
        return self._exact(DECIMAL, Decimal, "a decimal string such as '2.5'")

    def signed(self) -> Decimal | None:
        """A quantity that may be below zero, as that of a correction is."""
        return self._exact(SIGNED, Decimal, "a decimal string such as '-2.5'")

    def _exact(self, shape: re.Pattern[str], read: Callable[[str], T], what: str) -> T | None:
        if self.value is None or self.value == "":
            return None
        written = str(self.value) if type(self.value) in (int, str) else ""
        if not shape.fullmatch(written):
            raise self.wrong(what)
        try:
            return read(written)
        except InputError:
            raise self.wrong(what) from None

    def day(self) -> date | None:
        """The day of an ISO date or date-time."""
        return plain_day(self.day_or_moment("an ISO date (YYYY-MM-DD)"))

    def moment(self) -> datetime | None:
        """An ISO date-time; a date alone is its midnight."""
        moment = self.day_or_moment()
        if moment is None or isinstance(moment, datetime):
            return moment
        return datetime(moment.year, moment.month, moment.day)

    def day_or_moment(self, what: str = "an ISO date or date-time") -> date | datetime | None:
        """An ISO date, or a date-time where a time is given."""
        text = self.word()
        if text is None:
            return None
        if not MOMENT.fullmatch(text):
            raise self.wrong(what)
        try:
            return date.fromisoformat(text) if DAY.fullmatch(text) else datetime.fromisoformat(text)
        except ValueError:
            raise self.wrong(what) from None

    def choice(self, kind: type[E]) -> E | None:
        """One of the words of `kind`."""
        text = self.word()
        if text is None:
            return None
        try:
            return kind(text)
        except ValueError:
            raise self.wrong(f"one of {', '.join(kind)}") from None

    def code(self, *systems: CodeSystem) -> Code | None:
        """A code of the first of `systems` that it fits, of any system when none is named."""
        text = self.word()
        if text is None:
            return None
        for system in systems or (None,):
            try:
                return _read_code(text, system)
            except InputError:
                continue
        raise self.wrong(f"a code of {' or '.join(systems) or 'any known system'}")

    def mapping(self) -> dict[str, Any] | None:
        """An object as given: a copy, so that its giver may change his."""
        if not self.given():
            return None
        copied: dict[str, Any] = self._copied(self.value, MOST_DEPTH)
        return copied

    def _copied(self, value: Any, depth: int) -> Any:
        if depth == 0:
            raise self.wrong("an object that anyone can read: it is nested too deep")
        if isinstance(value, Mapping):
            return {str(key): self._copied(item, depth - 1) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._copied(item, depth - 1) for item in value]
        return value

    def schema(self, expected: str, *, needed: bool = True) -> None:
        """Raises InputError unless this object says that it is `expected` (or, not `needed`, says nothing)."""
        name = self["schema"]
        if name.value == expected or (name.value is None and not needed):
            return
        if name.value is None:
            raise InputError(f"{name.path} is missing; it must say {expected}.")
        known = isinstance(name.value, str) and SCHEMA_NAME.fullmatch(name.value)
        raise InputError(f"{name.path} is {name.value if known else 'another one'}, where {expected} is read.")


def must(read: Callable[[Node], T | None], node: Node) -> T:
    """What `read` gives of `node`. Raises InputError when it is absent."""
    value = read(node)
    if value is None:
        raise InputError(f"{node.path} is missing.")
    return value


def every(nodes: Node, read: Callable[[Node], T]) -> tuple[T, ...]:
    """What `read` gives of each member of a list; an error names the member that it is about."""
    return tuple(within(node, read) for node in nodes.items())


def within(node: Node, read: Callable[[Node], T]) -> T:
    """What `read` gives of `node`; an error of a constructor, which knows no path, gets this one."""
    try:
        return read(node)
    except InputError as error:
        sentence = str(error)
        if sentence.startswith(node.path):
            raise
        raise InputError(f"{node.path}: {sentence}") from None


def words(node: Node) -> tuple[str, ...]:
    """The strings of a list; of null, none."""
    return tuple(must(Node.text, item) for item in node.items())


def _read_code(text: str, system: CodeSystem | None) -> Code:
    if system is not None:
        try:
            # As written first: the dot of an ICD-11 code stands where it was put.
            return Code(system, text.strip().upper())
        except InputError:
            pass
    return Code.parse(text, system)
