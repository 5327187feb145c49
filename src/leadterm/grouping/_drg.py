"""The values of an MS-DRG answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ._ports import Hac
from ._why import WhyNot
from .transfer import Transfer


@dataclass(frozen=True, slots=True)
class Secondary:
    """A secondary diagnosis that is a CC or MCC.

    Attributes:
        code: With its dot.
        level: `MCC` or `CC`.
        why_not: Why it does not count beside this principal diagnosis or in this stay; None where it counts.
    """

    code: str
    level: str
    why_not: str | None = None


@dataclass(frozen=True, slots=True)
class Weight:
    """What table 5 says of a group.

    Attributes:
        relative: Relative weight after the cap on decreases.
        geometric_los, arithmetic_los: Mean lengths of stay in days (GMLOS, AMLOS).
        post_acute: Whether a discharge to post-acute care may be paid by the day (`Drg.transfer`).
        remark: That the table is of another year than the discharge, and what to do; None where it is of that year.
        special_pay: Whether half of the payment is made for such a discharge whatever the days.
    """

    relative: Decimal
    geometric_los: Decimal | None
    arithmetic_los: Decimal | None
    post_acute: bool
    remark: str | None = None
    special_pay: bool = False


@dataclass(frozen=True, slots=True)
class Acquired:
    """What the provision on hospital-acquired conditions does to a stay.

    Attributes:
        met: Each condition of the list with its code, by number.
        drg, title: The group as if nothing had been acquired in the hospital.
        weight: Its relative weight; None where table 5 has none.
        changes: Whether the group is another one because of it.
    """

    met: tuple[tuple[str, Hac], ...]
    drg: str
    title: str
    weight: Decimal | None
    changes: bool


class Drg(NamedTuple):
    """The MS-DRG of a stay; a named tuple, because streams of stays make many.

    Attributes:
        drg, title: Three digits, and the grouper's title.
        mdc, mdc_title: Major diagnostic category, two digits.
        kind: `medical` or `surgical`; None where table 5 does not have the group.
        secondary: The CCs and MCCs, those that count first.
        deciding: The codes by which the grouper reached the group, the principal diagnosis first: of several that would
            do, one. For procedures unrelated to the principal diagnosis (981 to 989) it names no secondary diagnosis.
        version: `V43.1`.
        on: The day of discharge.
        weight: Or why there is none.
        assumed: What the chart does not tell and was assumed, a sentence each.
        level: That the secondary diagnoses reach together: `MCC`, `CC` or None.
        principal: The principal diagnosis, with its dot.
        procedures: Those of the stay, whether or not they decide.
        acquired: What conditions acquired in the hospital do to it; None where the stay has none of the list.
        transfer: That the discharge is a transfer for payment; None where it is none.
    """

    drg: str
    title: str
    mdc: str
    mdc_title: str
    kind: str | None
    secondary: tuple[Secondary, ...]
    deciding: tuple[str, ...]
    version: str
    on: date
    weight: Weight | WhyNot
    assumed: tuple[str, ...] = ()
    level: str | None = None
    principal: str = ""
    procedures: tuple[str, ...] = ()
    acquired: Acquired | None = None
    transfer: Transfer | None = None

    @property
    def mccs(self) -> tuple[str, ...]:
        """The codes that count as MCC."""
        return tuple(s.code for s in self.secondary if s.level == "MCC" and s.why_not is None)

    @property
    def ccs(self) -> tuple[str, ...]:
        """The codes that count as CC."""
        return tuple(s.code for s in self.secondary if s.level == "CC" and s.why_not is None)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the stay is in its group and what follows from that, a sentence each, in the order of the grouping."""
        from ._reasons import reasons

        return tuple(reasons(self))
