"""I.C.6.b: pain with a code of category G89: which, beside what, and when it comes first."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart, Opening, stated
from leadterm.coding.navigating import navigate
from leadterm.coding.passages import clause
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact, PathwayStep, Step

KIND = "ICD10CM:I.C.6.b/kind"
NEOPLASM = "ICD10CM:I.C.6.b.5/neoplasm"
FIRST = "ICD10CM:I.C.6.b.1/first"
ROUTINE = "ICD10CM:I.C.6.b.3/routine"
PAIN = "G89"
# Pain by its place: symptoms and the codes of joint, back, limb.
PLACES = tuple("R07 R10 R51 R52 M54.2 M54.5 M54.6 M54.9 M25.5 M79.6 M89.8 N94 R68.84".split())
_CHRONIC_OF = {"G89.11": "G89.21", "G89.12": "G89.22", "G89.18": "G89.28"}
_CHRONIC = compiled(r"\b(?:chronic|persistent|long[- ]?standing|for (?:\d+|many|several|a few) (?:months|years|yrs))\b")
_ACUTE = compiled(r"\bacute\b")
_TRAUMA = compiled(
    r"\b(?:due to|from|after|following|secondary to|caused by) (?:\w+ ){0,3}(?:trauma|injury|crash|mvc|mva)\b"
    r"|\bpost-?traumatic"
)
_GROWTH = r"(?:cancer|tumou?rs?|neoplasms?|malignan\w+|metasta\w+|mets|myeloma|lymphoma|sarcoma|\w*carcinoma)"
_OF_GROWTH = compiled(
    rf"\b{_GROWTH}[- ](?:related |associated |induced )?(?:bone |back |chest |hip |abdominal |flank |chronic "
    rf"|acute )*pain"
    rf"|\bpain (?:is |was |felt )*(?:due to|from|of|related to|secondary to|2/2|caused by|in the setting of) "
    rf"(?:\w+ ){{0,4}}{_GROWTH}"
)
_NOT_OF_GROWTH = compiled(rf"\bnot (?:due to|from|related to|caused by) (?:\w+ ){{0,3}}{_GROWTH}")
_BEYOND = compiled(
    r"\b(?:poorly|not well|inadequately)[- ]controlled|\buncontrolled|\bsevere\b|\bout of proportion"
    r"|\bmore than expected"
    r"|\bintractable|\brefractory|\bexcessive|\bworse than|\bpersist|\bcomplication|\bunexpected|\bunrelieved"
    r"|\bnot relieved"
)
_FOR_PAIN = compiled(
    r"\b(?:admi\w+|here|seen|visit|reason\b[^.\n]{0,40}|referred|presents?|encounter|consult\w*|follow-?up"
    r"|f/u)\b[^.\n]{0,40}?"
    r"\b(?:for|:|-) ?(?:\w+ ){0,3}pain (?:control|management|crisis)|\bpain (?:clinic|management (?:visit"
    r"|clinic|f/u|follow))"
    r"|\binterventional pain|\bpain medicine|\breason for (?:admission"
    r"|visit)\W{1,3}(?:\w+ ){0,2}pain (?:control|crisis)"
)


def open_pain(chart: Chart, fact: Fact) -> Opening | None:
    """Where a pain of category G89 opens whose sentence says acute or chronic, of trauma or of a growth."""
    if not fact.targets or not fact.targets[0].startswith(PAIN):
        return None
    words = clause(chart, fact, ("G89", "M", "R", "C", "S"))
    code = fact.targets[0]
    if _OF_GROWTH.search(words) and code[:5] in ("G89.1", "G89.2"):
        code = "G89.3"
    elif code in _CHRONIC_OF and _is_chronic(fact, words):
        code = _CHRONIC_OF[code]
    elif code == "G89.29" and _TRAUMA.search(words):
        code = "G89.21"
    if code == fact.targets[0]:
        return None
    step = PathwayStep(Step.GUIDELINE, f"\u201c{fact.mention.text}\u201d: {code}. {reason(KIND)}", KIND)
    return Opening(code, (step,), settled=True)


def _is_chronic(fact: Fact, words: str) -> bool:
    if fact.attributes.get("acuity"):
        return fact.attributes["acuity"] == "chronic"
    return bool(_CHRONIC.search(words)) and not _ACUTE.search(words)


def of_neoplasm(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With G89.3 in the place of pain by its site, or chronic, that the provider lays to a growth."""
    result = []
    for c in candidates:
        laid = c.code.startswith((*PLACES, "G89.1", "G89.2")) and all(_of_growth(chart, f) for f in c.facts)
        result.append(c.stepped(f"G89.3. {reason(NEOPLASM)}", NEOPLASM, code="G89.3") if laid else c)
    return result


