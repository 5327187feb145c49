"""I.C.5.b: disorders of the use of alcohol and drugs, one code for each substance and what it brought about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from leadterm.coding.affirming import affirmed
from leadterm.coding.chart import Candidate, Chart, Opening
from leadterm.coding.passages import clause, whole_clause
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact, PathwayStep, Step

from .disorders import (
    ABUSE,
    DEPENDENCE,
    GRAVITY,
    NICOTINE,
    PLAIN,
    REMITTED,
    SUBSTANCES,
    USE,
    Disorder,
    absorbed,
    brought_about,
    names,
    read,
    says_more,
)

GRAVEST = "ICD10CM:I.C.5.b.2/gravest"
LINKED = "ICD10CM:I.C.5.b.3/use"
REMISSION = "ICD10CM:I.C.5.b.1/remission"
CATEGORIES = {
    "alcohol": "F10",
    "opioids": "F11",
    "cannabis": "F12",
    "sedatives": "F13",
    "cocaine": "F14",
    "stimulants": "F15",
    "hallucinogens": "F16",
    "inhalants": "F18",
    "other": "F19",
}
_PATTERNS = {"current use": USE, "use disorder": USE, "abuse": ABUSE, "dependence": DEPENDENCE}
_DISORDER = compiled(r"\buse (?:disorder|d/?o)\b|\b[aocsm]ud\b")
_DEPENDENT = compiled(r"\bdependen|\baddict|\balcoholi(?:sm|c\b)(?! (?:hepat|cirr|liver|gastr|pancr|ket|cardio|neuro))")
_ABUSED = compiled(r"\babus|\bmisus|\bharmful")
_SEVERITY = compiled(r"\b(?P<degree>mild|mod(?:erate)?|severe)\b")
_REMISSION = compiled(r"\b(?:remission|remitted|in recovery|recovering)\b")
_ONLY_USE = compiled(r"\b(?:no|not|without|denies)\b[^.;]{0,30}\b(?:use disorder|abuse|dependence|addiction)")
_DUE_TO = compiled(
    r"(?:due to|secondary to|2/2|from|caused by|related to|setting of|attributed to|attributable to|because of"
    r"|induced by"
    r"|provoked by|triggered by|precipitated by|associated with|complicated by)\s+(?:[\w/-]+\s+){0,3}$"
)
# What may stand between a substance and what it brought about without being another disease.
_WHOLE = ("F", "R", "G47")


def open_substance(chart: Chart, fact: Fact) -> Opening | None:
    """Where a disorder of alcohol or drugs opens; None for any other fact, tobacco among them."""
    category = _category(fact)
    if category is None:
        return None
    level = _level(chart, fact)
    if level is None:
        return None
    code = Disorder(category, level, _brought(chart, fact, category, level)).code(chart.book)
    if code is None:
        return None
    rule = REMISSION if code[5:6] == REMITTED and len(code) == 6 else GRAVEST
    step = PathwayStep(Step.GUIDELINE, f"\u201c{fact.mention.text}\u201d: {code}. {reason(rule)}", rule)
    return Opening(code, (step,), settled=True)


def _category(fact: Fact) -> str | None:
    if fact.targets and fact.targets[0].startswith(SUBSTANCES):
        category = fact.targets[0][:3]
    else:
        category = CATEGORIES.get(fact.attributes.get("substance", ""), "") if _told(fact) else ""
    return category if category and category != NICOTINE else None


def _told(fact: Fact) -> bool:
    """Whether the chart says more than use of the substance: use by itself is no disorder (I.C.5.b.3)."""
    return not fact.targets and fact.attributes.get("pattern") in (
        "use disorder",
        "abuse",
        "dependence",
        "in remission",
    )


def _level(chart: Chart, fact: Fact) -> str | None:
    """Use, abuse or dependence: the gravest of what term, sentence and severity say."""
    words = clause(chart, fact, SUBSTANCES)
    said = {_PATTERNS.get(fact.attributes.get("pattern", ""), USE)}
    known = read(fact.targets[0]) if fact.targets else None
    said |= {known.level} if known else set()
    severity = fact.attributes.get("severity") or _degree(words)
    if _DISORDER.search(words) and severity:
        said.add(ABUSE if severity == "mild" else DEPENDENCE)
    mention = fact.mention.text.lower()
    said |= {DEPENDENCE} if _DEPENDENT.search(mention) else {ABUSE} if _ABUSED.search(mention) else set()
    return max(said, key=GRAVITY.index)


def _degree(words: str) -> str:
    found = _SEVERITY.search(words)
    return found["degree"] if found else ""


def _brought(chart: Chart, fact: Fact, category: str, level: str) -> str:
    """The end of the code: what the substance brought about, else remission, else nothing."""
    found = _complications(chart, fact, category)
    if found:
        return found[0]
    words = clause(chart, fact, SUBSTANCES)
    past = fact.assertion in (Assertion.HISTORICAL, Assertion.RESOLVED) and level != USE
    told = _REMISSION.search(words) or (_only_one(chart, fact) and _REMISSION.search(affirmed(chart.line(fact))))
    if past or told or fact.attributes.get("pattern") == "in remission":
        return REMITTED
    known = read(fact.targets[0]) if fact.targets else None
    return known.brought if known else PLAIN


def _only_one(chart: Chart, fact: Fact) -> bool:
    """Whether the line of the fact names no other substance, so that all of it speaks of this one."""
    line = chart.line(fact)
    return sum(bool(pattern.search(line)) for pattern in names().values()) == 1


def _complications(chart: Chart, fact: Fact, category: str) -> tuple[str, ...]:
    """What the sentence says that the substance brought about; withdrawal said to be without delirium is without."""
    found = brought_about(clause(chart, fact, _WHOLE), category)
    whole = whole_clause(chart, fact, _WHOLE).lower()
    if "39" in found and re.search(r"\b(?:no|without) (?:delirium|dts?\b|complication|perceptual)", whole):
        found = tuple("30" if b == "39" else b for b in found)
    if "29" in found and re.search(r"\bwithout complication", whole):
        found = tuple("20" if b == "29" else b for b in found)
    return found


def one_disorder(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with one level for each substance, the gravest, and every disorder that it brought about."""
    for category in (c for c in SUBSTANCES if c != NICOTINE):
        mine = [c for c in candidates if c.code.startswith(category)]
        if mine:
            gone, new = _settled(chart, category, mine)
            swallowed = _swallowed(chart, candidates, mine, new)
            candidates = _replaced(candidates, [*gone, *swallowed], new)
    return candidates


