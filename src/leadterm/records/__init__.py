"""Charts in: files become Encounters with Documents whose text is untouched."""

from .charts import BadRow, Chart, Overrides, must_exist, read_charts, read_encounter, read_upload, read_whole
from .formats import Format, named
from .text import MOST_BYTES, decode

__all__ = [
    "MOST_BYTES",
    "BadRow",
    "Chart",
    "Format",
    "Overrides",
    "decode",
    "must_exist",
    "named",
    "read_charts",
    "read_encounter",
    "read_upload",
    "read_whole",
]
