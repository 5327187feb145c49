"""A watched folder: what arrives is coded once each, whatever happens to the process that does it.

ledger      what was done with which content, one line each, synced: a killed process does nothing twice
arriving    the files that are whole: of one size and time for a while
keeping     results, whole or not at all, and their names
inbox       one look at the folder: what came is coded, or joined with the encounter that it came late to
"""

from .arriving import Arrivals
from .inbox import Chart, Event, Inbox, Outcome
from .keeping import watching

__all__ = ["Arrivals", "Chart", "Event", "Inbox", "Outcome", "watching"]
