"""Is a service too soon after the last one, or of a patient for whom it is not covered? By our table and users' own.

Whether the next one is in time is counted by calendar months: "11 full months have passed following the month of the
last one" means from the first day of the twelfth month after it on. Compared are the earlier claims of the stream and
the claim itself; what nobody knows of, and what was not paid, is for a person to look up. Services of one day are one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from leadterm.codesets.payment.limits import DAYS, FIELDS, LIFETIME, MONTHS, FrequencyLimits, Limit, limit_of
from leadterm.domain import ServiceLine, Sex
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Check, Draft, Gate
from leadterm.edits._services import SCREENING
from leadterm.edits._tables import read_table

from ._lines import EXCLUDED, NOT_GIVEN, pointed, told

# Was begun and not finished, or was not asked to be paid: it does not count.
UNCOUNTED = frozenset({"53", "73", "74", EXCLUDED, NOT_GIVEN})
PARTS = frozenset({"26", "TC"})
# A picture and its reading, a facility and its physician: within so many days they are shares of one service.
ONE_SERVICE = timedelta(days=30)
# Services of one sex for a patient whose sex is registered otherwise (MCPM 32.240).
SEX_IS_RIGHT, SEX_IS_RIGHT_HERE = "KX", "45"


class Session(NamedTuple):
    """An earlier service: its code, day and modifiers, who bills it, whether for screening, and how it is named."""

    day: date
    code: str
    modifiers: tuple[str, ...]
    professional: bool
    screening: bool
    name: str


@dataclass(frozen=True, slots=True)
class TooSoon:
    """A service that comes before it is covered again.

    Attributes:
        line, code: The service.
        limit: What it comes before.
        sessions: The earlier services of the period, oldest first.
        again: The first day on which it is covered; None for never.
        every, unit: Length of the period that holds for this line.
    """

    line: ServiceLine
    code: str
    limit: Limit
    sessions: tuple[Session, ...]
    again: date | None
    every: int | None
    unit: str


@dataclass(frozen=True, slots=True)
class Outside:
    """A service of a patient for whom it is not covered; `why` tells it."""

    line: ServiceLine
    code: str
    limit: Limit
    why: str


# --- what is said ---


def _too_soon(b: Billing) -> Iterator[Draft]:
    for found in b.once(too_soon):
        if not told(found.line):
            yield _soon_draft(b, found)


def _soon_draft(b: Billing, found: TooSoon) -> Draft:
    number, limit = found.line.number, found.limit
    last = found.sessions[-1]
    before = f"{last.code} was given on {last.day} ({last.name})"
    if len(found.sessions) > 1:
        since = found.sessions[0].day
        before = (
            f"{len(found.sessions)} were given since {since}, the last one ({last.code}) on {last.day} ({last.name})"
        )
    message = f"Line {number} has {found.code} on {found.line.start}, and {before}; {_how_often(found)}."
    fix = (
        "Look up whether the earlier one was paid and whether an exception holds. Where a denial was to be expected, "
        "a notice to the patient (ABN) had to be given before the service (GA); without one the patient owes nothing."
    )
    return Draft(message, (found.code,), fix=fix, source=limit.citation, location=b.at(b.service, number))


def _how_often(found: TooSoon) -> str:
    if found.again is None or found.every is None:
        return "it is covered once in a lifetime"
    times = f"{found.limit.times} are covered in a period" if found.limit.times > 1 else "it is covered again"
    wait = f"{found.every - 1} full months" if found.unit == MONTHS else f"{found.every} days"
    since = "first" if found.limit.times > 1 else "last"
    return (
        f"{times}, {wait} after {'the month of ' if found.unit == MONTHS else ''}the {since} one: from {found.again} on"
    )


def _patient(b: Billing) -> Iterator[Draft]:
    for found in b.once(outside):
        if not told(found.line):
            yield Draft(
                f"Line {found.line.number} has {found.code} for {found.why}.",
                (found.code,),
                source=found.limit.citation,
                location=b.at(b.service, found.line.number),
            )


# --- what is found ---


def too_soon(b: Billing) -> tuple[TooSoon, ...]:
    """Services that come before they are covered again, once a line: by the limit that lasts longest."""
    found: dict[int, TooSoon] = {}
    for line, code, limit in b.once(_limited):
        each = _soon(b, line, code, limit) if limit.unit else None
        if each is not None and _later(each, found.get(line.number)):
            found[line.number] = each
    return tuple(found.values())


def outside(b: Billing) -> tuple[Outside, ...]:
    """Services of patients for whom they are not covered."""
    found: list[Outside] = []
    for line, code, limit in b.once(_limited):
        if why := _why_outside(b, line, limit):
            found.append(Outside(line, code, limit, why))
    return tuple(found)


def limited(b: Billing, code: str, on: date) -> bool:
    """Whether some limit is on a service."""
    return any(limit.holds_on(on) for limit in _limits(b).get(code, ()))


def _limited(b: Billing) -> tuple[tuple[ServiceLine, str, Limit], ...]:
    """The limits that hold for lines of the claim, where it is one for practitioners or outpatients."""
    if b.takes_back or not (b.professional or b.outpatient):
        return ()
    limits = _limits(b)
    return tuple(
        (line, code, limit)
        for line, code in b.billed
        if code in limits
        for limit in limits[code]
        if _holds(b, line, limit)
    )


def _limits(b: Billing) -> Mapping[str, tuple[Limit, ...]]:
    """By code, for the payer who is asked: ours, and those that the user brought."""
    return _by_code(b.book.find(FrequencyLimits, b.controlling_day), b.payer_type or "")


@lru_cache(64)
def _by_code(own: FrequencyLimits | None, payer: str) -> Mapping[str, tuple[Limit, ...]]:
    found: dict[str, tuple[Limit, ...]] = {}
    for limit in (*shipped(), *(own.limits if own is not None else ())):
        for code in limit.codes if limit.payer in ("", payer) else ():
            found[code] = (*found.get(code, ()), limit)
    return found


@cache
def shipped() -> tuple[Limit, ...]:
    """Our own limits."""
    return tuple(map(limit_of, read_table("coverage/frequency.tsv", FIELDS)))


def _holds(b: Billing, line: ServiceLine, limit: Limit) -> bool:
    if not limit.holds_on(line.start) or not limit.modifiers.isdisjoint(line.modifiers):
        return False
    return not limit.diagnoses or _begins(pointed(b, line), limit.diagnoses)


def _begins(diagnoses: Sequence[str], beginnings: tuple[str, ...]) -> bool:
    return any(d.startswith(beginnings) for d in diagnoses)


def _soon(b: Billing, line: ServiceLine, code: str, limit: Limit) -> TooSoon | None:
    screens = bool(limit.diagnoses) and all(d.startswith(SCREENING) for d in limit.diagnoses)
    codes = limit.after or frozenset((code,))
    counted = [s for s in _sessions(b, line, codes) if s.screening or not screens]
    if not counted:
        return None
    unit, every = limit.unit, limit.every
    if limit.risk and _begins(pointed(b, line), limit.risk):
        if limit.sooner is None:
            return None
        unit, every = (MONTHS if unit == LIFETIME else unit), limit.sooner
    period = _period(counted, unit, every)
    again = _again(period[0].day, unit, every)
    if len({s.day for s in period}) < limit.times or (again is not None and line.start >= again):
        return None
    return TooSoon(line, code, limit, tuple(period), again, every, unit)


def _sessions(b: Billing, line: ServiceLine, codes: Iterable[str]) -> list[Session]:
    """Those of some codes that count before a line, oldest first: of earlier claims and of this one."""
    known = b.once(_known)
    return sorted(s for code in codes for s in known.get(code, ()) if s.day < line.start and not _share(b, line, s))


def _known(b: Billing) -> Mapping[str, list[Session]]:
    """By code."""
    past = [
        Session(p.start, p.code, p.modifiers, p.professional, p.screening, f"claim {p.claim}, line {p.line}")
        for p in b.before
    ]
    own = [
        Session(x.start, code, x.modifiers, b.professional, _begins(pointed(b, x), SCREENING), f"line {x.number}")
        for x, code in b.billed
    ]
    found: dict[str, list[Session]] = defaultdict(list)
    for s in (*past, *own):
        if UNCOUNTED.isdisjoint(s.modifiers):
            found[s.code].append(s)
    return found


def _share(b: Billing, line: ServiceLine, session: Session) -> bool:
    """Whether the two may be shares of one service: a picture and its reading, a facility and its physician."""
    if line.start - session.day > ONE_SERVICE:
        return False
    parts = not PARTS.isdisjoint(line.modifiers) or not PARTS.isdisjoint(session.modifiers)
    return parts or session.professional is not b.professional


def _period(sessions: Sequence[Session], unit: str, every: int | None) -> list[Session]:
    """Those of the period that runs last: one that is covered again starts a new one."""
    period: list[Session] = []
    for session in sessions:
        again = _again(period[0].day, unit, every) if period else None
        if period and again is not None and session.day >= again:
            period = []
        period.append(session)
    return period


@lru_cache(1 << 12)
def _again(day: date, unit: str, every: int | None) -> date | None:
    """The first day on which a service is covered that was given on `day`; None for never."""
    if unit == LIFETIME or every is None:
        return None
    if unit == DAYS:
        return date.fromordinal(min(day.toordinal() + every, date.max.toordinal()))
    months = day.year * 12 + day.month - 1 + every
    return date(months // 12, months % 12 + 1, 1) if months // 12 <= date.max.year else date.max


def _later(one: TooSoon, other: TooSoon | None) -> bool:
    if other is None or other.again is None:
        return other is None
    return one.again is None or one.again > other.again


def _why_outside(b: Billing, line: ServiceLine, limit: Limit) -> str:
    patient = b.claim.patient
    other = {"F": Sex.MALE, "M": Sex.FEMALE}.get(limit.sex)
    if other is not None and patient.sex is other and not _sex_is_right(b, line):
        registered, covered = ("male", "women") if other is Sex.MALE else ("female", "men")
        return f"a patient registered as {registered}, and it is covered for {covered}"
    age = patient.age_on(line.start) if limit.youngest is not None or limit.oldest is not None else None
    if age is None:
        return ""
    if limit.youngest is not None and age < limit.youngest:
        return f"a patient of {age} years, and it is covered from {limit.youngest} on"
    if limit.oldest is not None and age > limit.oldest:
        return f"a patient of {age} years, and it is covered up to {limit.oldest}"
    return ""


def _sex_is_right(b: Billing, line: ServiceLine) -> bool:
    return SEX_IS_RIGHT in line.modifiers or SEX_IS_RIGHT_HERE in b.claim.condition_codes


CHECKS: Mapping[str, Check[Billing]] = {
    "MCPM:18/too-soon": _too_soon,
    "MCPM:18/patient": _patient,
}
GATE: Gate[Billing] = _limited
