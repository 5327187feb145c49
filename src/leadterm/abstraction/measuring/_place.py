"""Where a reading is made, and the value that comes of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from . import _number_shapes as shapes
from ._units import LOOSE, canonical
from .measures import Measure, Name

# How far the words before a name are looked at.
BEFORE = 45


@dataclass(frozen=True, slots=True)
class Value:
    """A measured value, what it is of, and where it stands.

    Attributes:
        concept: What is measured (`body mass index`, `weeks of gestation`, `sodium`).
        value: The number without thousands' commas, `120/80` of a pressure, or a word (`negative`, `2+`).
        start: Where the name or the number begins that comes first.
        end: Where the last of number, unit and flag ends.
        unit: As the text says it, in one spelling; empty where it says none.
        attributes: What else the text itself says of the value.
    """

    concept: str
    value: str
    start: int
    end: int
    unit: str = ""
    attributes: tuple[tuple[str, str], ...] = ()

    def at(self, start: int, end: int) -> Value:
        """This value at another place."""
        return replace(self, start=start, end=end)

    def also(self, end: int, *attributes: tuple[str, str]) -> Value:
        """This value with more attributes, reaching to `end`."""
        return replace(self, end=max(end, self.end), attributes=(*self.attributes, *attributes))


@dataclass(frozen=True, slots=True)
class Source:
    """A text, the same folded, and whether it speaks of a specimen other than blood."""

    folded: str
    text: str
    fluid: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A name in a source, what stands between it and its number, and the specimen that it is measured in."""

    source: Source
    name: Name
    gap: re.Match[str]
    fluid: str
    cued: bool  # whether a wish, a flag, a time may stand before the name

    @property
    def folded(self) -> str:
        """The folded text."""
        return self.source.folded

    @property
    def measure(self) -> Measure:
        """What is measured."""
        return self.name.measure

    @property
    def concept(self) -> str:
        """What is measured, with its specimen where that is not blood."""
        return with_specimen(self.measure, self.fluid)

    @property
    def before(self) -> str:
        """The words before the name."""
        return self.folded[max(0, self.name.start - BEFORE) : self.name.start]

    @property
    def between(self) -> str:
        """The words between the name and its number."""
        return self.folded[self.name.end : self.gap.end()]

    @property
    def needs_unit(self) -> bool:
        """Whether a comma parts the name from the number, so that only a unit tells that they belong together."""
        return "comma" in self.gap.re.groupindex and self.gap["comma"] is not None

    @property
    def gap_unit(self) -> str:
        """The unit that stands between the name and its number: Hemoglobin (g/dL): 10.2."""
        written = self.gap["unit"] if "unit" in self.gap.re.groupindex else None
        unit = canonical(written) if written else ""
        return unit if unit in self.measure.ranges else ""

    def unit(self, end: int) -> tuple[str | None, int]:
        """The unit behind a number, and where it ends; None where it is one of something else (a dose, a time)."""
        exact = "exact" in self.measure.shape or self.needs_unit
        found = shapes.UNIT_BEHIND.match(self.folded, end)
        if not found:
            return (None if exact and not self.gap_unit else ""), end
        unit = canonical(found["unit"])
        if self.needs_unit and ("before" in self.measure.shape or not shapes.CLOSED.match(self.folded, found.end())):
            return None, end
        if unit in self.measure.ranges or (self.concept != self.measure.concept and "/" in unit):
            return unit, found.end()
        return ("" if unit in LOOSE and not exact else None), end


def with_specimen(measure: Measure, fluid: str) -> str:
    """The concept of a measure in a specimen: urine sodium, csf glucose."""
    concept = measure.concept
    if fluid in ("", "blood") or concept.startswith(fluid) or "fluid" not in measure.shape:
        return concept
    return f"{fluid} {concept.removeprefix('arterial ')}"


def specimen(source: Source, name: Name) -> str:
    """The specimen that the words before the name on its line say, the nearest of them; empty where none does."""
    last = ""
    if source.fluid:
        for found in shapes.FLUID.finditer(source.folded, max(0, name.start - 120), name.start):
            if found.lastgroup == "stop":
                last = ""
            elif found.lastgroup and shapes.OF_FLUID.match(source.folded, found.end(), name.start):
                last = found.lastgroup
    return shapes.FLUID_NAMES.get(last, last)
