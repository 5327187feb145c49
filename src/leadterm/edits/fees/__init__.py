"""Does the physician fee schedule know the service, and do modifiers, global days and shares agree with it?"""

from leadterm.edits._families import Family

FAMILY = Family(
    "fees",
    "Does the physician fee schedule know the service, and do modifiers, global days and shares agree with it?",
    of_charges=True,
)
