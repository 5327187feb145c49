"""Evaluation and management: what kind of visit it was, and what level its note supports (rules of 2021 and 2023).

read(chart)         the visits as services, with what must be asked or told
worksheets(chart)   what an auditor writes down: problems, data, risk, time, each with its words
"""

from .offering import read
from .reading import worksheets
from .sheet import Axis, Decision, Element, Level, Spent, Worksheet

__all__ = ["Axis", "Decision", "Element", "Level", "Spent", "Worksheet", "read", "worksheets"]
