"""What grouping asks of others: an MS-DRG grouper and the models of risk adjustment.

What a stream of stays makes by the dozen is a named tuple: it is made in a third of the time of a frozen dataclass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, Protocol

from leadterm.domain import Sex


class StayDiagnosis(NamedTuple):
    """A diagnosis of a stay: its code without the dot, and `Y`, `N`, `U`, `W` or empty (exempt, or not told)."""

    code: str
    poa: str = ""


class Stay(NamedTuple):
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


@dataclass(frozen=True, slots=True, order=True)
class Hac:
    """A hospital-acquired condition of the list that Medicare does not pay for: `4`, and its title."""

    number: int
    title: str


class GroupedDiagnosis(NamedTuple):
    """What the grouper says of a secondary diagnosis.

    Attributes:
        code: Without its dot.
        level: `MCC`, `CC` or None, before anything excludes it.
        decides: Whether the final group hangs on it.
        excluded: Whether the principal diagnosis or the group takes its level away.
        only_alive: Whether it would count only for a patient who was discharged alive, and this one died.
        hospital_acquired: Whether the provision on hospital-acquired conditions takes its level away.
        poa_missing: Whether that hangs on a POA indicator that is not given.
        hacs: The conditions of the list that it meets.
    """

    code: str
    level: str | None = None
    decides: bool = False
    excluded: bool = False
    only_alive: bool = False
    hospital_acquired: bool = False
    poa_missing: bool = False
    hacs: tuple[Hac, ...] = ()


@dataclass(frozen=True, slots=True)
class Initial:
    """The group of a stay as if nothing had been acquired in the hospital, and the level that it reached."""

    drg: int
    title: str
    level: str | None


class GroupedStay(NamedTuple):
    """What the grouper says of a stay.

    Attributes:
        outcome: `OK`, or its name for why the stay has no group (`DX_CANNOT_BE_PDX`).
        drg, title, mdc, mdc_title: The final group; 998 and 999 are groups too.
        level: The level that the secondary diagnoses reach together (`MCC`, `CC`, None).
        secondary: Those that have a level, decide, or meet a condition of the list; in no order.
        procedures: Those that the final group hangs on.
        initial: The group before hospital-acquired conditions are taken out; None where there are none, or it has none.
    """

    outcome: str
    drg: int
    title: str
    mdc: int
    mdc_title: str
    level: str | None
    secondary: tuple[GroupedDiagnosis, ...] = ()
    procedures: tuple[str, ...] = ()
    initial: Initial | None = None


class Grouper(Protocol):
    """An MS-DRG grouper of several versions."""

    @property
    def versions(self) -> Sequence[int]:
        """The versions that it has: 430, 431, 440."""

    def group(self, stay: Stay) -> GroupedStay:
        """The group of a stay by one of its versions."""


@dataclass(frozen=True, slots=True)
class Member:
    """Whom a model scores: a `MemberRecord` with nothing left open.

    Attributes:
        age: Whole years on 1 February of the payment year.
        orec, crec, dual: As the record has them.
        part_d: The calibration of RxHCC; None where nobody said which.
    """

    age: int
    sex: Sex
    orec: str
    crec: str = "0"
    dual: str = "00"
    institutional: bool = False
    low_income: bool = False
    new_enrollee: bool = False
    special_needs: bool = False
    graft_months: int | None = None
    part_d: str | None = None


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
        no_score: Why there are no coefficients for this member, where there are none.
    """

    opened: Mapping[str, frozenset[str]]
    kept: frozenset[str]
    superiors: Mapping[str, frozenset[str]]
    titles: Mapping[str, str]
    coefficients: Mapping[str, Decimal]
    payment_year: int
    source: str
    no_score: str | None = None


class RiskModels(Protocol):
    """The models of risk adjustment of CMS."""

    def adjust(self, model: str, payment_year: int, codes: frozenset[str], member: Member | None) -> Adjusted:
        """What `model` (`V28`, `V24`, `ESRD-V24`, `RxHCC`) makes of ICD-10-CM codes without dots.

        Without a member there are categories and no coefficients.
        """
