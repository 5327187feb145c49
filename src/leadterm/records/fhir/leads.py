"""The codes that a resource bears: leads with their kind and status, as the tables say where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from leadterm.domain import RecordedCode, RecordedKind
from leadterm.records.naming import system_of

from . import tables
from .nodes import Node
from .references import reference
from .told import Loan, Told

LONGEST_CODE = 100
# Ways of saying that there is no code, which are no codes of anything.
_NO_CODES = ("data-absent-reason", "nullflavor")


def tell_codes(kind: str, resource: Node, told: Told, status: str | None) -> None:
    """Adds the codes of a resource to what it tells; `status` is that of the resource."""
    day = day_of(kind, resource)
    sort = tables.kind_of(kind, resource)
    for bearer in tables.bearers().get(kind, ()):
        says = status if bearer.status == tables.OWN else bearer.status or None
        means = sort if sort and bearer.status == tables.OWN else bearer.kind
        for concept in resource.each(bearer.path):
            told.codes.extend(codes_of(concept, means, says, day))
        for lender in resource.each(bearer.lender) if bearer.lender else ():
            if where := reference(lender, told.key):
                told.loans.append(Loan(where, means, lender.place, says, day))


def codes_of(concept: Node, kind: RecordedKind, status: str | None, day: date | None) -> Iterator[RecordedCode]:
    """The codes of a CodeableConcept, or of a Coding where that stands in its place."""
    if not isinstance(concept.value, dict):
        concept.word()
        return
    words = concept.first("text").word() if "text" in concept.value else None
    for coding in concept.each("coding") if "coding" in concept.value else iter((concept,)):
        code = coding.first("code").word()
        system = coding.first("system").word()
        if code is None or len(code) > LONGEST_CODE or (system or "").lower().endswith(_NO_CODES):
            continue
        called = coding.first("display").word() or words
        yield RecordedCode(code, _system(system), status, called, kind, day, None, coding.place)


def day_of(kind: str, resource: Node) -> date | None:
    """The day of a resource, as far as it names a whole one."""
    where = tables.wheres().get(kind)
    return next(filter(None, (resource.first(path).day() for path in where.day)), None) if where else None


@lru_cache(maxsize=512)
def _system(written: str | None) -> str | None:
    return system_of(written)
