"""Where a disease of bones, joints and soft tissue opens: its node, refined, at the site and side of the chart."""

from __future__ import annotations

import re

from leadterm.coding.chart import Chart, Opening
from leadterm.coding.guidelines.chapter19_injury.phrases import side_of
from leadterm.coding.guidelines.chapter19_injury.reading import weak_bone
from leadterm.coding.navigating.leaves import best, under
from leadterm.coding.navigating.said import said
from leadterm.coding.patterns import compiled
from leadterm.domain import Fact, PathwayStep, Step

from . import fractures
from .around import around, words_of
from .places import placed, sites

RULE = "ICD10CM:I.C.13.a/site"
GROWTH = "ICD10CM:I.C.2.l.6/fracture"
# Where osteoarthritis of a joint stands, by the joint and by its origin.
_OSTEOARTHRITIS = {"hip": "M16", "knee": "M17", "cmc": "M18"}
_ORIGINS = {"post-traumatic": ("M19.1", "5", "3"), "secondary": ("M19.2", "6", "5")}
_SEROPOSITIVE = compiled(
    r"\b(?:sero-?positive|rf\s?\+|rf[- ]positive|rheumatoid factor positive|anti-?ccp\s?\+|ccp\s?\+|ccp[- ]positive)",
    re.IGNORECASE,
)
_VAGUE_PART = compiled(
    r"unspecified (?:bone|site|joint|part|hip|knee)|site unspecified"
    r"|, unspecified$",
    re.IGNORECASE,
)
_ORGANISMS = (
    ("M00.0", compiled(r"\b(?:staph\w*|mssa|mrsa)\b", re.IGNORECASE)),
    ("M00.1", compiled(r"\bpneumococc\w*", re.IGNORECASE)),
    ("M00.2", compiled(r"\bstrep\w*", re.IGNORECASE)),
)
# Pain in a limb, and the words for the whole of one.
LIMB = "M79.60"
_LIMBS = {
    "arm": compiled(r"(?<!upper )(?<!fore)\barms?\b|\bupper (?:extremit(?:y|ies)|limbs?)\b", re.IGNORECASE),
    "leg": compiled(r"(?<!lower )\blegs?\b|\blower (?:extremit(?:y|ies)|limbs?)\b", re.IGNORECASE),
}
_OLD = compiled(r"\b(?:old|chronic|degenerative|degenerate|attritional|years? ago)\b")
_TORN = compiled(r"\b(?:tear|torn|derangement)\b", re.IGNORECASE)


def bones_and_joints(chart: Chart, fact: Fact) -> Opening | None:
    """The opening of a fact of chapter 13 at its site; None where the chart names no site, or the list has no sites."""
    if not _is_of_bones(chart, fact):
        return None
    text = words_of(chart, fact)
    if _TORN.search(fact.mention.text) and (old := _old_tear(chart, fact, text)) is not None:
        return old
    node = _node(chart, fact, text)
    if node is None:
        return None
    told = "" if sites(text) else _text_of_others(chart, fact, node)
    side = side_of(text) or fact.attributes.get("laterality") or side_of(told)
    named = sites(text) or sites(fact.attributes.get("site", "")) or sites(told)
    named = _limb(text) or named if node == LIMB else named
    code = placed(chart.book, node, named, side)
    if code is None:
        return _whole(chart, fact, node, text)
    both = [placed(chart.book, node, named, one) for one in ("right", "left")] if side == "bilateral" else []
    more = (both[1],) if len(both) == 2 and both[0] and both[1] and _vague(chart, code) else ()
    code = both[0] if more and both[0] else code
    below = chart.book.node(code)
    rule = GROWTH if node == "M84.5" else RULE
    step = PathwayStep(Step.TABULAR, f"\u201c{text}\u201d: {code} {below.title if below else ''}", rule)
    return Opening(code, (step,), tuple(m for m in more if m), settled=True)


def _is_of_bones(chart: Chart, fact: Fact) -> bool:
    """Whether a fact can open in the chapter: by its target, as a break or as a tear."""
    if not fact.targets:
        return fact.concept == "fracture" or _TORN.search(fact.mention.text) is not None
    if fact.targets[0].startswith("M") or _TORN.search(fact.mention.text):
        return True
    return weak_bone(chart, fact)


