"""Does a diagnosis support the service, is it in time, and was the patient told where not?"""

from leadterm.edits._families import Family

FAMILY = Family(
    "coverage",
    "Does a diagnosis support the service, is it in time, and was the patient told where not?",
    of_charges=True,
)
