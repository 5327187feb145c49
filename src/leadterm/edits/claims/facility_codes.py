"""Condition, occurrence and value codes: shape, each once, days or spans, and what the first two say of the rest."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from leadterm.domain import Occurrence
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Check, Draft
from leadterm.edits._procedures import words
from leadterm.edits._tables import read_table

from .days import DEATH
from .stay import DIED

CONDITION, OCCURRENCE, SPAN, VALUE = "HI*BG", "HI*BH", "HI*BI", "HI*BE"
_CODE = re.compile(r"[0-9A-Z]{2}")
# Occurrence codes have a day up to 69 and L9, a span from 70 and M0 on.
_WITH_DAY = re.compile(r"[0-6][0-9]|[A-L][0-9A-Z]")
# Spans that are a part of the days of the claim: leave and non-covered days, those the patient or provider answers for.
WITHIN = frozenset({"74", "76", "77", "M1"})
# Things that happened before or while the patient was treated.
NOT_AFTER = frozenset({"01", "02", "03", "04", "05", "06", "10", "11"})
QUALIFYING, QUALIFYING_NIGHTS = "70", 3
# An inclusive span of the nights alone, without the day of discharge, is one shorter.
SHORTEST_SPAN = QUALIFYING_NIGHTS - 1
WITHOUT_QUALIFYING = frozenset({"58", "DR"})
SKILLED_STAYS = frozenset({"18", "21"})


def _shape(b: Billing) -> Iterator[Draft]:
    claim = b.claim
    kinds = (
        ("condition", CONDITION, claim.condition_codes),
        ("occurrence", OCCURRENCE, tuple(o.code for o in claim.occurrences)),
        ("value", VALUE, tuple(v.code for v in claim.values)),
    )
    for what, segment, codes in kinds:
        if not all(map(_CODE.fullmatch, codes)):
            yield Draft(f"A {what} code is not two digits or capitals.", location=b.at(segment))


def _twice(b: Billing) -> Iterator[Draft]:
    claim = b.claim
    if not (claim.condition_codes or claim.occurrences or claim.values):
        return
    happened = [f"{o.code} of {o.start}" for o in claim.occurrences]
    kinds = (
        ("Condition", CONDITION, claim.condition_codes),
        ("Occurrence", OCCURRENCE, happened),
        ("Value", VALUE, [v.code for v in claim.values]),
    )
    for what, segment, codes in kinds:
        for code in (code for code, times in Counter(codes).items() if times > 1):
            yield Draft(f"{what} code {code} stands twice.", location=b.at(segment))


def _day_or_span(b: Billing) -> Iterator[Draft]:
    for o in b.claim.occurrences:
        day = bool(_WITH_DAY.fullmatch(o.code))
        if day and o.end not in (None, o.start):
            yield Draft(f"Occurrence code {o.code} has a day, and is given a span.", location=b.at(OCCURRENCE))
        if not day and o.end is None:
            yield Draft(f"Occurrence code {o.code} has a span, and is given a day.", location=b.at(SPAN))


def _exclusive(b: Billing) -> Iterator[Draft]:
    if len(b.conditions) < 2:
        return
    for group in _groups():
        if len(given := group & b.conditions) > 1:
            message = f"The condition codes {words(given)} contradict each other."
            yield Draft(message, location=b.at(CONDITION))


@cache
def _groups() -> tuple[frozenset[str], ...]:
    rows = read_table("claims/condition_groups.tsv", ("codes", "source"))
    return tuple(frozenset(codes.split()) for codes, _ in rows)


def _wrong_bill(b: Billing) -> Iterator[Draft]:
    if not b.bill_type:
        return
    for code in b.claim.condition_codes:
        types = _bills().get(code)
        if types is not None and b.bill_type not in types:
            yield Draft(f"Condition code {code} does not belong on such a claim.", location=b.at(CONDITION))


@cache
def _bills() -> Mapping[str, frozenset[str]]:
    rows = read_table("claims/condition_bills.tsv", ("code", "types", "source"))
    return {code: frozenset(types.split()) for code, types, _ in rows}


def _after_the_claim(b: Billing) -> Iterator[Draft]:
    last = b.period.end if b.period else None
    if last is None:
        return
    for o in b.claim.occurrences:
        if o.code in NOT_AFTER and o.start > last:
            yield Draft(f"Occurrence {o.code} is after the days that the claim covers.", location=b.at(OCCURRENCE))


def _span_outside(b: Billing) -> Iterator[Draft]:
    period = b.claim.statement
    if period is None:
        return
    for o in b.claim.occurrences:
        if o.code in WITHIN and not (o.start in period and (o.end or o.start) in period):
            yield Draft(f"Span {o.code} is not within the days that the claim covers.", location=b.at(SPAN))


def _death(b: Billing) -> Iterable[Draft]:
    """Of any payer: a day of death and a disposition that is none."""
    if not any(o.code == DEATH for o in b.claim.occurrences):
        return ()
    if b.claim.disposition is None or b.claim.disposition in DIED:
        return ()
    message = f"The claim has a day of death, and disposition {b.claim.disposition}."
    return (Draft(message, location=b.at("CL1")),)


def _day_of_death(b: Billing) -> Iterable[Draft]:
    if not b.medicare or b.claim.disposition not in DIED or any(o.code == DEATH for o in b.claim.occurrences):
        return ()
    return (Draft("The patient has died, and the claim does not say when.", location=b.at(OCCURRENCE)),)


def _qualifying_stay(b: Billing) -> Iterable[Draft]:
    if not b.medicare or b.bill_type not in SKILLED_STAYS or b.conditions & WITHOUT_QUALIFYING:
        return ()
    spans = [o for o in b.claim.occurrences if o.code == QUALIFYING]
    if any(_nights(o) >= SHORTEST_SPAN for o in spans):
        return ()
    message = "The claim for skilled nursing has no hospital stay of three days before it."
    return (Draft(message, location=b.at(SPAN)),)


def _nights(o: Occurrence) -> int:
    return ((o.end or o.start) - o.start).days


CHECKS: Mapping[str, Check[Billing]] = {
    "HIPAA:837I/code-shape": _shape,
    "HIPAA:837I/code-twice": _twice,
    "HIPAA:837I/day-or-span": _day_or_span,
    "LEADTERM:conditions/exclusive": _exclusive,
    "LEADTERM:conditions/bill": _wrong_bill,
    "LEADTERM:occurrences/after-the-claim": _after_the_claim,
    "LEADTERM:occurrences/span-outside": _span_outside,
    "HIPAA:837I/death": _death,
    "MCPM:25.75/day-of-death": _day_of_death,
    "CFR:409.30/qualifying-stay": _qualifying_stay,
}
