"""Key figures of the revenue cycle as of a day, from the accounts that follow from the ledger up to it.

Each figure is a fraction whose numerator and denominator are told; without a denominator it has no value. Definitions
follow the usage of the field (HFMA MAP Keys); where usages differ, the words below say which one is meant.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from leadterm.domain import Account

# Charges of so many days make the average day of days in A/R.
AVERAGED_DAYS = 90
AGES = ((30, "0-30"), (60, "31-60"), (90, "61-90"), (120, "91-120"))
OLDEST = "over-120"
PLACES = Decimal("0.0001")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Measure:
    """One key figure.

    Attributes:
        name, words: `days-in-ar` and what it means.
        unit: `days`, `share` or `dollars`.
        numerator, denominator: What was divided; both None-free, the denominator may be zero.
    """

    name: str
    words: str
    unit: str
    numerator: Decimal
    denominator: Decimal

    @property
    def value(self) -> Decimal | None:
        """The figure, to four places half up; None where nothing was there to divide by."""
        if not self.denominator:
            return None
        return (self.numerator / self.denominator).quantize(PLACES, ROUND_HALF_UP)


@dataclass(slots=True)
class _Sums:
    """What is counted in one pass over the accounts."""

    receivable: Decimal = ZERO
    credit: Decimal = ZERO
    recent: Decimal = ZERO
    submitted: int = 0
    clean: int = 0
    answered: int = 0
    answered_charge: Decimal = ZERO
    denied_first: int = 0
    denied_charge: Decimal = ZERO
    first_pass: int = 0
    waited: int = 0
    waiting_days: int = 0
    paid: Decimal = ZERO
    collectable: Decimal = ZERO


def measures(accounts: Iterable[Account], as_of: date) -> tuple[Measure, ...]:
    """Every key figure as of a day, days in A/R first. `accounts` are those of the ledger up to that day."""
    sums = _Sums()
    ages = dict.fromkeys([name for _, name in AGES] + [OLDEST], ZERO)
    first_day = date.fromordinal(max(as_of.toordinal() - AVERAGED_DAYS, 1))
    for account in accounts:
        _count(sums, ages, account, first_day, as_of)
    daily = sums.recent / AVERAGED_DAYS
    return (
        Measure("days-in-ar", f"Receivables by the average charges of a day, last {AVERAGED_DAYS} days", "days",
                sums.receivable, daily),
        *(
            Measure(f"ar-{name}", f"Receivables {name.replace('-', ' to ', 1) if name != OLDEST else 'over 120'} days "
                    "after service", "share", amount, sums.receivable)
            for name, amount in ages.items()
        ),
        Measure("clean-claim-rate", "Claims without an error at their first check, of claims submitted", "share",
                Decimal(sums.clean), Decimal(sums.submitted)),
        Measure("denial-rate", "Claims that the first answer denied wholly or in part, of claims answered", "share",
                Decimal(sums.denied_first), Decimal(sums.answered)),
        Measure("denial-rate-amount", "Charges that the first answer denied, of charges answered", "share",
                sums.denied_charge, sums.answered_charge),
        Measure("first-pass-yield", "Claims paid or settled by the first answer without a denial, of claims answered",
                "share", Decimal(sums.first_pass), Decimal(sums.answered)),
        Measure("days-to-answer", "Days from submission to the first answer, on average", "days",
                Decimal(sums.waiting_days), Decimal(sums.waited)),
        Measure("net-collection-rate", "Paid, of what answered claims could bring after write-offs", "share",
                sums.paid, sums.collectable),
        Measure("credit-balances", "Credit balances, of receivables", "share", sums.credit, sums.receivable),
    )  # fmt: skip


def _count(sums: _Sums, ages: dict[str, Decimal], account: Account, first_day: date, as_of: date) -> None:
    balance = account.balance.amount
    began = account.submitted or account.service_date or account.first_answer
    if began is not None and first_day < began <= as_of:
        sums.recent += account.charged.amount
    if balance > 0:
        sums.receivable += balance
        since = account.service_date or began
        ages[_age((as_of - since).days if since else 0)] += balance
    else:
        sums.credit -= balance
    if account.registered:
        sums.submitted += 1
        sums.clean += account.clean
    if account.first_answer is not None:
        _count_answered(sums, account)


def _count_answered(sums: _Sums, account: Account) -> None:
    sums.answered += 1
    sums.answered_charge += account.charged.amount
    sums.denied_first += account.denied_at_first.amount > 0
    sums.denied_charge += account.denied_at_first.amount
    sums.first_pass += account.denied_at_first.amount <= 0
    sums.paid += account.paid.amount
    sums.collectable += account.charged.amount - account.written_off.amount
    if account.submitted is not None and account.first_answer is not None:
        sums.waited += 1
        sums.waiting_days += (account.first_answer - account.submitted).days


def _age(days: int) -> str:
    return next((name for most, name in AGES if days <= most), OLDEST)
