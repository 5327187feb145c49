"""The tables that a code book has for a day."""

from __future__ import annotations

from datetime import date
from typing import Protocol, TypeVar

from leadterm.codesets.faces import Face
from leadterm.codesets.lists.exclusions import Exclusions
from leadterm.codesets.lists.peer_services import PeerServices
from leadterm.codesets.payment.ncci import PractitionerPtp

from ._about import RiskAdjusted, Tables

F = TypeVar("F", bound=Face)


class Book(Protocol):
    """The code sets, as far as signals need them."""

    def find(self, face: type[F], on: date | None) -> F | None:
        """A component of the release that answers for a day; None where none is installed."""


def tables_of(book: Book, on: date | None = None, risk_adjusted: RiskAdjusted | None = None) -> Tables:
    """What is installed for a day (None: the newest); `risk_adjusted` is given by who knows the models."""
    return Tables(book.find(PeerServices, on), book.find(PractitionerPtp, on), book.find(Exclusions, on), risk_adjusted)
