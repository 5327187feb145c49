"""What a check has to say: values that are collected, never raised (DESIGN 2.6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from .errors import InputError
from .text import Evidence


class Severity(StrEnum):
    """Error stops a claim, warning asks a person, info tells."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Override:
    """A person's permission for what a rule questions; the reason is kept with the finding."""

    by: str
    at: datetime
    reason: str

    def __post_init__(self) -> None:
        if not self.by.strip() or not self.reason.strip():
            raise InputError("An override names who permits and why.")


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark of one rule on a coding, a claim or a file.

    Attributes:
        id: Unique within its answer (`f1`, …).
        rule: Id of the rule, `AUTHORITY:paragraph/slug`.
        severity: How much it weighs.
        message: What is wrong and where, in one sentence.
        fix: What to do about it.
        codes: Codes concerned, with dots.
        assignments: Ids of the assignments concerned.
        source: The authority: guideline paragraph, tabular note, manual, statute.
        evidence: Words of the chart concerned.
        location: Place in a claim or file (claim, line, segment, loop, element).
        override: Set when a person permitted it.
    """

    id: str
    rule: str
    severity: Severity
    message: str
    fix: str | None = None
    codes: tuple[str, ...] = ()
    assignments: tuple[str, ...] = ()
    source: str | None = None
    evidence: tuple[Evidence, ...] = ()
    location: Mapping[str, Any] | None = None
    override: Override | None = None

    def __post_init__(self) -> None:
        if not self.rule or not self.message:
            raise InputError("A finding names its rule and says what is wrong.")

    @property
    def stands(self) -> bool:
        """Whether it still blocks: an error that nobody has overridden."""
        return self.severity is Severity.ERROR and self.override is None


def renumbered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings with ids `f1`, `f2`, … in their order."""
    return tuple(replace(f, id=f"f{n}") for n, f in enumerate(findings, 1))
