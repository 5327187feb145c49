"""What a report says of who bills which part of a study."""

from __future__ import annotations

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.domain import ClaimType, Document

_READ = compiled(
    r"\b(?:professional (?:interpretation|component|fee|reading|read|part)|interpretation only|read(?:ing)? only"
    r"|(?:hospital|facility|lab|center) (?:bills?|billing|charges) (?:for )?(?:the )?technical)\b"
)


def only_read(chart: Chart, document: Document) -> bool:
    """Whether a professional's report says that only the reading is billed, the technical part by another."""
    return chart.encounter.claim_type is ClaimType.PROFESSIONAL and _READ.search(document.text.lower()) is not None
