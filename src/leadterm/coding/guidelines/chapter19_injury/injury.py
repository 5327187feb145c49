"""One injury of a chart, as its words tell it."""

from __future__ import annotations

from dataclasses import dataclass

from leadterm.domain import Fact

from .phrases import Phrase

# An open wound not further described may be any of these.
WOUNDS = frozenset({"laceration", "puncture", "bite", "wound"})
NUMBERS = frozenset(
    "first second third fourth fifth index middlefinger ringfinger littlefinger thumb greattoe lessertoe".split()
) | frozenset(
    f"{region}{n}" for region in ("cervical", "thoracic", "lumbar") for n in (*range(1, 8), 56, 78, 910, 1112)
)


@dataclass(frozen=True, slots=True)
class Injury:
    """One injury of the chart.

    Attributes:
        fact: What the chart says.
        phrase: Its words.
        code: Where they lead, without 7th character.
        score: How much of the title the chart says.
        more: Codes of other places that the same head has ("abrasions of knee and elbow").
        weak: Whether its place was only read from far off.
        told: What the title of its code wants beyond the kind, as far as the chart says it.
    """

    fact: Fact
    phrase: Phrase
    code: str
    score: int
    more: tuple[str, ...] = ()
    weak: bool = False
    told: frozenset[str] = frozenset()
