"""The seventh character: episode of care, open or closed, side, stage, fetus (I.A.5, I.C.19.a).

The tabular list says which characters a category takes and what each means; the meaning is matched, not the letter,
so that A of one category is never mistaken for A of another.
"""

from __future__ import annotations

import re

from leadterm.codesets import Node
from leadterm.coding.chart import Chart
from leadterm.domain import Fact

_SUBSEQUENT = re.compile(
    r"\b(?:healing|healed|post-?op(?:erative)? (?:visit|check|follow)|cast (?:removal|check|change)|routine healing"
    r"|weeks? (?:s/p|status post|after|post|ago)|days? (?:s/p|status post|after|post)|subsequent encounter|aftercare"
    r"|non-?union|mal-?union|delayed union|suture removal|hardware removal|fracture follow-?up"
    r"|follow-?up (?:of|for|visit for))\b"
)
_SEQUELA = re.compile(r"\b(?:sequelae?|late effects?|residual|malunited old|old injury)\b")
_HEALING = (
    (re.compile(r"\bdelayed (?:union|healing)\b"), "delayed healing"),
    (re.compile(r"\bnon-?union\b"), "nonunion"),
    (re.compile(r"\bmal-?union\b"), "malunion"),
)
_GUSTILO = re.compile(r"\b(?:gustilo|type|grade)[ -]*(?P<kind>iii[abc]?|ii|i|3[abc]?|2|1)\b")
# By the meaning of the extension, what is taken where the chart does not say.
_QUIET = ("unspecified", "not applicable", "stage unspecified", "unspecified time")


def seventh_character(chart: Chart, fact: Fact, node: Node) -> tuple[str | None, str]:
    """The extended code below `node` and the reason in a sentence; (None, reason) where the chart does not decide."""
    meanings = {c.code: _meaning(node, c) for c in (chart.book.node(code) for code in node.children) if c is not None}
    wanted, reason = _wanted(chart, fact, meanings)
    for code, meaning in meanings.items():
        if all(w in meaning for w in wanted):
            return code, f"7th character {code[-1]} ({meaning}): {reason}"
    quiet = next((c for c, m in meanings.items() if any(m.startswith(q) or m.endswith(q) for q in _QUIET)), None)
    if quiet is not None and not any("encounter" in m for m in meanings.values()):
        return quiet, f"7th character {quiet[-1]} ({meanings[quiet]}): the chart does not say more"
    return None, "the chart does not decide the 7th character"


def _meaning(parent: Node, node: Node) -> str:
    """The extension's own words: what the title says beyond the code's."""
    return node.title[len(parent.title) :].lstrip(", ").lower()


def _wanted(chart: Chart, fact: Fact, meanings: dict[str, str]) -> tuple[list[str], str]:
    """The words that the extension's meaning must have, and why."""
    text = chart.encounter.document(fact.mention.document).text.lower()
    sentence = text[fact.segment.start : fact.segment.end] if fact.segment else ""
    if any(m == "bilateral" for m in meanings.values()):
        side = fact.attributes.get("laterality")
        return ([side], "side as documented") if side else (["unspecified"], "no side documented")
    if any("stage" in m for m in meanings.values()):
        stage = fact.attributes.get("severity")
        return ([f"{stage} stage"], "stage as documented") if stage else (["stage unspecified"], "no stage documented")
    if _SEQUELA.search(sentence):
        return ["sequela"], "documented as a late effect (I.B.10)"
    fracture = any("closed" in m for m in meanings.values())
    healed = any("routine healing" in m for m in meanings.values())
    if _SUBSEQUENT.search(sentence):
        healing = next((word for pattern, word in _HEALING if pattern.search(sentence)), "routine healing")
        kind = ([healing] if healed else []) + ([fact.attributes.get("wound", "closed")] if fracture else [])
        return ["subsequent encounter", *kind], "care after active treatment (I.C.19.a)"
    wound = fact.attributes.get("wound", "closed")
    if fracture and wound == "open":
        return ["initial encounter", "open", *_gustilo(sentence, meanings)], "active treatment of an open fracture"
    if fracture:
        return ["initial encounter", "closed"], "active treatment; not said to be open, so closed (I.C.19.a, I.C.19.c)"
    return ["initial encounter"], "active treatment (I.C.19.a)"


def _gustilo(sentence: str, meanings: dict[str, str]) -> list[str]:
    if not any("type i or ii" in m for m in meanings.values()):
        return []
    grade = _GUSTILO.search(sentence)
    third = grade is not None and grade["kind"].startswith(("iii", "3"))
    return ["iiia"] if third else ["type i or ii"]
