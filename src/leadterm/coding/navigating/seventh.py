"""The seventh character: episode of care, open or closed, side, stage, fetus (I.A.5, I.C.19.a).

The tabular list says which characters a category takes and what each means; the meaning is matched, not the letter,
so that A of one category is never mistaken for A of another.
"""

from __future__ import annotations

from leadterm.codesets import Node
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.domain import Fact, FactKind

from .episode import INITIAL, SEQUELA, SUBSEQUENT, episode

# What was done to the patient, or came of care: treated until it is over, whenever that is (I.C.19.a, I.C.19.g).
_OF_CARE = ("T36", "T37", "T38", "T39", "T4", "T5", "T60", "T61", "T62", "T63", "T64", "T65", "T8")
_LATER = compiled(
    r"\b(?:healing|healed|post-?op(?:erative)? (?:visit|check|follow)|subsequent encounter|aftercare|suture removal"
    r"|hardware removal)\b"
)
_SEQUELA = compiled(r"\b(?:sequelae?|late effects?|residual|malunited old|old injury)\b")
_BADLY = {"delayed": "delayed healing", "nonunion": "nonunion", "malunion": "malunion"}
_GUSTILO = compiled(
    r"\bgustilo(?:[ -]*(?:and |& |/)?anderson?)?[ ,-]*(?:(?:type|grade|class)[ -]*)?(?P<kind>iii[abc]?|ii|i|3[abc]?|2"
    r"|1)\b"
)
# By the meaning of the extension, what is taken where the chart does not say.
_QUIET = ("unspecified", "not applicable", "stage unspecified", "unspecified time")


def seventh_character(chart: Chart, fact: Fact, node: Node) -> tuple[str | None, str]:
    """The extended code below `node` and the reason in a sentence; (None, reason) where the chart does not decide."""
    meanings = {c.code: _meaning(node, c) for c in (chart.book.node(code) for code in node.children) if c is not None}
    wanted, reason = _wanted(chart, fact, node, meanings)
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


def _wanted(chart: Chart, fact: Fact, node: Node, meanings: dict[str, str]) -> tuple[list[str], str]:
    """The words that the extension's meaning must have, and why."""
    text = chart.encounter.document(fact.mention.document).text.lower()
    sentence = text[fact.segment.start : fact.segment.end] if fact.segment else ""
    if any(m == "bilateral" for m in meanings.values()):
        side = fact.attributes.get("laterality")
        return ([side], "side as documented") if side else (["unspecified"], "no side documented")
    if any("tophus" in m for m in meanings.values()):
        tophi = any(
            "toph" in f"{f.concept} {f.mention.text} {f.attributes.get('with', '')}".lower() for f in chart.present
        )
        return (["with tophus"], "tophi documented") if tophi else (["without tophus"], "no tophi documented")
    if any("stage" in m for m in meanings.values()):
        stage = fact.attributes.get("severity")
        return ([f"{stage} stage"], "stage as documented") if stage else (["stage unspecified"], "no stage documented")
    if _late(chart, fact, sentence):
        return ["sequela"], "documented as a late effect (I.B.10)"
    fracture = any("closed" in m for m in meanings.values())
    healing = _healing(chart, fact) if any("routine healing" in m for m in meanings.values()) else None
    kind = [_wound(chart, fact)] if fracture else []
    if healing or _is_later(chart, fact, node, sentence):
        heals = [healing or "routine healing"] if any("routine healing" in m for m in meanings.values()) else []
        # Some categories tell open from closed only while the fracture is treated.
        told = kind if any("closed" in m for m in meanings.values() if m.startswith(SUBSEQUENT)) else []
        grade = _gustilo(chart, fact, meanings) if told == ["open"] else []
        return [SUBSEQUENT, *heals, *told, *grade], "care after active treatment (I.C.19.a)"
    if kind == ["open"]:
        return [INITIAL, "open", *_gustilo(chart, fact, meanings)], "active treatment of an open fracture"
    if fracture:
        return [INITIAL, "closed"], "active treatment; not said to be open, so closed (I.C.19.a, I.C.19.c)"
    return [INITIAL], "active treatment (I.C.19.a)"


def _late(chart: Chart, fact: Fact, sentence: str) -> bool:
    """Whether the injury, or for a cause any injury, is told as what left a late effect."""
    if fact.attributes.get("episode") == SEQUELA or _SEQUELA.search(sentence):
        return True
    return fact.kind is FactKind.CIRCUMSTANCE and any(
        f.attributes.get("episode") == SEQUELA for f in chart.present if f.kind is FactKind.CONDITION
    )


def _is_later(chart: Chart, fact: Fact, node: Node, sentence: str) -> bool:
    """Whether active treatment is over: by the whole chart for injuries and their causes, else by the sentence."""
    if node.code.startswith(_OF_CARE):
        return _LATER.search(sentence) is not None
    return episode(chart) == SUBSEQUENT


def _healing(chart: Chart, fact: Fact) -> str | None:
    """How the fracture heals where it does badly: by its own words, else by the one way that the chart names."""
    said = {f.attributes.get("healing") for f in (fact, *chart.present)}
    own = _BADLY.get(fact.attributes.get("healing", ""))
    bad = [_BADLY[way] for way in sorted(way for way in said if way in _BADLY)]
    return own or (bad[0] if len(bad) == 1 else None)


def _wound(chart: Chart, fact: Fact) -> str:
    """Open or closed: the fact's own word, else that of another mention of a fracture of no other side."""
    own = fact.attributes.get("wound")
    if own is not None:
        return own
    side = fact.attributes.get("laterality")
    alike = (
        f.attributes.get("wound")
        for f in chart.present
        if "fracture" in f.concept.lower() and f.attributes.get("laterality", side) in (side, None)
    )
    return "open" if "open" in alike else "closed"


def _gustilo(chart: Chart, fact: Fact, meanings: dict[str, str]) -> list[str]:
    """The words of the extension for the type of an open fracture; not said, the first (note at S52, S72, S82)."""
    if not any("type i or ii" in m for m in meanings.values()):
        return []
    text = chart.encounter.document(fact.mention.document).text.lower()
    grade = _GUSTILO.search(text)
    third = grade is not None and grade["kind"].startswith(("iii", "3"))
    return ["iiia"] if third else ["type i or ii"]
