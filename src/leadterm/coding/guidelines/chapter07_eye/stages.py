"""Staged diseases of the eye: kind, eye and stage of each eye in one code (I.C.7.a; notes at H35.3, H40, H34.8)."""

from __future__ import annotations

import re
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart, Opening
from leadterm.coding.passages import line_after, own_words
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact, PathwayStep, Step

from .sides import EYES, NUMBER, eye

RULE = "ICD10CM:I.C.7.a/stage"
STAGED = ("H40", "H35.30", "H35.31", "H35.32", "H34.81", "H34.83")
_OF_NO_STAGE = ("H40.0",)
_SILENT = "0"
# Outside its own words a stage is only believed where it is called one.
_CALLED = compiled(r"\b(?:mild|moderate|severe|indeterminate|advanced|end)[- ]stage\b")


def open_staged(chart: Chart, fact: Fact) -> Opening | None:
    """The code of a staged disease of the eye; of two eyes that differ, the second behind the first."""
    if not _is_staged(fact) or fact.assertion in (Assertion.ABSENT, Assertion.FAMILY):
        return None
    own = own_words(chart, fact, _rivals(chart, fact))
    node = _kind(fact.targets[0], own)
    codes = [code for side, at in _eyes(chart, fact, node, own) if (code := _code(chart, node, side, at)) is not None]
    if not codes:
        return None
    said = PathwayStep(Step.LEXICON, f"\u201c{fact.mention.text}\u201d: {fact.concept}, {fact.targets[0]}")
    why = PathwayStep(Step.GUIDELINE, f"{', '.join(codes)}: {reason(RULE)}", RULE)
    return Opening(codes[0], (said, why), tuple(codes[1:]), settled=True)


def _is_staged(fact: Fact) -> bool:
    return bool(fact.targets) and fact.targets[0].startswith(STAGED) and not fact.targets[0].startswith(_OF_NO_STAGE)


def _rivals(chart: Chart, fact: Fact) -> list[Fact]:
    return [f for f in chart.facts if f is not fact and _is_staged(f)]


def _kind(node: str, own: str) -> str:
    """The node that a kind beside the name leads to (`kinds.tsv`)."""
    table = rows("guidelines/chapter07_eye/kinds")
    return next((r["gives"] for r in table if r["node"] == node and re.search(r["words"], own)), node)


def _eyes(chart: Chart, fact: Fact, node: str, own: str) -> list[tuple[str | None, str]]:
    """Eyes and their stages: two where the words give each eye its own, else one."""
    eyes = [(m.start(), m.lastgroup) for m in EYES.finditer(own) if m.lastgroup in ("right", "left")]
    found = _stages(node, own)
    if len({e for _, e in eyes}) == 2 and len({s for _, s in found}) == 2:
        # Charts give the pairs in order, whether the eye or its stage comes first.
        return [(side, at) for (_, side), (_, at) in zip(eyes, sorted(found), strict=False)]
    return [(eye(chart, fact), _stage(chart, fact, node, own))]


def _stage(chart: Chart, fact: Fact, node: str, own: str) -> str:
    """The stage in the fact's own words or on its line; of a single such disease wherever it is called a stage."""
    alone = not any(f.assertion is Assertion.PRESENT for f in _rivals(chart, fact))
    called = _called(chart, fact) if alone and node.startswith("H40") else ""
    for words in (f"{own} {called}", line_after(chart, fact) if alone else "", chart.line(fact) if alone else ""):
        if found := _stages(node, words):
            return found[0][1]
    return _near(chart, fact, node) if alone else _SILENT


def _called(chart: Chart, fact: Fact) -> str:
    """Every stage so called in the document: of several in one stay the highest counts (I.C.7.a.4)."""
    return " ".join(m.group() for m in _CALLED.finditer(chart.encounter.document(fact.mention.document).text.lower()))


def _near(chart: Chart, fact: Fact, node: str) -> str:
    """The stage that the sentence right after tells ("Stage cannot be determined")."""
    text = chart.encounter.document(fact.mention.document).text.lower()
    end = fact.segment.end if fact.segment else fact.mention.span.end
    after = re.split(r"(?<=[a-z]{3})\.\s|\n", text[end : end + 200].lstrip(". \n"))[0]
    found = _stages(node, after) if "stage" in after else []
    return found[0][1] if found else _SILENT


def _stages(node: str, words: str) -> list[tuple[int, str]]:
    """Every stage that the words name and where, in order of the table."""
    return [(m.start(), character) for pattern, character in _patterns(node) for m in pattern.finditer(words)]


@cache
def _patterns(node: str) -> tuple[tuple[Pattern, str], ...]:
    table = rows("guidelines/chapter07_eye/stages")
    return tuple((compiled(r["words"]), r["character"]) for r in table if node.startswith(r["node"]))


def _code(chart: Chart, node: str, side: str | None, stage: str) -> str | None:
    """The billable code of eye and stage below the node, in whichever place its category has them."""
    number = NUMBER.get(side or "", "9")
    ends = (f"{number}{stage}", number, f"X{stage}", f"{number if side else '0'}X{stage}", "")
    return next((f"{node}{end}" for end in ends if chart.book.is_billable(f"{node}{end}")), None)
