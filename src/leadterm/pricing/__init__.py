"""Pricing: what Medicare allows for each line by its fee schedules, with every step of its reckoning.

    Pricer(book, Terms(locality="0111205")).price(claim)    made once, for many claims or coded encounters
    priced(coded, book)                                     one alone
    bill_of_codes(["99213", "45385-59"], day, "11")         codes by hand, to be priced like a claim

RVU × GPCI × conversion factor (42 CFR 414.20), half up to the cent once a step. Modifiers, both sides, several
operations, endoscopies, tests and therapies of one day, assistants, anesthesia; a line that has no price says why.
One module a question: bills (what is priced), schedule (rows and places), sides, operations, parts, work (modifiers),
anesthesia, closing (who did it, who pays), outpatient and hospital (by APC), pricer. Nothing is invented: what is paid
by report has no figure.
"""

from __future__ import annotations

from .bills import Bill, Billed, bill_of, bill_of_codes, charged
from .hospital import has_addendum, newest_addendum, wage_index_of
from .outpatient import price_lines
from .pricer import Pricer, priced
from .schedule import newest_schedule
from .values import PricedLine, Prices, Shares, Step, Terms

__all__ = [
    "Bill",
    "Billed",
    "PricedLine",
    "Pricer",
    "Prices",
    "Shares",
    "Step",
    "Terms",
    "bill_of",
    "bill_of_codes",
    "charged",
    "has_addendum",
    "newest_addendum",
    "newest_schedule",
    "price_lines",
    "priced",
    "wage_index_of",
]
