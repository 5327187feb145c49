"""The National Correct Coding Initiative: procedure pairs (PTP), medically unlikely edits (MUE), add-on codes."""

from .add_on import AddOn, AddOnEdit
from .mue import (
    MedicaidMueDme,
    MedicaidMueOutpatient,
    MedicaidMuePractitioner,
    Mue,
    MueDme,
    MueOutpatient,
    MuePractitioner,
)
from .ptp import (
    MedicaidDmePtp,
    MedicaidOutpatientPtp,
    MedicaidPractitionerPtp,
    OutpatientPtp,
    PractitionerPtp,
    PtpEdit,
)

__all__ = [
    "AddOn",
    "AddOnEdit",
    "MedicaidDmePtp",
    "MedicaidMueDme",
    "MedicaidMueOutpatient",
    "MedicaidMuePractitioner",
    "MedicaidOutpatientPtp",
    "MedicaidPractitionerPtp",
    "Mue",
    "MueDme",
    "MueOutpatient",
    "MuePractitioner",
    "OutpatientPtp",
    "PractitionerPtp",
    "PtpEdit",
]
