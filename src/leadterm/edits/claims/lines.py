"""The service lines of a claim: code, modifiers, pointers, units, charge, place, days, drug."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache

from leadterm.domain import CodeSystem, DateRange, ServiceLine
from leadterm.domain.claim import MOST_MODIFIERS, MOST_POINTERS
from leadterm.edits._billing import Billing, day_of
from leadterm.edits._coding import is_external_cause
from leadterm.edits._findings import Check, Draft
from leadterm.edits._tables import read_table

SERVICE, DRUG, DAYS = "SV1", "LIN", "DTP*472"
PROCEDURES = frozenset({CodeSystem.CPT, CodeSystem.HCPCS})
DRUG_UNITS = frozenset({"F2", "GR", "ME", "ML", "UN"})
_MODIFIER = re.compile(r"[A-Z0-9]{2}")
# Eleven digits, or the ten of a package whose dashes tell where the eleventh, a zero, belongs.
_NDC = re.compile(r"\d{11}|\d{5}-\d{4}-\d{2}|\d{4}-\d{4}-\d{2}|\d{5}-\d{3}-\d{2}|\d{5}-\d{4}-\d", re.ASCII)


def _procedure(b: Billing) -> Iterator[Draft]:
    for line in b.claim.lines:
        if line.code is None or line.code.system not in PROCEDURES:
            yield _on(b, line, f"Line {line.number} has no CPT or HCPCS code.")


def _modifier_shape(b: Billing) -> Iterator[Draft]:
    for line in b.claim.lines:
        if any(not _MODIFIER.fullmatch(m) for m in line.modifiers):
            yield _on(b, line, f"Line {line.number} has a modifier that is not two capitals or digits.")


def _modifier_count(b: Billing) -> Iterator[Draft]:
    for line in b.claim.lines:
        if len(line.modifiers) > MOST_MODIFIERS:
            yield _on(b, line, f"Line {line.number} has {len(line.modifiers)} modifiers; a line has room for four.")


def _modifier_twice(b: Billing) -> Iterator[Draft]:
    for line in b.claim.lines:
        if len(set(line.modifiers)) < len(line.modifiers):
            yield _on(b, line, f"Line {line.number} has a modifier twice.")


def _pointer_count(b: Billing) -> Iterator[Draft]:
    for line in b.claim.lines:
        if not 1 <= len(line.pointers) <= MOST_POINTERS or len(set(line.pointers)) < len(line.pointers):
            count = len(line.pointers)
            yield _on(b, line, f"Line {line.number} points to {count} diagnoses; it points to 1 to 4, each once.")


def _pointer_target(b: Billing) -> Iterator[Draft]:
    count = len(b.claim.diagnoses)
    for line in b.claim.lines:
        if astray := sorted(p for p in line.pointers if not 1 <= p <= count):
            where = ", ".join(map(str, astray))
            yield _on(b, line, f"Line {line.number} points to diagnosis {where}, and the claim has {count}.")


def _external_cause_pointer(b: Billing) -> Iterator[Draft]:
    for line in b.claim.lines:
        if line.pointers and 1 <= line.pointers[0] <= len(b.claim.diagnoses):
            diagnosis = b.claim.diagnoses[line.pointers[0] - 1].code
            code = str(diagnosis)
            # A V code of the ninth revision is a factor of health, whatever its letter.
            if diagnosis.system is CodeSystem.ICD10CM and is_external_cause(code):
                yield _on(b, line, f"Line {line.number} points first to {code}, which is an external cause.", (code,))


def _units(b: Billing) -> Iterator[Draft]:
    for line in b.claim.lines:
        if line.units <= Decimal(0):
            yield _on(b, line, f"Line {line.number} has {line.units} units.")


def _charge(b: Billing) -> Iterator[Draft]:
    for line in b.claim.lines:
        if line.charge.amount < Decimal(0):
            yield _on(b, line, f"Line {line.number} has a negative charge.")


@cache
def _places() -> Mapping[str, DateRange]:
    rows = read_table("claims/places.tsv", ("code", "from", "to"))
    return {
        code: DateRange(date.fromisoformat(start), date.fromisoformat(end) if end else None)
        for code, start, end in rows
    }


def _place_unknown(b: Billing) -> Iterator[Draft]:
    for line in b.claim.lines:
        place = line.place_of_service or b.claim.place_of_service
        if place and (place not in _places() or line.start not in _places()[place]):
            yield _on(b, line, f"Line {line.number} has a place of service that was not in use on {line.start}.")


def _outside(b: Billing) -> Iterator[Draft]:
    admission, discharge = day_of(b.claim.admission), day_of(b.claim.discharge)
    for line in b.claim.lines:
        if (admission and line.start < admission) or (discharge and line.end > discharge):
            yield _on(b, line, f"Line {line.number} has service outside the stay.", segment=DAYS)


def _drug_code(b: Billing) -> Iterator[Draft]:
    for line in b.claim.lines:
        if line.ndc and not _NDC.fullmatch(line.ndc.code):
            yield _on(
                b, line, f"The NDC of line {line.number} has neither eleven digits nor ten with dashes.", segment=DRUG
            )


def _drug_quantity(b: Billing) -> Iterator[Draft]:
    for line in b.claim.lines:
        ndc = line.ndc
        if ndc and (ndc.quantity is None or ndc.quantity <= Decimal(0) or ndc.unit not in DRUG_UNITS):
            message = f"The NDC of line {line.number} lacks a quantity or a unit (F2, GR, ME, ML, UN)."
            yield _on(b, line, message, segment="CTP")


def _on(b: Billing, line: ServiceLine, message: str, codes: tuple[str, ...] = (), segment: str = SERVICE) -> Draft:
    return Draft(message, codes, location=b.at(segment, line.number))


CHECKS: Mapping[str, Check[Billing]] = {
    "HIPAA:837P/procedure": _procedure,
    "HIPAA:837P/modifier-shape": _modifier_shape,
    "HIPAA:837P/modifier-count": _modifier_count,
    "HIPAA:837P/modifier-twice": _modifier_twice,
    "HIPAA:837P/pointer-count": _pointer_count,
    "HIPAA:837P/pointer-target": _pointer_target,
    "HIPAA:837P/external-cause-pointer": _external_cause_pointer,
    "HIPAA:837P/units": _units,
    "HIPAA:837P/charge": _charge,
    "HIPAA:837P/place-unknown": _place_unknown,
    "HIPAA:837P/outside-stay": _outside,
    "HIPAA:837P/ndc": _drug_code,
    "HIPAA:837P/ndc-quantity": _drug_quantity,
}
