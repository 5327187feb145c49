"""Charts in: files become Encounters with Documents whose text is untouched."""

from .charts import BadRow, Overrides, read_charts, read_encounter
from .text import MOST_BYTES, decode

__all__ = ["MOST_BYTES", "BadRow", "Overrides", "decode", "read_charts", "read_encounter"]
