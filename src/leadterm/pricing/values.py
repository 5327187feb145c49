"""The values of pricing: what is asked, and what comes out, each amount with the steps that led to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from leadterm.domain import Money


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms services are priced.

    Attributes:
        locality: Contractor and locality number (`0111205`); None: by the ZIP code.
        zip: Where the services were given; None: as the claim tells it.
        facility: Whether the facility rate is taken; None: by the place of service.
        apm: Whether the conversion factor of qualifying APM participants is taken (from 2026 on).
        on: The day of the schedule; None: the day of each line.
        participating: Whether the provider participates; else 95 % and the limiting charge.
        patient_share: Whether the 20 % of the patient are told apart.
        sequestration: Whether 2 % are taken off what Medicare pays.
        wage_index: Of the hospital, for its outpatient services; None: national amounts.
    """

    locality: str | None = None
    zip: str | None = None
    facility: bool | None = None
    apm: bool = False
    on: date | None = None
    participating: bool = True
    patient_share: bool = False
    sequestration: bool = False
    wage_index: Decimal | None = None


SEQUESTRATION = Decimal("0.02")
STANDARD = Terms()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the reckoning.

    Attributes:
        what: In words and figures.
        amount: After the step, rounded half up to the cent; None of a step that counts time.
        factor: What the amount before was multiplied by; None where the step does not multiply.
        citation: The rule.
    """

    what: str
    amount: Money | None
    factor: Decimal | None
    citation: str


@dataclass(frozen=True, slots=True)
class Shares:
    """Who pays an amount: the patient 20 % (in a hospital: the copayment), Medicare the rest, less sequestration."""

    patient: Money
    medicare: Money

    def sequestered(self) -> Shares:
        """The same with 2 % taken off Medicare's part (2 U.S.C. 901a(6))."""
        return Shares(self.patient, self.medicare - Money.rounded(self.medicare.amount * SEQUESTRATION))


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line and its price.

    Attributes:
        id: Number of the line of a claim, id of the assignment of a coded encounter.
        code, modifiers, units: As coded; units are minutes of anesthesia where `minutes` stands.
        release: First day of the relative values that answered; None where none did.
        minutes: Minutes of anesthesia; None for all other services.
        day, place: Of the service; None where nothing tells.
        facility: Whether the facility rate was taken.
        locality: Whose indices were taken (`0111205`); None: the national amount.
        unit: What the schedule pays for one unit before modifiers and reductions; None where it has no amount.
        amount: What it allows for the line; None where nothing can be said.
        why: Why there is no amount; empty where there is one.
        steps: How the amount came about, in order; of a line without amount, as far as it went.
        remarks: What to know.
        limiting_charge: The most that a provider who does not participate may charge; None for others.
        shares: Where they were asked for.
    """

    id: str
    code: str
    modifiers: tuple[str, ...]
    units: Decimal
    day: date | None
    place: str | None
    facility: bool
    locality: str | None = None
    release: date | None = None
    minutes: Decimal | None = None
    unit: Money | None = None
    amount: Money | None = None
    why: str = ""
    steps: tuple[Step, ...] = ()
    remarks: tuple[str, ...] = ()
    limiting_charge: Money | None = None
    shares: Shares | None = None


@dataclass(frozen=True, slots=True)
class Prices:
    """What the physician fee schedule allows for a claim or an encounter.

    Attributes:
        id: Of the claim or encounter.
        lines: In its order.
        total: Of the lines that have an amount; None where none has.
        why: Why nothing is priced at all; empty where lines are.
        assumed: What nothing tells and was assumed, a sentence each.
    """

    id: str
    lines: tuple[PricedLine, ...] = ()
    total: Money | None = None
    why: str = ""
    assumed: tuple[str, ...] = ()
