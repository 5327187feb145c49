"""Posting remittances: a file becomes ledger entries once, whole payments or none, whatever happens meanwhile."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from typing import BinaryIO

from sqlalchemy import Connection
from sqlalchemy.engine import NestedTransaction

from leadterm._collector import held
from leadterm.domain import Finding, Money, PaymentHeader, ProviderAdjustment, RemittedClaim, Severity
from leadterm.remittance import (
    InterchangeEnd,
    Match,
    Numbers,
    PaymentEnd,
    claim_entries,
    finding,
    match_lines,
    provider_entry,
    read,
)
from leadterm.storage import Database, now
from leadterm.storage import posting as kept
from leadterm.storage.answers import credit_balances
from leadterm.storage.claims import SentClaim, sent_claims

CHUNK = 1 << 20
# Claims that are looked up in the ledger at a time.
LOOKED_UP = 500
# Findings that are told one by one; memory is bounded, whatever the file.
MOST_FINDINGS = 20_000
NO_PAYMENT = "NON"
ENVELOPE = "X12:005010/envelope"

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class PostedPayment:
    """What became of one payment: `posted`, `twice` (it was there), or `refused`."""

    trace: str
    amount: Money
    outcome: str
    claims: int
    lines: int
    entries: int
    digest: str


@dataclass(frozen=True, slots=True)
class Posting:
    """What became of a file."""

    payments: tuple[PostedPayment, ...]
    findings: tuple[Finding, ...]

    @property
    def refused(self) -> bool:
        """Whether any payment was not posted."""
        return any(p.outcome == "refused" for p in self.payments)


def post(
    database: Database,
    file: BinaryIO,
    *,
    accept: str | None = None,
    progress: Progress | None = None,
    clock: Callable[[], datetime] = now,
) -> Posting:
    """Posts every payment of an 835 in one transaction; those with errors only when `accept` says why.

    `file` is read twice and must be seekable. What is in the ledger already is not posted again: the same payment is
    known by what it says, whatever envelope it comes in. Raises InputError for a file that cannot be read, and then
    nothing of it is kept.
    """
    start, digest = file.tell(), hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    file.seek(start)
    with held(), database.writing() as connection:
        work = _Posting(connection, database, digest.hexdigest(), accept, clock())
        if (before := kept.file_known(connection, database.organisation, work.file)) is not None:
            return work.known_file(before)
        counted = 0
        for part in read(file):
            work.take(part)
            if progress is not None and isinstance(part, RemittedClaim):
                counted += 1
                if counted % LOOKED_UP == 0:
                    progress(file.tell())
        return work.done()


@dataclass(slots=True)
class _Open:
    """A payment that is being written."""

    writer: kept.PaymentWriter
    effective: date | None
    errors: int = 0
    unsent: int = 0
    waiting: list[tuple[int, RemittedClaim]] = field(default_factory=list)
    sent: set[str] = field(default_factory=set)


class _Posting:
    """One file on its way into the ledger."""

    def __init__(
        self, connection: Connection, database: Database, file: str, accept: str | None, recorded: datetime
    ) -> None:
        self.file = file
        self._connection = connection
        self._database = database
        self._accept = accept
        self._recorded = recorded
        self._number = Numbers()
        self._payments: list[PostedPayment] = []
        self._findings: list[Finding] = []
        self._untold = 0
        self._open: _Open | None = None
        # What the trailers of an interchange say weighs on all its payments: they are kept when it has ended.
        self._interchange: NestedTransaction | None = None
        self._inside = 0
        self._kept_inside: set[str] = set()
        # Errors of a payment's head are told before it is.
        self._ahead = 0

    def take(self, part: object) -> None:
        """One part of the file."""
        if isinstance(part, RemittedClaim):
            self._claim(part)
        elif isinstance(part, Finding):
            self._found(part)
        elif isinstance(part, ProviderAdjustment):
            self._provider(part)
        elif isinstance(part, PaymentHeader):
            self._begin(part)
        elif isinstance(part, PaymentEnd):
            self._end(part)
        elif isinstance(part, InterchangeEnd):
            self._closed(part)

    def known_file(self, payments: int) -> Posting:
        """The answer for a file that is in the ledger whole."""
        words = f"This file was posted before, with its {payments} payments; nothing was added."
        return Posting((), (self._number(finding("LEDGER:posting/twice", words)),))

    def done(self) -> Posting:
        """What became of the file, once all of it is read."""
        if not any(p.outcome == "refused" for p in self._payments):
            organisation = self._database.organisation
            kept.remember_file(self._connection, organisation, self.file, len(self._payments), self._recorded)
        if self._untold:
            words = f"{self._untold:,} more findings were counted and not kept."
            self._findings.append(self._number(finding("LEDGER:posting/more-findings", words)))
        return Posting(tuple(self._payments), tuple(self._findings))

    def _tell(self, found: Finding) -> None:
        if len(self._findings) < MOST_FINDINGS:
            self._findings.append(self._number(found))
        else:
            self._untold += 1

    def _found(self, found: Finding) -> None:
        self._tell(found)
        if found.severity is not Severity.ERROR:
            return
        if self._open is not None:
            self._open.errors += 1
        elif found.rule != ENVELOPE:  # those are counted when the interchange ends
            self._ahead += 1

    def _begin(self, header: PaymentHeader) -> None:
        if self._interchange is None:
            self._interchange = self._connection.begin_nested()
        effective = header.payment_date or header.produced
        # A payment without a day is read to its end and refused there.
        day = effective or self._recorded.date()
        writer = kept.PaymentWriter(self._connection, self._database, header, day, self._recorded)
        self._open = _Open(writer, effective, self._ahead)
        self._ahead = 0

    def _claim(self, claim: RemittedClaim) -> None:
        opened = self._open
        assert opened is not None
        if opened.effective is None or (opened.errors and self._accept is None):
            return  # it will be refused; what else is wrong with it is still told
        number = opened.writer.claim(claim, claim_entries(claim, opened.effective))
        opened.waiting.append((number, claim))
        if len(opened.waiting) >= LOOKED_UP:
            self._match(opened)

    def _provider(self, part: ProviderAdjustment) -> None:
        opened = self._open
        assert opened is not None
        if opened.effective is not None:
            opened.writer.provider(provider_entry(part, opened.effective))

    def _match(self, opened: _Open) -> None:
        """Matches the claims that wait to those that were sent, in one question to the database."""
        sent = sent_claims(self._connection, self._database.organisation, {c.id for _, c in opened.waiting})
        for number, claim in opened.waiting:
            if claim.id not in sent:
                opened.unsent += 1
                continue
            for found in match_claim(opened.writer, number, claim, sent[claim.id]):
                self._tell(found)
        opened.waiting.clear()
        opened.sent.update(sent)

    def _credits(self, opened: _Open) -> None:
        """Tells of claims of ours on which more came than was charged, now that all of the payment is known."""
        waiting = iter(sorted(opened.sent))
        while some := list(islice(waiting, LOOKED_UP)):
            for claim, amount in credit_balances(self._connection, self._database.organisation, some).items():
                words = f"{amount} more was paid and written off on this claim than was charged."
                self._tell(finding("LEDGER:balance/credit", words, claim=claim))

    def _end(self, end: PaymentEnd) -> None:
        opened = self._open
        assert opened is not None
        self._open = None
        self._match(opened)
        outcome, entries = self._judged(opened, end), opened.writer.entries
        if outcome == "posted":
            opened.writer.keep(end.digest, self.file, end.lines, self._accept if opened.errors else None)
            self._kept_inside.add(end.digest)
            self._credits(opened)
            if opened.unsent:
                words = f"{opened.unsent} of {end.claims} claims of this payment were not submitted from here."
                self._tell(finding("LEDGER:match/claim", words, trace=end.header.trace))
        else:
            opened.writer.drop()
            entries = 0
        head = end.header
        self._payments.append(
            PostedPayment(head.trace, head.amount, outcome, end.claims, end.lines, entries, end.digest)
        )

    def _closed(self, end: InterchangeEnd) -> None:
        """Keeps the payments of an interchange, or, where its envelopes are wrong, none of them."""
        self._ahead = 0
        if self._interchange is None:
            return
        if end.errors and self._kept_inside and self._accept is None:
            self._interchange.rollback()
            self._take_back()
        else:
            if end.errors and self._accept is not None:
                kept.accept(self._connection, self._database.organisation, self._kept_inside, self._accept)
            self._interchange.commit()
        self._interchange, self._inside = None, len(self._payments)
        self._kept_inside.clear()

    def _take_back(self) -> None:
        """Says of the payments of the interchange what became of them: none that it brought is there."""
        kept_inside, inside = self._kept_inside, self._payments[self._inside :]
        words = f"The envelopes of the interchange are wrong; {len(kept_inside)} of its payments were not posted."
        self._tell(finding("LEDGER:posting/refused", words))
        self._payments[self._inside :] = [
            replace(p, outcome="refused", entries=0) if p.digest in kept_inside else p for p in inside
        ]

    def _judged(self, opened: _Open, end: PaymentEnd) -> str:
        """`posted`, `twice` or `refused`, with the findings that say why."""
        organisation, trace = self._database.organisation, end.header.trace
        if kept.posted_by_digest(self._connection, organisation, end.digest):
            words = "This payment was posted before; nothing was added."
            self._tell(finding("LEDGER:posting/twice", words, trace=trace))
            return "twice"
        if opened.effective is None:
            words = "The payment names no day that can be read (BPR16, DTM*405); it was not posted."
            self._tell(finding("LEDGER:posting/no-date", words, trace=trace))
            return "refused"
        other = kept.posted_by_trace(self._connection, organisation, end.header, opened.writer.key)
        if other is not None and end.header.method != NO_PAYMENT:
            words = f"Another remittance of this payer with this trace number was posted, paid {other.effective}."
            self._tell(finding("LEDGER:posting/same-trace", words, trace=trace))
            opened.errors += 1
        if opened.errors and self._accept is None:
            words = f"The payment has {opened.errors} error{'s' if opened.errors > 1 else ''}; it was not posted."
            self._tell(finding("LEDGER:posting/refused", words, trace=trace))
            return "refused"
        return "posted"


def match_claim(writer: kept.PaymentWriter, number: int, claim: RemittedClaim, sent: SentClaim) -> Iterator[Finding]:
    """Matches the lines of one remitted claim to the claim that was sent; a finding for each that fits nowhere."""
    found = match_lines(sent.lines, claim.lines)
    for match in found:
        writer.match(number, match.remitted, sent.key, match.line, match.how)
    return unmatched(claim, found, len(sent.lines))


def unmatched(claim: RemittedClaim, found: Sequence[Match], sent: int) -> Iterator[Finding]:
    """A finding for each remitted line that fits none of the lines that were sent."""
    matched = {match.remitted for match in found}
    for line in claim.lines:
        if line.number not in matched:
            at = line.source
            yield finding(
                "LEDGER:match/line",
                f"Remitted line {line.number} of this claim fits none of the {sent} lines that were sent.",
                claim=claim.id,
                segment=at.segment,
                position=at.position,
                offset=at.offset,
            )
