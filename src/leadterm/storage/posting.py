"""Writing the ledger: what was sent, and what payers answered, payment by payment, in bulk and in constant memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update
from sqlalchemy.engine import NestedTransaction

from leadterm.domain import LedgerEntry, PaymentHeader, RemittedClaim

from . import rows
from .database import Database
from .ids import uuid7
from .tables import (
    entries,
    files,
    matches,
    remittances,
    remitted_claims,
    remitted_lines,
    sequences,
)

BATCH = 4_000


@dataclass(frozen=True, slots=True)
class Posted:
    """A remittance that is in the ledger: what makes it one."""

    key: int
    digest: str
    trace: str
    effective: date


class Bulk:
    """Rows on their way into tables, written in batches, parents before children.

    Rows are tuples in the order of their table's columns. They go to the driver in one piece: what SQLAlchemy would do
    for each value costs more than all the rest of posting (decisions/0008).
    """

    def __init__(self, connection: Connection, order: Mapping[Table, Sequence[str]]) -> None:
        self._connection = connection
        self._statements = {table: _statement(connection, table, columns) for table, columns in order.items()}
        self._waiting: dict[Table, list[tuple[Any, ...]]] = {table: [] for table in order}
        self._size = 0

    def add(self, table: Table, *rows: tuple[Any, ...]) -> None:
        """More rows."""
        self._waiting[table] += rows
        self._size += len(rows)
        if self._size >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Writes what waits."""
        for table, waiting in self._waiting.items():
            if waiting:
                self._connection.exec_driver_sql(self._statements[table], waiting)
                waiting.clear()
        self._size = 0

    def forget(self) -> None:
        """Drops what waits."""
        for waiting in self._waiting.values():
            waiting.clear()


def _statement(connection: Connection, table: Table, columns: Sequence[str]) -> str:
    """The INSERT of a table with positional parameters in the driver's own style."""
    mark = "%s" if connection.dialect.paramstyle in ("format", "pyformat") else "?"
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(name) for name in columns)
    return f"INSERT INTO {quote(table.name)} ({names}) VALUES ({', '.join([mark] * len(columns))})"


def next_number(connection: Connection, name: str) -> int:
    """The next number of a sequence, counted from 1; never given twice, unless its transaction is undone."""
    taken = connection.execute(
        update(sequences).where(sequences.c.name == name).values(next=sequences.c.next + 1).returning(sequences.c.next)
    ).scalar()
    if taken is not None:
        return int(taken) - 1
    connection.execute(insert(sequences).values(name=name, next=2))
    return 1


class PaymentWriter:
    """One payment on its way into the ledger: kept whole by `keep`, or left without a trace by `drop`."""

    def __init__(
        self, connection: Connection, database: Database, header: PaymentHeader, effective: date, recorded: datetime
    ) -> None:
        self._connection = connection
        self._step: NestedTransaction = connection.begin_nested()
        self.key = next_number(connection, "remittances")
        self._rows = rows.Maker(connection.dialect.name, database.organisation, self.key)
        self._bulk = Bulk(connection, rows.COLUMNS)
        self.number = 0
        self.entries = 0
        self._head(header, effective, recorded, database.organisation)

    def _head(self, head: PaymentHeader, effective: date, recorded: datetime, organisation: str) -> None:
        values: dict[str, Any] = {
            "key": self.key,
            "id": str(uuid7(recorded)),
            "organisation": organisation,
            # Both are known at the end of the payment.
            "digest": f"unfinished {self.key}",
            "file_digest": "",
            "trace": head.trace,
            "originator": head.originator,
            "payer_name": head.payer.name,
            "payer_id": head.payer.id or dict(head.payer.references).get("2U"),
            "payee_id": head.payee.id,
            "method": head.method,
            "amount": rows.cents(head.amount),
            "effective": effective,
            "control_number": head.control_number,
            "position": head.source.position,
            "claims": 0,
            "lines": 0,
            "recorded": recorded,
        }
        self._connection.execute(insert(remittances).values({key: keepable(v) for key, v in values.items()}))

    def claim(self, claim: RemittedClaim, made: Iterable[LedgerEntry]) -> int:
        """Adds a claim with its entries; the number that it has within the payment."""
        self.number += 1
        make, number = self._rows, self.number
        self._bulk.add(remitted_claims, make.claim(claim, number))
        self._bulk.add(remitted_lines, *[make.line(line, number) for line in claim.lines])
        rows_of_it = [make.entry(entry, number) for entry in made]
        self.entries += len(rows_of_it)
        self._bulk.add(entries, *rows_of_it)
        return number

    def provider(self, entry: LedgerEntry) -> None:
        """Adds provider-level money."""
        self.entries += 1
        self._bulk.add(entries, self._rows.entry(entry, None))

    def match(self, number: int, line: int, claim_key: int, sent: int, how: str) -> None:
        """Adds which line of which sent claim a remitted line answers."""
        self._bulk.add(matches, self._rows.match(number, line, claim_key, sent, how))

    def keep(self, digest: str, file_digest: str, lines: int, accepted: str | None) -> None:
        """Ends the payment and keeps it."""
        self._bulk.flush()
        ended = {"digest": digest, "file_digest": file_digest, "claims": self.number, "lines": lines}
        mine = update(remittances).where(remittances.c.key == self.key)
        self._connection.execute(mine.values(ended | {"accepted": accepted}))
        self._step.commit()

    def drop(self) -> None:
        """Ends the payment and leaves nothing of it."""
        self._bulk.forget()
        self._step.rollback()


def accept(connection: Connection, organisation: str, digests: Collection[str], reason: str) -> None:
    """Keeps with remittances the reason for which they were posted in spite of what is wrong with them."""
    c = remittances.c
    mine = (c.organisation == organisation) & c.digest.in_(digests) & c.accepted.is_(None)
    connection.execute(update(remittances).where(mine).values(accepted=reason))


def keepable(value: Any) -> Any:
    """The value, with U+FFFD for NUL, which PostgreSQL cannot keep; whoever reads the file is told of it."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value


def posted_by_digest(connection: Connection, organisation: str, digest: str) -> Posted | None:
    """The remittance with that digest."""
    return _posted(connection, organisation, remittances.c.digest == digest)


def posted_by_trace(connection: Connection, organisation: str, header: PaymentHeader, beside: int) -> Posted | None:
    """A remittance of the same payer with the same trace number, another than the one with the key `beside`."""
    c = remittances.c
    trace, originator = keepable(header.trace), keepable(header.originator)
    same = (c.trace == trace) & c.originator.is_not_distinct_from(originator) & (c.key != beside)
    return _posted(connection, organisation, same)


def _posted(connection: Connection, organisation: str, condition: Any) -> Posted | None:
    c = remittances.c
    row = connection.execute(
        select(c.key, c.digest, c.trace, c.effective).where(c.organisation == organisation, condition).limit(1)
    ).first()
    return None if row is None else Posted(*row)


def file_known(connection: Connection, organisation: str, digest: str) -> int | None:
    """How many payments a file had that was posted whole before; None where it was not."""
    found = connection.execute(
        select(files.c.payments).where(files.c.organisation == organisation, files.c.digest == digest)
    ).scalar()
    return None if found is None else int(found)


def remember_file(connection: Connection, organisation: str, digest: str, payments: int, recorded: datetime) -> None:
    """Notes that every payment of a file is in the ledger."""
    connection.execute(
        insert(files).values(organisation=organisation, digest=digest, payments=payments, recorded=recorded)
    )
