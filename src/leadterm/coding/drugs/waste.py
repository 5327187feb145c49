"""What was discarded of single-dose containers: JW in whole units, JZ where nothing was (chapter 17, section 40)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from .amounts import NOTHING, Amount, units_given, units_whole
from .doses import Dose
from .formulary import Product
from .opened import Waste

MOST_CONTAINERS = 12
BESIDE = frozenset(
    ("diagnostic", "hydration", "none", "electrolyte")
)  # never from a single-dose container of their own


class State(Enum):
    """What the record tells of waste."""

    NONE = "none discarded"
    SOME = "discarded"
    WHOLE = "whole containers"  # nobody says it: the dose is what containers hold
    SMALL = "less than a unit"
    UNKNOWN = "discarded, but not how much"
    UNSAID = "containers held more than was given"
    GUESSED = "no container on the market holds the dose"
    MULTIPLE = "multiple-dose"
    APART = "not from a single-dose container, or nobody says so"


@dataclass(frozen=True, slots=True)
class Discarded:
    """Of one drug on one day.

    Attributes:
        state: What the record tells.
        units: JW units: whole ones.
        given, lost: Administered and discarded amount.
        opened: What the opened containers held, where the record tells.
        words: The words on waste.
    """

    state: State
    units: Decimal
    given: Amount
    lost: Amount | None
    opened: Amount | None
    words: tuple[Waste, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether what was given and discarded is what the opened containers held."""
        if self.opened is None:
            return True
        if self.lost is None:
            return self.given.value <= self.opened.value
        return self.given.value + self.lost.value == self.opened.value


def discarded(product: Product, given: Amount, doses: Sequence[Dose], wastes: Sequence[Dose]) -> Discarded:
    """What was discarded of a drug of which `given` was given in `doses`; `wastes` tell nothing but waste."""
    words = tuple(w for d in (*doses, *wastes) if (w := d.told.waste) is not None)
    single = is_single(product, [*doses, *wastes])
    opened = _opened(product, [*doses, *wastes])
    lost = _lost(product, doses, wastes)
    none = Decimal(0)
    if single is not True:
        state = State.MULTIPLE if single is False else State.APART
        return Discarded(state, none, given, lost, opened, words)
    if lost is not None:
        units = min(units_whole(lost, product.unit), _room(product, given, opened))
        state = State.NONE if not lost.value else State.SOME if units > 0 else State.SMALL
        return Discarded(state, max(units, none), given, lost, opened, words)
    return Discarded(_unsaid(product, given, opened, words), none, given, None, opened, words)


def is_single(product: Product, doses: Sequence[Dose]) -> bool | None:
    """Whether the containers are single-dose: as the record says, else as the market has them; None where open."""
    said = next((d.told.single for d in doses if d.told.single is not None), None)
    if product.kind in BESIDE:
        return None
    if said is not None:
        return said
    return {"single": True, "multiple": False}.get(product.container)


def _unsaid(product: Product, given: Amount, opened: Amount | None, words: tuple[Waste, ...]) -> State:
    """The state where the record gives no amount."""
    if words:
        return State.UNKNOWN
    if opened is not None:
        if opened.value < given.value:
            return State.APART
        return State.WHOLE if opened == given else State.UNSAID
    return State.WHOLE if not product.sizes or _holds(product.sizes, given) else State.GUESSED


def _room(product: Product, given: Amount, opened: Amount | None) -> Decimal:
    """How many units the opened containers leave beside those administered."""
    if opened is None:
        return Decimal("Infinity")
    return units_whole(opened, product.unit) - units_given(given, product.unit)


def _opened(product: Product, doses: Sequence[Dose]) -> Amount | None:
    total = NOTHING
    for dose in doses:
        for count, size in dose.told.containers:
            if held := _in_kind(size, product, dose):
                total += held.value * count
    return Amount(total, product.unit.kind) if total else None


def _lost(product: Product, doses: Sequence[Dose], wastes: Sequence[Dose]) -> Amount | None:
    """All that was discarded; None where the record gives no amount for any, or for one of them."""
    found: list[Amount] = []
    for dose in (*doses, *wastes):
        if dose.told.waste is None:
            continue
        much = dose.told.waste.amount
        held = _in_kind(much, product, dose) if much is not None else None
        if held is None:
            return None
        found.append(held)
    return Amount(sum((a.value for a in found), NOTHING), product.unit.kind) if found else None


def _in_kind(much: Amount, product: Product, dose: Dose) -> Amount | None:
    """An amount in the kind of the product's unit: nothing is nothing, a volume goes by its documented strength."""
    kind = product.unit.kind
    if much.kind == kind or not much.value:
        return Amount(much.value, kind)
    strength = next((s for s in dose.told.strengths if s.kind == kind), None)
    return strength.times(much.value) if strength and much.kind == "ml" else None


def _holds(sizes: Sequence[Amount], given: Amount) -> bool:
    """Whether whole containers hold just what was given."""
    sums = {NOTHING}
    for _ in range(MOST_CONTAINERS):
        sums |= {s + size.value for s in sums for size in sizes if s + size.value <= given.value}
        if given.value in sums:
            return True
    largest = max(sizes).value
    return not given.value % largest
