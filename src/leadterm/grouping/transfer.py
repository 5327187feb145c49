"""What a transfer does to the payment of a stay (42 CFR 412.4): a graduated amount by the day instead of the whole.

A day is worth the payment of the group ÷ its geometric mean length of stay; the first counts twice, up to the whole.
Groups with special pay get half of the whole, and half of that. So nothing is lost where the length of stay + 1 reaches
the mean. A stay that begins and ends on one day is a day long. Not judged, because a claim does not say it: whether
the patient was admitted elsewhere on the same day after leaving (01, 07), and whether the hospital is paid otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache

from leadterm.codesets.payment.drg_tables import DrgRow
from leadterm.domain import Encounter, plain_day

from ._tables import rows

ACUTE, POST_ACUTE = "acute", "post-acute"
# Newborns who died or were transferred: the group itself is of transfers (42 CFR 412.4(f)(3)).
PAID_WHOLE = ("789",)
PLACES = Decimal("0.0001")
HALF = Decimal("0.5")
TRANSFERS_KEPT = 1 << 14


@dataclass(frozen=True, slots=True)
class Transfer:
    """A discharge that is a transfer for payment.

    Attributes:
        kind: `acute` or `post-acute`.
        status: Patient discharge status, two digits.
        to: Where the patient went, in words of ours.
        paragraph: Of 42 CFR 412.4.
        days: Length of stay; None where the day of admission is not told.
        mean: Geometric mean length of stay of the group; None where table 5 has none.
        special_pay: Whether half of the payment is made whatever the days.
        fraction: Of the whole payment, to four places; None where days or mean are not known.
    """

    kind: str
    status: str
    to: str
    paragraph: str
    days: int | None
    mean: Decimal | None
    special_pay: bool
    fraction: Decimal | None

    @property
    def reduces(self) -> bool:
        """Whether less than the whole is paid."""
        return self.fraction is not None and self.fraction < 1


def transfer_of(encounter: Encounter, row: DrgRow | None) -> Transfer | None:
    """The transfer that a discharge into the group of `row` is; None where it is none."""
    kept = _statuses().get((encounter.disposition or "").zfill(2))
    if kept is None or row is None or not _concerns(kept, row, encounter):
        return None
    days = length_of_stay(plain_day(encounter.admission), plain_day(encounter.discharge))
    return _transfer(kept["status"], days, row.geometric_los, row.special_pay)


# A stream of stays has the same few again and again.
@lru_cache(TRANSFERS_KEPT)
def _transfer(status: str, days: int | None, mean: Decimal | None, special_pay: bool) -> Transfer:
    kept = _statuses()[status]
    special = kept["kind"] == POST_ACUTE and special_pay
    fraction = paid(days, mean, special_pay=special) if days and mean else None
    return Transfer(kept["kind"], status, kept["to"], kept["paragraph"], days, mean, special, fraction)


def paid(days: int, mean: Decimal, *, special_pay: bool) -> Decimal:
    """The fraction of the whole that is paid for so many days, at most one, rounded half up to four places."""
    by_day = min(Decimal(1), (days + 1) / mean)
    return (HALF + HALF * by_day if special_pay else by_day).quantize(PLACES, ROUND_HALF_UP)


def length_of_stay(admission: date | None, discharge: date | None) -> int | None:
    """Days from admission to discharge, at least one; None where a day is not told."""
    return max(1, (discharge - admission).days) if admission and discharge else None


def _concerns(kept: dict[str, str], row: DrgRow, encounter: Encounter) -> bool:
    if set(kept["cleared_by"].split()) & set(encounter.condition_codes):
        return False
    return row.post_acute if kept["kind"] == POST_ACUTE else row.drg not in PAID_WHOLE


@cache
def _statuses() -> dict[str, dict[str, str]]:
    return {row["status"]: row for row in rows("transfers.tsv")}
