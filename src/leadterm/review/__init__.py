"""Review of coding: attempts at cases graded (`grade`), two codings of a corpus compared (`compare`)."""

from ._reasons import Reason, ReasonKind
from .comparing import Change, Coding, compare, totals
from .grading import AttemptCode, Grade, Leading, LeadingMark, Mark, Missed, Outcome, grade

__all__ = [
    "AttemptCode",
    "Change",
    "Coding",
    "Grade",
    "Leading",
    "LeadingMark",
    "Mark",
    "Missed",
    "Outcome",
    "Reason",
    "ReasonKind",
    "compare",
    "grade",
    "totals",
]
