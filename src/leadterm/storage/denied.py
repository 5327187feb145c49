"""What payers denied: adjustments with their lines, claims denied without a reason, what is owed on each service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, func, select

from leadterm.domain import (
    Adjustment,
    ClaimStatus,
    Disposition,
    EntryKind,
    Money,
    RemittedClaim,
    RemittedLine,
    Source,
)

from . import rows
from .answers import claim_entries_until
from .tables import entries, remittances, remitted_claims, remitted_lines


@dataclass(frozen=True, slots=True)
class Answer:
    """A remittance as far as its denials need it.

    Attributes:
        paid_on, key: The day of payment, then the number in the ledger: later answers are greater.
        digest: What tells it from all others.
        payer, payer_name: Whose it is.
    """

    paid_on: date
    key: int
    digest: str
    payer: str | None
    payer_name: str | None


@dataclass(frozen=True, slots=True)
class DeniedAmount:
    """One adjustment that denies something, with all that was said around it.

    Attributes:
        answer: The remittance that says it.
        line: None where the claim as a whole was denied.
    """

    answer: Answer
    claim: RemittedClaim
    line: RemittedLine | None
    adjustment: Adjustment


def denied(connection: Connection, organisation: str, as_of: date) -> Iterator[DeniedAmount]:
    """Every denying adjustment up to that day, oldest first, reversals (negative amounts) among them."""
    e, c, n, r = entries.c, remitted_claims.c, remitted_lines.c, remittances.c
    joined = (
        entries.join(remittances, r.key == e.remittance)
        .join(remitted_claims, and_(c.remittance == e.remittance, c.number == e.claim_number))
        .outerjoin(
            remitted_lines,
            and_(n.remittance == e.remittance, n.claim_number == e.claim_number, n.number == e.line),
        )
    )
    conditions = [*claim_entries_until(organisation, as_of), e.disposition == Disposition.DENIED.value]
    wanted = {"e": entries, "c": remitted_claims, "n": remitted_lines, "r": remittances}
    columns = [column.label(f"{short}_{column.name}") for short, table in wanted.items() for column in table.c]
    asked = select(*columns).select_from(joined).where(*conditions).order_by(e.effective, e.key)
    for row in connection.execute(asked).mappings():
        parts = {s: {k[2:]: v for k, v in row.items() if k[:2] == f"{s}_"} for s in wanted}
        yield _denied(parts["e"], parts["c"], parts["n"], parts["r"])


def _denied(entry: Mapping[str, Any], claim: Mapping[str, Any], line: Mapping[str, Any], paid: Any) -> DeniedAmount:
    at = Source(entry["segment"], entry["position"], entry["offset"], entry["part"])
    adjustment = Adjustment(entry["group"], entry["reason"], rows.money(entry["amount"]), None, at)
    own = rows.read_line(line) if line["number"] is not None else None
    return DeniedAmount(_answer(paid), rows.read_claim(claim, [own] if own else []), own, adjustment)


def _answer(row: Mapping[Any, Any]) -> Answer:
    payer = row["payer_id"] or row["originator"]
    return Answer(row["effective"], row["key"], row["digest"], payer, row["payer_name"])


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """A claim that an answer denied as a whole without a denying adjustment, or took back.

    Attributes:
        reversal: Whether it takes back what was said before.
    """

    answer: Answer
    claim: RemittedClaim
    reversal: bool


def denied_without_reason(connection: Connection, organisation: str, as_of: date) -> Iterator[JudgedClaim]:
    """Claims that a payer marks as denied (CLP02 is 4) without an entry that denies anything, and all reversals.

    In the order of payment.
    """
    e, c, r = entries.c, remitted_claims.c, remittances.c
    reason = (
        select(e.key)
        .where(e.remittance == c.remittance, e.claim_number == c.number, e.disposition == Disposition.DENIED.value)
        .exists()
    )
    bare = (c.status == ClaimStatus.DENIED.value) & ~reason
    reversal = c.status == ClaimStatus.REVERSAL.value
    asked = (
        select(remitted_claims, r.effective, r.key, r.digest, r.payer_id, r.originator, r.payer_name)
        .select_from(remitted_claims.join(remittances, r.key == c.remittance))
        .where(c.organisation == organisation, r.effective <= as_of, bare | reversal)
        .order_by(r.effective, r.key, c.number)
    )
    for row in connection.execute(asked).mappings():
        claim = rows.read_claim(row, ())
        yield JudgedClaim(_answer(row), claim, claim.is_reversal)


def codes_of_day(connection: Connection, organisation: str, claim: str, day: date | None) -> frozenset[str]:
    """Every procedure that answers on a claim name for a day of service, as it was billed."""
    c, n = remitted_claims.c, remitted_lines.c
    joined = remitted_lines.join(remitted_claims, and_(c.remittance == n.remittance, c.number == n.claim_number))
    asked = (
        select(func.coalesce(n.submitted_code, n.code))
        .select_from(joined)
        .where(c.organisation == organisation, c.claim == claim, n.start == day)
        .distinct()
    )
    return frozenset(connection.execute(asked).scalars())


# A service of a claim: claim number, procedure as it was billed, first day.
Service = tuple[str, str, date | None]


def service_balances(connection: Connection, organisation: str, as_of: date) -> dict[Service, Money]:
    """What is still owed on each remitted service: what one answer says was charged, less all paid and written off.

    The charge is that of the answer that names the greatest; a service that a later answer paid owes nothing any more.
    """
    e, n, r, c = entries.c, remitted_lines.c, remittances.c, remitted_claims.c
    code = func.coalesce(n.submitted_code, n.code)
    charged = (
        select(c.claim, code, n.start, func.sum(n.charge))
        .select_from(
            remitted_lines.join(remitted_claims, and_(c.remittance == n.remittance, c.number == n.claim_number)).join(
                remittances, r.key == n.remittance
            )
        )
        .where(n.organisation == organisation, r.effective <= as_of, c.status != ClaimStatus.REVERSAL.value)
        .group_by(n.remittance, c.claim, code, n.start)
    )
    left: dict[Service, int] = {}
    for claim, what, start, charge in connection.execute(charged):
        left[claim, what, start] = max(left.get((claim, what, start), 0), int(charge))
    settled = (e.kind == EntryKind.PAYMENT.value) | (e.disposition == Disposition.WRITE_OFF.value)
    joined = entries.join(
        remitted_lines, and_(n.remittance == e.remittance, n.claim_number == e.claim_number, n.number == e.line)
    )
    done = select(e.claim, code, n.start, func.sum(e.amount)).select_from(joined)
    for claim, what, start, amount in connection.execute(
        done.where(*claim_entries_until(organisation, as_of), settled).group_by(e.claim, code, n.start)
    ):
        left[claim, what, start] = left.get((claim, what, start), 0) - int(amount)
    return {service: rows.money(amount) for service, amount in left.items()}
