"""What can be asked of coded data: the measure, what it is divided by, which conditions, which period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from leadterm.domain import Code, CodeSystem, InputError

from .suppress import LOWEST_THRESHOLD

LONGEST_CLEAN = 36_500
CATEGORY_LENGTH = 3


class Measure(StrEnum):
    """What is counted."""

    PREVALENCE = "prevalence"
    INCIDENCE = "incidence"


class By(StrEnum):
    """What an answer is divided by."""

    CODE = "code"
    CATEGORY = "category"
    GROUPING = "grouping"
    MONTH = "month"
    AGE_BAND = "age-band"
    SEX = "sex"


# Groups of one period that share no person, so that they add up to it. Conditions and months do not.
ADDITIVE = (By.AGE_BAND, By.SEX)


@dataclass(frozen=True, slots=True)
class Question:
    """What to count.

    Attributes:
        measure: Prevalence or incidence.
        by: Dimensions of the answer, in the order of its columns; totals nest in that order.
        codes, categories: Conditions to look for, as `code_named` and `category_named` give them; none: every one.
        first, last: The period, both days included; None: from the first, to the last day of the data.
        clean_days: Incidence: at risk is who did not bear the condition in so many days before the period (wash-out);
            None: at any time before it.
        totals: Whether rows for all age bands and for all sexes stand there too.
        least: The smallest count that is shown, 0 apart; None: every count is.
    """

    measure: Measure
    by: tuple[By, ...] = ()
    codes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    clean_days: int | None = None
    totals: bool = False
    least: int | None = None

    def __post_init__(self) -> None:
        if len(set(self.by)) != len(self.by):
            raise InputError("A dimension is named twice; name each once.")
        if self.first and self.last and self.last < self.first:
            raise InputError(f"The period cannot end ({self.last}) before it starts ({self.first}).")
        if self.clean_days is not None and self.measure is not Measure.INCIDENCE:
            raise InputError("Clean days are for incidence; prevalence counts what was there before too.")
        if self.clean_days is not None and not 1 <= self.clean_days <= LONGEST_CLEAN:
            raise InputError(f"Clean days are a whole number from 1 to {LONGEST_CLEAN}.")
        if self.least is not None and self.least < LOWEST_THRESHOLD:
            raise InputError(f"The smallest count that is shown must be {LOWEST_THRESHOLD} or more.")

    @property
    def strata(self) -> tuple[By, ...]:
        """The dimensions along which counts add up, in their order."""
        return tuple(dimension for dimension in self.by if dimension in ADDITIVE)


def code_named(text: str) -> str:
    """An ICD-10-CM code as the tables write it (`E11.22`). Raises InputError for another shape."""
    return Code.parse(text, CodeSystem.ICD10CM).value


def category_named(text: str) -> str:
    """An ICD-10-CM category, three characters. Raises InputError for anything else."""
    code = code_named(text)
    if len(code) != CATEGORY_LENGTH:
        raise InputError(f"A category has {CATEGORY_LENGTH} characters (E11); {code} is a code: ask for it as one.")
    return code
