"""A hospital's bill for outpatients: the addenda of its days, the wage index, who pays what. Lines: `outpatient`."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

from leadterm.codesets import CodeBook
from leadterm.codesets.faces import before_first, missing, stands_in
from leadterm.codesets.payment.opps import AddendumA, AddendumB
from leadterm.domain import InputError, Money

from .bills import Bill
from .outpatient import ONE, price_lines
from .values import PricedLine, Prices, Terms

NATIONAL = "No wage index is given: the amounts are national."
MET = "The deductible is taken as met; copayments are those of each line, before the cap on those of one day."
_INDEX = re.compile(r"0\.[1-9][0-9]{0,4}|[1-9](?:\.[0-9]{1,4})?")


def price_hospital(bill: Bill, book: CodeBook, terms: Terms) -> Prices:
    """What a hospital is paid for the lines of a bill; nothing, with the reason, where no Addendum B is installed."""
    if book.find(AddendumB) is None:
        return Prices(bill.id, why=str(missing(AddendumB)))
    assumed = {} if terms.wage_index is not None else {NATIONAL: None}

    def find(day: date) -> AddendumB | None:
        on = terms.on or day
        found = book.find(AddendumB, on)
        if found is not None and (remark := stands_in(AddendumB, found.release, on)):
            assumed[remark] = None
        return found

    first = min((line.day for line in bill.lines if line.day), default=None)
    groups = book.find(AddendumA, terms.on or first)
    index = terms.wage_index if terms.wage_index is not None else ONE
    lines = tuple(_shared(line, terms) for line in price_lines(bill.lines, find, groups, index, bill.hospital))
    amounts = [line.amount for line in lines if line.amount is not None]
    if terms.patient_share or terms.sequestration:
        assumed[MET] = None
    return Prices(bill.id, lines, Money.total(amounts) if amounts else None, "", tuple(assumed))


def wage_index_of(text: str) -> Decimal:
    """A wage index as written. Raises InputError for what is none."""
    if not _INDEX.fullmatch(text):
        raise InputError("A wage index is a number between 0.1 and 9.9999, such as 0.9634.")
    return Decimal(text)


def has_addendum(book: CodeBook) -> bool:
    """Whether an Addendum B is installed, of whatever quarter."""
    return book.find(AddendumB) is not None


def newest_addendum(book: CodeBook, on: date | None = None) -> date:
    """The day to price on: the one given, else the last of the newest Addendum B.

    Raises DataMissing where none is installed, or where the first begins after the day that was asked for.
    """
    period = book.component(AddendumB, on).release.period
    if on is not None and on < period.start:
        raise before_first(AddendumB, on)
    return on or period.end or period.start


def _shared(line: PricedLine, terms: Terms) -> PricedLine:
    """The line with who pays it, where that is asked for."""
    shares = line.shares if terms.patient_share or terms.sequestration else None
    return replace(line, shares=shares.sequestered() if shares and terms.sequestration else shares)
