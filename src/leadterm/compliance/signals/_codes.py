"""What kind of service a code is, as far as signals tell them apart; by its number alone."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

CODE_LENGTH = 5


class Kind(IntEnum):
    """The kinds: `PROCEDURE` is the surgery section and manipulation, `LABORATORY` pathology and laboratory."""

    OTHER = 0
    VISIT = 1
    PROCEDURE = 2
    LABORATORY = 3
    SERVICE = 4


RANGES = (
    ("10004", "69990", Kind.PROCEDURE),
    ("70010", "79999", Kind.SERVICE),
    ("80047", "89398", Kind.LABORATORY),
    ("92002", "92014", Kind.VISIT),
    ("90281", "98922", Kind.SERVICE),
    ("98925", "98943", Kind.PROCEDURE),
    ("99091", "99199", Kind.SERVICE),
    ("99202", "99499", Kind.VISIT),
)


# Sections whose services are tests, and letters of Level II that are supplies, drugs and transport: nobody is seen.
TESTS = (Kind.LABORATORY, Kind.SERVICE)
MEDICINE = "90281"
SUPPLIES = "ABCDEJKLMPQRUV"
# Blood drawn; the last letters of proprietary laboratory tests and of measures.
DRAWN, NO_VISIT = frozenset({"36415", "36416"}), "UF"


@lru_cache(1 << 15)
def seen_for(code: str) -> bool:
    """Whether a patient is seen for a service: not for laboratory, imaging, supplies, drugs and transport."""
    if code[0] in SUPPLIES or code[-1] in NO_VISIT or code in DRAWN:
        return False
    return kind_of(code) not in TESTS or code >= MEDICINE


@lru_cache(1 << 15)
def kind_of(code: str) -> Kind:
    """The kind of a CPT or HCPCS code; `OTHER` for Level II, anesthesia and whatever has letters."""
    if len(code) != CODE_LENGTH or not code.isdigit():
        return Kind.OTHER
    return next((kind for first, last, kind in RANGES if first <= code <= last), Kind.OTHER)
