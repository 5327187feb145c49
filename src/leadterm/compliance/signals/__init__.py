"""Compliance signals over a period: what differs, from what, by how much, and what would explain it innocently.

    watch = Watch(tables_of(book, on), with_settings({"em-levels": {"smallest": 50}}), period)
    watch.see(claim), watch.read(coded)     every claim and every encounter with notes, once each
    watch.signals()                         what is worth a look, as `domain.Signal`
    signal_rules()                          the rule of each kind: citation, statistic, settings

Signals are no findings on a claim (those are `edits`) and no accusation. What a user has not installed (peers'
distributions, pairs of NCCI, the list of exclusions) keeps its signals silent.
"""

from ._about import Tables
from ._installed import tables_of
from ._rules import Setting, SignalRule, signal_rules, with_settings
from .watch import Watch

__all__ = [
    "Setting",
    "SignalRule",
    "Tables",
    "Watch",
    "signal_rules",
    "tables_of",
    "with_settings",
]
