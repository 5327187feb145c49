"""I.C.21.c.3: what operations of the past and devices in place leave behind, by `statuses.tsv`.

An operation of this contact is no status yet: it counts when the chart puts it in the past. A device counts while it is
in place, and not in the contact that puts it in or takes it out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart, Opening
from leadterm.coding.guidelines._cues import cue
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact, FactKind, PathwayStep, Sex, Step

RULE, ABSENCE = "ICD10CM:I.C.21.c.3/status", "ICD10CM:I.C.21.c.3/absence"
# Status codes that an operation leaves: while it is done they are none.
LEFT_BEHIND = ("Z89", "Z90", "Z94", "Z95", "Z96", "Z98")
_PAST_SECTIONS = ("past-surgical-history", "past-medical-history", "problem-list", "obstetric-history")
# What stands before an operation of the past, and how near; what stands behind one.
_BEFORE = r"{}(?: (?:a|an|the|her|his|their|\w+))?(?: \w+){0,2}[ :(-]*$"
_AFTER = (
    r"^[\s,(:-]*(?:on (?:the )?(?:right|left)[\s,(]*|[lr]\b[\s,(]*)?(?:in |ca\.? |~ ?|(?:at )?age |at |since )*"
    r"(?:(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*[\s,]*)?{}"
)
_HELD = (Assertion.PRESENT, Assertion.HISTORICAL)
_NEAR = 45
_CLOSE = 18
_SIDE = compiled(r"\b(?:right|left|bilateral|rt|lt|r|l|od|os)\b")
_SIDES = {
    "right": "right",
    "rt": "right",
    "r": "right",
    "od": "right",
    "left": "left",
    "lt": "left",
    "l": "left",
    "os": "left",
} | {"bilateral": "bilateral"}


def _cue(name: str, shape: str) -> Pattern:
    return cue("chapter21_factors/presence_cues", name, shape)


@dataclass(frozen=True, slots=True)
class _Row:
    when: str
    words: Pattern | None
    with_: str
    node: str


def opens(chart: Chart, fact: Fact) -> Opening | None:
    """Where an operation of the past or a device in place opens; None for anything else."""
    if fact.targets or fact.concept not in _table() or fact.assertion not in _HELD:
        return None
    row = next((r for r in _table()[fact.concept] if _said(chart, fact, r)), None)
    if row is None or not _there(chart, fact, row.when):
        return None
    rule = ABSENCE if row.node.startswith("Z90") else RULE
    step = PathwayStep(Step.GUIDELINE, f"\u201c{fact.mention.text}\u201d: {row.node}. {reason(rule)}", rule)
    return Opening(_sided(chart, fact, row.node), (step,))


def _said(chart: Chart, fact: Fact, row: _Row) -> bool:
    """Whether the sentence has one of the row's words, or the chart a disease of its kind."""
    if row.words is None or row.words.search(chart.sentence(fact)):
        return True
    return bool(row.with_) and any(f.targets and f.targets[0].startswith(row.with_) for f in chart.present)


def _there(chart: Chart, fact: Fact, when: str) -> bool:
    if when == "past":
        return is_past(chart, fact)
    return in_place(chart, fact) and (when == "there" or _long_since(chart, fact))


def _sided(chart: Chart, fact: Fact, node: str) -> str:
    """The child of the node for the side that the words beside an operation name; the node where none does."""
    if "laterality" in fact.attributes:
        return node
    before, after = _around(chart, fact)
    near = (*_SIDE.findall(after[:_CLOSE]), *reversed(_SIDE.findall(before[-_NEAR:])))
    side = _SIDES.get(near[0]) if near else _of_breast(chart) if node == "Z90.1" else None
    at = chart.book.node(node)
    for child in (chart.book.node(code) for code in at.children) if at is not None else ():
        if child is not None and side is not None and side in child.title:
            return child.code
    return node


def _of_breast(chart: Chart) -> str | None:
    """The side of the cancer for which a breast was removed, where all that is said of it says one."""
    said = {
        f.attributes.get("laterality") for f in chart.facts if f.targets and f.targets[0].startswith(("C50", "Z85.3"))
    }
    sides = said - {None}
    return sides.pop() if len(sides) == 1 else None


