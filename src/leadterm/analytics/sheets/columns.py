"""What the columns of the table are, and the rows of a coded encounter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from leadterm.domain import Assignment, CodedEncounter, Evidence, Finding, plain_day

Cell = str | int | Decimal | date | None
Row = tuple[Cell, ...]

# Column → DuckDB type, in order. Money and units are exact.
COLUMNS = {
    "encounter": "VARCHAR",
    "patient_id": "VARCHAR",
    "account": "VARCHAR",
    "setting": "VARCHAR",
    "claim_type": "VARCHAR",
    "date": "DATE",
    "code": "VARCHAR",
    "system": "VARCHAR",
    "description": "VARCHAR",
    "role": "VARCHAR",
    "sequence": "INTEGER",
    "poa": "VARCHAR",
    "status": "VARCHAR",
    "confidence": "DECIMAL(5,4)",
    "service_date": "DATE",
    "modifiers": "VARCHAR",
    "units": "DECIMAL(18,4)",
    "charge": "DECIMAL(18,2)",
    "revenue_code": "VARCHAR",
    "pointers": "VARCHAR",
    "document": "VARCHAR",
    "start": "INTEGER",
    "end": "INTEGER",
    "words": "VARCHAR",
    "source": "VARCHAR",
    "further_evidence": "VARCHAR",
    "findings": "VARCHAR",
    "messages": "VARCHAR",
}
FOUR_PLACES = Decimal("0.0001")


def rows_of(coded: CodedEncounter) -> Iterator[Row]:
    """A row for each code, whatever its status, in claim order; then one without a code where findings are of none.

    An encounter without codes and findings has a row of its own too: none is lost.
    """
    encounter = coded.encounter
    about: Row = (
        encounter.id,
        encounter.patient.id,
        encounter.account,
        encounter.setting.value,
        encounter.claim_type.value if encounter.claim_type else None,
        plain_day(encounter.controlling_date or coded.on),
    )
    told: set[str] = set()
    for each in coded.assignments:
        found = [f for f in coded.findings if _is_about(f, each)]
        told.update(f.id for f in found)
        yield (*about, *_of_code(each), *_of_evidence(each.evidence), *_of_findings(found))
    rest = [f for f in coded.findings if f.id not in told]
    if rest or not coded.assignments:
        quoted = [quote for f in rest for quote in f.evidence]
        yield (*about, *[None] * 14, *_of_evidence(quoted), *_of_findings(rest))


def _is_about(finding: Finding, each: Assignment) -> bool:
    if finding.assignments:
        return each.id in finding.assignments
    return str(each.code) in finding.codes


def _of_code(each: Assignment) -> Row:
    return (
        each.code.value,
        each.code.system.value,
        each.description,
        each.role.value,
        each.sequence,
        each.poa.value if each.poa else None,
        each.status.value,
        Decimal(str(each.confidence)).quantize(FOUR_PLACES),
        plain_day(each.service_date),
        " ".join(each.modifiers) or None,
        each.units,
        each.charge.amount if each.charge is not None else None,
        each.revenue_code,
        " ".join(map(str, each.pointers)) or None,
    )


def _of_evidence(evidence: Iterable[Evidence]) -> Row:
    """The first quotation in columns of its own, the others as `document:start-end`."""
    quoted = list(evidence)
    if not quoted:
        return (None,) * 6
    first, *others = quoted
    further = " ".join(f"{e.document}:{e.span.start}-{e.span.end}" for e in others)
    return first.document, first.span.start, first.span.end, first.text, first.source, further or None


def _of_findings(findings: Iterable[Finding]) -> Row:
    """Rules with their severity, and the sentences."""
    found = list(findings)
    rules = " ".join(f"{f.severity.value}:{f.rule}" for f in found)
    return rules or None, " ".join(f.message for f in found) or None
