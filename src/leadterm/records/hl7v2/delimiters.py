"""The separators that a message declares for itself (MSH-1 and MSH-2)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import lru_cache

USUAL = "^~\\&#"


@dataclass(frozen=True, slots=True)
class Delimiters:
    """Separators, each one character; empty where the message has none.

    Attributes:
        field, component, repetition, escape, subcomponent, truncation: By their names in the standard.
        escaped: By the letter of an escape sequence, the separator that it stands for.
    """

    field: str
    component: str
    repetition: str
    escape: str
    subcomponent: str
    truncation: str
    escaped: dict[str, str] = dataclasses.field(default_factory=dict, compare=False)


@lru_cache(maxsize=64)
def declared(separator: str, encoding: str) -> Delimiters:
    """The separators by MSH-1 and MSH-2; a character that is written twice counts once, an empty MSH-2 is the usual."""
    given = "".join(dict.fromkeys(encoding.strip().replace(separator, "")))[: len(USUAL)] or USUAL
    component, repetition, escape, subcomponent, truncation = (given[n : n + 1] for n in range(len(USUAL)))
    letters = {"F": separator, "S": component, "T": subcomponent, "R": repetition, "E": escape, "P": truncation or "#"}
    return Delimiters(separator, component, repetition, escape, subcomponent, truncation, letters)
