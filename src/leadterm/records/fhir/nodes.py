"""JSON read leniently: what has the wrong shape is left out, and its resource remembers that it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from leadterm.domain import Money
from leadterm.domain.money import LARGEST

T = TypeVar("T")
LONGEST_WORD = 500
_MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?)?", re.ASCII)


class Faults:
    """Whether anything of a resource had the wrong shape."""

    __slots__ = ("found",)

    def __init__(self) -> None:
        self.found = False


class Node:
    """A JSON value with its place in the record."""

    __slots__ = ("faults", "place", "value")

    def __init__(self, value: Any, place: str, faults: Faults) -> None:
        self.value, self.place, self.faults = value, place, faults

    def each(self, path: str) -> Iterator[Node]:
        """The values at a path of members parted by dots, in order, through lists; null and what is absent is none."""
        return self._walk(_steps(path), 0)

    def first(self, *paths: str) -> Node:
        """The first value at the first of the paths that has one; else a null."""
        for path in paths:
            for node in self.each(path):
                return node
        return Node(None, self.place, self.faults)

    def word(self) -> str | None:
        """A short string without blanks around it; an empty one is absent."""
        text = self.text()
        if text is not None and len(text) > LONGEST_WORD:
            self._wrong()
            return None
        return text.strip() or None if text else None

    def text(self) -> str | None:
        """A string, untouched."""
        return self._typed(str)

    def flag(self) -> bool | None:
        """True or false."""
        return self._typed(bool)

    def integer(self) -> int | None:
        """A whole number."""
        return self._typed(int)

    def number(self) -> Decimal | None:
        """A quantity that money can count."""
        if self.value is None:
            return None
        if type(self.value) not in (int, Decimal) or not -LARGEST <= self.value <= LARGEST:
            self._wrong()
            return None
        return Decimal(self.value)

    def amount(self) -> Money | None:
        """Dollars, to the cent."""
        number = self.number()
        return None if number is None else Money.rounded(number)

    def moment(self) -> date | datetime | None:
        """A day, or a moment by the clock of the place that wrote it; None for what is no whole day."""
        text = self.text()
        found = _MOMENT.match(text) if text else None
        if found is None:
            return None
        try:
            parts = [int(part) for part in found.groups() if part is not None]
            if len(parts) == 3:
                return date(*parts)
            year, month, day, hour, minute, *second = parts
            return datetime(year, month, day, hour, minute, min(second[0], 59) if second else 0)
        except ValueError:
            self._wrong()
            return None

    def day(self) -> date | None:
        """The day of it."""
        moment = self.moment()
        return moment.date() if isinstance(moment, datetime) else moment

    def instant(self) -> datetime | None:
        """The moment of it; of a day, its midnight."""
        moment = self.moment()
        if moment is None or isinstance(moment, datetime):
            return moment
        return datetime(moment.year, moment.month, moment.day)

    def codes(self) -> Iterator[str]:
        """The codes that it bears: of a code alone, a Coding or a CodeableConcept; of true or false, their names."""
        if isinstance(self.value, dict):
            for coding in self.each("coding.code") if "coding" in self.value else self.each("code"):
                if code := coding.word():
                    yield code
        elif isinstance(self.value, bool):
            yield "true" if self.value else "false"
        elif code := self.word():
            yield code

    def _walk(self, path: tuple[str, ...], done: int) -> Iterator[Node]:
        value = self.value
        if isinstance(value, list):
            for n, item in enumerate(value):
                if isinstance(item, list):
                    self._wrong()
                elif item is not None:
                    yield from Node(item, f"{self.place}[{n}]", self.faults)._walk(path, done)
        elif done == len(path):
            yield self
        elif isinstance(value, dict):
            child = value.get(path[done])
            if child is not None:
                yield from Node(child, f"{self.place}.{path[done]}", self.faults)._walk(path, done + 1)
        else:
            self._wrong()

    def _wrong(self) -> None:
        self.faults.found = True

    def _typed(self, kind: type[T]) -> T | None:
        if type(self.value) is kind:
            return self.value
        if self.value is not None:
            self._wrong()
        return None


@cache
def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split("."))
