"""Review of coding by people: grading attempts at coding cases. `grade` gives a `Grade`."""

from ._reasons import Reason, ReasonKind
from .grading import AttemptCode, Grade, Leading, LeadingMark, Mark, Missed, Outcome, grade

__all__ = [
    "AttemptCode",
    "Grade",
    "Leading",
    "LeadingMark",
    "Mark",
    "Missed",
    "Outcome",
    "Reason",
    "ReasonKind",
    "grade",
]
