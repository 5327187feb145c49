"""HL7 version 2: messages, alone, in a row or in a batch, to the encounters that they tell of."""

from __future__ import annotations

from leadterm.domain import Encounter

from .joining import joined
from .messages import messages_of

__all__ = ["read"]


def read(raw: bytes, name: str, stem: str) -> tuple[Encounter, ...]:
    """The encounters of a file, one for each visit (`stem`, or `stem-1`, `stem-2`, …).

    `name` is the file's in messages. Raises InputError for what holds no message, and for more than a record may hold.
    """
    return joined(messages_of(raw, name), name, stem)
