"""Charts and lines for the tests of services."""

from __future__ import annotations

from datetime import date
from typing import Any

from leadterm import abstraction
from leadterm.coding.chart import Chart
from leadterm.coding.services.service import Service
from leadterm.domain import Charge, Code, CodeSystem, Document, Encounter, Evidence, PathwayStep, Setting, Span, Step
from leadterm.pipeline import Coder, dictionary

DAY = date(2026, 5, 8)


def code(value: str) -> Code:
    return Code(CodeSystem.HCPCS if value[0].isalpha() else CodeSystem.CPT, value)


def encounter(text: str, setting: Setting = Setting.PROFESSIONAL, **fields: Any) -> Encounter:
    return Encounter("case", setting, date_of_service=DAY, documents=(Document("d1", text),), **fields)


def chart(coder: Coder, text: str, setting: Setting = Setting.PROFESSIONAL, **fields: Any) -> Chart:
    """What coding works on, for a text."""
    whole = encounter(text, setting, **fields)
    reading = abstraction.read(whole.documents, dictionary(coder.book))
    return Chart(whole, reading.facts, coder.book, DAY, reading.sections, reading.passages)


def charge(value: str, *modifiers: str, **fields: Any) -> Charge:
    return Charge(code(value), modifiers=modifiers, **fields)


def read(of: Chart, value: str, words: str, kind: str = "procedure", **fields: Any) -> Service:
    """A line that was read in the chart, by words that stand in it."""
    document = of.encounter.documents[0]
    at = document.text.index(words)
    evidence = (Evidence.quote(document, Span(at, at + len(words))),)
    return Service(code(value), kind, evidence, (PathwayStep(Step.TABLE, "read"),), day=DAY, **fields)


def captured(value: str, *modifiers: str, **fields: Any) -> Service:
    """A line that the record priced."""
    return Service(code(value), "captured", modifiers=modifiers, captured=True, day=DAY, **fields)
