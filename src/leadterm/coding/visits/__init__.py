"""Evaluation and management: what kind of visit it was, and what level its note supports (rules of 2021 and 2023).

read(chart)         the visits as services, with what must be asked or told
worksheets(chart)   what an auditor writes down: problems, data, risk, time, each with its words
what_if(sheet)      what one element or minute more or less would do; for audit and education alone
"""

from .offering import read
from .reading import worksheets
from .sheet import Axis, Decision, Element, Level, Spent, Worksheet
from .what_if import Outcome, WhatIf, what_if

__all__ = [
    "Axis",
    "Decision",
    "Element",
    "Level",
    "Outcome",
    "Spent",
    "WhatIf",
    "Worksheet",
    "read",
    "what_if",
    "worksheets",
]
