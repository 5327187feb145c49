"""Notes taken apart for the tests of visits."""

from __future__ import annotations

from datetime import date
from typing import Any

from leadterm import abstraction, pipeline
from leadterm.codesets import CodeBook
from leadterm.coding.chart import Chart
from leadterm.schemas import decode

DAY = date(2026, 5, 14)


def chart_of(text: str, book: CodeBook, **encounter: Any) -> Chart:
    """The chart of one note; `encounter` as in leadterm.encounter/1."""
    record = {
        "schema": "leadterm.encounter/1",
        "id": "visit",
        "setting": "outpatient",
        "date_of_service": DAY.isoformat(),
        "documents": [{"id": "d1", "text": text}],
        **encounter,
    }
    made = decode.encounter(record, "visit")
    reading = abstraction.read(made.documents, pipeline.dictionary(book))
    return Chart(made, reading.facts, book, DAY, reading.sections, reading.passages)
