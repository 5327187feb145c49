"""The Medicare Code Editor for inpatient claims of facilities: today's edits by their names."""

from leadterm.edits._families import Family

from . import editor

FAMILY = Family("mce", "What would the Medicare Code Editor say of the stay?", answered=(editor,))
