"""What a chart says, before any code (contract: leadterm.facts/1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from .errors import InputError
from .spans import Span
from .text import Evidence


class Assertion(StrEnum):
    """How a chart speaks of something. These eight words are the only ones, everywhere."""

    PRESENT = "present"
    ABSENT = "absent"
    UNCERTAIN = "uncertain"
    HISTORICAL = "historical"
    FAMILY = "family"
    HYPOTHETICAL = "hypothetical"
    PLANNED = "planned"
    RESOLVED = "resolved"


class FactKind(StrEnum):
    """What sort of thing a fact is about."""

    CONDITION = "condition"
    FINDING = "finding"
    PROCEDURE = "procedure"
    DRUG = "drug"
    DEVICE = "device"
    VALUE = "value"
    STATUS = "status"
    CIRCUMSTANCE = "circumstance"


# What a term is about follows from the chapter where it opens; drugs open at their long-term use (Z79).
_BY_CHAPTER = (
    ("Z79", FactKind.DRUG),
    ("Z", FactKind.STATUS),
    ("R", FactKind.FINDING),
    ("V", FactKind.CIRCUMSTANCE),
    ("W", FactKind.CIRCUMSTANCE),
    ("X", FactKind.CIRCUMSTANCE),
    ("Y", FactKind.CIRCUMSTANCE),
)


@lru_cache(maxsize=8192)
def kind_of_target(code: str) -> FactKind:
    """What sort of thing a code of ICD-10-CM, or a node above it, is about."""
    return next((kind for prefix, kind in _BY_CHAPTER if code.startswith(prefix)), FactKind.CONDITION)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a chart says about a patient, with the words that say it.

    Attributes:
        id: Unique within the encounter (`f1`, `f2`, …), in order of the text.
        concept: The term as in the lexicon.
        kind: What sort of thing it is.
        assertion: Present, absent, uncertain, …
        attributes: Laterality, acuity, stage, … each a plain word; a read-only mapping.
        section: Kind of the section it stands in (`assessment`, `family-history`, …).
        evidence: The words; the mention first, then the words that gave attributes.
        cues: The words that decided the assertion; empty when nothing but the default did.
        targets: Tabular nodes where the term opens (codes with dots), best first.
        segment: The sentence or list item that the mention stands in, in the mention's document.
        speaker: Who said it (`provider`, `nurse`, `patient`, `radiologist`, …) where the document tells.
        copied_from: The earlier words of which the passage is a copy, where it is one.
        source: Where the term stands: lexicon, title, inclusion or index; None where no term opened it.
    """

    id: str
    concept: str
    kind: FactKind
    assertion: Assertion
    attributes: Mapping[str, str] = field(default_factory=dict)
    section: str = "unknown"
    evidence: tuple[Evidence, ...] = ()
    cues: tuple[Evidence, ...] = ()
    targets: tuple[str, ...] = ()
    segment: Span | None = None
    speaker: str | None = None
    copied_from: Evidence | None = None
    source: str | None = None

    def __post_init__(self) -> None:
        if not self.evidence:
            raise InputError(f"Fact {self.id} has no words to show for itself.")
        object.__setattr__(self, "attributes", MappingProxyType(dict(self.attributes)))

    def __reduce__(self) -> tuple[object, ...]:
        # A mapping proxy cannot be pickled; workers of a batch hand facts between processes.
        values = (self.id, self.concept, self.kind, self.assertion, dict(self.attributes), self.section)
        rest = (self.evidence, self.cues, self.targets, self.segment, self.speaker, self.copied_from, self.source)
        return (Fact, (*values, *rest))

    @property
    def mention(self) -> Evidence:
        """The words that name the thing itself."""
        return self.evidence[0]

    @property
    def target_kind(self) -> FactKind:
        """What sort of thing the code is about at which the term opens; its own kind where it opens at none."""
        return kind_of_target(self.targets[0]) if self.targets else self.kind
