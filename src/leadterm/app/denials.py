"""Denials as they stand in the ledger: classified, with what has become of each, in the order to work them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection

from leadterm.domain import InputError, Money
from leadterm.remittance.denials import Context, Denial, classify, denials_of
from leadterm.remittance.worklist import worklist
from leadterm.storage import Database, answers
from leadterm.storage import denied as kept_denials
from leadterm.storage.denied import DeniedAmount, Service

ZERO = Decimal(0)
OPEN, REVERSED, SUPERSEDED, SETTLED = "open", "reversed", "superseded", "settled"
# What makes two denying adjustments one matter: claim, payer, service, day, group and reason.
Matter = tuple[str, str | None, str | None, date | None, str, str]


@dataclass(frozen=True, slots=True)
class KeptDenial:
    """A denial and what has become of it.

    Attributes:
        state: `open`; `reversed` by the payer; `superseded` by a later denial of the same service; `settled`, when
            nothing is owed on the service any more.
        open: What is still at stake: the denied amount, or what is owed on the service where that is less.
        days_left, overdue: To the deadline, on the day that was asked for.
    """

    denial: Denial
    state: str
    open: Money
    payer_name: str | None
    days_left: int | None = None
    overdue: bool = False


def denials(database: Database, on: date, *, every: bool = False) -> list[KeptDenial]:
    """The denials as of a day in the order to work them; only open ones unless `every` is asked for.

    Those that are not open follow the others, newest first.
    """
    with database.reading() as connection:
        kept = list(_kept(connection, database.organisation, on))
    by_id = {item.denial.id: item for item in kept}
    working = worklist((item.denial for item in kept if item.state == OPEN), on)
    ordered = [
        KeptDenial(w.denial, OPEN, by_id[w.denial.id].open, by_id[w.denial.id].payer_name, w.days_left, w.overdue)
        for w in working
    ]
    if every:
        rest = [item for item in kept if item.state != OPEN]
        ordered += sorted(rest, key=lambda item: item.denial.remittance_date or date.min, reverse=True)
    return ordered


def denial(database: Database, denial_id: str, on: date) -> KeptDenial:
    """One denial by its id, or by the number of its claim where that has one alone. Raises InputError otherwise."""
    found = [d for d in denials(database, on, every=True) if denial_id in (d.denial.id, d.denial.claim)]
    exact = [d for d in found if d.denial.id == denial_id]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if found:
        raise InputError(f"Claim has {len(found)} denials; give the id of one of them (`leadterm denials list`).")
    raise InputError("There is no denial with that id; `leadterm denials list --all` names them all.")


def _kept(connection: Connection, organisation: str, on: date) -> Iterator[KeptDenial]:
    amounts = list(kept_denials.denied(connection, organisation, on))
    owed = kept_denials.service_balances(connection, organisation, on)
    claims = {a.claim: a.balance.amount for a in answers.accounts(connection, organisation, on)}
    matters: dict[Matter, list[DeniedAmount]] = defaultdict(list)
    for amount in amounts:
        matters[_matter(amount)].append(amount)
    for same in matters.values():
        yield from _of_one_matter(same, owed, claims)
    for head in kept_denials.denied_without_reason(connection, organisation, on):
        balance = max(claims.get(head.claim.id, ZERO), ZERO)
        for made in denials_of([head.claim], Context(head.paid_on, head.payer)):
            yield KeptDenial(made, OPEN if balance else SETTLED, Money(balance), head.payer_name)


def _of_one_matter(
    same: list[DeniedAmount], owed: dict[Service, Money], claims: dict[str, Decimal]
) -> Iterator[KeptDenial]:
    """The denials of one service for one reason: the newest answer counts, unless it was reversed."""
    net = sum((a.adjustment.amount.amount for a in same), ZERO)
    positive = [a for a in same if a.adjustment.amount.amount > 0]
    newest = max((a.remittance for a in positive), default=None)
    for one in positive:
        made = classify(one.claim, one.line, one.adjustment, Context(one.paid_on, one.payer))
        if made is None:
            continue
        left = _left(one, owed, claims)
        state = REVERSED if net <= 0 else SUPERSEDED if one.remittance != newest else SETTLED if left <= 0 else OPEN
        at_stake = max(min(one.adjustment.amount.amount, left), ZERO) if state == OPEN else ZERO
        yield KeptDenial(made, state, Money(at_stake), one.payer_name)


def _left(one: DeniedAmount, owed: dict[Service, Money], claims: dict[str, Decimal]) -> Decimal:
    """What is owed on the service, and never more than on its claim."""
    whole = claims.get(one.claim.id, ZERO)
    if one.line is None:
        return whole
    service = (one.claim.id, one.line.submitted_code or one.line.code, one.line.start)
    return min(owed[service].amount, whole) if service in owed else whole


def _matter(one: DeniedAmount) -> Matter:
    line, adjustment = one.line, one.adjustment
    what = (line.submitted_code or line.code) if line else None
    return (one.claim.id, one.payer, what, line.start if line else None, adjustment.group, adjustment.reason)


def total(items: Iterable[KeptDenial]) -> Money:
    """What is at stake in all of them."""
    return Money.total(item.open for item in items)