def _of_growth(chart: Chart, fact: Fact) -> bool:
    sentence = chart.sentence(fact)
    return bool(_OF_GROWTH.search(sentence)) and not _NOT_OF_GROWTH.search(sentence)


def chronic_at_its_place(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the chronic pain that a place alone does not tell: of trauma always, other where pain is what is treated."""
    if any(c.code.startswith((PAIN, "F45.4")) for c in candidates):
        return candidates
    for c in candidates:
        telling = [f for f in c.facts if c.code.startswith(PLACES) and f.attributes.get("acuity") == "chronic"]
        trauma = any(_TRAUMA.search(chart.sentence(f)) for f in telling)
        if telling and (trauma or for_pain(chart)):
            code = "G89.21" if trauma else "G89.29"
            return [*candidates, stated(code, telling, f"{code}. {reason(KIND)}", KIND, beside=c)]
    return candidates


def place_of_chronic(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the site of a chronic pain that its own words name (I.C.6.b.1.b)."""
    added: list[Candidate] = []
    for c in candidates:
        for fact in c.facts if c.code in ("G89.29", "G89.21", "G89.11") else ():
            node = _sites().get(fact.attributes.get("site", ""))
            arrival = navigate(chart, fact, node) if node else None
            if arrival and not any(o.code[:5] == arrival.code[:5] for o in (*candidates, *added)):
                steps = (*arrival.steps, PathwayStep(Step.GUIDELINE, f"{arrival.code}. {reason(KIND)}", KIND))
                added.append(Candidate(arrival.code, (fact,), steps, (), (*c.rank, 1), c.confidence))
    return [*candidates, *added]


@cache
def _sites() -> dict[str, str]:
    return {row["site"]: row["node"] for row in rows("guidelines/chapter06_nervous/pain_sites")}


def routine(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Without acute pain after an operation that is only what any operation brings."""
    acute = [c for c in candidates if c.code in ("G89.12", "G89.18")]
    others = any(c.code[:1] not in "ZVWXY" for c in candidates if c not in acute)
    gone = [c for c in acute if others and not any(_BEYOND.search(chart.sentence(f)) for f in c.facts)]
    return [c for c in candidates if c not in gone]


def for_pain(chart: Chart) -> bool:
    """Whether the control of pain is what the contact is for."""
    return any(_FOR_PAIN.search(" ".join(d.text.lower().split())) for d in chart.encounter.documents)


def pain_first(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The pain before its site and its cause where its control is what the contact is for (I.C.6.b.1).

    Otherwise the pain of a growth stands behind the growth.
    """
    pain = [c for c in candidates if c.code.startswith(PAIN)]
    if not pain or not for_pain(chart):
        return _behind_growth(candidates)
    first = min(pain, key=lambda c: c.rank)
    leading = replace(first, rank=(-1,)).stepped(reason(FIRST), FIRST)
    return [leading if c is first else c for c in candidates]


def _behind_growth(candidates: list[Candidate]) -> list[Candidate]:
    growth = min(
        (c for c in candidates if c.code.startswith(("C", "D0", "D3", "D4"))), key=lambda c: c.rank, default=None
    )
    if growth is None:
        return candidates
    behind = (*growth.rank, 1)
    return [replace(c, rank=behind) if c.code == "G89.3" and c.rank < behind else c for c in candidates]
