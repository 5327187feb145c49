"""Diabetic retinopathy: stage, macular edema and detachment of each eye in one code (notes at E08.3 to E13.3)."""

from __future__ import annotations

import re

from leadterm.coding.chart import Chart, Opening
from leadterm.coding.guidelines.chapter07_eye.sides import NUMBER, eye
from leadterm.coding.passages import holds, own_words
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact, PathwayStep, Step

from .kinds import DIABETES, at_kind, kind_of_diabetes

RULE = "ICD10CM:I.C.4.a/retinopathy"
EDEMA = compiled(r"\bo?edema\b|\b(?:ci-?|cs-?)?dme\b|\bcsme\b|\bcme\b")
_MENTION_EDEMA = compiled(r"macular o?edema|dme\b|csme\b", re.IGNORECASE)
_MILD = compiled(r"\bmild\b")
_MODERATE = compiled(r"\bmoderate(?:ly)?\b(?! to severe)")
_SEVERE = compiled(r"\b(?:very )?severe\b|moderate(?: |-)to(?: |-)severe")
_TRACTION = compiled(r"traction(?:al)? (?:retinal )?detachment|\btrd\b|detachment")
_COMBINED = compiled(r"combined|rhegmatogenous|\brrd\b")
_MACULA = compiled(
    r"(?:involving|involves|includ\w+|through) (?:the )?(?:macula|fovea)|macula[- ](?:off|involving)|fovea[- ]involving"
)
_SPARED = compiled(
    r"(?:not involving|sparing|spares|outside|not involve|without involve\w+ of) (?:the )?(?:macula|fovea)"
    r"|macula[- ](?:on|sparing)|extra-?macular|macula (?:attached|spared)"
)
_STABLE = compiled(r"\bstable\b|\bquiescent\b|\binactive\b|\bregressed\b")
STAGES = tuple(f"{d}.3{n}" for d in DIABETES for n in "12345")


def open_retinopathy(chart: Chart, fact: Fact) -> Opening | None:
    """The billable code of a diabetic retinopathy, or of an edema of the macula, for the eye that it is in."""
    if not _is_retinopathy(fact) or fact.assertion in (Assertion.ABSENT, Assertion.FAMILY):
        return None
    kind = kind_of_diabetes(chart, fact)
    stage, edema = (_stage_beside(chart, fact), True) if _is_edema(fact) else (_stage(chart, fact), None)
    own = own_words(chart, fact, _all(chart))
    side = eye(chart, fact)
    edema = _edema(chart, fact, own) if edema is None else edema
    node = at_kind(f"E11.3{_ending(stage, edema, own, side)}", kind)
    if chart.book.node(node) is None:
        return None
    said = PathwayStep(Step.LEXICON, f"\u201c{fact.mention.text}\u201d: {fact.concept}, {fact.targets[0]}")
    return Opening(node, (said, PathwayStep(Step.GUIDELINE, f"{node}: {reason(RULE)}", RULE)), settled=True)


def _is_retinopathy(fact: Fact) -> bool:
    return bool(fact.targets) and fact.targets[0].startswith(STAGES)


def _is_edema(fact: Fact) -> bool:
    """Whether the mention names the edema alone."""
    return bool(_MENTION_EDEMA.search(fact.mention.text)) and "retinopathy" not in fact.mention.text.lower()


def _all(chart: Chart) -> list[Fact]:
    return [f for f in chart.facts if _is_retinopathy(f) and not _is_edema(f)]


def _stage(chart: Chart, fact: Fact) -> str:
    """Third character: 1 unspecified, 2 to 4 nonproliferative by severity, 5 proliferative."""
    digit = fact.targets[0][5:6] or "1"
    if digit not in "234":
        return digit
    own = f"{fact.attributes.get('severity', '')} {fact.mention.text.lower()}"
    if own.strip() == fact.mention.text.lower():
        own = own_words(chart, fact, _all(chart))
    for stage, pattern in (("4", _SEVERE), ("3", _MODERATE), ("2", _MILD)):
        if pattern.search(own):
            return stage
    return digit


def _stage_beside(chart: Chart, fact: Fact) -> str:
    """The stage of the retinopathy of the same eye, for an edema that the chart names by itself."""
    side = eye(chart, fact)
    stages = {_stage(chart, f) for f in _all(chart) if _same(side, eye(chart, f)) and f.assertion is Assertion.PRESENT}
    return max(stages, default="1")


def _same(one: str | None, other: str | None) -> bool:
    return one is None or other is None or "bilateral" in (one, other) or one == other


def _edema(chart: Chart, fact: Fact, own: str) -> bool:
    """Whether the macula of this eye is swollen: the fact's own words, else what the chart says of that eye."""
    said = holds(EDEMA, own)
    if said is not None:
        return said
    side = eye(chart, fact)
    swollen = [f for f in chart.facts if _MENTION_EDEMA.search(f.mention.text) and f.assertion is Assertion.PRESENT]
    return any(eye(chart, f) in (side, "bilateral", None) for f in swollen if not _is_retinopathy(f) or _is_edema(f))


def _ending(stage: str, edema: bool, own: str, side: str | None) -> str:
    """What follows E11.3: stage, what the macula or the retina does, the eye."""
    if stage == "1":
        return "11" if edema else "19"
    number = NUMBER.get(side or "", "9")
    if stage != "5":
        return f"{stage}{'1' if edema else '9'}{number}"
    return f"5{_proliferative(edema, own)}{number}"


def _proliferative(edema: bool, own: str) -> str:
    if holds(_TRACTION, own):
        if holds(_COMBINED, own):
            return "4"
        if _SPARED.search(own):
            return "3"
        if holds(_MACULA, own):
            return "2"
    if edema:
        return "1"
    return "5" if _STABLE.search(own) else "9"