def _limb(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The whole arm or leg that a pain is of, as the titles of M79.60 name it; empty where a part is named."""
    whole = (((("limb", (limb,)),), said.sub("", text)) for limb, said in _LIMBS.items() if said.search(text))
    return next((named for named, rest in whole if not sites(rest)), ())


def _old_tear(chart: Chart, fact: Fact, text: str) -> Opening | None:
    """A meniscus torn long ago, or worn: an internal derangement, not an injury (Index: Tear, meniscus, old)."""
    sentence = chart.sentence(fact)
    if not re.search(r"\bmenisc\w+", sentence) or not (_OLD.search(sentence) or "derangement" in sentence):
        return None
    node = "M23.2" if re.search(r"\bold\b|\bchronic\b|years? ago", sentence) else "M23.3"
    side = side_of(sentence) or fact.attributes.get("laterality")
    words = said(f"{sentence} derangement of meniscus due to old tear or injury other")
    found = best(under(chart.book, "13", node), words, side, other=node == "M23.3")
    if found is None:
        return None
    step = PathwayStep(Step.INDEX, f"\u201c{text}\u201d: {found.leaf.code}", RULE)
    return Opening(found.leaf.code, (step,), settled=True)


def _vague(chart: Chart, code: str) -> bool:
    node = chart.book.node(code)
    return node is not None and "unspecified" in node.title.lower()


def _whole(chart: Chart, fact: Fact, node: str, text: str) -> Opening | None:
    """The opening at a refined node without a site; None where the dictionary's own node stands."""
    if fact.targets and node == fact.targets[0]:
        return None
    return Opening(node, (PathwayStep(Step.INDEX, f"\u201c{text}\u201d: {node}", RULE),))


def _node(chart: Chart, fact: Fact, text: str) -> str | None:
    """The node of the Tabular List below which the site is looked for."""
    if not fact.targets and fact.concept == "fracture":
        return fractures.node_of_bare(chart, fact)
    if not fact.targets or not (fact.targets[0].startswith("M") or weak_bone(chart, fact)):
        return None
    if (broken := fractures.node_of(chart, fact)) is not None:
        return broken
    target = fact.targets[0]
    if target.startswith("M19") and re.search(r"\brheumatoid\W*$", around(chart, fact)[0], re.IGNORECASE):
        return "M06.9"
    if target.startswith(("M19.9", "M19.1", "M19.2")):
        return _osteoarthritis(fact, text) or target
    if target.startswith("M05.9") or (target.startswith("M06.9") and _SEROPOSITIVE.search(chart.sentence(fact))):
        return "M05.7" if sites(text) else target
    if target.startswith("M65.2") and any(site == "shoulder" for site, _ in sites(text)):
        return "M75.3"
    if target.startswith("M86.6") and re.search(r"\bdraining sinus|sinus tract", chart.sentence(fact)):
        return "M86.4"
    if target == "M10.9" and re.search(r"\b(?:idiopathic|primary)\b", text, re.IGNORECASE):
        return "M10.0"
    if target == "M00.9":
        text = " ".join(d.text for d in chart.encounter.documents)
        return next((node for node, organism in _ORGANISMS if organism.search(text)), target)
    return _stem(chart, target)


def _stem(chart: Chart, target: str) -> str:
    """The node whose children tell sites apart: an "unspecified site" is opened again from above."""
    if target.startswith(LIMB):
        return LIMB
    node = chart.book.node(target)
    if node is not None and _VAGUE_PART.search(node.title) and node.parent and "-" not in node.parent:
        return node.parent
    return target


def _osteoarthritis(fact: Fact, text: str) -> str | None:
    named = sites(text) or sites(fact.attributes.get("site", ""))
    origin = fact.attributes.get("etiology", "primary")
    if not named:
        return None
    joint = _OSTEOARTHRITIS.get(named[0][0])
    if joint is None:
        return _ORIGINS.get(origin, ("M19.0",))[0]
    if origin == "primary":
        return f"{joint}.1" if fact.attributes.get("laterality") != "bilateral" else f"{joint}.0"
    return None


def _text_of_others(chart: Chart, fact: Fact, node: str) -> str:
    """What another mention of the same disease says, where it names a site; empty where none does."""
    for other in chart.present:
        alike = other.targets[:1] == fact.targets[:1] or (other.targets and other.targets[0].startswith(node[:5]))
        if other is not fact and alike and sites(text := words_of(chart, other)):
            return text
    return ""
