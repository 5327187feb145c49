"""Which diabetes a chart speaks of (I.C.4.a.1, I.C.4.a.2, I.C.4.a.6).

The type that the chart states in one place holds for every place that leaves it open; type 2 where it states none.
"""

from __future__ import annotations

import re

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart, Opening
from leadterm.coding.passages import holds
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact, PathwayStep, Step

RULE = "ICD10CM:I.C.4.a.1/type"
DIABETES = ("E08", "E09", "E10", "E11", "E13")
DEFAULT = "E11"
_TYPES = {"1": "E10", "i": "E10", "2": "E11", "ii": "E11", "1.5": "E13", "3c": "E08"}
_SAYS_TWO = compiled(
    r"\btype ?-?(?:2|ii\b|two)|\bt2d|\bdm ?-?(?:2|ii\b|t2)|\bniddm|\badult[- ]onset|\bnon-?\s?insulin", re.IGNORECASE
)
_SPOKEN = (Assertion.PRESENT, Assertion.RESOLVED, Assertion.HISTORICAL, Assertion.UNCERTAIN)
# Last characters without and with coma, by what follows the category.
_COMATOSE = {".0": "01", ".1": "01", ".64": "91"}
_COMA = compiled(r"\bcoma(?:tose)?\b|\bnkhhc\b")
# Of type 2 alone: what is in remission cannot be moved to another type.
_ONLY_TWO = "E11.A"


def open_diabetes(chart: Chart, fact: Fact) -> Opening | None:
    """Where a fact of diabetes opens whose words leave the type open, by the type that the chart states."""
    if not fact.targets or not fact.targets[0].startswith(DIABETES) or fact.assertion is Assertion.FAMILY:
        return None
    target = fact.targets[0]
    kind = kind_of_diabetes(chart, fact)
    node = target if target.startswith(_ONLY_TWO) else _with_coma(chart, fact, at_kind(target, kind))
    if node == target:
        return None
    said = PathwayStep(Step.LEXICON, f"\u201c{fact.mention.text}\u201d: {fact.concept}, {target}")
    return Opening(node, (said, PathwayStep(Step.GUIDELINE, f"{node}: {reason(RULE)}", RULE)))


def open_neuropathy(chart: Chart, fact: Fact) -> Opening | None:
    """Where a neuropathy without a kind opens that is listed beside diabetes: with it, kind unspecified."""
    rule = "ICD10CM:I.A.15/neuropathy"
    if fact.mention.text.lower() not in ("neuropathy", "neuropathic pain") or fact.assertion is not Assertion.PRESENT:
        return None
    cause = fact.attributes.get("cause", "diabet").lower()
    diabetes = [f for f in chart.present if f.targets and f.targets[0].startswith(DIABETES)]
    if not diabetes or not ("diabet" in cause or "dm" in cause) or "not due to" in chart.sentence(fact):
        return None
    node = at_kind("E11.40", kind_of_diabetes(chart, diabetes[0]))
    return Opening(node, (PathwayStep(Step.GUIDELINE, f"{node}: {reason(rule)}", rule),))


def _with_coma(chart: Chart, fact: Fact, node: str) -> str:
    """The node, with or without coma as the fact's sentence says, where that is all that is open."""
    if node[3:] not in _COMATOSE:
        return node
    deep = bool(holds(_COMA, chart.sentence(fact)))
    return f"{node}{_COMATOSE[node[3:]][deep]}"


def kind_of_diabetes(chart: Chart, fact: Fact) -> str:
    """The category of a fact of diabetes: as it says itself, else as the chart says elsewhere."""
    own = stated(fact)
    if own is not None:
        return own
    kinds = {kind for f in chart.facts if f.assertion in _SPOKEN and (kind := stated(f)) is not None}
    return kinds.pop() if len(kinds) == 1 else DEFAULT


def stated(fact: Fact) -> str | None:
    """The category that the fact's own words state; None where it is no diabetes or leaves the type open."""
    if not fact.targets or not fact.targets[0].startswith(DIABETES):
        return None
    if fact.targets[0][:3] not in (DEFAULT, "E13"):
        return fact.targets[0][:3]
    cause = _by_cause(fact)
    if cause is not None or fact.targets[0].startswith("E13"):
        return cause or "E13"
    kind = _TYPES.get(fact.attributes.get("type", ""))
    if kind is not None:
        return kind
    return DEFAULT if _SAYS_TWO.search(fact.mention.text) or fact.targets[0].startswith(_ONLY_TWO) else None


def _by_cause(fact: Fact) -> str | None:
    """The category that the cause of a secondary diabetes calls for (`secondary.tsv`)."""
    said = f"{fact.mention.text} {fact.attributes.get('cause', '')}".lower()
    if fact.attributes.get("type") in _TYPES or _SAYS_TWO.search(fact.mention.text):
        return None
    return next(
        (row["category"] for row in rows("guidelines/chapter04_endocrine/secondary") if row["word"] in said), None
    )


def at_kind(node: str, kind: str) -> str:
    """The node of another category that says the same; type 1 has no hyperosmolarity of its own."""
    return "E10.69" if kind == "E10" and node[3:5] == ".0" else kind + node[3:]
