"""Foreign bodies in natural orifices (T15 to T19): where they are, what they are, at which side."""

from __future__ import annotations

import re
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart, Opening
from leadterm.coding.patterns import Pattern, compiled
from leadterm.domain import Fact, FactKind, PathwayStep, Step

from .phrases import phrase, side_of

RULE = "ICD10CM:I.C.19.b/site"
_FOREIGN = compiled(
    r"\b(?:foreign (?:body|bodies|object)|fb|food bolus|food impaction|bolus impaction|impacted food)\b", re.IGNORECASE
)
_FOOD = compiled(
    r"\b(?:food|meat|steak|chicken|fish ?bone|bone|hot dog|peanut|popcorn|grape|bolus|nut|carrot|apple"
    r"|seed)\b",
    re.IGNORECASE,
)
_THING = compiled(
    r"\b(?:coin|quarter|penny|nickel|dime|battery|magnet|toy|bead|pin|needle|button|marble|screw|nail|tooth|denture"
    r"|plastic|metal\w*"
    r"|glass|pill|capsule|toothpick|lego|cap|earring|ring|key)\b",
    re.IGNORECASE,
)


@cache
def _table() -> tuple[tuple[Pattern, str], ...]:
    table = rows("guidelines/chapter19_injury/orifices")
    return tuple((compiled(row["pattern"], re.IGNORECASE), row["node"]) for row in table)


def orifice(chart: Chart, fact: Fact) -> Opening | None:
    """The opening of a foreign body in an orifice; None for what is none, or stands nowhere."""
    named = fact.targets and fact.targets[0].startswith(("T15", "T16", "T17", "T18", "T19"))
    if fact.kind not in (FactKind.CONDITION, FactKind.FINDING) or not (named or _FOREIGN.search(fact.mention.text)):
        return None
    if "sensation" in chart.sentence(fact) or not (named or _FOREIGN.search(fact.mention.text)):
        return None
    words = phrase(chart, fact).text
    where = f"{words} {fact.attributes.get('site', '')}"
    node = next((node for pattern, node in _table() if pattern.search(where)), None)
    if node is None:
        return None
    side = side_of(where) or fact.attributes.get("laterality")
    code = _sided(chart, node.format(k=_thing(chart)), side)
    step = PathwayStep(Step.INDEX, f"\u201c{words}\u201d: {code}", RULE)
    return Opening(code, (step,), settled=True)


def _thing(chart: Chart) -> str:
    text = " ".join(d.text for d in chart.encounter.documents)
    return "2" if _FOOD.search(text) else "9" if _THING.search(text) else "0"


def _sided(chart: Chart, node: str, side: str | None) -> str:
    """The code below a node at a side; the node itself where the list knows no sides."""
    below = [n for n in chart.book.tree(node) if n.extension is None]
    wanted = side if side in ("right", "left") else "unspecified"
    found = [n.code for n in below if re.search(rf"\b{wanted} (?:eye|ear)\b", n.title.lower())]
    return found[-1] if found else node
