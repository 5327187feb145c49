"""Cellulitis and abscess by the site that stands beside the word ("RLE cellulitis", "cellulitis, left forearm")."""

from __future__ import annotations

from leadterm.coding._tables import prefixed
from leadterm.coding.chart import Chart, Opening
from leadterm.coding.rules import reason
from leadterm.domain import Fact, PathwayStep, Step

RULE = "ICD10CM:I.B.2/skin-site"
TABLE = "guidelines/chapter12_skin/infection_sites"
# Codes of no site, at which the plain word opens.
_PLAIN = {
    **dict.fromkeys(("L03", "L03.9", "L03.90"), "cellulitis"),
    **dict.fromkeys(("L02", "L02.9", "L02.91"), "abscess"),
}
# The last character by part of the limb and side (right, left, not said).
_LIMB = {"axilla": ("1", "2", "9"), "upper": ("3", "4", "9"), "lower": ("5", "6", "9")}
_SIDED = {"L03.01": ("1", "2", "9"), "L03.03": ("1", "2", "9"), "L02.51": ("1", "2", "9"), "L02.61": ("1", "2", "9")}


def open_at_site(chart: Chart, fact: Fact) -> Opening | None:
    """The opening of an infection of the skin at its site; None where its term says one, or the chart says none."""
    kind = _PLAIN.get(fact.targets[0]) if fact.targets else None
    site = fact.attributes.get("site", "").lower()
    if kind is None or not site:
        return None
    places = prefixed(TABLE, kind)
    named = next((name for name in sorted(places, key=len, reverse=True) if name in site), None)
    if named is None:
        return None
    code = _sided(places[named], fact.attributes.get("laterality"))
    step = PathwayStep(Step.INDEX, f"\u201c{fact.mention.text}\u201d, {site}: {code}. {reason(RULE)}", RULE)
    return Opening(code, (step,), settled=True)


def _sided(place: str, side: str | None) -> str:
    """The code of a place on a side."""
    node, _, part = place.partition(":")
    characters = _LIMB.get(part) or _SIDED.get(node)
    if characters is None:
        return node
    return node + characters[{"right": 0, "left": 1}.get(side or "", 2)]
