"""What grouping asks of others: an MS-DRG grouper and the models of risk adjustment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from leadterm.domain import Sex


@dataclass(frozen=True, slots=True, order=True)
class StayDiagnosis:
    """A diagnosis of a stay: its code without the dot, and `Y`, `N`, `U`, `W` or empty (exempt, or not told)."""

    code: str
    poa: str = ""


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay as a grouper takes it.

    Attributes:
        version: 430 for V43, 431 for V43.1.
        age: Whole years on admission.
        status: Patient discharge status, as a number.
        secondary, procedures: In any order; ICD-10-PCS codes.
    """

    version: int
    age: int
    sex: Sex
    status: int
    principal: StayDiagnosis
    secondary: tuple[StayDiagnosis, ...] = ()
    procedures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupedDiagnosis:
    """What the grouper says of a secondary diagnosis.

    Attributes:
        code: Without its dot.
        level: `MCC`, `CC` or None, before anything excludes it.
        decides: Whether the final group hangs on it.
        excluded: Whether the principal diagnosis or the group takes its level away.
        only_alive: Whether it would count only for a patient who was discharged alive, and this one died.
        hospital_acquired: Whether the provision on hospital-acquired conditions takes its level away.
        poa_missing: Whether that hangs on a POA indicator that is not given.
    """

    code: str
    level: str | None = None
    decides: bool = False
    excluded: bool = False
    only_alive: bool = False
    hospital_acquired: bool = False
    poa_missing: bool = False


@dataclass(frozen=True, slots=True)
class GroupedStay:
    """What the grouper says of a stay.

    Attributes:
        outcome: `OK`, or its name for why the stay has no group (`DX_CANNOT_BE_PDX`).
        drg, title, mdc, mdc_title: The final group; 998 and 999 are groups too.
        level: The level that the secondary diagnoses reach together (`MCC`, `CC`, None).
        secondary: One a secondary diagnosis, in no order.
        procedures: Those that the final group hangs on.
    """

    outcome: str
    drg: int
    title: str
    mdc: int
    mdc_title: str
    level: str | None
    secondary: tuple[GroupedDiagnosis, ...] = ()
    procedures: tuple[str, ...] = ()


class Grouper(Protocol):
    """An MS-DRG grouper of several versions."""

    @property
    def versions(self) -> Sequence[int]:
        """The versions that it has: 430, 431, 440."""

    def group(self, stay: Stay) -> GroupedStay:
        """The group of a stay by one of its versions."""


@dataclass(frozen=True, slots=True)
class Member:
    """Whom a model scores: age in whole years on 1 February of the payment year, and sex."""

    age: int
    sex: Sex


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What a model of risk adjustment makes of diagnoses.

    Attributes:
        opened: Category → the codes (without dots) that open it, before hierarchies.
        kept: The categories that count after them.
        superiors: Category → the categories that take its place where they are opened too.
        titles: Category → title.
        coefficients: Variable of the model → value; categories by their number. Empty without a member.
        payment_year: The one whose mapping answered.
        source: What answered.
    """

    opened: Mapping[str, frozenset[str]]
    kept: frozenset[str]
    superiors: Mapping[str, frozenset[str]]
    titles: Mapping[str, str]
    coefficients: Mapping[str, Decimal]
    payment_year: int
    source: str


class RiskModels(Protocol):
    """The CMS-HCC models."""

    def adjust(self, model: str, payment_year: int, codes: frozenset[str], member: Member | None) -> Adjusted:
        """What `model` (`V24`, `V28`) makes of ICD-10-CM codes without dots; without a member, categories alone."""
