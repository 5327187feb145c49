"""Does the outpatient prospective payment system take the service as it is billed?

Judged are Medicare's claims of hospitals for outpatients (12x, 13x, 14x), each line by the Addendum B of its day.
"""

from leadterm.edits._families import Family

from . import blood, observation, packaging, statuses, visits

FAMILY = Family(
    "outpatient",
    "Does the outpatient prospective payment system take the service as it is billed?",
    claims=(statuses, visits, blood, observation, packaging),
    of_charges=True,
)
