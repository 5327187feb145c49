"""What a broken interchange raises.

The one thing that `x12` takes from the house: the root of `InputError`, so that a broken file ends the same way
whoever reads it (exit 2, one sentence, no traceback). Nothing else of ours is imported on this floor.
"""

from __future__ import annotations

from leadterm.domain.errors import InputError


class X12Error(InputError):
    """A file that is not X12, or a value that X12 cannot carry; the sentence never quotes the data.

    Attributes:
        position: Ordinal of the segment in the file, counted from 1; None where no segment was reached.
        offset: Byte at which it starts; None likewise.
    """

    def __init__(self, message: str, position: int | None = None, offset: int | None = None) -> None:
        super().__init__(message)
        self.position = position
        self.offset = offset
