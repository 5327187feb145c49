"""How much one professional claim holds (005010X222A1, and the paper form alike)."""

from __future__ import annotations

MOST_DIAGNOSES = 12
MOST_LINES = 50
LONGEST_CLAIM_NUMBER = 20
FREQUENCIES = ("1", "7", "8")
