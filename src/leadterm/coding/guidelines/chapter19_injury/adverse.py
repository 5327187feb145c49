"""I.C.19.e.5.a: the adverse effect of a drug that was correctly taken, behind each thing that the chart blames on it.

The chart links the two in one sentence ("hypokalemia from furosemide", "steroid-induced hyperglycemia"), or names the
effect by a title that says a drug did it and the drug elsewhere, with the word that it was taken as prescribed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from leadterm.coding._tables import longest, rows
from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.navigating import navigate
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact, FactKind

from ._drug_cues import cue
from .poisoning import DRUGS, SILENT
from .substances import Sentence, Substance, sentences, stem_named, stem_of, substances, with_intent

RULE = "ICD10CM:I.C.19.e.5.a/adverse-effect-of-drug"
EFFECT = "5"
ANTICOAGULANT, DISORDER = "T45.51", "D68.32"
_BLEEDS = compiled(r"hemorrhag|bleed|epistaxis|hematuria|melena|hematemesis|hematoma|hemarthrosis|hemoptysis")
# What is taken for no disease has no adverse effect: it poisons.
_ILLICIT = ("T40.0", "T40.1", "T40.5", "T40.7", "T40.8", "T40.9", "T43.64", "T43.65")
# A chapter whose codes are no effect of a drug.
_NO_EFFECT = (
    "Z",
    "S",
    "C",
    "V",
    "W",
    "X",
    "Y",
    "T3",
    "T4",
    "T50",
    "T51",
    "T52",
    "T6",
    "T81",
    "T82",
    "T83",
    "T84",
    "T85",
    "F10",
    "F11",
)
_FAR = 75
# What may stand between the blame and the drug: a few words, no dash, no end of a clause.
_BLAMES = r"\b{}\b(?P<rest>(?: (?!-)[\w'/+,-]+){0,7} ?)$"
_INDUCES = compiled(
    r"^[\s-]*(?:(?:use|therapy|treatment|toxicity)[\s-]+)?(?:induced|related|associated|caused|triggered|mediated|provoked"
    r"|precipitated)[\s:,-]+(?:[\w-]+ ){0,3}$"
    r"|^ (?:rash|cough|hepatitis|colitis|pneumonitis|nephropathy|neuropathy|myopathy|angioedema|fever)$"
)
_CAUSING = r"^[^.;]{0,40}{}[^.;]{0,20}$"
_INDUCED = compiled(r"[- ](?:induced|related|associated)\b")
_BESIDE = 8
_INSIDE = compiled(r"induced|related|associated|due to|secondary|from|caused|toxic")
# What a mention may end with and a gap consist of.
_ENDS_LINKING = compiled(r" (?:due to|from|secondary to|caused by|with)$")
_ON = compiled(r" (?:while |since )?(?:on|taking|with|after) (?:\w+ ){0,3}")
_AND = compiled(r"[\s,/+&]*(?:and|or|plus|with|and/or)?[\s,/+&]*")
_TITLE = compiled(
    r"drug[- ]?induced|due to (?:other )?(?:drug|medicament|antineoplastic)|toxic liver|due to drugs|adverse effect"
    r"|heparin-induced"
)


def adverse_effects(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the code of the drug behind each condition that the chart blames on it."""
    conditions = [c for c in candidates if not c.code.startswith(_NO_EFFECT)]
    otherwise = {c.code[:5] for c in candidates if c.code.startswith(DRUGS)}
    added: dict[str, Candidate] = {}
    named: dict[str, Candidate] = {}
    for condition, s, fact in (*_linked(chart, conditions), *_owed(chart, conditions)):
        code = with_intent(chart, s.stem, EFFECT)
        if code is None or code[:5] in otherwise or not s.stem.startswith(DRUGS) or s.stem.startswith(_ILLICIT):
            continue
        condition = named.setdefault(condition.code, _induced(chart, condition, s, fact))
        facts = (fact,) if s.fact is None or s.fact is fact else (fact, s.fact)
        new = stated(code, facts, f"{condition.code} blamed on {s.name}: {code}. {reason(RULE)}", RULE, condition)
        added[code] = added[code].joined(new) if code in added else new
        if bleeds := _bleeding(chart, condition, s, facts):
            added.setdefault(bleeds.code, bleeds)
    known = {c.code for c in candidates}
    return [*(named.get(c.code, c) for c in candidates), *(c for code, c in added.items() if code not in known)]


