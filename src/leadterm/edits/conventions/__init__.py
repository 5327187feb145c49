"""Conventions of the Tabular List and of the guidelines: which codes stand together, and in which order."""

from leadterm.edits._families import Family

from . import admission, births, companions, etiology, excludes, groups, injuries, pairs, sequencing

FAMILY = Family(
    "conventions",
    "May the codes stand together, in this order?",
    codings=(excludes, sequencing, etiology, pairs, companions, groups, injuries, births, admission),
    of_claims=True,
)
