"""A segment and the separators it is written with."""

from __future__ import annotations

from dataclasses import dataclass, field

from .errors import X12Error


@dataclass(frozen=True, slots=True)
class Separators:
    """The four characters that hold an interchange together; each file names its own in its ISA.

    Attributes:
        element, component, terminator: After each element, inside composites, after each segment.
        repetition: Between repeats of one element; None before version 00402, which had none.
    """

    element: str = "*"
    component: str = ":"
    repetition: str | None = "^"
    terminator: str = "~"

    def __post_init__(self) -> None:
        used = self.all
        if len(set(used)) != len(used):
            raise X12Error("The ISA segment names one character for two separators; ask the sender for a correct file.")
        if any(len(c) != 1 or ord(c) > 126 or c.isalnum() or c == " " for c in used):
            raise X12Error("A separator is one ASCII character that is neither a letter, a digit nor a blank.")

    @property
    def all(self) -> tuple[str, ...]:
        """Those in use, in the order element, component, terminator, repetition."""
        named = (self.element, self.component, self.terminator)
        return named if self.repetition is None else (*named, self.repetition)


# What most senders use, and what is written where nobody asks for others.
USUAL = Separators()


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment as it stands in a file. Two segments are equal when they say the same, wherever they stand.

    Attributes:
        id: `CLM`, `NM1`, …
        elements: The raw elements after the id, composites unsplit.
        position: Ordinal in the file, counted from 1.
        offset: Byte at which it starts, counted from 0, a byte-order mark included.
        separators: What its composites and repeats are split with.
    """

    id: str
    elements: tuple[str, ...]
    position: int = field(default=0, compare=False)
    offset: int = field(default=0, compare=False)
    separators: Separators = field(default=USUAL, compare=False, repr=False)

    def __getitem__(self, number: int) -> str:
        """Element `number`, counted from 1 as guides do (`clm[1]` is CLM01); empty where the segment ends before."""
        return self.elements[number - 1] if 0 < number <= len(self.elements) else ""

    def components(self, number: int) -> tuple[str, ...]:
        """The components of element `number`; a plain element is its own only component."""
        return tuple(self[number].split(self.separators.component))

    def repeats(self, number: int) -> tuple[str, ...]:
        """The repeats of element `number`; one where it does not repeat."""
        mark = self.separators.repetition
        return tuple(self[number].split(mark)) if mark else (self[number],)

    @property
    def text(self) -> str:
        """The segment with its terminator, as its separators write it."""
        return self.separators.element.join((self.id, *self.elements)) + self.separators.terminator
