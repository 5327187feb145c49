"""De-identification of charts for bug reports and research: the identifiers of 45 CFR 164.514(b)(2), by rules.

A tool, not a determination: rules miss identifiers, so that review or an expert's determination is still needed.
`deidentify` takes an encounter as it was read and gives it back without what the rules found; `find` tells what they
find in one text.
"""

from __future__ import annotations

from .charts import deidentify, kinds
from .dating import Calendar
from .finding import find
from .values import Dates, Deidentified, Found, Kind, Options, Replacement, Text

__all__ = [
    "Calendar",
    "Dates",
    "Deidentified",
    "Found",
    "Kind",
    "Options",
    "Replacement",
    "Text",
    "deidentify",
    "find",
    "kinds",
]
