"""Ids of what is kept: UUID version 7, which sort by the time they were made (RFC 9562, 5.7)."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

RANDOM_BITS = 74
VERSION, VARIANT = 7 << 76, 2 << 62


def uuid7(now: datetime) -> UUID:
    """A new id made at `now` (an aware instant)."""
    milliseconds = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    noise = secrets.randbits(RANDOM_BITS)
    high, low = noise >> 62, noise & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | VERSION | high << 64 | VARIANT | low)
