"""The global package of an operation: visits and procedures of the same provider within its days, and shared care.

Physicians of one group and specialty count as one (MCPM 12.40.2). Visits on the day of a procedure with 0 or 10 days
are `visits.py`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import NamedTuple

from leadterm.codesets.payment.fees import RelativeValues
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Draft
from leadterm.edits._procedures import is_among
from leadterm.edits._services import Past

from ._packages import (
    AFTER,
    ASSISTING,
    DAY,
    DAY_BEFORE,
    LONGEST,
    OF_DAY,
    Operation,
    advice,
    days_of,
    is_open,
    operations,
    told_by_pairs,
)
from ._schedule import Service, checks, services

# The evaluations that contractors look for in a package (MCPM 12.40.3); those of new patients and in emergency
# departments are not among them.
EDITED = "92012-92014 99211-99215 99221-99223 99231-99239 99291-99292 99304-99310 99315-99316 99347-99350"
PROCEDURE = "procedure"
# Reasons that contractors let pass after an operation too, though 24 is the one that tells why (MCPM 12.40.3).
OTHER_REASONS = frozenset({"25", "57"})
SHARES = frozenset({"54", "55", "56"})
OF_SEVERAL = ASSISTING | {"62", "66"}
SIDES = frozenset({"LT", "RT"})
IN_A_PERIOD = {"24": "a visit", "58": "a procedure", "78": "a procedure", "79": "a procedure"}
# Global days that the schedule does not count: maternity, and what the contractor decides.
NOT_COUNTED = frozenset({"MMM", "YYY"})


class Within(NamedTuple):
    """A service of the claim within the package of an operation, and how it lies to it."""

    service: Service
    operation: Operation
    where: str


def _visits(b: Billing) -> tuple[Within, ...]:
    """Visits of the claim within packages of their provider that no modifier takes out; once for each way they lie."""
    packages = operations(b)
    found: dict[tuple[int, str], Within] = {}
    for s in services(b) if packages else ():
        if not s.is_visit or not is_among(s.code, EDITED):
            continue
        provider = b.provider_of(s.line)
        for operation in packages:  # by day: the last one stays
            where = operation.where(s.line.start, s.line.end) if operation.provider == provider else None
            if where and not is_open(where, s.code, s.line.modifiers, s.line.start):
                found[s.line.number, where] = Within(s, operation, where)
    return tuple(found.values())


def _of(b: Billing, where: str) -> list[Within]:
    return [w for w in b.once(_visits) if w.where == where]


def _after(b: Billing) -> Iterator[Draft]:
    for w in _of(b, AFTER):
        if OTHER_REASONS.isdisjoint(w.service.line.modifiers):
            yield _draft(b, w, "within the global days of")


def _after_for_another_reason(b: Billing) -> Iterator[Draft]:
    for w in _of(b, AFTER):
        if not OTHER_REASONS.isdisjoint(w.service.line.modifiers):
            yield _draft(b, w, "and no 24, within the global days of")


def _of_day(b: Billing) -> Iterator[Draft]:
    for w in _of(b, OF_DAY):
        if (w.service.code, w.operation.code) not in told_by_pairs(b):
            yield _draft(b, w, "on the day of")


def _day_before(b: Billing) -> Iterator[Draft]:
    for w in _of(b, DAY_BEFORE):
        yield _draft(b, w, "on the day before")


def _draft(b: Billing, w: Within, how: str) -> Draft:
    s = w.service
    return Draft(
        f"Line {s.line.number} has {_as_billed(s.code, s.line.modifiers)} of {s.line.start}, {how} {w.operation}, "
        "by the same provider.",
        (s.code,),
        fix=advice(w.where, s.code, s.line.start, w.operation.code),
        location=b.at(b.service, s.line.number),
    )


def _as_billed(code: str, modifiers: tuple[str, ...]) -> str:
    return "-".join([code, *modifiers])


def _claimed_before(b: Billing) -> Iterator[Draft]:
    """Visits that went before, within the package of an operation on this claim."""
    own = [o for o in operations(b) if o.claim is None]
    around = b.before.during(min(o.on for o in own) - DAY, max(o.last for o in own)) if own else ()
    for past in around:
        if not past.professional or not is_among(past.code, EDITED):
            continue
        for operation in own:
            where = operation.where(past.start, past.end) if operation.provider == past.provider else None
            if where and not _explained(b, past, operation, where):
                yield _draft_before(b, past, operation, where)
                break


def _explained(b: Billing, past: Past, operation: Operation, where: str) -> bool:
    of_pair = where not in (AFTER, DAY_BEFORE) and (past.code, operation.code) in told_by_pairs(b)
    return of_pair or is_open(where, past.code, past.modifiers, past.start)


def _draft_before(b: Billing, past: Past, operation: Operation, where: str) -> Draft:
    return Draft(
        f"Line {operation.line} has {operation}, and line {past.line} of claim {past.claim}, which went before, has "
        f"{_as_billed(past.code, past.modifiers)} of {past.start}, which is within its global package.",
        (operation.code, past.code),
        fix=f"Of claim {past.claim}, send a replacement (frequency 7) where it was wrong. "
        + advice(where, past.code, past.start, operation.code),
        location=b.at(b.service, operation.line),
    )


def _procedures(b: Billing) -> Iterable[Draft]:
    """Procedures within the days of an earlier operation of 10 or 90 days."""
    packages = [o for o in operations(b) if o.last > o.on]
    for s in services(b) if packages else ():
        if s.days is None or not ASSISTING.isdisjoint(s.line.modifiers):
            continue
        provider = b.provider_of(s.line)
        within = [o for o in packages if o.provider == provider and o.on < s.line.start <= o.last]
        if within and not is_open(PROCEDURE, s.code, s.line.modifiers, s.line.start):
            yield _draft(b, Within(s, within[-1], PROCEDURE), "within the global days of")


def _speak_of_a_period(b: Billing) -> bool:
    return not b.modifiers.isdisjoint(IN_A_PERIOD) and bool(b.before)


def _no_period(b: Billing) -> Iterator[Draft]:
    """Modifiers that speak of a period, where the claims before tell of none."""
    for s in services(b):
        told = [m for m in s.line.modifiers if m in IN_A_PERIOD and (m == "24") == s.is_visit]
        if told and not _in_a_period(b, s):
            first = b.before[0].start
            yield Draft(
                f"Line {s.line.number} has {IN_A_PERIOD[told[0]]} with {told[0]}, and the claims at hand, which go "
                f"back to {first}, tell of no operation of this provider whose global days run on {s.line.start}.",
                (s.code,),
                fix=f"Check which operation {told[0]} refers to; without one, take {told[0]} away.",
                location=b.at(b.service, s.line.number),
            )


def _in_a_period(b: Billing, s: Service) -> bool:
    provider, day = b.provider_of(s.line), s.line.start
    return any(
        o.provider == provider and o.on <= day <= o.end and (o.claim is not None or o.line != s.line.number)
        for o in operations(b)
    ) or any(
        past.provider == provider and day - LONGEST <= past.start and _is_not_counted(b, past)
        for past in b.before.during(day - LONGEST, day)
    )


def _is_not_counted(b: Billing, past: Past) -> bool:
    table = b.table(RelativeValues, past.start)
    row = table.value(past.code) if table is not None else None
    return row is None or row.global_days in NOT_COUNTED


def _split_care(b: Billing) -> Iterator[Draft]:
    """An operation of which two providers together ask for more than one package."""
    for s in services(b):
        if s.days and OF_SEVERAL.isdisjoint(s.line.modifiers):
            of_day = b.before.during(s.line.start, s.line.start)
            other = next((past for past in of_day if _asks_for_the_same(b, s, past)), None)
            if other is not None:
                yield _draft_split(b, s, other)


def _asks_for_the_same(b: Billing, s: Service, past: Past) -> bool:
    if past.code != s.code or past.start != s.line.start or past.provider == b.provider_of(s.line):
        return False
    given, before = set(s.line.modifiers), set(past.modifiers)
    if not past.professional or before & OF_SEVERAL or (before & SIDES) != (given & SIDES) or not days_of(b, past):
        return False
    mine, theirs = given & SHARES, before & SHARES
    # Without any share on both lines two operations may be meant, of which repetitions speak.
    return bool(mine | theirs) and (not mine or not theirs or bool(mine & theirs))


def _draft_split(b: Billing, s: Service, past: Past) -> Draft:
    def share(modifiers: Iterable[str]) -> str:
        return " ".join(m for m in modifiers if m in SHARES) or "the whole package"

    end = s.line.start + timedelta(days=s.days or 0)
    return Draft(
        f"Line {s.line.number} asks for {share(s.line.modifiers)} of {s.code} on {s.line.start} (global days to "
        f"{end}), and line {past.line} of claim {past.claim}, which went before, by another provider, for "
        f"{share(past.modifiers)}.",
        (s.code,),
        fix="By the written transfer of care: 54 for who operated, 55 for who cared afterwards, each once; nobody then "
        "asks for the whole.",
        location=b.at(b.service, s.line.number),
    )


CHECKS, GATE = checks(
    (
        lambda b: b.once(_visits),
        {
            "MCPM:12.40.3/visit-after": _after,
            "MCPM:12.40.3/visit-of-day": _of_day,
            "MCPM:12.40.3/visit-day-before": _day_before,
            "MCPM:12.40.2/visit-after-24": _after_for_another_reason,
        },
    ),
    (
        operations,
        {
            "MCPM:12.40.3/procedure-after": _procedures,
            "MCPM:12.40.3/visit-claimed-before": _claimed_before,
            "MCPM:12.40.4/split-care": _split_care,
        },
    ),
    (_speak_of_a_period, {"MCPM:12.40.2/no-period": _no_period}),
)
