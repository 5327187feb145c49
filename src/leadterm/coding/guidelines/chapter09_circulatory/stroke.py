"""I.C.9.d, I63: the mechanism, vessel and side of a cerebral infarction, put together from the words of the chart."""

from __future__ import annotations

from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart, Opening
from leadterm.coding.passages import clause
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact, FactKind, PathwayStep, Step

RULE = "ICD10CM:I.C.9.d/stroke"
INFARCTION = "I63"
# What a reader of images calls it; opened only where the words beside it name the brain or its vessels.
_BARE = ("infarct", "infarction", "embolus", "occlusion", "thrombus", "large vessel occlusion")
_MECHANISMS = (
    ("venous", compiled(r"\bvenous (?:sinus )?(?:thrombosis|infarct)|sinus thrombosis")),
    ("embolism", compiled(r"\b(?:cardio-?|thrombo-?|athero-?)?embol\w+")),
    ("small", compiled(r"\blacun\w+|small[- ]vessel|small[- ]artery|penetrating arter\w+|microvascular")),
    ("thrombosis", compiled(r"\bthrombo(?:tic|sis|sed)\b|large[- ](?:artery|vessel) atheroscl\w+|atherothrombo\w+")),
    ("occlusion", compiled(r"\bocclu\w+|stenos\w+|cut-?off")),
)
_BRAIN = compiled(
    r"\b(?:brain|cerebr\w+|cerebell\w+|thalam\w+|basal ganglia|front(?:al|o\w+)|pariet\w+|temporal|occipital|insula\w*"
    r"|pontine|pons|corona radiata|internal capsule|caudate|putam\w+|lacun\w+|watershed|cortical|midbrain|medull\w+)\b"
)
_SIDE = compiled(r"\b(?P<side>right|left|bilateral|rt|lt|r|l)\b")
_SIDES = {"right": "1", "rt": "1", "r": "1", "left": "2", "lt": "2", "l": "2", "bilateral": "3"}


def bare_infarct(chart: Chart, fact: Fact) -> Opening | None:
    """The opening of a bare "infarct" of the brain in what the provider writes; None for any other."""
    if fact.targets or fact.kind is not FactKind.CONDITION or fact.concept not in _BARE[:2]:
        return None
    said = chart.sentence(fact)
    if not _BRAIN.search(said) and not _vessels(said):
        return None
    return Opening("I63.9", (PathwayStep(Step.INDEX, f"\u201c{fact.mention.text}\u201d: Infarct, cerebral I63.9"),))


def infarction(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The infarction of this encounter at mechanism, vessel and side, from all sentences that speak of it."""
    strokes = [c for c in candidates if c.code.startswith(INFARCTION)]
    if not strokes:
        return candidates
    first = min(strokes, key=lambda c: c.rank)
    code = _code(chart, strokes)
    if code == first.code and len(strokes) == 1:
        return candidates
    whole = first.joined(*(c for c in strokes if c is not first))
    if code != first.code:
        whole = whole.stepped(f"mechanism, vessel and side: {code}. {reason(RULE)}", RULE, code=code)
    return [new for c in candidates for new in ([whole] if c is first else [] if c in strokes else [c])]


def _code(chart: Chart, strokes: list[Candidate]) -> str:
    own = [(f, clause(chart, f, (INFARCTION, "I48", "I65", "I66"))) for c in strokes for f in c.facts]
    seen = [(f, chart.sentence(f)) for f in chart.facts if f.concept in _BARE and f.assertion is Assertion.PRESENT]
    seen = [(f, said) for f, said in seen if _vessels(said)]
    mechanism = _mechanism([said for _, said in own]) or _from_codes(strokes)
    if mechanism in ("venous", "small"):
        return "I63.6" if mechanism == "venous" else "I63.81"
    for told in (own, [*own, *seen]):
        vessel = next((v for _, said in told for v in _vessels(said)), None)
        if vessel:
            break
    kind = mechanism or _mechanism([said for _, said in seen]) or ("occlusion" if vessel else None)
    if kind is None:
        return min(strokes, key=lambda c: c.rank).code if len(strokes) == 1 else "I63.9"
    group, letter, sided = vessel or ("cerebral", "0", False)
    node = f"I63.{_GROUPS[group, kind]}{letter}"
    if vessel is None and kind == "occlusion":
        return "I63.9"
    return f"{node}{_side([*own, *seen], vessel)}" if sided else node


_GROUPS = {
    ("precerebral", "thrombosis"): "0",
    ("precerebral", "embolism"): "1",
    ("precerebral", "occlusion"): "2",
    ("cerebral", "thrombosis"): "3",
    ("cerebral", "embolism"): "4",
    ("cerebral", "occlusion"): "5",
}
_BY_CODE = {"0": "thrombosis", "1": "embolism", "3": "thrombosis", "4": "embolism", "6": "venous"}


def _from_codes(strokes: list[Candidate]) -> str | None:
    """The mechanism that a term itself opened at ("cardioembolic stroke", "lacunar stroke")."""
    if any(c.code == "I63.81" for c in strokes) and all(c.code in ("I63.81", "I63.9") for c in strokes):
        return "small"
    return next((_BY_CODE[c.code[4]] for c in strokes if c.code[4] in _BY_CODE), None)


def _mechanism(texts: list[str]) -> str | None:
    return next((name for name, words in _MECHANISMS if any(words.search(t) for t in texts)), None)


def _vessels(said: str) -> list[tuple[str, str, bool]]:
    """The vessels that a text names, by group, character and whether they have sides; the first named first."""
    found = [(m.start(), v) for v, words in _table() for m in [words.search(said)] if m]
    return [v for _, v in sorted(found, key=lambda hit: hit[0])]


@cache
def _table() -> list[tuple[tuple[str, str, bool], Pattern]]:
    return [
        ((r["group"], r["character"], r["sided"] == "yes"), compiled(rf"\b(?:{r['words']})\b"))
        for r in rows("guidelines/chapter09_circulatory/vessels")
    ]


def _side(told: list[tuple[Fact, str]], vessel: tuple[str, str, bool] | None) -> str:
    """The side: by the word before the vessel, else by the attributes of the facts that name it."""
    words = next((w for v, w in _table() if v == vessel), None)
    for _, said in told:
        at = words.search(said) if words else None
        before = [m["side"] for m in _SIDE.finditer(said[: at.start()])] if at else []
        if before:
            return _SIDES[before[-1]]
    sides = [f.attributes["laterality"] for f, _ in told if "laterality" in f.attributes]
    return _SIDES[sides[0]] if sides else "9"
