"""Modifiers: what the record says of how, where, on which side and with whom a service was done.

A line that was read in the chart gets the modifiers that the record supports, each with its rule and its reason. A
line that the record priced is never changed: what it lacks, or bears without words, is a finding.
"""

from .applying import applied

__all__ = ["applied"]
