"""Services as people write them in one word: `99213`, `45385-59`, `97110-GPx3`, `00840-AAx95m`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from .errors import InputError
from .money import parse_units

_WORD = re.compile(
    r"(?P<code>[0-9A-Za-z]{5})(?P<modifiers>(?:-[0-9A-Za-z]{2}){0,4})(?:[xX*](?P<units>[0-9.]{1,9})(?P<minutes>[mM])?)?"
)
LONGEST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class WrittenService:
    """A service of CPT or HCPCS Level II.

    Attributes:
        code, modifiers: In capitals.
        units: One where none are written.
        minutes: Whether the units are minutes (anesthesia).
    """

    code: str
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    minutes: bool = False

    @classmethod
    def parse(cls, text: str) -> WrittenService:
        """The service that a word writes; an `m` behind the number says minutes. Raises InputError for others."""
        found = _WORD.fullmatch(text)
        if found is None:
            raise InputError(
                f"{text[:LONGEST_SHOWN]} is no code with modifiers and units; write 99213, 45385-59, 97110-GPx3, or "
                "00840-AAx95m for minutes."
            )
        modifiers = tuple(found["modifiers"].upper().split("-")[1:])
        return cls(found["code"].upper(), modifiers, parse_units(found["units"] or "1"), bool(found["minutes"]))
