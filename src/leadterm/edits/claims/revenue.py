"""The revenue codes of an institutional claim: shape, total, rooms, rate codes, and the services under them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache

from leadterm.domain import ServiceLine
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Check, Draft
from leadterm.edits._procedures import is_among
from leadterm.edits._tables import read_table

from .bill_type import VISIT, kind_of_bill
from .days import is_room

LINE = "SV2"
TOTAL = "0001"
_REVENUE = re.compile(r"[0-9]{4}")
# Prospective payment of skilled nursing, home health and rehabilitation: the line bears a rate code.
RATED = frozenset({"0022", "0023", "0024"})
_HIPPS = re.compile(r"[0-9A-Z]{5}")
HOSPITAL_VISITS = frozenset({"13", "85"})
# Discipline of therapy by its revenue codes.
DISCIPLINES = {"042": "GP", "043": "GO", "044": "GN"}
THERAPY_CODES = "92507-92508 92521-92526 97010-97799 G0283"
DRUGS = "0636"
DRUG_CODES = "A C J P Q 90281-90399 90476-90759 91300-91322 G S"


def _shape(b: Billing) -> Iterable[Draft]:
    return [
        _on(b, line, f"Line {line.number} has no revenue code of four digits.")
        for line in b.claim.lines
        if not line.revenue_code or not _REVENUE.fullmatch(line.revenue_code)
    ]


def _total(b: Billing) -> Iterable[Draft]:
    return [
        _on(b, line, f"Line {line.number} is the total, which is no service and is counted twice here.")
        for line in b.claim.lines
        if line.revenue_code == TOTAL
    ]


def _room_of_visit(b: Billing) -> Iterable[Draft]:
    if kind_of_bill(b) != VISIT:
        return ()
    return [
        _on(b, line, f"Line {line.number} is for room and board, and the claim for outpatient care.")
        for line in b.claim.lines
        if is_room(line)
    ]


def _rate_code(b: Billing) -> Iterable[Draft]:
    return [
        _on(b, line, f"Line {line.number} has revenue code {line.revenue_code} and no rate code of five characters.")
        for line in b.claim.lines
        if line.revenue_code in RATED and not (line.code or _HIPPS.fullmatch(line.hipps or ""))
    ]


def _uncoded(b: Billing) -> Iterable[Draft]:
    if b.bill_type not in HOSPITAL_VISITS:
        return ()
    return [
        _on(b, line, f"Line {line.number} has revenue code {line.revenue_code} and no CPT or HCPCS code.")
        for line in b.claim.lines
        if line.code is None and line.revenue_code and _wants_code(line.revenue_code)
    ]


@lru_cache(maxsize=16384)
def _wants_code(revenue: str) -> bool:
    rows = read_table("claims/revenue_coded.tsv", ("from", "to", "except", "source"))
    return any(first <= revenue <= last and revenue not in excepted.split() for first, last, excepted, _ in rows)


def _drug(b: Billing) -> Iterator[Draft]:
    for line, code in b.billed:
        if line.revenue_code == DRUGS and not is_among(code, DRUG_CODES):
            yield _on(b, line, f"Line {line.number} has {code} as a drug, which it is not.", (code,))


def _mismatch(b: Billing) -> Iterator[Draft]:
    for line, code in b.billed:
        revenue = line.revenue_code
        if revenue and kind_of_bill(b) == VISIT and not _go_together(code, revenue):
            yield _on(b, line, f"Line {line.number} has {code} under revenue code {revenue}.", (code,))


@lru_cache(maxsize=65536)
def _go_together(code: str, revenue: str) -> bool:
    """Whether no row of the pairs speaks against it."""
    return all(
        _is_within(revenue, ranges) == (how == "only") for codes, how, ranges in _pairs() if is_among(code, codes)
    )


@cache
def _pairs() -> tuple[tuple[str, str, str], ...]:
    rows = read_table("claims/revenue_services.tsv", ("codes", "how", "revenue", "source"))
    return tuple((codes, how, ranges) for codes, how, ranges, _ in rows)


def _is_within(revenue: str, ranges: str) -> bool:
    ends = (word.partition("-") for word in ranges.split())
    return any(first <= revenue <= (last or first) for first, _, last in ends)


def _discipline(b: Billing) -> Iterator[Draft]:
    for line, code in b.billed:
        wanted = DISCIPLINES.get((line.revenue_code or "")[:3])
        if wanted and b.medicare and is_among(code, THERAPY_CODES) and wanted not in line.modifiers:
            message = f"Line {line.number} has revenue code {line.revenue_code} and not the modifier {wanted}."
            yield _on(b, line, message, (code,))


def _on(b: Billing, line: ServiceLine, message: str, codes: tuple[str, ...] = ()) -> Draft:
    return Draft(message, codes, location=b.at(LINE, line.number))


CHECKS: Mapping[str, Check[Billing]] = {
    "HIPAA:837I/revenue-code": _shape,
    "MCPM:25.75/total-line": _total,
    "MCPM:25.75/room-of-visit": _room_of_visit,
    "MCPM:25.75/rate-code": _rate_code,
    "MCPM:4.20/revenue-without-code": _uncoded,
    "MCPM:17.20/drug-line": _drug,
    "LEADTERM:revenue/service": _mismatch,
    "MCPM:5.20.1/discipline": _discipline,
}
