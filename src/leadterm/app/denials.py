"""Denials as they stand in the ledger: classified, with what has become of each, in the order to work them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection

from leadterm.domain import InputError, Money, RemittedClaim, RemittedLine
from leadterm.remittance.denials import Context, Denial, classify, denials_of
from leadterm.remittance.guardrails import UNKNOWN_INDICATOR
from leadterm.remittance.worklist import worklist
from leadterm.storage import Database, answers
from leadterm.storage import denied as kept_denials
from leadterm.storage.denied import Answer, DeniedAmount, JudgedClaim, Service

ZERO = Decimal(0)
OPEN, REVERSED, SUPERSEDED, SETTLED = "open", "reversed", "superseded", "settled"
BUNDLING = "bundling"
# The modifier indicator of the NCCI pair of a denied line and one of the other codes of its day; `unknown` for none.
Pairs = Callable[[RemittedClaim, RemittedLine, Iterable[str]], str]
# What a denial is about: claim, payer, service as billed, its first day. A later one takes the place of this.
Matter = tuple[str, str | None, str | None, date | None]


@dataclass(frozen=True, slots=True)
class Known:
    """What the user knows beyond the remittances.

    Attributes:
        contract_days: Payer id → days from the remittance that its contract gives.
        modifier_indicator: Of the NCCI pair behind a bundling denial, where somebody looked it up.
        pairs: Looks it up in the installed tables where nobody did; None where there are none.
    """

    contract_days: Mapping[str, int] = field(default_factory=dict)
    modifier_indicator: str = UNKNOWN_INDICATOR
    pairs: Pairs | None = None

    def context(self, answer: Answer) -> Context:
        """All that classifying needs beside the claim."""
        return Context(answer.paid_on, answer.payer, answer.digest, self.contract_days, self.modifier_indicator)


NOTHING_KNOWN = Known()


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


def denials(database: Database, on: date, *, every: bool = False, known: Known = NOTHING_KNOWN) -> list[KeptDenial]:
    """The denials as of a day in the order to work them; only open ones unless `every` is asked for.

    Those that are not open follow the others, newest first.
    """
    with database.reading() as connection:
        kept = list(_kept(connection, database.organisation, on, known))
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


def denial(database: Database, denial_id: str, on: date, known: Known = NOTHING_KNOWN) -> KeptDenial:
    """One denial by its id, or by the number of its claim where that has one alone. Raises InputError otherwise."""
    found = [d for d in denials(database, on, every=True, known=known) if denial_id in (d.denial.id, d.denial.claim)]
    exact = [d for d in found if d.denial.id == denial_id]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if found:
        raise InputError(f"Claim has {len(found)} denials; give the id of one of them (`leadterm denials list`).")
    raise InputError("There is no denial with that id; `leadterm denials list --all` names them all.")


def _kept(connection: Connection, organisation: str, on: date, known: Known) -> Iterator[KeptDenial]:
    owed = _Owed(
        kept_denials.service_balances(connection, organisation, on),
        {a.claim: a.balance.amount for a in answers.accounts(connection, organisation, on)},
    )
    matters: dict[Matter, list[DeniedAmount]] = defaultdict(list)
    for amount in kept_denials.denied(connection, organisation, on):
        matters[_matter(amount)].append(amount)
    classified = _Classified(connection, organisation, known)
    for same in matters.values():
        yield from _of_one_matter(same, owed, classified)
    reasons = {(a.claim.id, a.answer.payer): _when(a.answer) for same in matters.values() for a in same}
    judged = kept_denials.denied_without_reason(connection, organisation, on)
    yield from _without_reason(judged, reasons, owed, known)


@dataclass(frozen=True, slots=True)
class _Owed:
    """What is still owed, by service and by claim."""

    services: Mapping[Service, Money]
    claims: Mapping[str, Decimal]

    def on(self, claim: str, line: RemittedLine | None = None) -> Decimal:
        """What is owed on a service, and never more than on its claim; nothing where more came than was charged."""
        whole = max(self.claims.get(claim, ZERO), ZERO)
        if line is None:
            return whole
        service = self.services.get((claim, line.submitted_code or line.code, line.start))
        return whole if service is None else min(max(service.amount, ZERO), whole)


@dataclass(frozen=True, slots=True)
class _Classified:
    """Classifies what was denied; of bundling denials, the pair is looked up among the services of the day."""

    connection: Connection
    organisation: str
    known: Known

    def __call__(self, one: DeniedAmount) -> Denial | None:
        context = self.known.context(one.answer)
        made = classify(one.claim, one.line, one.adjustment, context)
        looks = self.known.pairs if self.known.modifier_indicator == UNKNOWN_INDICATOR else None
        if made is None or made.category != BUNDLING or one.line is None or looks is None:
            return made
        day = one.line.start or one.claim.start
        codes = kept_denials.codes_of_day(self.connection, self.organisation, one.claim.id, day)
        indicator = looks(one.claim, one.line, codes)
        return classify(one.claim, one.line, one.adjustment, replace(context, modifier_indicator=indicator))


def _of_one_matter(same: list[DeniedAmount], owed: _Owed, classified: _Classified) -> Iterator[KeptDenial]:
    """The denials of one service, in the order of payment: the newest answer counts, unless it was reversed."""
    standing = _unreversed(same)
    newest = max(_when(same[at].answer) for at in standing) if standing else None
    unshared: dict[int | None, Decimal] = {}  # what is owed on each line and not yet at stake for another reason
    for at, one in enumerate(same):
        if one.adjustment.amount.amount <= ZERO:
            continue
        made = classified(one)
        if made is None:
            continue
        left = owed.on(one.claim.id, one.line)
        state = _state(at in standing, _when(one.answer) == newest, left)
        line = one.line.number if one.line else None
        at_stake = min(one.adjustment.amount.amount, unshared.get(line, left)) if state == OPEN else ZERO
        unshared[line] = unshared.get(line, left) - at_stake
        yield KeptDenial(made, state, Money(at_stake), one.answer.payer_name)


def _unreversed(same: list[DeniedAmount]) -> set[int]:
    """Places of the denials that no later reversal takes back.

    A reversal takes back one of its group, reason and amount where there is one, else the newest of its group and
    reason; one of what was never seen here takes back nothing.
    """
    standing: dict[int, Decimal] = {}
    for at, one in enumerate(same):
        amount = one.adjustment.amount.amount
        if amount > ZERO:
            standing[at] = amount
            continue
        alike = [at for at in reversed(standing) if _reason(same[at]) == _reason(one)]
        for before in sorted(alike, key=lambda at: standing[at] != -amount):
            taken = min(standing[before], -amount)
            standing[before] -= taken
            amount += taken
            if not standing[before]:
                del standing[before]
            if not amount:
                break
    return set(standing)


def _reason(one: DeniedAmount) -> tuple[str, str]:
    return (one.adjustment.group, one.adjustment.reason)


def _state(stands: bool, newest: bool, left: Decimal) -> str:
    if not stands:
        return REVERSED
    if not newest:
        return SUPERSEDED
    return OPEN if left > ZERO else SETTLED


def _matter(one: DeniedAmount) -> Matter:
    line = one.line
    what = (line.submitted_code or line.code) if line else None
    return (one.claim.id, one.answer.payer, what, line.start if line else None)


def _when(answer: Answer) -> tuple[date, int]:
    """What orders answers: the day of payment, then the order of posting."""
    return (answer.paid_on, answer.key)


def _without_reason(
    judged: Iterable[JudgedClaim],
    reasons: Mapping[tuple[str, str | None], tuple[date, int]],
    owed: _Owed,
    known: Known,
) -> Iterator[KeptDenial]:
    """Claims that were denied as a whole and nobody said why; the newest answer counts, unless it was taken back.

    `reasons` says when the same payer last gave a reason for denying something of the claim.
    """
    by_claim: dict[tuple[str, str | None], list[JudgedClaim]] = defaultdict(list)
    for one in judged:
        by_claim[one.claim.id, one.answer.payer].append(one)
    for key, same in by_claim.items():
        denied = [at for at, one in enumerate(same) if not one.reversal]
        last_reversal = max((at for at, one in enumerate(same) if one.reversal), default=-1)
        for at in denied:
            one, left = same[at], owed.on(same[at].claim.id)
            newest = at == denied[-1] and _when(one.answer) >= reasons.get(key, _when(one.answer))
            state = _state(at > last_reversal, newest, left)
            for made in denials_of([one.claim], known.context(one.answer)):
                yield KeptDenial(made, state, Money(left if state == OPEN else ZERO), one.answer.payer_name)


def total(items: Iterable[KeptDenial]) -> Money:
    """What is at stake in all of them."""
    return Money.total(item.open for item in items)
