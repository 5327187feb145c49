"""One dose of a drug, and what a chart tells of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from leadterm.domain import Evidence

from .amounts import Amount
from .details import Details
from .formulary import Product
from .mentions import Mention


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose.

    Attributes:
        mention: Where it is told first.
        product: The drug; None where the name leaves several open (`choices`).
        told: Its details.
        amount: How much was given; None where the record does not say.
        day: The day of service.
        evidence: The words of drug, dose and times.
        by_weight: How the amount was computed where the record gives it for each kilogram or square metre.
        choices: The products among which the record does not decide.
    """

    mention: Mention
    product: Product | None
    told: Details
    amount: Amount | None
    day: date
    evidence: tuple[Evidence, ...]
    by_weight: str = ""
    choices: tuple[Product, ...] = ()

    @property
    def name(self) -> str:
        """How the record calls the drug."""
        return self.mention.document.text[self.mention.start : self.mention.end]


@dataclass(frozen=True, slots=True)
class Doses:
    """What was given, and what is left to ask.

    Attributes:
        given: The doses, in order of the text.
        wastes: Mentions that tell only what was discarded.
        unsaid: Doses of which nobody says that they were given.
        unclear: Pairs of which the record does not say whether they are one dose or two.
        supplied: The codes of drugs that the patient or a pharmacy supplied.
    """

    given: tuple[Dose, ...] = ()
    wastes: tuple[Dose, ...] = ()
    unsaid: tuple[Dose, ...] = ()
    unclear: tuple[tuple[Dose, Dose], ...] = ()
    supplied: frozenset[str] = frozenset()
