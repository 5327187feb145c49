"""Compliance: the clock of overpayments, and case files.

    clock(dates, on)           until when an overpayment must be reported and returned, with the citation of each step
    begun(case) … applied      `leadterm.compliance.casefile`: a case file as the events on it leave it

What is found in billing are signals, each with its statistic and its threshold; only a person finds what is behind one.
Nothing here reads a clock, a file or a database.
"""

from .clock import Clock, Deadline, Event, Happened, Line, State, clock

__all__ = ["Clock", "Deadline", "Event", "Happened", "Line", "State", "clock"]
