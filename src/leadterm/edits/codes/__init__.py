"""Codes by themselves: valid, complete and in force on the date, once, and fitting the patient."""

from leadterm.edits._families import Family

from . import patient, validity

FAMILY = Family("codes", "Is each code one, and does it fit the patient?", codings=(validity, patient), of_claims=True)
