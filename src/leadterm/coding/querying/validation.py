"""Diagnoses without their indicators: the code stays, since a provider's statement suffices (I.A.19), with a remark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Assignment, Finding, Severity

RULE = "ICD10CM:I.A.19/indicators"
FIX = "Keep the code; ask the provider for the clinical basis where your facility validates diagnoses."


def unsupported(chart: Chart, assignments: Sequence[Assignment]) -> tuple[Finding, ...]:
    """One remark for each diagnosis of a stay whose usual indicators the record does not show, ids `v1`, `v2`, …"""
    if not chart.stay:
        return ()
    shown = {f.concept.lower() for f in chart.facts if f.assertion is not Assertion.ABSENT}
    return tuple(_finding(n, name, a) for n, (name, a) in enumerate(_bare(assignments, shown), 1))


def _bare(assignments: Sequence[Assignment], shown: set[str]) -> Iterator[tuple[str, Assignment]]:
    for row in rows("querying/validation"):
        wanted = {indicator.strip().lower() for indicator in row["indicators"].split(";")}
        first = next((a for a in assignments if a.code.value.startswith(tuple(row["codes"].split()))), None)
        if first is not None and not wanted & shown:
            yield row["name"], first


def _finding(number: int, name: str, a: Assignment) -> Finding:
    return Finding(
        f"v{number}",
        RULE,
        Severity.INFO,
        f"The record shows none of the usual indicators of {name}; {a.code.value} stands on the provider's statement.",
        FIX,
        (a.code.value,),
        (a.id,),
        source=reason(RULE),
        evidence=a.evidence,
    )
