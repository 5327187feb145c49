"""Letters without their accents, as names and terms are compared."""

from __future__ import annotations

from typing import Literal
from unicodedata import combining, normalize


def without_accents(text: str, form: Literal["NFKD", "NFD"] = "NFKD") -> str:
    """`text` with the letters that its accented ones rest on.

    `NFKD` also takes ligatures, wide letters and the like apart; `NFD` leaves them as they are.
    """
    return text if text.isascii() else "".join(c for c in normalize(form, text) if not combining(c))
