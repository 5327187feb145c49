"""Claims that were sent: kept as they were, with a charge entry for each line."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, insert, select

from leadterm.domain import Claim, EntryKind, LedgerEntry, RemittedClaim

from . import rows
from .ids import uuid7
from .posting import Bulk, next_number
from .tables import claim_events, claim_lines, claims, entries, matches, remitted_claims, remitted_lines

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SentLine:
    """A line of a claim that was sent."""

    number: int
    code: str | None
    modifiers: frozenset[str]
    charge: Decimal
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class SentClaim:
    """The newest form of a claim that was sent."""

    key: int
    claim: str
    lines: tuple[SentLine, ...]


def sent_claims(connection: Connection, organisation: str, wanted: Collection[str]) -> Mapping[str, SentClaim]:
    """The newest sent form of each claim number of `wanted` that was sent at all, with its lines."""
    if not wanted:
        return {}
    c, at = claims.c, claim_lines.c
    mine = (c.organisation == organisation) & c.claim.in_(wanted)
    newest = {row.claim: row.key for row in connection.execute(select(c.key, c.claim).where(mine).order_by(c.key))}
    if not newest:
        return {}
    lines: dict[int, list[SentLine]] = {key: [] for key in newest.values()}
    columns = (at.claim_key, at.number, at.code, at.modifiers, at.charge, at.start, at.end)
    asked = select(*columns).where(at.claim_key.in_(list(lines))).order_by(at.claim_key, at.number)
    for key, number, code, modifiers, charge, start, end in connection.execute(asked):
        amount = rows.money(charge).amount
        lines[key].append(SentLine(number, code, frozenset(modifiers.split()), amount, start, end))
    return {claim: SentClaim(key, claim, tuple(lines[key])) for claim, key in newest.items()}


def note_check(
    connection: Connection, organisation: str, claim: str, day: date, errors: int, recorded: datetime
) -> None:
    """Notes that a claim was checked for submission, and how many errors stood."""
    event = {"organisation": organisation, "claim": claim, "day": day, "kind": "checked", "errors": errors}
    connection.execute(insert(claim_events).values(**event, recorded=recorded))


def keep_claim(
    connection: Connection, organisation: str, claim: Claim, document: str, submitted: date, recorded: datetime
) -> int | None:
    """Keeps a claim that is sent on that day, with its charges; its key, or None where it is there already.

    `document` is the claim as JSON: what makes two claims the same. One with a number that was sent before takes back
    the charges of that one and brings its own, whatever its frequency; a void (8) only takes back.
    """
    digest = hashlib.sha256(document.encode()).hexdigest()
    same = (claims.c.organisation == organisation) & (claims.c.digest == digest)
    if connection.execute(select(claims.c.key).where(same)).first():
        return None
    key = next_number(connection, "claims")
    first_payer = claim.payers[0] if claim.payers else None
    connection.execute(
        insert(claims).values(
            key=key,
            id=str(uuid7(recorded)),
            organisation=organisation,
            claim=claim.id,
            frequency=claim.frequency,
            claim_type=claim.claim_type.value,
            payer=first_payer.id if first_payer else None,
            payer_name=first_payer.name if first_payer else None,
            payer_type=first_payer.type if first_payer else None,
            charge=rows.cents(claim.total),
            service_from=min((line.start for line in claim.lines), default=None),
            service_to=max((line.end for line in claim.lines), default=None),
            submitted=submitted,
            recorded=recorded,
            digest=digest,
            document=document,
        )
    )
    for line in claim.lines:
        connection.execute(
            insert(claim_lines).values(
                claim_key=key,
                number=line.number,
                organisation=organisation,
                code=line.code.value if line.code else line.revenue_code,
                modifiers=rows.modifiers(line.modifiers),
                units=f"{line.units:f}",
                charge=rows.cents(line.charge),
                start=line.start,
                end=line.end,
            )
        )
    _charge(connection, organisation, claim, key, submitted)
    return key


VOID = "8"


def _charge(connection: Connection, organisation: str, claim: Claim, key: int, day: date) -> None:
    """The charge entries of a claim; those of the form that it replaces are reversed, never removed."""
    maker = rows.Maker(connection.dialect.name, organisation, None)
    bulk = Bulk(connection, rows.COLUMNS)
    for line, amount in _standing_charges(connection, organisation, claim.id):
        taken = LedgerEntry(EntryKind.CHARGE, rows.money(-amount), day, claim.id, line)
        bulk.add(entries, maker.entry(taken, None, key))
    if claim.frequency != VOID:
        for sent in claim.lines:
            made = LedgerEntry(EntryKind.CHARGE, sent.charge, day, claim.id, sent.number)
            bulk.add(entries, maker.entry(made, None, key))
    bulk.flush()


def _standing_charges(connection: Connection, organisation: str, claim: str) -> list[tuple[int, int]]:
    e = entries.c
    mine = (e.organisation == organisation) & (e.claim == claim) & (e.kind == EntryKind.CHARGE.value)
    summed = func.sum(e.amount)
    asked = select(e.line, summed).where(mine).group_by(e.line).having(summed != 0).order_by(e.line)
    return [(line, int(amount)) for line, amount in connection.execute(asked)]


def waiting_claims(connection: Connection, organisation: str, claim: str) -> list[tuple[int, int, RemittedClaim]]:
    """What payers answered on a claim and no sent form of it was matched to, oldest first.

    Each as remittance key, number within it, and the claim with its lines.
    """
    c, at, m = remitted_claims.c, remitted_lines.c, matches.c
    matched = select(m.line).where(m.remittance == c.remittance, m.claim_number == c.number).exists()
    mine = (c.organisation == organisation) & (c.claim == claim) & ~matched
    found = []
    for head in connection.execute(select(remitted_claims).where(mine).order_by(c.remittance, c.number)).mappings():
        own = (at.remittance == head["remittance"]) & (at.claim_number == head["number"])
        lines = connection.execute(select(remitted_lines).where(own).order_by(at.number)).mappings()
        found.append((head["remittance"], head["number"], rows.read_claim(head, [rows.read_line(r) for r in lines])))
    return found


def keep_matches(connection: Connection, organisation: str, made: list[Row]) -> None:
    """Keeps which remitted lines answer which lines that were sent."""
    if made:
        connection.execute(insert(matches), [row | {"organisation": organisation} for row in made])
