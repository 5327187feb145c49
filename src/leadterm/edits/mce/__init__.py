"""The Medicare Code Editor for inpatient claims of facilities: today's edits by their names."""

from leadterm.edits._families import Family

from . import editor, stay

FAMILY = Family(
    "mce",
    "What would the Medicare Code Editor say of the stay?",
    codings=(stay,),
    answered=(editor,),
    of_claims=True,
)
