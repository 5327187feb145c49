"""Visits beside what contains one: minor procedures, the giving of drugs; and patients who are not new.

Where a pair edit of NCCI speaks of the two codes, this is silent. Of procedures without global days (XXX) nothing is
said: which of them contain a visit is told by the pairs alone.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from datetime import date
from typing import NamedTuple

from leadterm.codesets.payment.fees import RelativeValues
from leadterm.domain import ServiceLine
from leadterm.edits._billing import Billing
from leadterm.edits._days import ByDay
from leadterm.edits._findings import Draft
from leadterm.edits._procedures import is_among
from leadterm.edits._services import Past, services_of

from ._packages import DAY, MINOR_DAY, advice, is_open, operations, told_by_pairs
from ._schedule import PAYABLE, VISITS, Service, checks, is_in_time, services
from .globals import EDITED

ADMINISTRATION = "administration"
# Hydration, injections and infusions, chemotherapy.
DRUGS_GIVEN = "96360-96379 96401-96549"
NURSE = "99211"
NEW = "92002 92004 99202-99205 99341-99345"
# Insurers of injuries have rules of their own about who is new.
OWN_RULES = frozenset({"workers-compensation", "auto"})
YEARS = 3
FACE_TO_FACE = frozenset({"000", "010", "090", "MMM"})
READ_ONLY = "26"


class Beside(NamedTuple):
    """A visit and what was done on its day: the code, and where it stands."""

    visit: Service
    code: str
    place: str


def _minor_day(b: Billing) -> Iterator[Draft]:
    for beside in _minor(b, edited=True):
        yield _draft_minor(b, beside)


def _minor_day_new(b: Billing) -> Iterator[Draft]:
    for beside in _minor(b, edited=False):
        yield _draft_minor(b, beside)


def _minor(b: Billing, *, edited: bool) -> Iterator[Beside]:
    """Visits on the day of a procedure with 0 or 10 days that no modifier takes out; the first procedure each."""
    minor = [o for o in operations(b) if o.days in (0, 10)]
    for s in _visits(b) if minor else ():
        if is_among(s.code, EDITED) is not edited or is_open(MINOR_DAY, s.code, s.line.modifiers, s.line.start):
            continue
        provider = b.provider_of(s.line)
        for o in minor:
            here = o.provider == provider and o.where(s.line.start, s.line.end) == MINOR_DAY
            if here and (s.code, o.code) not in told_by_pairs(b):
                yield Beside(s, o.code, str(o))
                break


def _draft_minor(b: Billing, beside: Beside) -> Draft:
    s = beside.visit
    wrong = " with 57, which is for procedures of 90 days," if "57" in s.line.modifiers else ""
    return Draft(
        f"Line {s.line.number} has the visit {s.code}{wrong} on the day of {beside.place}, by the same provider.",
        (s.code,),
        fix=advice(MINOR_DAY, s.code, s.line.start, beside.code),
        location=b.at(b.service, s.line.number),
    )


def _visits(b: Billing) -> list[Service]:
    return [s for s in services(b) if s.is_visit]


def _administration(b: Billing) -> Iterator[Draft]:
    for s, code, place in _beside_drugs(b, _without_reason):
        yield Draft(
            f"Line {s.line.number} has the visit {s.code} without 25 on the day of {code} ({place}), by which a drug "
            "was given.",
            (s.code,),
            fix=advice(ADMINISTRATION, s.code, s.line.start, code),
            location=b.at(b.service, s.line.number),
        )


def _without_reason(s: Service) -> bool:
    return s.code != NURSE and not is_open(ADMINISTRATION, s.code, s.line.modifiers, s.line.start)


def _nurse_visit(b: Billing) -> Iterator[Draft]:
    for s, code, place in _beside_drugs(b, _is_by_a_nurse):
        yield Draft(
            f"Line {s.line.number} has {NURSE} on the day of {code} ({place}), by which a drug was given; it is not "
            "paid beside it, with 25 or without.",
            (s.code,),
            fix=f"Leave out {NURSE}; where more was done and is documented, the code of that visit with 25.",
            location=b.at(b.service, s.line.number),
        )


def _is_by_a_nurse(s: Service) -> bool:
    return s.code == NURSE


def _beside_drugs(b: Billing, asked: Callable[[Service], bool]) -> Iterator[Beside]:
    """The visits that are asked, on a day on which the provider gave a drug; the first drug each."""
    for s in _visits(b):
        if not asked(s):
            continue
        provider = b.provider_of(s.line)
        for code, day, who, place in b.once(_drugs_given):
            here = who == provider and s.line.start <= day <= s.line.end
            if here and (s.code, code) not in told_by_pairs(b):
                yield Beside(s, code, place)
                break


def _drugs_given(b: Billing) -> list[tuple[str, date, Hashable, str]]:
    """What was given, when, by whom, and where it stands; of claims with a visit."""
    asked, visits = services(b), _visits(b)
    if not visits:
        return []
    own = [
        (s.code, s.line.start, b.provider_of(s.line), f"line {s.line.number}")
        for s in asked
        if s.code.startswith("96") and is_among(s.code, DRUGS_GIVEN) and s.row.status in PAYABLE
    ]
    before = [
        (past.code, past.start, past.provider, f"line {past.line} of claim {past.claim}, which went before")
        for past in b.before.during(min(s.line.start for s in visits), max(s.line.end for s in visits))
        if past.professional and is_among(past.code, DRUGS_GIVEN)
    ]
    return [*own, *before]


def _as_new(b: Billing) -> list[tuple[ServiceLine, str]]:
    """The visits of new patients, where something may have gone before them."""
    if (len(b.billed) < 2 and not b.before) or not b.professional or b.payer_type in OWN_RULES:
        return []
    return [(line, code) for line, code in b.billed if code[0] == "9" and is_among(code, NEW) and is_in_time(line)]


def _new_patient(b: Billing) -> Iterator[Draft]:
    for line, code in b.once(_as_new):
        if seen := _seen(b, line):
            yield Draft(
                f"Line {line.number} has {code} of {line.start}, which is for a new patient, and {seen}, within three "
                "years, by the same provider.",
                (code,),
                fix="Report the visit of an established patient that the record supports.",
                location=b.at(b.service, line.number),
            )


def _seen(b: Billing, line: ServiceLine) -> str | None:
    """The last time that the same group and specialty saw the patient face to face in the three years before."""
    provider, since = b.provider_of(line), _years_before(line.start)
    for past in reversed(b.once(_known).during(since + DAY, line.start - DAY)):
        own = past.professional and past.provider == provider and READ_ONLY not in past.modifiers
        if own and _is_face_to_face(b, past.code, past.start):
            where = "" if past.claim == b.claim.id else f" of claim {past.claim}, which went before"
            return f"{past.code} of {past.start} is on line {past.line}{where}"
    return None


def _known(b: Billing) -> ByDay[Past]:
    """What the claims before and this one ask for."""
    return ByDay([*b.before, *services_of(b.claim)])


def _is_face_to_face(b: Billing, code: str, on: date) -> bool:
    table = b.table(RelativeValues, on)
    row = table.value(code) if table is not None else None
    return row is not None and (is_among(code, VISITS) or row.global_days in FACE_TO_FACE)


def _years_before(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return date(day.year - YEARS, day.month, 28 if leap else day.day)


CHECKS, GATE = checks(
    (operations, {"MCPM:12.30.6.6/minor-day": _minor_day, "NCCI:I.D/minor-day": _minor_day_new}),
    (
        lambda b: b.once(_drugs_given),
        {"MCPM:12.30.6.7/administration": _administration, "MCPM:12.30.6.7/nurse-visit": _nurse_visit},
    ),
    (_as_new, {"MCPM:12.30.6.7/new-patient": _new_patient}),
    of_every_payer=True,
)
