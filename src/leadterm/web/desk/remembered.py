"""Answers remembered by which values were given: charts hold mappings, which cannot be hashed, and never change."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")


def remembered(most: int) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Keeps the answers of a function for the last `most` different arguments, which must be frozen values."""

    def around(function: Callable[..., T]) -> Callable[..., T]:
        # The arguments are kept with the answer, so that no other value can come by their identity.
        kept: OrderedDict[tuple[int, ...], tuple[tuple[Any, ...], T]] = OrderedDict()
        lock = Lock()

        @wraps(function)
        def answer(*given: Any) -> T:
            key = tuple(map(id, given))
            with lock:
                if key in kept:
                    kept.move_to_end(key)
                    return kept[key][1]
            made = function(*given)
            with lock:
                kept[key] = (given, made)
                while len(kept) > most:
                    kept.popitem(last=False)
            return made

        return answer

    return around
