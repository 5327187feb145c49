"""What follows from the ledger: the accounts of claims up to a day, and the entries of one claim."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, case, func, select
from sqlalchemy.sql import ColumnElement

from leadterm.domain import (
    Account,
    ClaimStatus,
    Disposition,
    EntryKind,
    LedgerEntry,
    Money,
    Source,
)

from . import rows
from .tables import claim_events, claims, entries, remittances, remitted_claims

# CLP02 of a payer's place in line, its forwarded form included; the last one in line says what the patient owes.
PLACES = {"1": 1, "19": 1, "4": 1, "2": 2, "20": 2, "3": 3, "21": 3}


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """An entry as it is kept, with the payment that it came with."""

    entry: LedgerEntry
    trace: str | None
    payer: str | None


def accounts(connection: Connection, organisation: str, as_of: date, claim: str | None = None) -> Iterator[Account]:
    """The account of every claim (or of one) that has an entry up to that day, by claim number.

    A claim that was not submitted from here is counted with what its payers say was charged: the greatest claim charge
    among their answers.
    """
    sent = _sent(connection, organisation, as_of, claim)
    clean = _clean(connection, organisation, as_of, claim)
    answers = _answers(connection, organisation, as_of, claim)
    patients = _patients(connection, organisation, as_of, claim)
    firsts = _denied_at_first(connection, organisation, as_of, claim)
    for name, sums in _sums(connection, organisation, as_of, claim):
        own, answer = sent.get(name), answers.get(name)
        yield Account(
            claim=name,
            charged=rows.money(sums["charged"] if own else answer["charge"] if answer else 0),
            paid=rows.money(sums["paid"]),
            written_off=rows.money(sums["written_off"]),
            denied=rows.money(sums["denied"]),
            patient=rows.money(patients.get(name, 0)),
            service_date=(own["service_from"] if own else None) or (answer["start"] if answer else None),
            submitted=own["submitted"] if own else None,
            payer=(own["payer"] if own else None) or (answer["payer"] if answer else None),
            first_answer=answer["first"] if answer else None,
            denied_at_first=rows.money(firsts.get(name, 0)),
            registered=own is not None,
            clean=clean.get(name, True),
        )


def _sums(
    connection: Connection, organisation: str, as_of: date, claim: str | None
) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    e = entries.c
    asked = (
        select(
            e.claim,
            _sum(e.kind == EntryKind.CHARGE.value).label("charged"),
            _sum(e.kind == EntryKind.PAYMENT.value).label("paid"),
            _sum(e.disposition == Disposition.WRITE_OFF.value).label("written_off"),
            _sum(e.disposition == Disposition.DENIED.value).label("denied"),
        )
        .where(*claim_entries_until(organisation, as_of, claim))
        .group_by(e.claim)
        .order_by(e.claim)
    )
    for row in connection.execute(asked).mappings():
        yield row["claim"], row


def _sum(condition: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((condition, entries.c.amount), else_=0)), 0)


def claim_entries_until(organisation: str, as_of: date, claim: str | None = None) -> list[ColumnElement[bool]]:
    """The conditions for the entries of claims (or of one) up to a day."""
    e = entries.c
    conditions = [e.organisation == organisation, e.effective <= as_of, e.claim.is_not(None)]
    return [*conditions, e.claim == claim] if claim is not None else conditions


def _sent(connection: Connection, organisation: str, as_of: date, claim: str | None) -> dict[str, Any]:
    """What was submitted by claim number: first day of submission, payer, first day of service."""
    c = claims.c
    conditions = [c.organisation == organisation, c.submitted <= as_of, *([c.claim == claim] if claim else [])]
    asked = select(
        c.claim,
        func.min(c.submitted).label("submitted"),
        func.min(c.service_from).label("service_from"),
        func.min(c.payer).label("payer"),
    )
    found = connection.execute(asked.where(*conditions).group_by(c.claim)).mappings()
    return {row["claim"]: row for row in found}


def _clean(connection: Connection, organisation: str, as_of: date, claim: str | None) -> dict[str, bool]:
    """Whether the first check of each claim found no error."""
    c = claim_events.c
    conditions = [c.organisation == organisation, c.day <= as_of, *([c.claim == claim] if claim else [])]
    first = select(func.min(c.key)).where(*conditions).group_by(c.claim)
    return {name: errors == 0 for name, errors in connection.execute(select(c.claim, c.errors).where(c.key.in_(first)))}


def _answers(connection: Connection, organisation: str, as_of: date, claim: str | None) -> dict[str, Any]:
    """What payers answered by claim number: first day, greatest charge, first day of service, a payer."""
    c, r = remitted_claims.c, remittances.c
    conditions = [*_told(organisation, as_of, claim), c.status != ClaimStatus.PREDETERMINATION.value]
    asked = (
        select(
            c.claim,
            func.min(r.effective).label("first"),
            func.max(c.charge).label("charge"),
            func.min(c.start).label("start"),
            func.min(r.payer_id).label("payer"),
        )
        .select_from(remitted_claims.join(remittances, r.key == c.remittance))
        .where(*conditions)
        .group_by(c.claim)
    )
    return {row["claim"]: row for row in connection.execute(asked).mappings()}


def _told(organisation: str, as_of: date, claim: str | None) -> list[ColumnElement[bool]]:
    """The conditions for what payers said of claims (or of one) up to a day."""
    c, r = remitted_claims.c, remittances.c
    conditions = [c.organisation == organisation, r.effective <= as_of]
    return [*conditions, c.claim == claim] if claim is not None else conditions


def _patients(connection: Connection, organisation: str, as_of: date, claim: str | None) -> dict[str, int]:
    """What the patient owes by claim: as the payer last in line says, that payer's reversals counted in."""
    e, c, r = entries.c, remitted_claims.c, remittances.c
    place = case(PLACES, value=c.status, else_=0)
    joined = entries.join(remitted_claims, and_(c.remittance == e.remittance, c.number == e.claim_number)).join(
        remittances, r.key == e.remittance
    )
    payer = func.coalesce(r.originator, r.payer_id, r.payer_name, "")
    asked = (
        select(
            e.claim,
            payer.label("payer"),
            func.max(place).label("place"),
            func.sum(case((e.disposition == Disposition.PATIENT.value, e.amount), else_=0)).label("owed"),
        )
        .select_from(joined)
        .where(*claim_entries_until(organisation, as_of, claim))
        .group_by(e.claim, payer)
    )
    last: dict[str, tuple[int, str, int]] = {}
    for name, who, order, owed in connection.execute(asked):
        last[name] = max(last.get(name, (-1, "", 0)), (int(order or 0), who, int(owed or 0)))
    return {name: owed for name, (_, _, owed) in last.items()}