def without_done_now(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates without statuses that an operation of this very contact will leave."""
    return [c for c in candidates if not (c.code.startswith(LEFT_BEHIND) and all(_done_now(chart, f) for f in c.facts))]


def without_what_was_operated(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates without diseases that are only told as the reason for an operation of the past; never a cancer."""
    sexed = _OF_THE_OTHER.get(chart.encounter.patient.sex, ())
    return [
        c
        for c in candidates
        if not (sexed and c.code.startswith(sexed))
        and (c.code.startswith(("C", "D0", "Z", "S", "T", "O")) or not all(_operated(chart, f) for f in c.facts))
    ]


# Operations that only the other sex can have had: told of a partner.
_OF_THE_OTHER = {Sex.FEMALE: ("Z98.52",), Sex.MALE: ("Z98.51", "Z90.71", "Z90.72")}
_FOR = compiled(
    r"[\s,(]*(?:[^.;\n,]{0,30})?\bfor (?:(?:a|an|the|his|her|severe|primary|chronic|end-?stage|advanced|recurrent"
    r"|right|left|r|l) )*"
)


def _operated(chart: Chart, fact: Fact) -> bool:
    """Whether "for" alone stands between a past operation, or its aftercare, and the disease."""
    operations = chart.once("chapter21.operations", lambda: [f for f in chart.facts if _was_operation(chart, f)])
    return any(_leads_to(chart, f, fact) for f in operations)


def _leads_to(chart: Chart, operation: Fact, fact: Fact) -> bool:
    end, start = operation.mention.span.end, fact.mention.span.start
    if operation.mention.document != fact.mention.document or not end <= start < end + _NEAR + 15:
        return False
    text = chart.encounter.document(fact.mention.document).text.lower()
    return bool(_FOR.fullmatch(text, end, start))


def _was_operation(chart: Chart, f: Fact) -> bool:
    if f.kind is FactKind.PROCEDURE:
        return f.attributes.get("class") == "operation" and is_past(chart, f)
    return f.kind is FactKind.STATUS and f.targets[:1] != () and f.targets[0].startswith(("Z47.1", "Z48", *LEFT_BEHIND))


def _done_now(chart: Chart, fact: Fact) -> bool:
    if fact.kind is FactKind.PROCEDURE:
        return not is_past(chart, fact)
    row = next(iter(_table().get(fact.concept, ())), None)
    return fact.kind is FactKind.DEVICE and bool(fact.targets) and not _there(chart, fact, row.when if row else "there")


def is_past(chart: Chart, fact: Fact) -> bool:
    """Whether the chart puts the operation before this contact."""
    if fact.section in ("procedure", "postoperative-diagnosis") or (chart.stay and _of_this_stay(chart, fact)):
        return False
    if fact.assertion is Assertion.HISTORICAL or fact.section in _PAST_SECTIONS:
        return True
    before, after = _around(chart, fact)
    if _cue("before", _BEFORE).search(before) or _cue("after", _AFTER).match(after):
        return True
    # No visit is long enough for an operation: what is not ahead lies behind. An amputation may be an injury.
    ahead = (
        _cue("ahead", r"\b{}\b").search(chart.sentence(fact)) or "amputation" in fact.concept or fact.section == "plan"
    )
    return not chart.stay and not ahead


def _of_this_stay(chart: Chart, fact: Fact) -> bool:
    """Whether the same operation is told of this stay too."""
    return any(
        f.concept == fact.concept and f is not fact and f.section in ("procedure", "postoperative-diagnosis")
        for f in chart.present
    ) or bool(_POSTOPERATIVE.search(chart.sentence(fact)))


_POSTOPERATIVE = compiled(r"\bpod ?#?\d|\bpost-?op(?:erative)? day")


# What follows a device that is there no more ("PE tubes age 2, out").
_GONE = compiled(
    r"[^.;]{0,25}(?:,|\b(?:now|since|have|has|are|is|was|were|been)) "
    r"(?:(?:both )?out\b|fell out|extruded|removed|explanted|taken out)"
)


def in_place(chart: Chart, fact: Fact) -> bool:
    """Whether a device is there, and not put in or taken out at this contact."""
    if fact.section in ("procedure", "postoperative-diagnosis", "technique") or _GONE.match(_around(chart, fact)[1]):
        return False
    return _long_since(chart, fact) or not _cue("now", r"\b{}\b").search(_near(chart, fact))


def _long_since(chart: Chart, fact: Fact) -> bool:
    """Whether the chart puts the device in the past."""
    past = fact.assertion is Assertion.HISTORICAL or fact.section in _PAST_SECTIONS
    return past or bool(_cue("then", r"\b{}\b").search(_near(chart, fact)))


def _near(chart: Chart, fact: Fact) -> str:
    before, after = _around(chart, fact)
    return f"{before[-_NEAR:]} {after[:_NEAR]}"


def _around(chart: Chart, fact: Fact) -> tuple[str, str]:
    """The words of the sentence before and behind the mention, in lower case."""
    text = chart.encounter.document(fact.mention.document).text
    span, whole = fact.mention.span, fact.segment or fact.mention.span
    return _flat(text[max(whole.start, span.start - 200) : span.start]), _flat(
        text[span.end : min(whole.end, span.end + 200)]
    )


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower())


@cache
def _table() -> dict[str, tuple[_Row, ...]]:
    found: dict[str, tuple[_Row, ...]] = {}
    for row in rows("guidelines/chapter21_factors/statuses"):
        words = compiled(rf"\b(?:{row['words']})\b") if row["words"] else None
        for concept in row["concepts"].split("|"):
            found[concept] = (*found.get(concept, ()), _Row(row["when"], words, row["with"], row["node"]))
    return found
