"""Seventh characters: every code with its extension, with X in the empty places (guidelines I.A.4 and I.A.5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from leadterm.domain import InputError

PLACEHOLDER = "X"
LENGTH = 7
# The list states in prose where extensions do not apply ("7th characters D and S do not apply to codes in category
# S06 with 6th character 7 - …, or 8 - …"). This is the one form it uses; a note that announces exceptions without
# such a sentence is refused, so that a new form cannot pass unread.
_LIMIT = re.compile(
    r"7th characters? (?P<sevenths>[0-9A-Z](?:(?:, | and |, and )[0-9A-Z])*) do(?:es)? not apply to codes? in"
    r" (?:sub)?category (?P<at>[A-Z][0-9A-Z]{2}(?:\.[0-9A-Z]+)?)"
    r" with (?P<place>\d)(?:st|nd|rd|th) character (?P<values>.+)"
)
_VALUE = re.compile(r"(?:^|\bor |, )([0-9A-Z])(?= - |,|\.|$| or )")
_EXCEPTION = re.compile(r"\bexcept\b")


@dataclass(frozen=True, slots=True)
class Limit:
    """Where 7th characters do not apply.

    Attributes:
        at: Bare code below which it holds.
        sevenths: The characters that do not apply.
        place: Position of the deciding character, counted from 1.
        values: The characters at that place that rule them out.
    """

    at: str
    sevenths: frozenset[str]
    place: int
    values: frozenset[str]

    def forbids(self, code: str) -> bool:
        """Whether this bare seven-character code may not be formed."""
        return code.startswith(self.at) and code[self.place - 1] in self.values and code[-1] in self.sevenths


def read_limits(notes: Iterable[str]) -> tuple[Limit, ...]:
    """The limits that a node's general notes state."""
    return tuple(_limit(found) for note in notes if (found := _LIMIT.search(note)))


def _limit(found: re.Match[str]) -> Limit:
    sevenths = re.findall(r"\b[0-9A-Z]\b", found["sevenths"])
    values = _VALUE.findall(found["values"])
    if not values:
        raise InputError(f"The limit of 7th characters at {found['at']} is in a form that cannot be read.")
    return Limit(found["at"].replace(".", ""), frozenset(sevenths), int(found["place"]), frozenset(values))


def check_exceptions(code: str, instructions: Iterable[str], limits: tuple[Limit, ...]) -> None:
    """Nothing. Raises InputError when the instruction at `code` announces exceptions that no limit spells out."""
    if not limits and any(_EXCEPTION.search(text) for text in instructions):
        raise InputError(f"The 7th-character note at {code} announces exceptions that cannot be read.")


def extend(
    bare: str, extensions: Iterable[tuple[str, str]], limits: tuple[Limit, ...] = ()
) -> Iterator[tuple[str, str, str]]:
    """Bare seven-character code, 7th character and its meaning, for each extension that applies to the code `bare`."""
    stem = bare.ljust(LENGTH - 1, PLACEHOLDER)
    for character, meaning in extensions:
        code = stem + character
        if not any(limit.forbids(code) for limit in limits):
            yield code, character, meaning
