"""Every injury of a chart with the code that its words lead to: Index terms and titles, side, part, pattern (I.C.19)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from leadterm.codesets import CodeBook
from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.navigating.leaves import KINDS, Found, best, of_kind, under
from leadterm.coding.navigating.said import Said, said
from leadterm.domain import Assertion, Fact, FactKind

from .phrases import HEAD, Phrase, beside, phrase, side_of

CHAPTER = "19"
_KINDS_OF_FACT = (FactKind.CONDITION, FactKind.FINDING)
# Generic openings of the dictionary: the words of the chart may say more.
_GENERIC = ("T14", "R")
_ORGANS = frozenset({"spleen", "liver", "kidney"})
_GRADE = re.compile(r"\bgrade[ -]*(?P<number>i{1,3}|iv|v|[1-5])\b|\b(?P<size>\d+(?:\.\d+)?) ?cm\b", re.IGNORECASE)
_GRADES = {"i": "minor", "1": "minor", "ii": "moderate", "2": "moderate"}
# An open wound not further described may be any of these.
_WOUNDS = frozenset({"laceration", "puncture", "bite", "wound"})
_NUMBERS = frozenset(
    "first second third fourth fifth index middlefinger ringfinger littlefinger thumb greattoe lessertoe".split()
) | frozenset(
    f"{region}{n}" for region in ("cervical", "thoracic", "lumbar") for n in (*range(1, 8), 56, 78, 910, 1112)
)
COLLAPSE = ("M48.5",)
_WEAK_BONE = ("M80", "M81", "M84.5", "M84.6", "C79.5", "C90")
_FORCE = re.compile(
    r"(?<!denies )(?<!no )\b(?:fell|falls?|traumatic|mvc|mva|collision|crash|thrown|jumped|landed|struck)\b(?! asleep)",
    re.IGNORECASE,
)
_OLD_MENISCUS = re.compile(
    r"\b(?:old|chronic|degenerative|degenerate)\b[^.;]{0,40}\bmenisc|\bmenisc\w+[^.;]{0,40}\b(?:old|degenerative|chronic)\b"
)
_BITE = re.compile(
    r"\b(?:dog|cat|human|animal|horse|rat|squirrel|raccoon|bat|monkey|puppy|kitten)(?:'s)? bites?\b|\bbitten\b"
    r"|\bbit (?:her|him|his|the|by|on)\b|\bbites? (?:to|of|on) (?:the|his|her|left|right)\b",
    re.I,
)
_BITTEN = re.compile(r"\b(?:laceration|stab|wound|cut)\w*|\bbites?\b|\bbitten\b|\bstings?\b", re.I)
_AMPUTATION = re.compile(
    r"\b(?:traumatic|partial|complete|saw|crush\w*|avulsion|near|transphalangeal|machine|severed|cut off)\b", re.I
)
_PAIRS = (frozenset({"radius", "ulna"}), frozenset({"tibia", "fibula"}))
_WEAK = re.compile(
    r"\b(?:insufficiency|pathologic\w*|fragility|osteoporotic|stress|fatigue|neoplastic)\W+(?:\w+\W+){0,2}$", re.I
)
_NO_INJURY = re.compile(
    r"\b(?:blisters?|pathologic\w*|stress|insufficiency|fragility|osteoporotic|fatigue|periprosthetic)\b", re.IGNORECASE
)
_RIBS = re.compile(
    r"\b(?:ribs|rib fractures|rib fxs|\d+\s*(?:-|–|to|through|and|&|,)\s*\d+|multiple|several|two|three)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Injury:
    """One injury of the chart.

    Attributes:
        fact: What the chart says.
        phrase: Its words.
        code: Where they lead, without 7th character.
        score: How much of the title the chart says.
        more: Codes of other places that the same head has ("abrasions of knee and elbow").
        weak: Whether its place was only read from far off.
        told: What the title of its code wants beyond the kind, as far as the chart says it.
    """

    fact: Fact
    phrase: Phrase
    code: str
    score: int
    more: tuple[str, ...] = ()
    weak: bool = False
    told: frozenset[str] = frozenset()


def weak_bone(chart: Chart, fact: Fact) -> bool:
    """Whether the words before a fracture say that its bone was weak."""
    text = chart.encounter.document(fact.mention.document).text
    at = fact.mention.span.start
    return "fractur" in fact.mention.text.lower() and _WEAK.search(text[max(0, at - 40) : at]) is not None


def is_trauma(chart: Chart) -> bool:
    """Whether the chart tells of a force that breaks bones, and of no bone that breaks without (I.C.13.d.2)."""
    weak = any(t.startswith(_WEAK_BONE) for f in chart.present for t in f.targets[:1])
    caused = any(t.startswith(("V", "W", "X", "Y0")) for f in chart.present for t in f.targets[:1])
    return not weak and (caused or any(_FORCE.search(d.text) for d in chart.encounter.documents))


def injuries(chart: Chart) -> Mapping[str, Injury]:
    """The injuries of a chart by the id of their fact; read once."""
    return chart.once("chapter19.injuries", lambda: {i.fact.id: i for i in _together(chart, list(_read(chart)))})


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


def _together(chart: Chart, read: list[Injury]) -> Iterator[Injury]:
    """The injuries, each with what other mentions of the same one add; a bare head is the injury of its kind."""
    placed = [i for i in read if i.code]
    strong = [i for i in placed if not i.weak]
    for one in read:
        if one.weak and (alike := [o for o in _nearest(one, strong) if _alike(one, o)]):
            yield replace(one, code=alike[0].code, score=alike[0].score)
        elif one.code:
            yield max((_joined(chart, one, o) for o in placed), key=lambda i: i.score)
        elif found := next((o for o in _nearest(one, placed) if _alike(one, o)), None):
            yield replace(one, code=found.code, score=found.score)


def _alike(one: Injury, other: Injury) -> bool:
    """Whether two injuries are of one kind."""
    return bool(one.phrase.said.own & other.phrase.said.own & KINDS)


def _nearest(one: Injury, placed: list[Injury]) -> list[Injury]:
    """Injuries that a bare head may mean: those that the chart affirms, what stands before it first."""
    present = [o for o in placed if o.fact.assertion is Assertion.PRESENT and _sides_agree(one, o)]
    at = one.fact.mention.span.start
    return sorted(present, key=lambda o: (o.fact.mention.span.start > at, abs(at - o.fact.mention.span.start)))


def _joined(chart: Chart, one: Injury, other: Injury) -> Injury:
    """One injury with what another mention of it adds; itself where the two are not the same."""
    if other is one or not _same(one, other):
        return one
    words = one.phrase.said | other.phrase.said
    side = one.phrase.side or other.phrase.side
    nondisplaced = any(i.fact.attributes.get("displacement") == "nondisplaced" for i in (one, other))
    found = [
        f
        for f in (
            _free(chart.book, words, side, nondisplaced),
            *_targeted(chart, (one, other), words, side, nondisplaced),
        )
        if f is not None and f.leaf.code[:3] in (one.code[:3], other.code[:3])
    ]
    best_one = max(found, key=lambda f: f.score, default=None)
    if best_one is None or best_one.score <= max(one.score, other.score):
        better = one if one.score >= other.score else other
        return replace(one, code=better.code, score=better.score)
    return replace(one, code=best_one.leaf.code, score=best_one.score)


def _targeted(
    chart: Chart, pair: tuple[Injury, Injury], words: Said, side: str | None, nondisplaced: bool
) -> Iterator[Found | None]:
    for injury in pair:
        for target in injury.fact.targets[:1]:
            if target.startswith("S"):
                yield _below(chart.book, target, words, side, nondisplaced)


def _same(one: Injury, other: Injury) -> bool:
    """Whether two mentions may be of one injury: kind, side, place and number agree, and one is not denied."""
    if other.fact.assertion not in (Assertion.PRESENT, Assertion.UNCERTAIN) or not _sides_agree(one, other):
        return False
    a, b = one.phrase.said, other.phrase.said
    if one.code[:3] != other.code[:3]:
        return False
    kinds = [said.own & KINDS for said in (a, b)]
    kinds = [_WOUNDS if "wound" in kind else kind for kind in kinds]
    numbers = [said.own & _NUMBERS for said in (a, b)]
    return (
        bool(kinds[0] & kinds[1])
        and (not all(numbers) or numbers[0] == numbers[1])
        and (a.nouns <= b.all or b.nouns <= a.all)
        and (one.told <= b.all or other.told <= a.all)
    )


def _sides_agree(one: Injury, other: Injury) -> bool:
    return None in (one.phrase.side, other.phrase.side) or one.phrase.side == other.phrase.side


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
    if _NO_INJURY.search(fact.mention.text) or fact.attributes.get("etiology") == "pathological":
        return False
    if weak_bone(chart, fact):
        return False
    if _OLD_MENISCUS.search(chart.sentence(fact)):
        return False
    if fact.targets and fact.targets[0].startswith(COLLAPSE):
        return is_trauma(chart)
    if fact.kind is FactKind.CIRCUMSTANCE or (
        fact.targets and fact.targets[0][0] in "WXY" and _BITTEN.search(fact.mention.text)
    ):
        return True
    if fact.targets:
        return fact.targets[0].startswith(("S", "T14", "T33", "T34"))
    return HEAD.search(fact.mention.text) is not None


def _injury(chart: Chart, fact: Fact) -> Injury | None:
    words, weak = phrase(chart, fact), False
    if not (words.said.nouns or fact.targets):
        words, weak = _shared(chart, fact, words)
    side = words.side or fact.attributes.get("laterality")
    chart_said = _bitten(chart, _with_attributes(fact, words))
    found = _resolved(chart, fact, chart_said, side)
    if found is None:
        # A head without a place may be an injury that the chart places elsewhere.
        bare = not fact.targets and not chart_said.nouns and chart_said.own & KINDS
        return Injury(fact, Phrase(words.text, chart_said, side), "", 0) if bare else None
    code = found.leaf.code
    more: tuple[str, ...] = ()
    if side == "bilateral" and found.leaf.side == "unspecified":
        both = [_resolved(chart, fact, chart_said, one) for one in ("right", "left")]
        if all(b is not None and b.leaf.side in ("right", "left") for b in both):
            code, *rest = (b.leaf.code for b in both if b is not None)
            more = tuple(rest)
    more = more or _others(chart, fact, chart_said, side, code)
    told = (found.leaf.needs - KINDS) & chart_said.own
    return Injury(fact, Phrase(words.text, chart_said, side), code, found.score, more, weak, told)


def _others(chart: Chart, fact: Fact, words: Said, side: str | None, code: str) -> tuple[str, ...]:
    """The codes of the other fingers, bones or levels that the same words name ("index and middle fingers")."""
    groups = [words.own & group for group in (_NUMBERS, *_PAIRS)]
    named = next((g for g in groups if len(g) > 1), frozenset())
    found = []
    for one in sorted(named):
        alone = Said(words.own - named | {one}, words.implied, words.nouns - named | {one})
        hit = _free(chart.book, alone, side, fact.attributes.get("displacement") == "nondisplaced")
        if hit is not None and one in hit.leaf.needs:
            found.append(hit.leaf.code)
    return tuple(c for c in dict.fromkeys(found) if c != code) if code in found else ()


def _bitten(chart: Chart, words: Said) -> Said:
    """An open wound of a chart that tells of a bite is a bite (Index: Bite; Laceration, see also Bite)."""
    if not words.own & _WOUNDS or not any(_BITE.search(d.text) for d in chart.encounter.documents):
        return words
    return Said(words.own - _WOUNDS | {"bite"}, words.implied, words.nouns)


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


def _resolved(chart: Chart, fact: Fact, words: Said, side: str | None) -> Found | None:
    """The best leaf: below where the dictionary opens the fact, or anywhere if the words say more than it."""
    nondisplaced = fact.attributes.get("displacement") == "nondisplaced"
    free = _free(chart.book, words, side, nondisplaced)
    target = next((t for t in fact.targets if t.startswith("S")), None)
    if target is None:
        return free
    known = _below(chart.book, target, words, side, nondisplaced)
    if free is None or known is None:
        return known or free
    same = free.leaf.code[:3] == target[:3]
    return free if free.score > known.score or (same and free.score >= known.score) else known


def _below(book: CodeBook, node: str, words: Said, side: str | None, nondisplaced: bool) -> Found | None:
    top = book.node(node)
    if top is None:
        return None
    title = _title_said(top.title)
    if words.own & title.own & KINDS:
        # Of a node for two kinds ("subluxation and dislocation") the chart's kind alone counts.
        title = Said(title.own - (KINDS - words.own), title.implied, title.nouns)
    full = Said(words.own | title.own, words.implied | title.implied)
    other = "other" in top.title.lower()
    return best(under(book, CHAPTER, node), full, side, nondisplaced=nondisplaced, other=other)


@lru_cache(maxsize=4096)
def _title_said(title: str) -> Said:
    return said(re.sub(r"\bunspecified\b", " ", title.lower()))


def _free(book: CodeBook, words: Said, side: str | None, nondisplaced: bool) -> Found | None:
    """The best leaf of the chapter for the kind that the words name, by title or by Index term."""
    among = {leaf.code: leaf for kind in words.own & KINDS for leaf in of_kind(book, CHAPTER, kind)}
    found = [best(_placed(among.values(), words), words, side, nondisplaced=nondisplaced)]
    for needs, node in _terms():
        if needs <= words.all and (not words.nouns or needs & words.all):
            hit = _below(book, node, words, side, nondisplaced)
            if hit is not None:
                wanted = needs | (hit.leaf.needs & words.all)
                found.append(Found(hit.leaf, 30 * len(wanted & words.own) + 10 * len(wanted - words.own) + 5))
    return max((f for f in found if f is not None), key=lambda f: f.score, default=None)


def _placed(among, words: Said):  # type: ignore[no-untyped-def]
    """The leaves that want a place that the chart names."""
    return [leaf for leaf in among if (leaf.needs - KINDS) & words.all]


@cache
def _terms() -> tuple[tuple[frozenset[str], str], ...]:
    return tuple((said(row["said"]).own, row["node"]) for row in rows("guidelines/chapter19_injury/terms"))
