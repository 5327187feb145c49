"""Chronic ulcers that pressure did not make: site, side and depth in one code (L97, L98.4), its cause before it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart, Opening
from leadterm.coding.passages import holds, own_words
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact, PathwayStep, Step

from .sites import VEINS, Place, is_ulcer, place_of, ulcers

RULE = "ICD10CM:I.C.12.b/depth"
CHRONIC = ("L97", "L98.4")
# An ulcer beside these words is one of the stomach, whatever site the line names.
_OF_GUT = compiled(
    r"\b(?:nsaids?|ibuprofen|naproxen|ketorolac|aspirin|ppi|omeprazole|pylori|peptic|gastric|duodenal|stomach|melena|egd)\b"
)
_SIDE = {"right": "1", "left": "2"}


def open_ulcer(chart: Chart, fact: Fact) -> Opening | None:
    """The code of a chronic ulcer whose site the chart tells; after a diabetic one, the code of its site."""
    if not is_ulcer(fact) or (fact.targets and fact.targets[0].startswith("L89")):
        return None
    if fact.assertion in (Assertion.ABSENT, Assertion.FAMILY):
        return None
    if not fact.targets and _OF_GUT.search(chart.sentence(fact)):
        return None
    place = place_of(chart, fact)
    code = chronic_code(chart, fact, place)
    if fact.targets and fact.targets[0].startswith(VEINS):
        return _of_veins(chart, fact, place, code)
    if fact.targets and not fact.targets[0].startswith(CHRONIC):
        return None
    if code is None:
        return None
    said = PathwayStep(Step.LEXICON, f"\u201c{fact.mention.text}\u201d: {fact.concept}")
    return Opening(code, (said, PathwayStep(Step.GUIDELINE, f"{code}: {reason(RULE)}", RULE)), settled=True)


def _of_veins(chart: Chart, fact: Fact, place: Place, ulcer: str | None) -> Opening:
    """A stasis ulcer: that of varicose veins unless the chart has an insufficiency alone (Index: Ulcer, stasis)."""
    rule = "ICD10CM:I.C.12.b/veins"
    insufficient = any(f.targets and f.targets[0].startswith("I87.2") for f in chart.present)
    part = place.row["vein"] if place.row else "9"
    node = "I87.2" if insufficient else f"I83.0{_SIDE.get(place.side or '', '0')}{part}"
    said = PathwayStep(Step.LEXICON, f"\u201c{fact.mention.text}\u201d: {fact.concept}, {fact.targets[0]}")
    why = PathwayStep(Step.GUIDELINE, f"{node}: {reason(rule)}", rule)
    return Opening(node, (said, why), (ulcer,) if ulcer else (), settled=True)


def chronic_code(chart: Chart, fact: Fact, place: Place) -> str | None:
    """Below L97 or L98.4 by site, side and depth; None where the site is unknown."""
    if place.row is None:
        return None
    side = _SIDE.get(place.side or "", "0") if place.row["sided"] else ""
    code = f"{place.row['chronic']}{side}{depth(chart, fact)}"
    return code if chart.book.is_billable(code) else None


def depth(chart: Chart, fact: Fact) -> str:
    """The last character by the deepest layer affirmed: in the fact's own words or, of the only ulcer, anywhere."""
    own = own_words(chart, fact, ulcers(chart))
    found = _depth(own)
    if found is not None:
        return found
    if len(_places(chart)) > 1:
        return "9"
    text = chart.encounter.document(fact.mention.document).text.lower()
    return _depth(" ".join(text.split())) or "9"


def _places(chart: Chart) -> set[tuple[str, str | None]]:
    """Every site and side that the chart has an ulcer at; a leg without a part adds nothing to a part of it."""
    found = {(p.row["chronic"], p.side) for f in ulcers(chart) if (p := place_of(chart, f)).row is not None}
    telling = {(site, side) for site, side in found if site != "L97.9"}
    return telling or found


def _depth(words: str) -> str | None:
    return next((character for pattern, character in _depths() if holds(pattern, words)), None)


@cache
def _depths() -> tuple[tuple[Pattern, str], ...]:
    table = rows("guidelines/chapter12_skin/ulcer_depths")
    return tuple((compiled(row["words"]), row["character"]) for row in table)


def diabetic_ulcers(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the code of site and depth beside each diabetic ulcer (use additional code at E11.621, E11.622)."""
    leader = next((c for c in candidates if c.code[:1] == "E" and c.code[3:] in (".621", ".622")), None)
    if leader is None or any(c.code.startswith(CHRONIC) for c in candidates):
        return candidates
    fact = next((f for f in leader.facts if is_ulcer(f)), leader.facts[0])
    place = place_of(chart, fact)
    code = chronic_code(chart, fact, place)
    if code is None:
        return candidates
    beside = Candidate(code, leader.facts, leader.pathway[:1], rank=(*leader.rank, 1), confidence=leader.confidence)
    return [*candidates, beside.stepped(f"{code}: {reason(RULE)}", RULE)]


def clearest(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Without ulcers of an unknown part or depth where another says it of the same limb."""
    found = [c for c in candidates if c.code.startswith(CHRONIC)]
    return [c for c in candidates if not any(_says_more(o.code, c.code) for o in found if o is not c)]


def _says_more(clear: str, vague: str) -> bool:
    if not vague.startswith(CHRONIC) or clear == vague:
        return False
    same_side = vague[5] in ("0", clear[5]) or not vague.startswith("L97")
    unspecific = vague.startswith("L97.9") and clear.startswith("L97") and clear[4] != "9"
    shallow = vague[-1] == "9" and clear[:5] == vague[:5] and clear[-1] != "9"
    return same_side and (unspecific or shallow or (clear[:5] == vague[:5] and vague[5] == "0" and clear[5] != "0"))


def varicose(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Varicose veins with an ulcer of the leg, and with inflammation, in their combination code (I83.0, I83.2)."""
    rule = "ICD10CM:I.C.12.b/veins"
    veins = next((c for c in candidates if c.code.startswith(("I83.9", "I83.1", "I83.0", "I83.2"))), None)
    ulcer = next((c for c in candidates if c.code.startswith("L97")), None)
    if veins is None or ulcer is None:
        return candidates
    inflamed = [c for c in candidates if c.code.startswith(("I83.1", "I83.2", "L30.9", "I87.2"))]
    said = any("inflam" in chart.sentence(f) or "dermatitis" in chart.sentence(f) for f in veins.facts)
    code = f"I83.{'2' if inflamed or said else '0'}{ulcer.code[5]}{ulcer.code[4]}"
    if not chart.book.is_billable(code):
        return candidates
    gone = {c.code for c in (veins, *inflamed)} | {c.code for c in candidates if c.code.startswith("I83")}
    both = replace(veins, rank=min(veins.rank, ulcer.rank)).stepped(f"{code}: {reason(rule)}", rule, code=code)
    return [new for c in candidates for new in ((both,) if c is veins else () if c.code in gone else (c,))]
