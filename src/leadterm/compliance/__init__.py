"""Compliance: signals over a period, the clock of overpayments, and case files.

    watch = Watch(tables, …)   `leadterm.compliance.signals`: claims go by once, and at the end stand the signals
    clock(dates, on)           until when an overpayment must be reported and returned, with the citation of each step
    replayed(entries)          `leadterm.compliance.casefile`: a case file as the events on it leave it

What is found in billing are signals, each with its statistic and its threshold; only a person finds what is behind one.
Nothing here reads a clock, a file or a database.
"""

from .clock import Clock, Deadline, State, clock
from .events import REPEATED, Event, Happened
from .steps import Line

__all__ = ["REPEATED", "Clock", "Deadline", "Event", "Happened", "Line", "State", "clock"]
