"""A line while it is being priced: the amount so far, and the steps that led there."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from leadterm.domain import Money
from leadterm.domain.places import HOSPITAL

from ._tables import Modifier, modifiers, policies
from .bills import Billed
from .schedule import Fee, Schedule
from .values import Step

ONE = Decimal(1)
HUNDRED = Decimal(100)
ASSISTANTS = frozenset({"80", "81", "82", "AS"})


class Work:
    """A line being priced; made for one reckoning and thrown away.

    Attributes:
        line: What is billed.
        schedule: Of its day.
        fee: One unit by the schedule.
        locality: Whose indices; None national.
        asked, known, anesthetic: Whether a schedule was asked, whether it has an amount, whether it is anesthesia.
        unit: One unit with both sides reckoned in.
        count: How many units are paid for.
        amount: Of the line; set when the units are counted.
        side: `both` (50), `lead` and `second` of a pair LT and RT, or empty.
        sides: What `unit` is of one unit of the schedule.
        technical: What of it is the technical component, where that was reckoned apart.
        steps, remarks, why: As they are told.
    """

    __slots__ = (
        "amount", "anesthetic", "asked", "component", "count", "facility", "fee", "known", "line", "locality",
        "remarks", "schedule", "side", "sides", "steps", "technical", "unit", "why",
    )  # fmt: skip

    fee: Fee
    schedule: Schedule
    unit: Money
    amount: Money | None
    technical: Money | None

    def __init__(self, line: Billed, facility: bool) -> None:
        self.line, self.facility = line, facility
        given = line.modifiers
        self.component = next((m for m in given if m in ("26", "TC", "53")), "") if given else ""
        self.count, self.sides, self.side = line.units, ONE, ""
        self.locality: str | None = None
        self.amount = self.technical = None
        self.steps: list[Step] = []
        self.remarks: list[str] = []
        self.why = ""
        self.known = self.anesthetic = self.asked = False

    def step(self, what: str, amount: Money | None, factor: Decimal | None, citation: str) -> None:
        """Notes a step."""
        self.steps.append(Step(what, amount, factor, citation))

    def open(self, fee: Fee) -> None:
        """Takes one unit of the schedule."""
        self.fee, self.unit, self.known = fee, fee.unit, True
        self.steps.extend(fee.steps)
        self.remarks.extend(fee.remarks)

    def times(self, factor: Decimal, what: str, citation: str) -> None:
        """Multiplies the amount and rounds it."""
        if self.amount is not None:
            self.amount = Money.rounded(self.amount.amount * factor)
            self.step(what, self.amount, factor, citation)

    def refuse(self, why: str) -> None:
        """Nothing can be said of the line, or nothing is paid for it; the first reason stands."""
        self.why, self.amount = self.why or why, None

    @property
    def is_complication(self) -> bool:
        """Whether it is a return to the operating room: neither sides nor ranks are asked then (MCPM 12.40.4)."""
        return "78" in self.line.modifiers

    @property
    def by_assistant(self) -> bool:
        """Whether an assistant did it, whose operations are ranked among themselves."""
        return not ASSISTANTS.isdisjoint(self.line.modifiers)

    @property
    def content(self) -> tuple[str, ...]:
        """What tells lines of one amount apart: their order decides nothing (sorting by it is stable for any order)."""
        line = self.line
        rest = (
            f"{line.units:f}",
            str(line.minutes),
            line.place or "",
            self.locality or "",
            line.provider,
            line.taxonomy,
        )
        return (line.code, *sorted(line.modifiers), "", *rest)


def percent(share: Decimal) -> str:
    """A share in words: `62.5 %`."""
    return f"{(share * HUNDRED).normalize():f} %"


def share_of_sides(indicator: str, side: str) -> Decimal:
    """What one line of a pair, or one line for both sides, is of one unit of the schedule."""
    policy = policies().get(("bilateral", indicator))
    both = policy.factor if policy else ONE
    return {"both": both, "second": both - ONE}.get(side, ONE)


def told(given: tuple[str, ...]) -> Iterator[Modifier]:
    """What changes an amount among the modifiers of a line, each once; not those that are part of another of them."""
    for name in dict.fromkeys(given):
        found = modifiers().get(name)
        if found is not None and found.within not in given:
            yield found


def refuse_in_hospital(work: Work) -> None:
    """Refuses the work of machines and staff in a hospital, which it is paid for itself."""
    row = work.fee.row
    if work.line.place in HOSPITAL and (found := policies().get(("hospital", row.pctc + row.modifier))):
        work.refuse(found.words)


def refuse_by_policy(work: Work) -> None:
    """Refuses what the schedule pays with none of these modifiers: such a line takes no place among operations."""
    for found in told(work.line.modifiers):
        if found.kind == "elsewhere":
            work.refuse(f"{found.words} ({found.citation}).")
        elif found.policy:
            _by_indicator(work, found.policy)


def _by_indicator(work: Work, policy: str) -> None:
    indicator = getattr(work.fee.row, policy)
    found = policies().get((policy, indicator))
    if found is None or found.outcome == "refuses":
        words = found.words if found else "The schedule has an indicator that is not known."
        work.refuse(f"{words[:-1]} ({policy.replace('_', '-')} indicator {indicator}).")
    elif found.outcome == "documents":
        work.remarks.append(found.words)


def apply_modifiers(work: Work) -> None:
    """Shares of the global package, surgeons together, assistants; what is paid by report has no amount."""
    for found in told(work.line.modifiers):
        name = found.modifier
        if found.kind == "share":
            _share(work, found.shares, found.words, found.citation)
        elif found.kind == "times":
            work.times(found.factor, found.words, found.citation)
        elif found.kind == "more":
            work.remarks.append(f"{found.words} ({found.citation}).")
        elif found.kind == "report" and name != work.component:
            without = f"; without {name} the line is ${work.amount}" if work.amount is not None else ""
            work.refuse(f"{found.words}{without} ({found.citation}).")


def _share(work: Work, names: tuple[str, ...], words: str, citation: str) -> None:
    row = work.fee.row
    share = sum((getattr(row, name) for name in names), Decimal(0))
    if share:
        work.times(share, f"{words}, {percent(share)}", citation)
    elif "78" not in work.line.modifiers:
        work.refuse(f"The schedule splits no global package of {row.code} ({row.global_days} days): {words}.")