def _settled(chart: Chart, category: str, mine: list[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    """The candidates of one substance that go, and those that come."""
    gone = mine
    said = [d for c in mine if (d := read(c.code)) is not None]
    level = _common_level(chart, mine, said)
    ends = {b for c in mine for f in c.facts for b in _complications(chart, f, category)}
    ends |= {d.brought for d in said if d.brought not in (PLAIN, REMITTED)}
    kept = [b for b in sorted(ends) if not any(says_more(o, b) for o in ends)]
    if not kept:
        if level == USE and not any(_is_coded(chart, f) for c in mine for f in c.facts):
            return mine, []
        mine = [c.stepped(reason(LINKED), LINKED) for c in mine] if level == USE else mine
        kept = [REMITTED if any(d.brought == REMITTED for d in said) else PLAIN]
    first = min(mine, key=lambda c: c.rank)
    whole = first.joined(*(c for c in mine if c is not first))
    codes = dict.fromkeys(code for b in kept if (code := Disorder(category, level, b).code(chart.book)))
    return gone, [_at(whole, code, n) for n, code in enumerate(codes)]


def _at(whole: Candidate, code: str, n: int) -> Candidate:
    ranked = replace(whole, rank=(*whole.rank, n)) if n else whole
    return ranked if whole.code == code else ranked.stepped(f"{code}. {reason(GRAVEST)}", GRAVEST, code=code)


def _common_level(chart: Chart, mine: list[Candidate], said: list[Disorder]) -> str:
    """The gravest level; that of an intoxication or withdrawal that names none is only the Index's default."""
    told = {d.level for c, d in zip(mine, said, strict=True) if not _by_default(c)}
    if told:
        return max(told, key=GRAVITY.index)
    if any(_ONLY_USE.search(chart.sentence(f)) for c in mine for f in c.facts):
        return USE
    return max((d.level for d in said), key=GRAVITY.index)


def _by_default(c: Candidate) -> bool:
    """Whether no word of the chart says use, abuse or dependence."""
    return not any(
        re.search(r"\buse|\babus|\bdepend|\baddict|\balcoholi|ud\b|\bmisus", f.mention.text.lower())
        or f.attributes.get("pattern")
        for f in c.facts
    )


def _is_coded(chart: Chart, fact: Fact) -> bool:
    """Whether use is coded: a use disorder, or use that the provider makes the cause of something (I.C.5.b.3)."""
    if fact.attributes.get("pattern") == "use disorder" or _DISORDER.search(clause(chart, fact, SUBSTANCES)):
        return True
    text = chart.encounter.document(fact.mention.document).text
    before = " ".join(text[max(0, fact.mention.span.start - 60) : fact.mention.span.start].lower().split())
    if _DUE_TO.search(f"{before} "):
        return True
    named = fact.mention.text.lower()
    return any(named in f.attributes.get("cause", "") for f in chart.present)


def _swallowed(
    chart: Chart, candidates: list[Candidate], mine: list[Candidate], new: list[Candidate]
) -> Iterator[Candidate]:
    """Candidates that say, in sentences about the substance, no more than its codes do."""
    sentences = {chart.sentence(f) for c in mine for f in c.facts}
    prefixes = tuple(p for c in new if (d := read(c.code)) for p in absorbed(d.brought))
    for c in candidates:
        if prefixes and c.code.startswith(prefixes) and all(chart.sentence(f) in sentences for f in c.facts):
            yield c


def _replaced(candidates: list[Candidate], gone: list[Candidate], new: list[Candidate]) -> list[Candidate]:
    """The candidates with the new ones in the place of the first that goes."""
    at = min(candidates.index(c) for c in gone)
    left = [c for c in candidates if c not in gone]
    before = sum(c not in gone for c in candidates[:at])
    return [*left[:before], *new, *left[before:]]
