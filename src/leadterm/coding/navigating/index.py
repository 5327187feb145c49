"""The Alphabetic Index as a coder uses it for one fact: lead term, the subterms that the chart supports, references.

The thing that the chart names gives the lead term; its site, organism and kind, as the chart has them, are the only
subterms that may be followed. A word that the Index wants and the chart does not say closes the way.
"""

from __future__ import annotations

from functools import lru_cache

from leadterm.codesets.alphabetic.index import AlphabeticIndex
from leadterm.codesets.alphabetic.walk import IndexHit
from leadterm.codesets.wording import words
from leadterm.coding.affirming import implied
from leadterm.coding.chart import Chart, Opening
from leadterm.domain import Fact, PathwayStep, Step

HITS = 4
KEPT = 20_000
# What a fact says of itself that subterms ask for, in the order in which it is tried.
_ASKED = ("site", "organism", "acuity", "etiology", "course")
# "Traumatic" stands with the fracture as a main term; a fracture not said to be otherwise is (I.C.19.c, I.C.13.d).
_PRESUMED = frozenset({"traumatic", "acquired"})


def from_index(chart: Chart, fact: Fact) -> Opening | None:
    """The opening that the Index gives a fact; None where it is not installed or does not decide."""
    if chart.index is None:
        return None
    named = tuple(words(fact.concept if not fact.targets else fact.mention.text))
    said = tuple(w for axis in _ASKED for w in words(fact.attributes.get(axis, "")))
    hit = _find(chart.index, named, said)
    return _opening(fact, hit) if hit is not None else None


@lru_cache(maxsize=KEPT)
def _find(index: AlphabeticIndex, named: tuple[str, ...], said: tuple[str, ...]) -> IndexHit | None:
    """The entry that all the words of the name, and the most of what else is said, lead to."""
    wider = implied(said)
    asked = list(dict.fromkeys((*named, *said, *sorted(wider - set(said)))))
    site_said = bool(said)
    for hit in index.find(" ".join(asked), HITS):
        answered = set(words(" ".join((*hit.used, *hit.absorbed))))
        if not set(named) <= answered or set(hit.unsaid) - _PRESUMED:
            continue
        if site_said and not answered & (wider | set(said)):
            continue
        if hit.entry.codes and hit.entry.codes[0].code[:1] < "U":
            return hit
    return None


def _opening(fact: Fact, hit: IndexHit) -> Opening:
    first, *rest = hit.entry.codes
    via = "".join(f"{entry.title}, see " for entry in hit.via)
    step = PathwayStep(Step.INDEX, f"\u201c{fact.mention.text}\u201d: {via}{hit.path} {first.text}")
    return Opening(first.code, (step,), tuple(c.code for c in rest if c.manifestation))
