"""Does a diagnosis support the service, is it in time, and was the patient told where not?"""

from leadterm.edits._families import Family

from . import diagnoses, frequency, notices

FAMILY = Family(
    "coverage",
    "Does a diagnosis support the service, is it in time, and was the patient told where not?",
    claims=(diagnoses, frequency, notices),
    of_charges=True,
)
