"""What a what-if is for."""

from __future__ import annotations

from enum import StrEnum

from .errors import InputError


class Purpose(StrEnum):
    """What a what-if is for: nothing else is answered."""

    AUDIT = "audit"
    EDUCATION = "education"


def purpose_of(text: str | None) -> Purpose:
    """The purpose of that name. Raises InputError, saying why a what-if wants one, for any other."""
    try:
        return Purpose(text or "")
    except ValueError:
        raise InputError(
            "What-if is for audit and education alone, never for coding a chart: say --purpose audit or education."
        ) from None
