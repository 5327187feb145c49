"""Every injury of a chart with the code that its words lead to: by Index terms and titles, side, part (I.C.19)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from leadterm.coding.chart import Chart
from leadterm.coding.navigating.leaves import KINDS
from leadterm.coding.navigating.said import Said, said
from leadterm.coding.patterns import compiled
from leadterm.domain import Assertion, Fact, FactKind

from .injury import NUMBERS, WOUNDS, Injury
from .joining import together
from .matching import anywhere, resolved
from .phrases import HEAD, Phrase, beside, phrase, side_of

CHAPTER = "19"
_KINDS_OF_FACT = (FactKind.CONDITION, FactKind.FINDING)
_ORGANS = frozenset({"spleen", "liver", "kidney"})
_GRADE = compiled(r"\bgrade[ -]*(?P<number>i{1,3}|iv|v|[1-5])\b|\b(?P<size>\d+(?:\.\d+)?) ?cm\b", re.IGNORECASE)
_GRADES = {"i": "minor", "1": "minor", "ii": "moderate", "2": "moderate"}
COLLAPSE = ("M48.5",)
_REGIONS = ("S", "T14", "T33", "T34")
_CAUSES = ("W", "X", "Y")
_WEAK_BONE = ("M80", "M81", "M84.5", "M84.6", "C79.5", "C90")
_FORCE = compiled(
    r"(?<!denies )(?<!no )\b(?:fell|falls?|traumatic|mvc|mva|collision|crash|thrown|jumped|landed|struck)\b(?! asleep)",
    re.IGNORECASE,
)
_OLD_MENISCUS = compiled(
    r"\b(?:old|chronic|degenerative|degenerate)\b[^.;]{0,40}\bmenisc|\bmenisc\w+[^.;]{0,40}\b(?:old|degenerative"
    r"|chronic)\b"
)
_BITE = compiled(
    r"\b(?:dog|cat|human|animal|horse|rat|squirrel|raccoon|bat|monkey|puppy|kitten)(?:'s)? bites?\b|\bbitten\b"
    r"|\bbit (?:her|him|his|the|by|on)\b|\bbites? (?:to|of|on) (?:the|his|her|left|right)\b",
    re.IGNORECASE,
)
_BITTEN = compiled(r"\b(?:laceration|stab|wound|cut)\w*|\bbites?\b|\bbitten\b|\bstings?\b", re.IGNORECASE)
_AMPUTATION = compiled(
    r"\b(?:traumatic|partial|complete|saw|crush\w*|avulsion|near|transphalangeal|machine|severed"
    r"|cut off)\b",
    re.IGNORECASE,
)
# The skin that tears is lacerated (Index: Tear, torn, see also Laceration).
_SKIN_TEAR = compiled(r"\bskin tears?\b|\btorn skin\b", re.IGNORECASE)
_PAIRS = (frozenset({"radius", "ulna"}), frozenset({"tibia", "fibula"}))
_WEAK = compiled(
    r"\b(?:insufficiency|pathologic\w*|fragility|osteoporotic|stress|fatigue"
    r"|neoplastic)\W+(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)
_NO_INJURY = compiled(
    r"\b(?:blisters?|pathologic\w*|stress|insufficiency|fragility|osteoporotic|fatigue|periprosthetic)\b", re.IGNORECASE
)
_RIBS = compiled(
    r"\b(?:ribs|rib fractures|rib fxs|\d+\s*(?:-|–|to|through|and|&|,)\s*\d+|multiple|several|two|three)\b",
    re.IGNORECASE,
)


def weak_bone(chart: Chart, fact: Fact) -> bool:
    """Whether the words before a fracture say that its bone was weak."""
    if "fractur" not in fact.mention.text.lower():
        return False
    text = chart.encounter.document(fact.mention.document).text
    at = fact.mention.span.start
    return _WEAK.search(text[max(0, at - 40) : at]) is not None


def is_trauma(chart: Chart) -> bool:
    """Whether the chart tells of a force that breaks bones, and of no bone that breaks without (I.C.13.d.2)."""
    weak = any(t.startswith(_WEAK_BONE) for f in chart.present for t in f.targets[:1])
    caused = any(t.startswith(("V", "W", "X", "Y0")) for f in chart.present for t in f.targets[:1])
    return not weak and (caused or any(_FORCE.search(d.text) for d in chart.encounter.documents))


def injuries(chart: Chart) -> Mapping[str, Injury]:
    """The injuries of a chart by the id of their fact; read once."""
    return chart.once("chapter19.injuries", lambda: {i.fact.id: i for i in together(chart, list(_read(chart)))})


def _read(chart: Chart) -> Iterator[Injury]:
    for fact in chart.facts:
        if (
            (fact.kind in _KINDS_OF_FACT or _happened(chart, fact))
            and fact.assertion is not Assertion.FAMILY
            and _is_injury(chart, fact)
        ):
            found = _injury(chart, fact)
            if found is not None:
                yield found


def _happened(chart: Chart, fact: Fact) -> bool:
    """Whether a fact of another kind is an injury: an amputation by accident, a bite that is named with its place."""
    if fact.kind is FactKind.CIRCUMSTANCE:
        return _BITTEN.search(fact.mention.text) is not None and bool(phrase(chart, fact).said.nouns)
    return _amputated(chart, fact)


def _amputated(chart: Chart, fact: Fact) -> bool:
    """Whether an amputation is what happened to the patient, and no operation."""
    if fact.concept != "amputation" or not fact.mention.text.lower().startswith("amputation"):
        return False
    return _AMPUTATION.search(chart.sentence(fact)) is not None and is_trauma(chart)


def _is_injury(chart: Chart, fact: Fact) -> bool:
    """Whether the fact opens in the injuries of body regions, or is a bare head of one."""
    target, mention = fact.targets[0] if fact.targets else "", fact.mention.text
    if fact.kind is FactKind.CIRCUMSTANCE or (target[:1] in _CAUSES and _BITTEN.search(mention)):
        may = True
    elif target.startswith(COLLAPSE):
        may = is_trauma(chart)
    elif target:
        may = target.startswith(_REGIONS)
    else:
        may = HEAD.search(mention) is not None
    return may and not _of_disease(chart, fact)


def _of_disease(chart: Chart, fact: Fact) -> bool:
    """Whether what sounds like an injury came without one: of a weak bone, or worn."""
    if _NO_INJURY.search(fact.mention.text) or fact.attributes.get("etiology") == "pathological":
        return True
    return weak_bone(chart, fact) or _OLD_MENISCUS.search(chart.sentence(fact)) is not None


def _injury(chart: Chart, fact: Fact) -> Injury | None:
    words, weak = phrase(chart, fact), False
    if not (words.said.nouns or fact.targets):
        words, weak = _shared(chart, fact, words)
    side = words.side or fact.attributes.get("laterality")
    chart_said = _bitten(chart, _with_attributes(fact, words))
    found = resolved(chart, fact, chart_said, side)
    if found is None:
        # A head without a place may be an injury that the chart places elsewhere.
        bare = not fact.targets and not chart_said.nouns and chart_said.own & KINDS
        return Injury(fact, Phrase(words.text, chart_said, side), "", 0) if bare else None
    code = found.leaf.code
    more: tuple[str, ...] = ()
    if side == "bilateral" and found.leaf.side == "unspecified":
        both = [resolved(chart, fact, chart_said, one) for one in ("right", "left")]
        if all(b is not None and b.leaf.side in ("right", "left") for b in both):
            code, *rest = (b.leaf.code for b in both if b is not None)
            more = tuple(rest)
    more = more or _others(chart, fact, chart_said, side, code)
    told = (found.leaf.needs - KINDS) & chart_said.own
    return Injury(fact, Phrase(words.text, chart_said, side), code, found.score, more, weak, told)


def _others(chart: Chart, fact: Fact, words: Said, side: str | None, code: str) -> tuple[str, ...]:
    """The codes of the other fingers, bones or levels that the same words name ("index and middle fingers")."""
    groups = [words.own & group for group in (NUMBERS, *_PAIRS)]
    named = next((g for g in groups if len(g) > 1), frozenset())
    found = []
    for one in sorted(named):
        alone = Said(words.own - named | {one}, words.implied, words.nouns - named | {one})
        hit = anywhere(chart.book, alone, side, fact.attributes.get("displacement") == "nondisplaced")
        if hit is not None and one in hit.leaf.needs:
            found.append(hit.leaf.code)
    return tuple(c for c in dict.fromkeys(found) if c != code) if code in found else ()


def _bitten(chart: Chart, words: Said) -> Said:
    """An open wound of a chart that tells of a bite is a bite (Index: Bite; Laceration, see also Bite)."""
    if not words.own & WOUNDS or not any(_BITE.search(d.text) for d in chart.encounter.documents):
        return words
    return Said(words.own - WOUNDS | {"bite"}, words.implied, words.nouns)


def _shared(chart: Chart, fact: Fact, words: Phrase) -> tuple[Phrase, bool]:
    """With the place of the injury beside it, else with the site that abstraction read, which may be far off."""
    next_one = beside(chart, fact)
    if next_one.said.nouns:
        place = next_one.said.own - KINDS
        shared = Said(place, next_one.said.implied, next_one.said.nouns)
        return Phrase(words.text, words.said | shared, words.side or next_one.side), False
    site = fact.attributes.get("site", "")
    return Phrase(words.text, words.said | said(site), words.side or side_of(site)), True


def _with_attributes(fact: Fact, words: Phrase) -> Said:
    found = words.said
    if re.search(r"\bribs?\b", words.text, re.IGNORECASE):
        found |= Said(frozenset({"multiple" if _RIBS.search(words.text) else "one"}))
    if found.own & _ORGANS:
        found |= Said(_graded(words.text))
    if _SKIN_TEAR.search(f"{fact.mention.text} {words.text}"):
        return Said(found.own - {"tear", "rupture", "skin"} | {"laceration"}, found.implied, found.nouns - {"skin"})
    if {"tear", "rupture"} & found.own:
        found |= Said(frozenset({"tear", "rupture"}))
    return found


def _graded(text: str) -> frozenset[str]:
    """How large the laceration of an organ is: by its grade, else by its length in centimetres (notes at S36, S37)."""
    hits = list(_GRADE.finditer(text))
    for hit in (h for h in hits if h["number"]):
        return frozenset({_GRADES.get(hit["number"].lower(), "major")})
    for hit in hits:
        size = float(hit["size"])
        return frozenset({"minor" if size < 1 else "moderate" if size <= 3 else "major"})
    return frozenset()
