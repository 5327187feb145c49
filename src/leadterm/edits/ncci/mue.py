"""Medically unlikely edits: more units of a service than one provider plausibly gives one patient.

The adjudication indicator tells what the units are counted over: 1 a claim line; 2 and 3 a date of service, summed over
the lines of the claim and of earlier ones, those with modifier 55 left out (CR 8853). All units above are denied with
those below: the line, or every line of the day. An edit is of one provider: who assists is not counted with who
operates, nor one of several surgeons with another, though they are of one group and specialty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from leadterm.codesets.payment.ncci import (
    MedicaidMueDme,
    MedicaidMueOutpatient,
    MedicaidMuePractitioner,
    Mue,
    MueDme,
    MueOutpatient,
    MuePractitioner,
)
from leadterm.edits._billing import Billing
from leadterm.edits._days import ByDay
from leadterm.edits._findings import Check, Draft, Gate

from ._services import OUTPATIENT, PRACTITIONER, SUPPLIER, Service, by_provider, counts_units, is_judged, tables_of

LINE, POLICY, CLINICAL, NOT_TOLD = 1, 2, 3, None
BY_DATE = "date"
MOST_NAMED = 8
COUNTED = {BY_DATE: "the day", "line": "the line", None: "the line, at least"}
POSTOPERATIVE = "55"  # care after an operation by somebody else is not counted with the operation
ASSISTING = frozenset({"80", "81", "82", "AS"})
OF_SEVERAL = frozenset({"62", "66"})
# A surgical center tells each side of an operation on a line of its own; all others tell both on one line, with 50 and
# one unit, by which the values are made (NCCI Policy Manual, chapter I, V).
SIDES = frozenset({"LT", "RT"})
BOTH_SIDES = (
    "Where both sides of one operation were done, Medicare takes one line with 50 and one unit, if its code allows 50."
)
SIDE_BY_SIDE = "A surgical center tells each side on a line of its own, with RT or LT and one unit."
LIABILITY = "Units are denied as wrongly coded: a notice to the patient (ABN) does not shift them to the patient."
NOTHING_PAID = (
    "Leave it out, or correct the code: nothing of it is paid in this setting, and a notice to the patient (ABN) "
    "does not change that."
)
EXCLUDED = "GY"  # a denial is asked for: the law excludes the service
# By whose tables are asked, and whether Medicaid's.
TABLES: Mapping[tuple[str, bool], type[MuePractitioner]] = {
    (PRACTITIONER, False): MuePractitioner,
    (OUTPATIENT, False): MueOutpatient,
    (SUPPLIER, False): MueDme,
    (PRACTITIONER, True): MedicaidMuePractitioner,
    (OUTPATIENT, True): MedicaidMueOutpatient,
    (SUPPLIER, True): MedicaidMueDme,
}


@dataclass(frozen=True, slots=True)
class Excess:
    """A service in more units than its edit allows.

    Attributes:
        edit: What is exceeded.
        services: Those whose units are counted together; at least one is on this claim.
        units: How many they are, on the day where they are counted by day.
        on: The first such day.
    """

    edit: Mue
    services: tuple[Service, ...]
    units: Decimal
    on: date

    @property
    def own(self) -> Service:
        """The last of them on this claim."""
        return next(s for s in reversed(self.services) if s.claim is None)


def _line(b: Billing) -> Iterator[Draft]:
    for excess in _of(b, LINE):
        yield _draft(
            b,
            excess,
            "MAI 1, counted by line" if excess.edit.basis else "counted by line",
            "Check the units against the record. Where they are right and were given at separate sites or times, they "
            "belong on lines of their own with the modifier that tells which.",
        )


def _policy(b: Billing) -> Iterator[Draft]:
    for excess in _of(b, POLICY):
        yield _draft(
            b,
            excess,
            "MAI 2, counted by day: by statute, anatomy or the code itself, so that more is never paid",
            "Correct the units; no modifier and no further line changes what is counted.",
        )


def _clinical(b: Billing) -> Iterator[Draft]:
    for excess in _of(b, CLINICAL):
        yield _draft(
            b,
            excess,
            "MAI 3, counted by day: clinically unlikely",
            "Check the units against the record. Where it bears them out and tells why they were needed, keep that at "
            "hand: what is denied is paid on appeal, not by a modifier.",
        )


def _untold(b: Billing) -> Iterator[Draft]:
    for excess in _of(b, NOT_TOLD):
        yield _draft(
            b,
            excess,
            f"counted over {COUNTED[excess.edit.basis]}; the installed table does not tell the MAI",
            "Check the units against the record, and the adjudication indicator in the table that its owner publishes.",
        )


def _draft(b: Billing, excess: Excess, counted: str, fix: str) -> Draft:
    edit, own = excess.edit, excess.own
    beside = f", with {_named([s.name for s in excess.services if s is not own])}" if len(excess.services) > 1 else ""
    most = f"at most {edit.value}" if edit.value else "none"
    units = f"{excess.units.normalize():f} unit{'' if excess.units == 1 else 's'}"
    message = f"Line {own.line} has {units} of {edit.code} on {excess.on}{beside}; {most}"
    return Draft(
        f"{message} ({counted}).",
        (edit.code,),
        fix=_fix(b, excess, fix),
        source=f"NCCI medically unlikely edit of {edit.code}: {edit.rationale or 'rationale not told'}",
        location=b.at(b.service, own.line),
    )


def _fix(b: Billing, excess: Excess, fix: str) -> str:
    if not excess.edit.value:
        return NOTHING_PAID
    return " ".join([fix, *_of_sides(b, excess), LIABILITY])


def _of_sides(b: Billing, excess: Excess) -> Iterator[str]:
    sides = SIDES & {m for s in excess.services for m in s.modifiers}
    if b.is_surgical_center:
        if not sides:
            yield SIDE_BY_SIDE
    elif sides == SIDES:
        yield BOTH_SIDES


def _named(others: list[str]) -> str:
    more = len(others) - MOST_NAMED
    return " and ".join([*others[:MOST_NAMED], *([f"{more:,} more"] if more > 0 else [])])


def _of(b: Billing, mai: int | None) -> Iterator[Excess]:
    return (excess for excess in b.once(excesses) if excess.edit.mai == mai)


def excesses(b: Billing) -> tuple[Excess, ...]:
    """Every service of the claim that is in more units than its edit allows."""
    return tuple(_found(b)) if b.billed and is_judged(b) else ()


def _found(b: Billing) -> Iterator[Excess]:
    whose = tables_of(b)
    table = b.table(TABLES[whose])
    if table is None:
        return
    counted = {line.number for line, _ in b.billed if counts_units(line)}
    for own, before in b.once(by_provider):
        by_day: dict[tuple[str, Hashable], list[Service]] = defaultdict(list)
        for service in own:
            edit = table.edit(service.code) if service.line in counted else None
            if edit is None or (not edit.value and EXCLUDED in service.modifiers):
                continue
            if edit.basis == BY_DATE:
                by_day[service.code, _part(b, service)].append(service)
            elif service.a_day > edit.value:
                # Medicaid has no indicators: each of its edits is of a line.
                judged = replace(edit, mai=LINE) if whose[1] else edit
                yield Excess(judged, (service,), service.a_day, service.start)
        for (code, _), services in _with_earlier(b, by_day, before).items():
            yield from _on_days(table.edit(code), services)


def _with_earlier(
    b: Billing, by_day: Mapping[tuple[str, Hashable], list[Service]], before: Sequence[Service]
) -> Mapping[tuple[str, Hashable], list[Service]]:
    """What is counted together, the services of earlier claims first."""
    if not before:
        return by_day
    codes = {code for code, _ in by_day}
    earlier: dict[tuple[str, Hashable], list[Service]] = defaultdict(list)
    for s in before:
        if s.code in codes:
            earlier[s.code, _part(b, s)].append(s)
    return {part: [*earlier[part], *services] for part, services in by_day.items()}


def _part(b: Billing, service: Service) -> Hashable:
    """What of a code is counted together: who operates, who assists, one of several surgeons; in a center, a side."""
    if not service.modifiers:
        return ""
    given = frozenset(service.modifiers)
    if given & OF_SEVERAL:
        return service.claim, service.line
    if given & ASSISTING:
        return "assisting"
    return "".join(sorted(given & SIDES)) if b.is_surgical_center else ""


def _on_days(edit: Mue | None, services: list[Service]) -> Iterator[Excess]:
    """The first day on which the services together are too many."""
    assert edit is not None, "only services that have an edit are counted by day"
    services = [s for s in services if POSTOPERATIVE not in s.modifiers]
    if sum(s.a_day for s in services) <= edit.value:
        return  # not even all of them together
    known, own = ByDay(services), ByDay(s for s in services if s.claim is None)
    # The units of a day are more than those of the day before only where a service begins.
    for day in sorted({s.start for s in services}):
        units = sum((s.a_day for s in known.during(day, day)), Decimal())
        if units > edit.value and own.during(day, day):
            yield Excess(edit, tuple(s for s in services if s.start <= day <= s.end), units, day)
            return


CHECKS: Mapping[str, Check[Billing]] = {
    "NCCI:I.V/mue-line": _line,
    "NCCI:I.V/mue-day-policy": _policy,
    "NCCI:I.V/mue-day-clinical": _clinical,
    "NCCI:I.V/mue-untold": _untold,
}
GATE: Gate[Billing] = excesses
