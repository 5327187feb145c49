"""Codes as numbers, and rows of numbers as bytes: how the pairs of NCCI lie in the store.

Pairs are one row for each code: numbers that say the other code and, of the few thousand combinations of dates,
indicator and rationale, which. So four million pairs take 60 MB and are answered without a look at the disk.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable
from functools import lru_cache

from leadterm.domain import InputError

CODE_LENGTH = 5
BASE = 36
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# An entry of a code's row: the other code's number above, the number of the meaning below.
MEANING_BITS = 32
MEANING = (1 << MEANING_BITS) - 1


@lru_cache(1 << 16)
def code_number(code: str) -> int:
    """A CPT or HCPCS code as a number below 2**26, in the order of the codes. Raises InputError for another shape."""
    if len(code) != CODE_LENGTH or not (code.isascii() and code.isalnum()):
        raise InputError("A CPT or HCPCS code has five letters or digits.")
    return int(code, BASE)


@lru_cache(1 << 16)
def number_code(number: int) -> str:
    """The code of a `code_number`."""
    found = ""
    for _ in range(CODE_LENGTH):
        number, digit = divmod(number, BASE)
        found = DIGITS[digit] + found
    return found


def packed(kind: str, numbers: Iterable[int]) -> bytes:
    """Numbers as a row keeps them: `Q` (8 bytes) or `I` (4), little end first."""
    found = array(kind, numbers)
    if sys.byteorder == "big":
        found.byteswap()
    return found.tobytes()


def unpacked(kind: str, data: bytes) -> array[int]:
    """What `packed` wrote."""
    found = array(kind, data)
    if sys.byteorder == "big":
        found.byteswap()
    return found


NO_PAIRS: array[int] = array("Q")