def _denied_at_first(connection: Connection, organisation: str, as_of: date, claim: str | None) -> dict[str, int]:
    """What the remittances of the first day denied, by claim; a claim denied without a reason, all that is not paid."""
    e, c, r = entries.c, remitted_claims.c, remittances.c
    joined = remitted_claims.join(remittances, r.key == c.remittance)
    told = [*_told(organisation, as_of, claim), c.status != ClaimStatus.PREDETERMINATION.value]
    days = select(c.claim.label("claim"), func.min(r.effective).label("day")).select_from(joined)
    first = days.where(*told).group_by(c.claim).subquery()
    denying = (
        select(func.sum(e.amount))
        .where(e.remittance == c.remittance, e.claim_number == c.number, e.disposition == Disposition.DENIED.value)
        .scalar_subquery()
    )
    unpaid = case((c.status == ClaimStatus.DENIED.value, c.charge - c.paid - c.patient), else_=0)
    asked = (
        select(c.claim, func.sum(func.coalesce(denying, unpaid)))
        .select_from(joined.join(first, and_(first.c.claim == c.claim, first.c.day == r.effective)))
        .where(*told)
        .group_by(c.claim)
    )
    return {name: int(amount) for name, amount in connection.execute(asked) if amount}


def credit_balances(connection: Connection, organisation: str, wanted: Collection[str]) -> dict[str, Money]:
    """What came beyond the charges, for those claims of `wanted` where more was paid and written off than charged."""
    e = entries.c
    effect = case(
        (e.kind == EntryKind.CHARGE.value, e.amount),
        (e.kind == EntryKind.PAYMENT.value, -e.amount),
        (e.disposition == Disposition.WRITE_OFF.value, -e.amount),
        else_=0,
    )
    owed = func.sum(effect)
    mine = (e.organisation == organisation) & e.claim.in_(wanted)
    asked = select(e.claim, owed).where(mine).group_by(e.claim).having(owed < 0).order_by(e.claim)
    return {claim: rows.money(-amount) for claim, amount in connection.execute(asked)}


def claim_entries(connection: Connection, organisation: str, claim: str) -> list[KeptEntry]:
    """Every entry of a claim, in the order in which they were made."""
    e, r = entries.c, remittances.c
    joined = entries.outerjoin(remittances, r.key == e.remittance)
    asked = select(entries, r.trace, r.payer_name).select_from(joined)
    mine = (e.organisation == organisation) & (e.claim == claim)
    return [_kept(row) for row in connection.execute(asked.where(mine).order_by(e.key)).mappings()]


def _kept(row: Mapping[Any, Any]) -> KeptEntry:
    at = None
    if row["segment"] is not None:
        at = Source(row["segment"], row["position"], row["offset"], row["part"])
    entry = LedgerEntry(
        EntryKind(row["kind"]),
        rows.money(row["amount"]),
        row["effective"],
        row["claim"],
        row["line"],
        row["group"],
        row["reason"],
        Disposition(row["disposition"]) if row["disposition"] else None,
        row["reference"],
        at,
    )
    return KeptEntry(entry, row["trace"], row["payer_name"])
