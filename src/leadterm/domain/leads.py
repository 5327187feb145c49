"""What became of the codes that a record bears: leads, each with the way that it took and why it is coded or not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .encounter import RecordedCode


class LeadUse(StrEnum):
    """What coding made of a lead."""

    CODED = "coded"
    AGREES = "agrees"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class RecordLead:
    """A diagnosis or problem that the record has coded, as coding saw it.

    Attributes:
        recorded: The code as it stands in the record, with kind and status.
        targets: ICD-10-CM codes that it leads to, best first; none where no installed map has it.
        origin: Release or file of the map.
        use: `coded`: a code stands on it; `agrees`: a code of the chart's words is the same; `open`: neither.
        why: Why, in a sentence without names or words of the chart.
    """

    recorded: RecordedCode
    targets: tuple[str, ...]
    origin: str | None
    use: LeadUse
    why: str
