"""Where a fact opens: what the dictionary found, taken further, or found in its place, by the Alphabetic Index."""

from __future__ import annotations

from leadterm.coding.chart import Chart, Opening
from leadterm.domain import Fact, FactKind, PathwayStep, Step

from .index import from_index

# What the Index of diseases has lead terms for; procedures, drugs and values open otherwise, if at all.
_INDEXED = (FactKind.CONDITION, FactKind.FINDING)
_SOURCES = {"title": Step.TITLE, "inclusion": Step.INCLUSION, "index": Step.INDEX}


def open_fact(chart: Chart, fact: Fact) -> Opening | None:
    """The opening of a fact; None where neither dictionary nor Index leads anywhere."""
    known = _from_dictionary(fact)
    if fact.kind not in _INDEXED or (known and not _further(fact)):
        return known
    found = from_index(chart, fact)
    if found is None or (known is not None and not _agrees(known, found)):
        return known
    return found


def _from_dictionary(fact: Fact) -> Opening | None:
    if not fact.targets:
        return None
    step = _SOURCES.get(fact.source or "", Step.LEXICON)
    return Opening(
        fact.targets[0], (PathwayStep(step, f"\u201c{fact.mention.text}\u201d: {fact.concept}, {fact.targets[0]}"),)
    )


# Axes by which the Index has subterms; what the Tabular List alone tells apart (side, severity) it leaves to that.
_SUBTERMS = ("site", "organism")


def _further(fact: Fact) -> bool:
    """Whether the chart says something of the fact that the Index may have a subterm for."""
    return any(axis in fact.attributes for axis in _SUBTERMS)


def _agrees(known: Opening, found: Opening) -> bool:
    """Whether the Index leads on from where the dictionary opened, and not elsewhere."""
    return found.node != known.node and found.node.startswith(known.node[:3])
