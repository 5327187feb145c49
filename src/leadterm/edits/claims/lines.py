"""The service lines of a claim: code, pointers, units, charge, drug."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from math import inf

from leadterm.domain import ServiceLine
from leadterm.domain.claim import MOST_POINTERS
from leadterm.domain.money import NOTHING
from leadterm.edits._billing import BILLED, Billing
from leadterm.edits._findings import Check, Draft

DRUG, DAYS = "LIN", "DTP*472"
DRUG_UNITS = frozenset({"F2", "GR", "ME", "ML", "UN"})
UNITS = frozenset({"UN", "MJ"}), frozenset({"UN", "DA"})
# Eleven digits, or the ten of a package whose dashes tell where the eleventh, a zero, belongs.
_NDC = re.compile(r"\d{11}|\d{5}-\d{4}-\d{2}|\d{4}-\d{4}-\d{2}|\d{5}-\d{3}-\d{2}|\d{5}-\d{4}-\d", re.ASCII)


def _procedure(b: Billing) -> Iterable[Draft]:
    return [
        _on(b, line, f"Line {line.number} has no CPT or HCPCS code.")
        for line in b.claim.lines
        if line.code is None or line.code.system not in BILLED
    ]


def _pointer_count(b: Billing) -> Iterable[Draft]:
    return [
        _on(b, line, f"Line {line.number} points to {len(line.pointers)} diagnoses, not to one to four.")
        for line in b.claim.lines
        if not 1 <= len(line.pointers) <= MOST_POINTERS
    ]


def _pointer_target(b: Billing) -> Iterable[Draft]:
    count = len(b.claim.diagnoses)
    return [
        _on(b, line, f"Line {line.number} points to a diagnosis that the claim does not have, or twice to one.")
        for line in b.claim.lines
        if _reach(line.pointers) > count
    ]


@lru_cache(maxsize=65536)
def _reach(pointers: tuple[int, ...]) -> float:
    """The farthest diagnosis that is pointed to; beyond every claim where a pointer is none or stands twice."""
    wrong = any(p < 1 for p in pointers) or len(set(pointers)) < len(pointers)
    return inf if wrong else max(pointers, default=0)


def _external_cause_pointer(b: Billing) -> Iterator[Draft]:
    if not b.causes:
        return
    for line in b.claim.lines:
        code = b.causes.get(line.pointers[0]) if line.pointers else None
        if code:
            yield _on(b, line, f"Line {line.number} points first to {code}, which is an external cause.", (code,))


def _units(b: Billing) -> Iterable[Draft]:
    return [
        _on(b, line, f"Line {line.number} has {line.units} units.") for line in b.claim.lines if line.units <= NOTHING
    ]


def _unit(b: Billing) -> Iterable[Draft]:
    known = UNITS[not b.professional]
    return [
        _on(b, line, f"Line {line.number} counts in a unit that is none of {', '.join(sorted(known))}.")
        for line in b.claim.lines
        if line.unit not in known
    ]


def _charge(b: Billing) -> Iterable[Draft]:
    return [
        _on(b, line, f"Line {line.number} has a negative charge.")
        for line in b.claim.lines
        if line.charge.amount < NOTHING
    ]


def _noncovered(b: Billing) -> Iterable[Draft]:
    return [
        _on(b, line, f"Line {line.number} has a non-covered part that is more than its charge.")
        for line in b.claim.lines
        if line.noncovered is not None and not NOTHING <= line.noncovered.amount <= line.charge.amount
    ]


def _drug_code(b: Billing) -> Iterator[Draft]:
    for line in b.claim.lines:
        if line.ndc and not _NDC.fullmatch(line.ndc.code):
            message = f"The NDC of line {line.number} has neither eleven digits nor ten with dashes."
            yield _on(b, line, message, segment=DRUG)


def _drug_quantity(b: Billing) -> Iterator[Draft]:
    for line in b.claim.lines:
        ndc = line.ndc
        if ndc and (ndc.quantity is None or ndc.quantity <= NOTHING or ndc.unit not in DRUG_UNITS):
            message = f"The NDC of line {line.number} lacks a quantity or a unit (F2, GR, ME, ML, UN)."
            yield _on(b, line, message, segment="CTP")


def _on(b: Billing, line: ServiceLine, message: str, codes: tuple[str, ...] = (), segment: str | None = None) -> Draft:
    return Draft(message, codes, location=b.at(segment or b.service, line.number))


CHECKS: Mapping[str, Check[Billing]] = {
    "HIPAA:837P/procedure": _procedure,
    "HIPAA:837P/pointer-count": _pointer_count,
    "HIPAA:837P/pointer-target": _pointer_target,
    "HIPAA:837P/external-cause-pointer": _external_cause_pointer,
    "HIPAA:837/units": _units,
    "HIPAA:837/unit": _unit,
    "HIPAA:837/charge": _charge,
    "HIPAA:837I/noncovered": _noncovered,
    "HIPAA:837/ndc": _drug_code,
    "HIPAA:837/ndc-quantity": _drug_quantity,
}
