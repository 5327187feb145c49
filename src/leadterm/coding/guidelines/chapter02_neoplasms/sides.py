"""The side of a neoplasm: that of its own site, never one that stands among the words of another (I.B.13)."""

from __future__ import annotations

import re

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.domain import Fact, Sex

from .places import Place, Zone

NEAR = 24  # characters between a side and what it is the side of
_SIDES = compiled(r"\b(?:left|right|l|r|lt|rt|both|bilat\w*|b/l)\b")
_LOBE = compiled(r"\b[lr][uml]l\b")


def sided(chart: Chart, code: str, side: str | None) -> str:
    """The node below `code` for the patient's sex and the side; `code` itself where the list has none of them."""
    sex = {Sex.FEMALE: "female", Sex.MALE: "male"}.get(chart.encounter.patient.sex)
    node = chart.book.node(code)
    while node is not None and not node.billable:
        titles = {c.code: c.title.lower() for c in (chart.book.node(child) for child in node.children) if c is not None}
        of_sex = [c for c, title in titles.items() if sex and re.search(rf"\b{sex}\b", title)]
        of_side = [c for c, title in titles.items() if side and re.search(rf"\b{side}\b", title)]
        both = [c for c in of_side if c in of_sex] or of_side or of_sex
        if len(both) != 1:
            return node.code
        node = chart.book.node(both[0])
    return node.code if node is not None else code


def on_sides(chart: Chart, code: str, side: str | None) -> tuple[str, ...]:
    """The node for a side; of what is bilateral the node of each side, where the list has none for both (I.B.13)."""
    if side != "bilateral" or sided(chart, code, side) != sided(chart, code, None):
        return (sided(chart, code, side),)
    return tuple(dict.fromkeys(sided(chart, code, one) for one in ("right", "left")))


def unsided(chart: Chart, code: str) -> str:
    """The leaf of a node whose side is not told, where the way to it is one."""
    node = chart.book.node(code)
    while node is not None and not node.billable:
        children = [c for c in (chart.book.node(child) for child in node.children) if c is not None]
        vague = [c for c in children if "unspecified" in c.title.lower()[len(node.title) // 2 :]]
        if len(vague) != 1:
            return code
        node = vague[0]
    return node.code if node is not None else code


def side_of_another(fact: Fact, zone: Zone, places: list[Place]) -> bool:
    """Whether the side that the fact bears stands far from its own words and sites."""
    if fact.attributes.get("laterality") is None:
        return False
    spans = [(zone.start, zone.end), *((p.start, p.end) for p in places)]
    near = [_own_words(zone.text, a, b) for a, b in spans]
    return not any(_SIDES.search(words) or _LOBE.search(words) for words in near)


_APART = compiled(r"\b(?:with|and|from|to|after|for|s/p)\b|[;:]|,(?! ?(?:left|right|[lr]|lt|rt|bilateral|both)\b)")


def _own_words(text: str, start: int, end: int) -> str:
    """The words beside a stretch, up to the next joint of the sentence."""
    before = _APART.split(text[max(0, start - NEAR) : start])[-1]
    after = _APART.split(text[end : end + NEAR])[0]
    return f"{before}{text[start:end]}{after}"
