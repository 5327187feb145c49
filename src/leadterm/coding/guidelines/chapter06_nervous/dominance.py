"""I.C.6.a: hemiplegia and monoplegia by the side affected and the hand that the patient prefers."""

from __future__ import annotations

from leadterm.coding.chart import Chart, Opening
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact, PathwayStep, Step

RULE = "ICD10CM:I.C.6.a/dominance"
# Nodes whose children are the side: hemiplegia flaccid, spastic, unspecified; monoplegia of leg, of arm, of either.
PALSIES = ("G81.0", "G81.1", "G81.9", "G83.1", "G83.2", "G83.3")
_BOTH = compiled(r"\bambidext")
_RIGHT = compiled(
    r"\bright[- ]hand(?:ed|[- ]domin)|\brhd\b|\brh[- ]domin|\bright[- ]domin(?:ant|ance)\b(?! coron| circ)"
)
_LEFT = compiled(r"\bleft[- ]hand(?:ed|[- ]domin)|\blhd\b|\blh[- ]domin|\bleft[- ]domin(?:ant|ance)\b(?! coron| circ)")
_NOT_DOMINANT = compiled(r"\bnon-?\s?dominant")
_DOMINANT = compiled(r"(?<!non)(?<!non-)(?<!non )\bdominant\b")
_LETTERS = {"right": (1, 3), "left": (2, 4)}


def open_palsy(chart: Chart, fact: Fact) -> Opening | None:
    """Where a hemiplegia or monoplegia of a stated side opens; None for any other fact."""
    node = next((p for p in PALSIES if fact.targets and fact.targets[0].startswith(p)), None)
    if node is None or (side := side_of(chart, fact)) is None:
        return None
    code = f"{node}{side}"
    said = f"\u201c{fact.mention.text}\u201d, {fact.attributes.get('laterality')}: {code}. {reason(RULE)}"
    return Opening(code, (PathwayStep(Step.GUIDELINE, said, RULE),), settled=True)


def side_of(chart: Chart, fact: Fact) -> int | None:
    """The last character for side and dominance: 1 right dominant, 2 left dominant, 3 and 4 neither; None without side.

    Right is dominant and left is not where the chart does not say; both sides of one with no preference are.
    """
    side = fact.attributes.get("laterality", "")
    if side not in _LETTERS:
        return None
    dominant, other = _LETTERS[side]
    sentence = chart.sentence(fact)
    if _NOT_DOMINANT.search(sentence):
        return other
    if _DOMINANT.search(sentence) and not (_RIGHT.search(sentence) or _LEFT.search(sentence)):
        return dominant
    preferred = _preferred(chart)
    if preferred is None:
        return dominant if side == "right" else other
    return dominant if preferred in ("both", side) else other


def _preferred(chart: Chart) -> str | None:
    """The hand that the patient prefers; None where no document says."""
    for document in chart.encounter.documents:
        text = document.text.lower()
        for hand, pattern in (("both", _BOTH), ("right", _RIGHT), ("left", _LEFT)):
            if pattern.search(text):
                return hand
    return None
