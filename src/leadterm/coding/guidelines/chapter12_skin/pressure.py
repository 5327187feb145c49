"""I.C.12.a: pressure ulcers by site, side and stage; the stage may come from a nurse's note (I.B.14)."""

from __future__ import annotations

from leadterm.coding.chart import Candidate, Chart, Opening
from leadterm.coding.passages import beside, holds, line_after, own_words
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact, PathwayStep, Step

from .sites import Place, is_ulcer, place_of

RULE = "ICD10CM:I.C.12.a/stage"
PRESSURE = "L89"
_STAGE = compiled(r"\b(?:stage|stg|grade|st)\.? ?(?P<stage>iv|iii|ii|i|[1-4])\b")
_UNSTAGEABLE = compiled(r"\bunstageable\b|\bunstagable\b|cannot be staged")
_DEEP = compiled(r"deep tissue|\bs?dti\b|\bdtpi\b")
_CAUSE = compiled(r"\b(?:due to|from|by) (?:prolonged )?pressure\b|\bdecubitus\b")
_STAGES = ("1", "2", "3", "4")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_ORDER = {"right": 0, "left": 1}
# Unstageable, deep tissue damage and unspecified, where the category has no side before the stage.
_WITHOUT_SIDE = {"0": "5", "9": "0"}


def open_pressure(chart: Chart, fact: Fact) -> Opening | None:
    """The billable code of a pressure ulcer by its place and stage."""
    if not _by_pressure(chart, fact) or fact.assertion is Assertion.ABSENT:
        return None
    code = _code(place_of(chart, fact), stage(chart, fact))
    if not chart.book.is_billable(code):
        return None
    said = PathwayStep(Step.LEXICON, f"\u201c{fact.mention.text}\u201d: {fact.concept}")
    return Opening(code, (said, PathwayStep(Step.GUIDELINE, f"{code}: {reason(RULE)}", RULE)), settled=True)


def _by_pressure(chart: Chart, fact: Fact) -> bool:
    """Whether the term says pressure, or the words beside an ulcer do: its cause, or a stage, as no other has."""
    if _is_pressure(fact):
        return True
    if fact.targets or not is_ulcer(fact):
        return False
    own = own_words(chart, fact, [f for f in beside(chart, fact) if is_ulcer(f)])
    return bool(holds(_CAUSE, own)) or fact.attributes.get("stage", "") in _STAGES or bool(_UNSTAGEABLE.search(own))


def _is_pressure(fact: Fact) -> bool:
    return bool(fact.targets) and fact.targets[0].startswith(PRESSURE)


def _code(place: Place, stage: str) -> str:
    """Below L89 by site, side and stage."""
    row = place.row
    if row is None or row["pressure"] == "-":
        return f"L89.9{_WITHOUT_SIDE.get(stage, stage)}"
    stem = row["pressure"]
    if row["ends"]:
        stem += row["ends"].split()[_ORDER.get(place.side or "", 2)]
    return f"{stem}{stage}"


def stage(chart: Chart, fact: Fact) -> str:
    """The stage's character: the fact's own, else that which another note gives the same ulcer, 9 where none does."""
    own = own_stage(chart, fact)
    if own is not None:
        return own
    place = place_of(chart, fact)
    others = [f for f in chart.facts if _is_pressure(f) and f is not fact and f.assertion is not Assertion.ABSENT]
    same = {s for f in others if _same(place_of(chart, f), place) and (s := own_stage(chart, f)) is not None}
    return same.pop() if len(same) == 1 else "9"


def own_stage(chart: Chart, fact: Fact) -> str | None:
    """The stage that the fact's own words tell; None where they tell none."""
    own = own_words(chart, fact, [f for f in beside(chart, fact) if _is_pressure(f)])
    attribute = fact.attributes.get("stage", "")
    if attribute in _STAGES:
        return attribute
    mention = fact.mention.text.lower()
    for words in (mention, own, line_after(chart, fact) if _alone_in_line(chart, fact) else ""):
        if _DEEP.search(words):
            return "6"
        if _UNSTAGEABLE.search(words):
            return "0"
        if found := _STAGE.search(words):
            return _ROMAN.get(found["stage"], found["stage"])
    return None


def _alone_in_line(chart: Chart, fact: Fact) -> bool:
    line = chart.line(fact)
    return sum(f is not fact and _is_pressure(f) and chart.line(f) == line for f in chart.facts) == 0


def _same(one: Place, other: Place) -> bool:
    """Whether two places may be one: a place that is not told may be any."""
    if one.row is None or other.row is None:
        return True
    sides = {one.side, other.side} - {None}
    return one.row["pressure"] == other.row["pressure"] and len(sides) < 2


def staged(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Without pressure ulcers that lack the place or the stage which another code has for the same ulcer."""
    found = [c for c in candidates if c.code.startswith(PRESSURE)]
    return [c for c in candidates if not any(_says_more(o.code, c.code) for o in found if o is not c)]


def _says_more(clear: str, vague: str) -> bool:
    if not vague.startswith(PRESSURE):
        return False
    if vague.startswith("L89.9"):
        return not clear.startswith("L89.9")
    unsided = (
        vague[:5] == clear[:5]
        and vague[5:6] == "0" != clear[5:6]
        and vague.startswith(("L89.0", "L89.2", "L89.3", "L89.5", "L89.6"))
    )
    return (vague[-1] == "9" and clear[:-1] == vague[:-1]) or unsided
