"""The Medicare physician fee schedule: where a line of a professional claim contradicts what it says of the code.

The relative value file is the user's installed release. Asked is where Medicare pays, whose indicators these are.
"""

from leadterm.edits._families import Family

from . import globals, policy, status, visits

FAMILY = Family(
    "fees",
    "Does the physician fee schedule know the service, and do modifiers, global days and shares agree with it?",
    claims=(status, globals, policy, visits),
    of_charges=True,
)
