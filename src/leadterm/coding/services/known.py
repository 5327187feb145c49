"""Codes of this room on their way: known to what is installed, with their words and day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from leadterm.codesets.lists.cpt import Cpt
from leadterm.codesets.lists.hcpcs import Hcpcs
from leadterm.codesets.payment.fees import RelativeValues
from leadterm.coding.chart import Chart
from leadterm.coding.services.service import Service
from leadterm.domain import Code, CodeSystem, Evidence, PathwayStep, Step


def known(chart: Chart, code: str) -> bool:
    """Whether the installed lists of the day do not speak against a code: a list that is not installed says nothing."""
    if code[0].isalpha():
        listed = chart.book.find(Hcpcs, chart.on)
        entry = listed.code(code, chart.on) if listed else None
        return listed is None or (entry is not None and entry.in_force is not False)
    licensed, fees = chart.book.find(Cpt, chart.on), chart.book.find(RelativeValues, chart.on)
    if licensed is not None:
        return licensed.code(code) is not None
    return fees is None or fees.value(code) is not None


def description(chart: Chart, code: str) -> str | None:
    """The title that may be shown: that of an installed list."""
    if not code[0].isalpha():
        licensed = chart.book.find(Cpt, chart.on)
        found = licensed.code(code) if licensed else None
        return found.description if found else None
    listed = chart.book.find(Hcpcs, chart.on)
    entry = listed.code(code, chart.on) if listed else None
    return entry.long if entry else None


def coded(
    chart: Chart,
    code: str,
    kind: str,
    name: str,
    evidence: Iterable[Evidence],
    day: date | None,
    units: Decimal = Decimal(1),
    confidence: float = 0.75,
) -> Service:
    """A service with its first step: what was documented, in the words of our table."""
    kept = tuple({(e.document, e.span): e for e in evidence}.values())
    system = CodeSystem.HCPCS if code[0].isalpha() else CodeSystem.CPT
    return Service(
        Code(system, code),
        kind,
        kept,
        (PathwayStep(Step.LEXICON, f"{name}: {code}"),),
        confidence=confidence,
        rank=(5, kept[0].span.start if kept else 0),
        description=description(chart, code),
        units=units,
        day=day,
    )
