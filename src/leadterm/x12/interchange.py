"""A whole interchange as text: envelopes around transactions, every count counted, nothing invented."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from .errors import X12Error
from .segment import USUAL, Separators
from .text import EXTENDED
from .writer import SegmentWriter

QUALIFIER = re.compile(r"[A-Z0-9]{2}")


@dataclass(frozen=True, slots=True)
class Interchange:
    """Who sends what to whom, when: all that ISA and GS say. Numbers and the moment come from the caller.

    Attributes:
        sender, receiver: ISA06 and ISA08, at most 15 characters.
        control_number: ISA13, 1 to 999,999,999, never reused between the two partners.
        moment: Creation time, in the sender's local time.
        usage: `P` production, `T` test.
        group_control_number: GS06, unique in the interchange.
        sender_qualifier, receiver_qualifier: ISA05 and ISA07; `ZZ` mutually defined.
        group_sender, group_receiver: GS02 and GS03; those of ISA where not given.
        acknowledge: Whether a TA1 is asked for (ISA14).
    """

    sender: str
    receiver: str
    control_number: int
    moment: datetime
    usage: str
    group_control_number: int = 1
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    group_sender: str | None = None
    group_receiver: str | None = None
    acknowledge: bool = False
    separators: Separators = USUAL

    def __post_init__(self) -> None:
        if self.usage not in ("P", "T"):
            raise X12Error("The usage of an interchange is P (production) or T (test).")
        for number in (self.control_number, self.group_control_number):
            if not 1 <= number <= 999_999_999:
                raise X12Error("A control number lies between 1 and 999,999,999.")
        carried = EXTENDED - set(self.separators.all)
        for party in (self.sender, self.receiver):
            if not 1 <= len(party) <= 15 or party != party.strip() or not carried.issuperset(party):
                raise X12Error("Sender and receiver have 1 to 15 characters of X12, none of them a separator.")
        for qualifier in (self.sender_qualifier, self.receiver_qualifier):
            if not QUALIFIER.fullmatch(qualifier):
                raise X12Error("The qualifier of a sender or receiver has two capital letters or digits.")

    @property
    def isa(self) -> str:
        """The ISA segment, of fixed width."""
        s, m = self.separators, self.moment
        fields = (
            *("ISA", "00", " " * 10, "00", " " * 10),
            *(self.sender_qualifier, f"{self.sender:<15}", self.receiver_qualifier, f"{self.receiver:<15}"),
            *(f"{m.year % 100:02}{m.month:02}{m.day:02}", f"{m.hour:02}{m.minute:02}"),
            *(s.repetition or "U", "00501", f"{self.control_number:09}"),
            *("1" if self.acknowledge else "0", self.usage, s.component),
        )
        return s.element.join(fields) + s.terminator


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction set: ST01 (`837`), ST02, and the segments between ST and SE as written text."""

    code: str
    control_number: str
    body: Iterable[str]


def write(
    interchange: Interchange, functional_group: str, convention: str, transactions: Iterable[Transaction]
) -> Iterator[str]:
    """The segments of a whole interchange of one group, with SE, GE and IEA counted. Streams.

    `functional_group` is GS01 (`HC` for claims); `convention` is GS08 and ST03 (`005010X222A1`).
    Raises X12Error when two transactions share a control number.
    """
    segment, i = SegmentWriter(interchange.separators), interchange
    yield i.isa
    names = (i.group_sender or i.sender, i.group_receiver or i.receiver)
    yield segment("GS", functional_group, *names, i.moment, i.moment, i.group_control_number, "X", convention)
    seen: set[str] = set()
    for transaction in transactions:
        if transaction.control_number in seen:
            raise X12Error("Two transactions of a group share a control number.")
        seen.add(transaction.control_number)
        yield segment("ST", transaction.code, transaction.control_number, convention)
        count = 2
        for text in transaction.body:
            count += 1
            yield text
        yield segment("SE", count, transaction.control_number)
    yield segment("GE", len(seen), i.group_control_number)
    e, t = i.separators.element, i.separators.terminator
    yield f"IEA{e}1{e}{i.control_number:09}{t}"
