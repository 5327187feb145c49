"""Add-on codes: done beside a primary procedure of the same practitioner and day, and never paid by themselves.

Type 1: the table lists every primary code. Type 2: the contractor knows them. Type 3: the table lists some.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from leadterm.codesets.payment.ncci import AddOn, AddOnEdit
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Check, Draft, Gate

from ._services import Service, by_provider, is_judged

LISTED, BY_CONTRACTOR, SOME = 1, 2, 3
ANY = "CCCCC"
# Critical care, which one physician begins and another of the group and specialty goes on with: each on a claim of
# their own (CR 7501, the one exception among those of type 1).
BY_COLLEAGUE = frozenset({"99292"})
MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Lone:
    """An add-on code without a primary that the table lists.

    Attributes:
        service: The line.
        type: Of the edits of the code; the strictest where there are several.
        primaries: The codes that the table lists, in order.
        alone: Whether no other service of the provider is on that day.
    """

    service: Service
    type: int
    primaries: tuple[str, ...]
    alone: bool


def _listed(b: Billing) -> Iterator[Draft]:
    for lone in _of(b, LISTED):
        if not _may_be_a_colleagues(b, lone):
            fix = f"Add the primary procedure that was done ({_named(lone)}), or leave out {lone.service.code}."
            yield _draft(b, lone, f"without any of its primary codes ({_named(lone)})", fix)


def _by_contractor(b: Billing) -> Iterator[Draft]:
    for lone in _of(b, BY_CONTRACTOR):
        if lone.alone:
            fix = f"Add the procedure beside which it was done, or leave out {lone.service.code}."
            yield _draft(b, lone, "and nothing else of that day; the contractor tells which codes are primary", fix)


def _some(b: Billing) -> Iterator[Draft]:
    for lone in _of(b, SOME):
        fix = f"Check that the primary procedure is on the claim ({_named(lone)}, or one that the contractor adds)."
        yield _draft(b, lone, f"without any of the primary codes that the table lists ({_named(lone)})", fix)
    for lone in _of(b, LISTED):
        if _may_be_a_colleagues(b, lone):
            fix = (
                f"Check that a colleague of the same group and specialty claims {_named(lone)} of that day; else add "
                f"it, or leave out {lone.service.code}."
            )
            yield _draft(b, lone, f"without {_named(lone)}, which no claim at hand has on that day", fix)


def _may_be_a_colleagues(b: Billing, lone: Lone) -> bool:
    return b.professional and lone.service.code in BY_COLLEAGUE


def _draft(b: Billing, lone: Lone, what: str, fix: str) -> Draft:
    service = lone.service
    message = f"Line {service.line} has the add-on code {service.code} {what} (type {lone.type})."
    return Draft(message, (service.code,), fix=fix, location=b.at(b.service, service.line))


def _named(lone: Lone) -> str:
    named = ", ".join(lone.primaries[:MOST_NAMED])
    return f"{named}, …" if len(lone.primaries) > MOST_NAMED else named or "which the contractor tells"


def _of(b: Billing, kind: int) -> Iterator[Lone]:
    return (lone for lone in b.once(without_primary) if lone.type == kind)


def without_primary(b: Billing) -> tuple[Lone, ...]:
    """The add-on codes of the claim that stand without a listed primary, on it or on an earlier claim of the day."""
    return tuple(_found(b)) if b.billed and is_judged(b) else ()


def _found(b: Billing) -> Iterator[Lone]:
    table = b.table(AddOn)
    if table is None:
        return
    for own, before in b.once(by_provider):
        around: dict[tuple[date, date], frozenset[str]] = {}
        for service in own:
            edits = table.edits(service.code, service.start)
            if not edits:
                continue
            days = service.start, service.end
            if days not in around:
                around[days] = frozenset([s.code for s in (*own, *before) if s.shares_day(service)])
            if lone := _lone(service, edits, around[days]):
                yield lone


def _lone(service: Service, edits: Sequence[AddOnEdit], around: frozenset[str]) -> Lone | None:
    """`around`: the codes of its days, its own among them."""
    primaries = {edit.primary for edit in edits} - {ANY}
    others = around - {service.code}
    if primaries & others:
        return None
    return Lone(service, min(edit.type for edit in edits), tuple(sorted(primaries)), not others)


CHECKS: Mapping[str, Check[Billing]] = {
    "NCCI:I.R/add-on": _listed,
    "NCCI:I.R/add-on-contractor": _by_contractor,
    "NCCI:I.R/add-on-some": _some,
}
GATE: Gate[Billing] = without_primary
