"""What stands in the place of an answer that cannot be given."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why there is no answer, in one sentence that says what is missing and, where something helps, what to do."""

    sentence: str
