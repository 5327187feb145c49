"""Does the outpatient prospective payment system take the service as it is billed?"""

from leadterm.edits._families import Family

FAMILY = Family(
    "outpatient", "Does the outpatient prospective payment system take the service as it is billed?", of_charges=True
)
