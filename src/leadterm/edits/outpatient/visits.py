"""Visits beside procedures and beside each other, and procedures that were broken off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from leadterm.codesets.payment.packaging import OBSERVATION, REFERRED, OppsService
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Check, Draft

from ._judged import judged, on_line, same_day, when

SEPARATE, BEFORE_ANESTHESIA, AFTER_ANESTHESIA, BOTH_SIDES = "25", "73", "74", "50"
BROKEN_OFF = frozenset({BEFORE_ANESTHESIA, AFTER_ANESTHESIA})
DISTINCT_VISITS = "G0"
VISIT = frozenset({"V", "J2"})
PROCEDURE = frozenset({"S", "T"})
TRAUMA_RESPONSE, CRITICAL_CARE, TRAUMA_REVENUE = "G0390", "99291", "068"
# Emergency departments (levels 1 to 5, both types) and clinics; critical care is no second visit.
COUNTED_VISITS = frozenset({*(f"{n}" for n in range(99281, 99286)), *(f"G{n:04}" for n in range(380, 385)), "G0463"})


def _visits(b: Billing) -> list[OppsService]:
    return [s for s in judged(b) if s.indicator in VISIT and s.row.code not in (OBSERVATION, REFERRED)]


@when(*PROCEDURE)
def _beside_procedure(b: Billing) -> Iterator[Draft]:
    for visit in _visits(b):
        if SEPARATE in visit.modifiers:
            continue
        done = next((s for s in same_day(judged(b), visit.day) if s.indicator in PROCEDURE), None)
        if done:
            yield on_line(
                b,
                visit,
                f"Line {visit.line} is a visit ({visit.row.code}) on the day of line {done.line} "
                f"({done.row.code}, status {done.indicator}), without modifier 25.",
            )


@when(*VISIT)
def _twice(b: Billing) -> Iterator[Draft]:
    if DISTINCT_VISITS in b.conditions:
        return
    seen: dict[tuple[date, str | None], int] = {}
    for visit in _visits(b):
        if visit.row.code not in COUNTED_VISITS:
            continue
        revenue = b.claim.lines[visit.line - 1].revenue_code
        first = seen.setdefault((visit.day, revenue), visit.line)
        if first != visit.line and revenue:
            said = f"Lines {first} and {visit.line} are visits of one day under revenue code {revenue}, without G0."
            yield on_line(b, visit, said)


@when(BEFORE_ANESTHESIA)
def _broken_off_once(b: Billing) -> Iterator[Draft]:
    for s in judged(b):
        if BEFORE_ANESTHESIA not in s.modifiers:
            continue
        if s.units > 1:
            yield on_line(b, s, f"Line {s.line} was broken off before anesthesia (73) and has {s.units:f} units.")
        elif BOTH_SIDES in s.modifiers:
            yield on_line(b, s, f"Line {s.line} was broken off before anesthesia (73) and is for both sides (50).")


@when(*BROKEN_OFF)
def _first_planned(b: Billing) -> Iterator[Draft]:
    first: dict[date, int] = {}
    for s in judged(b):
        if BROKEN_OFF.isdisjoint(s.modifiers):
            continue
        before = first.setdefault(s.day, s.line)
        if before != s.line:
            yield on_line(b, s, f"Lines {before} and {s.line} are both told as broken off on {s.day}.")


@when(TRAUMA_RESPONSE)
def _trauma_response(b: Billing) -> Iterator[Draft]:
    for s in judged(b):
        if s.row.code != TRAUMA_RESPONSE:
            continue
        if not (b.claim.lines[s.line - 1].revenue_code or "").startswith(TRAUMA_REVENUE):
            yield on_line(b, s, f"Line {s.line} is a trauma response (G0390) and not under revenue code 068x.")
        elif not any(one.row.code == CRITICAL_CARE for one in same_day(judged(b), s.day)):
            yield on_line(b, s, f"Line {s.line} is a trauma response (G0390) without critical care (99291) on its day.")


CHECKS: Mapping[str, Check[Billing]] = {
    "MCPM:4.20.6/visit-beside-procedure": _beside_procedure,
    "MCPM:4.180.4/visits-of-a-day": _twice,
    "MCPM:4.20.6.4/broken-off-once": _broken_off_once,
    "MCPM:4.20.6.4/first-planned": _first_planned,
    "MCPM:4.160.1/trauma-response": _trauma_response,
}
