"""Charts in: files become Encounters with Documents whose text is untouched."""

from .charts import (
    BadRow,
    Chart,
    Overrides,
    Source,
    must_exist,
    opened,
    read_charts,
    read_encounter,
    read_upload,
    read_whole,
)
from .checkable import READERS, Checkable, read_checkable, read_one
from .formats import Format, named
from .rules import findings, rules
from .text import MOST_BYTES, decode

__all__ = [
    "MOST_BYTES",
    "READERS",
    "BadRow",
    "Chart",
    "Checkable",
    "Format",
    "Overrides",
    "Source",
    "decode",
    "findings",
    "must_exist",
    "named",
    "opened",
    "read_charts",
    "read_checkable",
    "read_encounter",
    "read_one",
    "read_upload",
    "read_whole",
    "rules",
]
