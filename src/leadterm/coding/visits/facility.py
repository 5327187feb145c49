"""What the claim of a hospital says of a visit: one code for Medicare's clinic visit; of emergencies, no level."""

from __future__ import annotations

from decimal import Decimal

from leadterm.coding.chart import Chart
from leadterm.coding.rules import reason
from leadterm.coding.services.payers import is_medicare
from leadterm.coding.services.service import Offer, Service
from leadterm.domain import Code, CodeSystem, Finding, PathwayStep, Setting, Severity, Step

from .families import family
from .notes import Note, notes

CLINIC = Code(CodeSystem.HCPCS, "G0463")


def facility(chart: Chart) -> Offer:
    """The offer for an institutional claim that is not of a stay."""
    if chart.encounter.setting not in (Setting.OUTPATIENT, Setting.EMERGENCY):
        return Offer()
    found = [(note, kind.name) for note in notes(chart) if (kind := family(chart, note)) is not None]
    if any(name == "emergency" for _, name in found):
        return Offer((), (_own_levels(),))
    clinic = next((note for note, name in found if name in ("office", "preventive", "nurse")), None)
    if clinic is None or not is_medicare(chart) or not chart.book.valid_on(CLINIC, chart.on):
        return Offer()
    return Offer((_clinic(chart, clinic),)) if chart.book.lookup(CLINIC) else Offer()


def _clinic(chart: Chart, note: Note) -> Service:
    entry = chart.book.lookup(CLINIC)
    return Service(
        CLINIC,
        "visit",
        (note.title or note.quote(*note.sentences[0]),),
        (PathwayStep(Step.GUIDELINE, "a clinic visit of a hospital, whatever its level", "MCPM:4.160/clinic"),),
        confidence=0.6,
        units=Decimal(1),
        day=chart.encounter.date_of_service,
        description=entry.description if entry else None,
    )


def _own_levels() -> Finding:
    rule = "MCPM:4.160/emergency"
    return Finding(
        "s0",
        rule,
        Severity.INFO,
        "The facility level of the emergency visit is not read from the note: it follows the hospital's own guideline.",
        "Take it from the hospital's charging system.",
        source=reason(rule),
    )
