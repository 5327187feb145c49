"""Python's garbage collector, held while much is made that has no cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def held(*, keep: bool = False) -> Iterator[None]:
    """No collection within; with `keep`, what was made is told to stay, so that later collections pass it by.

    Values of the domain have no cycles: they go when nobody holds them, collector or not.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if keep:
            gc.freeze()
        if collecting:
            gc.enable()
