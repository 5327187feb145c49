"""The National Correct Coding Initiative: pairs of procedures, units that are unlikely, add-on codes by themselves.

The tables are those of the user's installed release, whole: practitioner or outpatient hospital, Medicare or Medicaid.
"""

from leadterm.edits._families import Family

from . import add_on, mue, ptp

FAMILY = Family(
    "ncci",
    "Do the services go together, are their units likely, and do add-on codes stand beside their primary?",
    claims=(ptp, mue, add_on),
    of_charges=True,
)
