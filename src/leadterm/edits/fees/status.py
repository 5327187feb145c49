"""What the status of a code says: bundled, not valid for Medicare, not covered, for reporting, paid only by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from leadterm.codesets.payment.fees import RelativeValues
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Draft

from ._indicators import of_tables
from ._schedule import PAYABLE, Service, checks, services

ONLY, SUPPLY = "T", "P"
BESIDE_OTHERS = frozenset({ONLY, SUPPLY})


def _only_service(b: Billing) -> Iterable[Draft]:
    for s in _of_status(b, ONLY):
        if other := _payable_beside(b, s):
            yield Draft(
                f"Line {s.line.number} has {s.code}, which is paid only where the provider has nothing else of the day "
                f"that the schedule pays, and {other} is of {s.line.start} (status T).",
                (s.code,),
                fix=f"Leave out {s.code}: its payment is in that of the other service.",
                location=b.at(b.service, s.line.number),
            )


def _supply(b: Billing) -> Iterable[Draft]:
    for s in _of_status(b, SUPPLY):
        if other := _payable_beside(b, s):
            yield Draft(
                f"Line {s.line.number} has the supply {s.code} on the day of {other}; where it was used in that "
                "service, its payment is in that (status P).",
                (s.code,),
                fix=f"Leave out {s.code} where it was part of the service; else claim it by the rules of its benefit "
                "(prosthetic devices, surgical dressings).",
                location=b.at(b.service, s.line.number),
            )


def _beside_others(b: Billing) -> list[Service]:
    """The lines whose payment hangs on the others of the day."""
    return [s for s in services(b) if s.row.status in BESIDE_OTHERS]


def _of_status(b: Billing, status: str) -> list[Service]:
    return [s for s in b.once(_beside_others) if s.row.status == status]


def _payable_beside(b: Billing, s: Service) -> str | None:
    """The first service of the same provider and day that the schedule pays, on this claim or an earlier one."""
    provider, day = b.provider_of(s.line), s.line.start
    own = (
        f"{other.code} of line {other.line.number}"
        for other in services(b)
        if other.row.status in PAYABLE and other.line.start == day and b.provider_of(other.line) == provider
    )
    return next(own, None) or next(_before(b, s.table, provider, day), None)


def _before(b: Billing, table: RelativeValues, provider: object, day: date) -> Iterator[str]:
    for past in b.before.during(day, day):
        if past.professional and past.start == day and past.provider == provider:
            row = table.value(past.code)
            if row is not None and row.status in PAYABLE:
                yield f"{past.code} of claim {past.claim}, which went before,"


CHECKS, GATE = checks(
    of_tables(
        "MCPM:23.30.2.2/bundled",
        "MCPM:23.30.2.2/not-valid",
        "MCPM:23.30.2.2/not-covered",
        "MCPM:23.30.2.2/reporting",
        "MCPM:23.30.2.2/by-contractor",
        "MCPM:23.30.2.2/restricted",
    ),
    (
        _beside_others,
        {"MCPM:23.30.2.2/only-service": _only_service, "MCPM:23.30.2.2/bundled-supply": _supply},
    ),
)
