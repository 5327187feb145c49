"""What the ledger says as of a day: key figures, and the account of one claim with its entries."""

from __future__ import annotations

from datetime import date

from leadterm.domain import Account, InputError
from leadterm.remittance import Measure, measures
from leadterm.storage import Database, answers
from leadterm.storage.answers import KeptEntry


def kpi(database: Database, as_of: date) -> tuple[Measure, ...]:
    """Every key figure as of a day."""
    with database.reading() as connection:
        return measures(answers.accounts(connection, database.organisation, as_of), as_of)


def account(database: Database, claim: str, as_of: date) -> tuple[Account, list[KeptEntry]]:
    """The account of a claim as of a day and all its entries. Raises InputError for a claim that the ledger lacks."""
    with database.reading() as connection:
        found = next(answers.accounts(connection, database.organisation, as_of, claim), None)
        if found is None:
            raise InputError("The ledger has no entry of that claim up to that day; `leadterm claim status` lists all.")
        return found, answers.claim_entries(connection, database.organisation, claim)


def accounts(database: Database, as_of: date) -> list[Account]:
    """The account of every claim as of a day, by claim number."""
    with database.reading() as connection:
        return list(answers.accounts(connection, database.organisation, as_of))
