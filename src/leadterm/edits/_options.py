"""What a user of the edits chooses: criteria sets of clinical validity, risk adjustment, rules of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .site import SiteRules

RiskAdjusted = Callable[[date], frozenset[str] | None]


@dataclass(frozen=True, slots=True)
class Options:
    """What is chosen.

    Attributes:
        criteria: Names of criteria sets that are asked instead of the standard ones of their diagnoses.
        risk_adjusted: Gives the ICD-10-CM codes (without dots) that a model of risk adjustment counts on a day, or None
            where no model is installed; without it nothing is asked of them.
        site: Rules of a payer or a site (`site.read_site_rules`).
    """

    criteria: tuple[str, ...] = ()
    risk_adjusted: RiskAdjusted | None = None
    site: SiteRules | None = None


STANDARD = Options()