def behind_their_effect(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with each drug of an adverse effect or an underdosing right behind what it did."""
    return [_behind(c, candidates) for c in candidates]


def _behind(c: Candidate, candidates: list[Candidate]) -> Candidate:
    if not c.code.startswith(DRUGS) or not _LATER.search(c.code):
        return c
    ids = {f.id for f in c.facts}
    effects = [o for o in candidates if not o.code.startswith(("T", "Z")) and any(f.id in ids for f in o.facts)]
    first = min(effects, key=lambda o: o.rank, default=None)
    return c if first is None else replace(c, rank=(*first.rank, 1))


# The characters of adverse effect and underdosing, behind which only fillers and the episode stand.
_LATER = compiled(r"[56]X*[ADS]$")


def _bleeding(chart: Chart, condition: Candidate, s: Substance, facts: tuple[Fact, ...]) -> Candidate | None:
    """The hemorrhagic disorder beside bleeding that is blamed on an anticoagulant (use additional code at D68.32)."""
    node = chart.book.node(condition.code)
    said = " ".join((node.title.lower() if node else "", *(f.mention.text.lower() for f in facts)))
    if not s.stem.startswith(ANTICOAGULANT) or condition.code.startswith(("D", "R79")) or not _BLEEDS.search(said):
        return None
    step = f"{condition.code} blamed on {s.name}: {DISORDER}. {reason(RULE)}"
    return stated(DISORDER, facts, step, RULE, condition)


def _induced(chart: Chart, c: Candidate, s: Substance, fact: Fact) -> Candidate:
    """The condition as the Index calls it where a drug did it; as it is where the Index does not tell."""
    for row in rows("guidelines/chapter19_injury/induced"):
        if c.code.startswith(tuple(row["condition"].split())) and s.stem.startswith(tuple(row["drugs"].split()) or ""):
            arrival = navigate(chart, fact, row["gives"])
            if arrival is not None and arrival.code != c.code:
                return c.stepped(f"due to {s.name}: {arrival.code}. {reason(RULE)}", RULE, code=arrival.code)
            return c
    return c


def _linked(chart: Chart, conditions: list[Candidate]) -> Iterator[tuple[Candidate, Substance, Fact]]:
    """Conditions with the drugs that one sentence blames for them."""
    of_fact = {f.id: c for c in conditions for f in c.facts}
    for sentence in sentences(chart):
        if sentence.section in SILENT or not any(f.id in of_fact for f in sentence.facts):
            continue
        named = substances(chart, sentence)
        for f in sentence.facts:
            if f.id in of_fact:
                for s in (*(s for s in named if _blamed(chart, sentence, f, s, named)), *_within(chart, f)):
                    yield of_fact[f.id], s, f


def _within(chart: Chart, f: Fact) -> Iterator[Substance]:
    """The drug in the name of the thing itself (heparin-induced thrombocytopenia), or whose toxicity is the cause."""
    cause = f.attributes.get("cause", "")
    if cause and (cause in f.mention.text.lower() or "toxicity" in cause):
        stem = stem_named(chart, cause.replace("toxicity", "").strip())
        if stem:
            yield Substance(cause, stem, f.mention.span.start, f.mention.span.end, None)


def _blamed(chart: Chart, sentence: Sentence, f: Fact, s: Substance, named: list[Substance]) -> bool:
    span = f.mention.span
    if s.start >= span.start and s.end <= span.end:
        return bool(_INSIDE.search(sentence.between(span.start, span.end)))
    link = _ENDS_LINKING.search(f.mention.text.lower())
    after = span.end - len(link.group()) if link else span.end
    gap = sentence.between(after, s.start) if s.start >= span.end else sentence.between(s.end, span.start)
    if (
        len(gap) > _FAR
        or ";" in gap
        or cue("not").search(gap)
        or (cue("maybe").search(gap) and not chart.encounter.codes_uncertain)
    ):
        return False
    if s.start < span.end:
        return bool(_INDUCES.search(gap) or cue("causing", _CAUSING).search(gap))
    if len(gap) <= _BESIDE and _INDUCED.match(sentence.between(s.end, sentence.span.end)):
        return not any(g.targets and s.end <= g.mention.span.start <= s.end + _FAR // 2 for g in sentence.facts)
    m = cue("blames", _BLAMES).search(gap)
    if m is None and _ON.fullmatch(gap):
        return bool(cue("side effect").search(sentence.text)) and len({o.name for o in named}) == 1
    if m is None or cue("parts").search(m["rest"]) or not _first_named(sentence, s, m, named):
        return False
    return not any(
        g is not f
        and g.targets
        and g.kind in (FactKind.CONDITION, FactKind.FINDING)
        and not cue("says drug").search(g.mention.text)
        for g in sentence.facts
        if s.start - len(m["rest"]) <= g.mention.span.start < s.start
    )


def _first_named(sentence: Sentence, s: Substance, m: re.Match[str], named: list[Substance]) -> bool:
    """Whether no other drug comes between the blaming words and this one, but with "and" between the two."""
    start = s.start - len(m["rest"])
    before = [o for o in named if start <= o.start < s.start]
    if not before:
        return "," not in m["rest"]
    return bool(_AND.fullmatch(sentence.between(before[-1].end, s.start)))


def _owed(chart: Chart, conditions: list[Candidate]) -> Iterator[tuple[Candidate, Substance, Fact]]:
    """Conditions whose titles say that a drug did it, with the drug that the chart names for it elsewhere."""
    for c in conditions:
        node = chart.book.node(c.code)
        classes = longest(_classes(), c.code)
        if node is None or (not _TITLE.search(node.title.lower()) and classes is None):
            continue
        titled = bool(_TITLE.search(node.title.lower()))
        drug = _of_classes(chart, classes or ()) if titled else None
        drug = drug or _as_prescribed(chart, c, titled, classes or ())
        if drug is not None and (stem := stem_of(chart, drug)):
            span = drug.mention.span
            yield c, Substance(drug.concept, stem, span.start, span.end, drug), c.facts[0]


def _as_prescribed(chart: Chart, c: Candidate, titled: bool, classes: tuple[str, ...]) -> Fact | None:
    """The drug of which the chart says that it was taken as prescribed, or that it is an adverse effect."""
    for sentence in sentences(chart):
        drugs = [f for f in sentence.facts if f.kind is FactKind.DRUG and f.assertion is not Assertion.ABSENT]
        fitting = [f for f in drugs if titled or f.attributes.get("class", "").replace(" ", "_") in classes]
        if (
            len({f.concept for f in fitting}) == 1
            and sentence.section not in SILENT
            and cue("as prescribed").search(sentence.text)
        ):
            return fitting[0]
    return None


def _of_classes(chart: Chart, classes: tuple[str, ...]) -> Fact | None:
    """The one drug of these classes that the chart names; None where it names none, or several with different codes."""
    found = [
        f
        for f in chart.facts
        if f.kind is FactKind.DRUG
        and f.assertion not in (Assertion.ABSENT, Assertion.FAMILY)
        and f.attributes.get("role") != "allergen"
        and f.section not in SILENT
        and f.attributes.get("class", "").replace(" ", "_") in classes
    ]
    return found[0] if found and len({stem_of(chart, f) for f in found}) == 1 else None


@cache
def _classes() -> dict[str, tuple[str, ...]]:
    return {
        code: tuple(row["classes"].split())
        for row in rows("guidelines/chapter19_injury/effects")
        for code in row["effect"].split()
    }
