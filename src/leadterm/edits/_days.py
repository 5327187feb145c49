"""Services found by their days, so that each costs the same on a long claim and for a patient of many claims."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from operator import attrgetter
from typing import Protocol, TypeVar, overload


class HasDays(Protocol):
    """What has a first and a last day."""

    @property
    def start(self) -> date:
        """First day."""

    @property
    def end(self) -> date:
        """Last day."""


T = TypeVar("T", bound=HasDays)
_start = attrgetter("start")
NONE = timedelta()


class ByDay(Sequence[T]):
    """Services by their first day, those of one day in the order in which they came."""

    __slots__ = ("_items", "_longest")

    def __init__(self, items: Iterable[T] = ()) -> None:
        self._items = sorted(items, key=_start)
        self._longest = max([x.end - x.start for x in self._items if x.end > x.start], default=NONE)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> list[T]: ...
    def __getitem__(self, at: int | slice) -> T | list[T]:
        return self._items[at]

    def __len__(self) -> int:
        return len(self._items)

    def during(self, first: date, last: date) -> list[T]:
        """Those that have a day between the two, both included."""
        room = first - date.min
        since = bisect_left(self._items, first - min(self._longest, room), key=_start)
        until = bisect_right(self._items, last, key=_start)
        return [x for x in self._items[since:until] if x.end >= first]

    def add(self, item: T) -> None:
        """Takes one more in."""
        insort(self._items, item, key=_start)
        self._longest = max(self._longest, item.end - item.start)

    def discard(self, item: T) -> None:
        """Takes out that very one, where it is in."""
        at = bisect_left(self._items, item.start, key=_start)
        while at < len(self._items) and self._items[at].start == item.start:
            if self._items[at] is item:
                del self._items[at]
                return
            at += 1
