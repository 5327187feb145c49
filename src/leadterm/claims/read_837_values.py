"""Elements of an 837 as values of the domain; what cannot be read is told, with its place, and is None."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from leadterm.domain import Code, CodeSystem, DateRange, Finding, InputError, Money, dotted
from leadterm.x12 import AMOUNT, NUMBER, Segment

from .read_837_rules import finding

ELEMENT, SHAPE, UNREAD = "X12:837/element", "X12:837/code-shape", "X12:837/unread"
SERVICES = (CodeSystem.CPT, CodeSystem.HCPCS)
DAY = re.compile(r"[0-9]{8}")
CLOCK = re.compile(r"([01][0-9]|2[0-3])([0-5][0-9])")
# What is kept for the next time it comes is short: a file of long elements must not fill the memory.
LONGEST_KEPT = 40
# A claim that is wrong a thousand times is wrong: so many findings of it are kept, and then their number.
MOST_OF_A_CLAIM = 100


class Notes:
    """What was found while one claim is read.

    Attributes:
        findings: In the order in which they were found.
        whole: False once something is missing without which there is no claim.
        claim: The claim's number, for the place of a finding.
        loop, line: Where the reading stands.
    """

    def __init__(self, claim: str | None) -> None:
        self.claim = claim
        self._left_out = 0
        self.findings: list[Finding] = []
        self.whole = True
        self.loop: str | None = None
        self.line: int | None = None

    def tell(self, rule: str, words: str, segment: Segment, element: str | None = None) -> None:
        """Notes a finding at a segment of this claim."""
        place = {"claim": self.claim, "loop": self.loop, "segment": segment.id, "line": self.line, "element": element}
        self.keep(finding(rule, words, **place, position=segment.position, offset=segment.offset))

    def keep(self, found: Finding) -> None:
        """Keeps a finding, or counts it where there are too many."""
        if len(self.findings) < MOST_OF_A_CLAIM:
            self.findings.append(found)
        else:
            self._left_out += 1

    def ended(self, clm: Segment) -> tuple[Finding, ...]:
        """All of them, with one for those left out and one where the claim could not be read."""
        self.loop, self.line = "2300", None
        if self._left_out:
            words = f"{self._left_out} more findings on this claim were left out."
            self.findings.append(finding(ELEMENT, words, claim=self.claim, position=clm.position, offset=clm.offset))
        if not self.whole:
            words = "The claim lacks something without which it cannot be read; it was judged no further."
            at = {"segment": "CLM", "position": clm.position, "offset": clm.offset}
            self.findings.append(finding(UNREAD, words, claim=self.claim, loop="2300", **at))
        return tuple(self.findings)

    def wrong(self, segment: Segment, element: str, what: str) -> None:
        """Notes that an element is not what it should be."""
        empty = not segment[int(element[:2])]
        self.tell(ELEMENT, f"{segment.id}{element} is {'empty' if empty else what}.", segment, segment.id + element)

    def lost(self, segment: Segment, element: str, what: str) -> Any:
        """Notes the same of an element without which there is no claim; None."""
        self.wrong(segment, element, what)
        self.whole = False


def money(notes: Notes, segment: Segment, number: int) -> Money | None:
    """The amount in an element, None where it is empty or no amount."""
    text = segment[number]
    if not text:
        return None
    found = amount(text)
    if found is None:
        notes.wrong(segment, f"{number:02}", "no amount in dollars and cents")
    return found


def needed_money(notes: Notes, segment: Segment, number: int) -> Money | None:
    """The amount in an element without which there is no claim."""
    found = amount(segment[number])
    return notes.lost(segment, f"{number:02}", "no amount in dollars and cents") if found is None else found


def amount(text: str) -> Money | None:
    """The amount that a text of X12 names, None where it names none."""
    return _amount(text) if len(text) <= LONGEST_KEPT else None


@lru_cache(maxsize=1 << 16)  # charges come from a schedule and repeat
def _amount(text: str) -> Money | None:
    return Money(Decimal(text)) if AMOUNT.fullmatch(text) else None


def quantity(text: str) -> Decimal | None:
    """The decimal number that a text of X12 names, None where it names none."""
    return _quantity(text) if len(text) <= LONGEST_KEPT else None


@lru_cache(maxsize=4096)
def _quantity(text: str) -> Decimal | None:
    return Decimal(text) if NUMBER.fullmatch(text) else None


def day_of(text: str) -> date | None:
    """The day that CCYYMMDD names, None where there is no such day."""
    return _day(text) if len(text) == len("CCYYMMDD") else None


@lru_cache(maxsize=8192)  # a file has few days
def _day(text: str) -> date | None:
    if not DAY.fullmatch(text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def span_of(qualifier: str, text: str) -> DateRange | None:
    """The day (D8) or days (RD8) of a period, None where they are none or end before they start."""
    return _span(qualifier, text) if len(text) <= LONGEST_KEPT and len(qualifier) <= LONGEST_KEPT else None


@lru_cache(maxsize=8192)
def _span(qualifier: str, text: str) -> DateRange | None:
    if qualifier == "D8":
        day = day_of(text)
        return None if day is None else DateRange(day, day)
    first, dash, last = text.partition("-")
    start, end = day_of(first), day_of(last)
    whole = qualifier == "RD8" and dash and start is not None and end is not None and start <= end
    return DateRange(start, end) if whole and start else None


def period(notes: Notes, segment: Segment, number: int = 2) -> DateRange | None:
    """The day or days of a DTP whose format stands in element `number`, None where they cannot be read."""
    found = span_of(segment[number], segment[number + 1])
    if found is None:
        notes.wrong(segment, f"{number + 1:02}", "not a day, or days in order, written as its format says")
    return found


def day(notes: Notes, segment: Segment) -> date | None:
    """The (first) day of a DTP."""
    found = period(notes, segment)
    return found.start if found else None


def moment(notes: Notes, segment: Segment) -> date | None:
    """A day (D8), or a day with its time (DT); an hour that nobody knew leaves the day."""
    if segment[2] == "DT":
        known, clock = day_of(segment[3][:8]), CLOCK.fullmatch(segment[3][8:])
        if known is not None:
            return datetime.combine(known, time(int(clock[1]), int(clock[2]))) if clock else known
    return day(notes, segment)


def clock(notes: Notes, segment: Segment) -> time | None:
    """The time of a DTP (TM)."""
    found = CLOCK.fullmatch(segment[3]) if segment[2] == "TM" else None
    if found is None:
        notes.wrong(segment, "03", "no time of day written HHMM")
        return None
    return time(int(found[1]), int(found[2]))


def code_of(text: str, systems: tuple[CodeSystem, ...]) -> Code | None:
    """The code that a text without a dot writes, of the first system whose shape it has; None where it has none."""
    return _code(text, systems) if len(text) <= LONGEST_KEPT else None


@lru_cache(maxsize=1 << 16)
def _code(text: str, systems: tuple[CodeSystem, ...]) -> Code | None:
    bare = text.upper()
    for system in systems:
        try:
            return Code(system, dotted(bare, system))
        except InputError:
            continue
    return None


def code(notes: Notes, segment: Segment, place: tuple[int, int], text: str, *systems: CodeSystem) -> Code | None:
    """The code in a component (element, component), told where it has not the shape of its system."""
    found = code_of(text, systems)
    if found is None:
        element = f"{segment.id}{place[0]:02}-{place[1]}"
        called = " or ".join(systems)
        words = f"{element} does not have the shape of a code of {called}, written without a dot."
        notes.tell(SHAPE, words if text else f"{element} is empty.", segment, element)
    return found


def whole(text: str) -> int | None:
    """The whole number from 1 to 999,999 that a text names."""
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) <= 6 and int(text) else None
