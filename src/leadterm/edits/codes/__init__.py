"""Codes by themselves: complete and in force on the date, once, as exact as the record, and fitting the patient."""

from leadterm.edits._families import Family

from . import detail, patient, sevenths, sides, validity

FAMILY = Family(
    "codes",
    "Is each code one, is it exact, and does it fit the patient?",
    codings=(validity, sevenths, sides, detail, patient),
    of_claims=True,
)
