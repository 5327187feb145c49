"""Services that OPPS does not take as they are billed, by their status indicators on the line's day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from leadterm.codesets.payment.packaging import DIED, HOSPITAL, OppsService
from leadterm.domain import ServiceLine
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Check, Draft
from leadterm.edits._procedures import is_among
from leadterm.edits._tables import read_table

from ._judged import (
    CLAIM,
    PART_B_OF_INPATIENTS,
    bill,
    gather,
    judged,
    numbered,
    on_line,
    same_day,
    when,
    with_status,
)

INPATIENT, OTHER_CODE, NOT_BILLABLE, EQUIPMENT = "C", "B", "M", "Y"
NOT_PAID, DISCONTINUED = ("E1", "E2", "E", "D"), "D"
PROCEDURES = frozenset({"T", "J1"})
# Died, or transferred to another hospital: discharge status codes beside which modifier CA may stand.
DIED_OR_TRANSFERRED = frozenset("02 05 20 40 41 42 43 62 63 65 66 82 85 88 90 91 93 94".split())
# What a line says that is not covered, or billed to be denied.
SAID_UNCOVERED = frozenset({"GA", "GX", "GY", "GZ"})
DENIAL_ASKED = "21"


@when(INPATIENT)
def _inpatient_only(b: Billing) -> Iterator[Draft]:
    if bill(b) != HOSPITAL:
        return
    for _, s in with_status(b, INPATIENT):
        if DIED not in s.modifiers:
            yield on_line(b, s, f"{_is(s)} inpatient-only (status C){_denied_with(judged(b), s)}.")


def _is(s: OppsService) -> str:
    return f"Line {s.line} ({s.row.code}) is"


def _denied_with(services: Iterable[OppsService], own: OppsService) -> str:
    """What else a claim loses by it, as a clause."""
    others = [s for s in same_day(services, own.day) if s.line != own.line and s.indicator != INPATIENT]
    if not others:
        return ""
    if any(s.indicator in PROCEDURES for s in others):
        return (
            "; beside a procedure with T or J1 only a separate procedure is denied alone, any other takes its day along"
        )
    return f"; {numbered(s.line for s in others)} of its day would be denied with it"


@when(DIED)
def _died_or_transferred(b: Billing) -> Iterator[Draft]:
    ends = b.claim.disposition
    if ends is None or ends in DIED_OR_TRANSFERRED:
        return
    for s in judged(b):
        if DIED in s.modifiers:
            yield on_line(b, s, f"Line {s.line} has modifier CA, and the discharge status is {ends}.")


@when(DIED)
def _one_procedure(b: Billing) -> Iterator[Draft]:
    died = [s for s in judged(b) if DIED in s.modifiers]
    for s in died[1:]:
        yield on_line(b, s, f"Line {s.line} has modifier CA, and line {died[0].line} has it already.")
    if died and died[0].units > 1:
        yield on_line(b, died[0], f"Line {died[0].line} has modifier CA and {died[0].units:f} units.")


@when(OTHER_CODE)
def _other_code(b: Billing) -> Iterator[Draft]:
    if bill(b) not in (HOSPITAL, PART_B_OF_INPATIENTS):
        return
    for _, s in with_status(b, OTHER_CODE):
        instead = _instead(s.row.code)
        yield on_line(b, s, f"{_is(s)} not recognised by OPPS (status B).", instead and f"Report {instead}.")


@lru_cache(maxsize=4096)
def _instead(code: str) -> str | None:
    """What a hospital reports in place of a code, where that is ruled."""
    rows = read_table("outpatient/other_codes.tsv", ("codes", "instead", "source"))
    return next((instead for codes, instead, _ in rows if is_among(code, codes)), None)


@when(*NOT_PAID)
def _not_paid(b: Billing) -> Iterator[Draft]:
    for line, s in with_status(b, *NOT_PAID):
        if not _says_so(b, line):
            what = "discontinued" if s.indicator == DISCONTINUED else "not paid on any outpatient bill"
            yield on_line(b, s, f"{_is(s)} {what} (status {s.indicator}).")


def _says_so(b: Billing, line: ServiceLine) -> bool:
    """Whether the claim itself says that the line is not covered."""
    return (
        not SAID_UNCOVERED.isdisjoint(line.modifiers) or line.noncovered == line.charge or DENIAL_ASKED in b.conditions
    )


@when(NOT_BILLABLE)
def _not_billable(b: Billing) -> Iterator[Draft]:
    for line, s in with_status(b, NOT_BILLABLE):
        if not _says_so(b, line):
            yield on_line(b, s, f"{_is(s)} not billable to the contractor that pays hospitals (status M).")


@when(EQUIPMENT)
def _equipment(b: Billing) -> Iterator[Draft]:
    for _, s in with_status(b, EQUIPMENT):
        yield on_line(b, s, f"{_is(s)} equipment that the DME contractor pays (status Y).")


def _other_quarter(b: Billing) -> Iterable[Draft]:
    other = b.once(gather).other
    if other is None:
        return ()
    day, start = other
    return (Draft(f"No Addendum B for {day} is installed; that from {start} answers.", location=b.at(CLAIM)),)


CHECKS: Mapping[str, Check[Billing]] = {
    "MCPM:4.180.7/inpatient-only": _inpatient_only,
    "MCPM:4.180.7/died-or-transferred": _died_or_transferred,
    "MCPM:4.180.7/one-procedure": _one_procedure,
    "MCPM:4.10.1.1/other-code": _other_code,
    "MCPM:4.10.1.1/not-paid": _not_paid,
    "MCPM:4.10.1.1/not-billable": _not_billable,
    "MCPM:4.10.1.1/equipment": _equipment,
    "LEADTERM:opps/other-quarter": _other_quarter,
}
