"""The place of service of a professional claim: known on the day, and one where such a service is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache, lru_cache

from leadterm.domain import DateRange, ServiceLine
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Check, Draft
from leadterm.edits._procedures import is_among
from leadterm.edits._tables import read_table

HOSPITAL_VISITS = "99221-99239"
HOSPITAL = "21"
# How codes of visits start.
VISIT = "99"


def _missing(b: Billing) -> Iterable[Draft]:
    if b.claim.place_of_service:
        return ()
    return (Draft("The claim has no place of service.", location=b.at("CLM")),)


@cache
def _places() -> Mapping[str, DateRange]:
    rows = read_table("claims/places.tsv", ("code", "from", "to"))
    return {
        code: DateRange(date.fromisoformat(start), date.fromisoformat(end) if end else None)
        for code, start, end in rows
    }


@lru_cache(maxsize=8192)
def _in_use(place: str, day: date) -> bool:
    return place in _places() and day in _places()[place]


def _unknown(b: Billing) -> Iterator[Draft]:
    for line in b.claim.lines:
        place = line.place_of_service or b.claim.place_of_service
        if place and not _in_use(place, line.start):
            yield _on(b, line, f"Line {line.number} has a place of service that was not in use on {line.start}.")


def _improbable(b: Billing) -> Iterator[Draft]:
    for line, code in b.billed:
        place = line.place_of_service or b.claim.place_of_service
        if code[:2] == VISIT and place and _is_improbable(code, place):
            yield _on(b, line, f"Line {line.number} has {code} at place of service {place}.", (code,))


@lru_cache(maxsize=16384)
def _is_improbable(code: str, place: str) -> bool:
    """Whether some row says that services of the kind are not given in such a place."""
    rows = read_table("claims/place_services.tsv", ("codes", "never", "source"))
    return any(is_among(code, codes) and place in never.split() for codes, never, _ in rows)


def _admission(b: Billing) -> Iterator[Draft]:
    if b.claim.admission is not None:
        return
    for line, code in b.billed:
        place = line.place_of_service or b.claim.place_of_service
        if place == HOSPITAL and is_among(code, HOSPITAL_VISITS):
            message = f"Line {line.number} is a visit to an inpatient, and the claim has no day of admission."
            yield Draft(message, (code,), location=b.at("DTP*435", line.number))
            return


def _on(b: Billing, line: ServiceLine, message: str, codes: tuple[str, ...] = ()) -> Draft:
    return Draft(message, codes, location=b.at(b.service, line.number))


CHECKS: Mapping[str, Check[Billing]] = {
    "HIPAA:837P/place-missing": _missing,
    "HIPAA:837P/place-unknown": _unknown,
    "MCPM:12.30.6/place-of-visit": _improbable,
    "HIPAA:837P/admission": _admission,
}
